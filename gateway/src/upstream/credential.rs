//! Bearer tokens for registries (distribution specification, token authentication).
//!
//! A token is asked of the realm that the upstream itself names, for one repository and for
//! pulling only, and is sent to that upstream alone.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use base64::Engine as _;
use moka::future::Cache;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use url::Url;
use weir_config::catalogue::Credentials;

use super::registry::Origin;
use super::{Client, Document};
use crate::answer::Failure;

/// How long a token is used where its issuer does not say (the specification's default is 60 s).
const DEFAULT_LIFE: Duration = Duration::from_mins(1);

/// Tokens by registry and repository.
#[derive(Debug)]
pub(crate) struct Tokens {
    held: Cache<(String, String), Token>,
}

/// The value of an `Authorization` header that never prints.
#[derive(Clone)]
struct Token {
    header: Option<HeaderValue>,
    until: Instant,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// What an upstream says that it wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// Nothing.
    Open,
    /// User and password with each request.
    Basic,
    /// A token from `realm`.
    Bearer { realm: Url, service: Option<String> },
}

impl Tokens {
    pub(crate) fn new() -> Self {
        Self {
            held: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(Duration::from_hours(1))
                .build(),
        }
    }

    /// The `Authorization` that pulls from `origin`; `None` where none is needed.
    pub(crate) async fn pull(
        &self,
        client: &Client,
        origin: Origin<'_>,
    ) -> Result<Option<HeaderValue>, Failure> {
        let key = key(origin);
        if let Some(token) = self
            .held
            .get(&key)
            .await
            .filter(|token| token.until > Instant::now())
        {
            return Ok(token.header);
        }
        self.held.invalidate(&key).await;
        let token = self
            .held
            .try_get_with(key, fetch(client, origin))
            .await
            .map_err(|failure| *failure)?;
        Ok(token.header)
    }

    /// Forgets the token for `origin`: the upstream no longer takes it.
    pub(crate) async fn forget(&self, origin: Origin<'_>) {
        self.held.invalidate(&key(origin)).await;
    }
}

fn key(origin: Origin<'_>) -> (String, String) {
    (origin.registry.to_string(), origin.repository.to_owned())
}

async fn fetch(client: &Client, origin: Origin<'_>) -> Result<Token, Failure> {
    let basic = origin.credentials.map(basic);
    match challenge(client, origin.registry).await? {
        Challenge::Open => Ok(Token {
            header: None,
            until: Instant::now() + Duration::from_mins(5),
        }),
        Challenge::Basic => Ok(Token {
            header: basic,
            until: Instant::now() + Duration::from_mins(5),
        }),
        Challenge::Bearer { realm, service } => {
            let url = token_url(realm, service.as_deref(), &[origin.repository]);
            let answer = ask(client, url, basic).await?;
            super::failure(answer.status).map_or(Ok(()), Err)?;
            read_token(&answer.body).ok_or(Failure::Upstream)
        }
    }
}

/// What a registry wants before it answers. Credentials that would leave its TLS are not asked for.
pub(crate) async fn challenge(client: &Client, registry: &Url) -> Result<Challenge, Failure> {
    let answer = ask(client, root(registry)?, None).await?;
    let challenge = match answer.status {
        401 => parse_challenge(answer.header("www-authenticate")),
        status => return super::failure(status).map_or(Ok(Challenge::Open), Err),
    };
    challenge
        .filter(|challenge| match challenge {
            Challenge::Bearer { realm, .. } => {
                realm.scheme() == registry.scheme() || realm.scheme() == "https"
            }
            Challenge::Open | Challenge::Basic => true,
        })
        .ok_or(Failure::Upstream)
}

/// The registry's root, which says who may come in.
pub(crate) fn root(registry: &Url) -> Result<Url, Failure> {
    registry.join("/v2/").map_err(|_| Failure::Upstream)
}

/// GETs a token with the given `Authorization`, if any.
pub(crate) async fn ask(
    client: &Client,
    url: Url,
    authorization: Option<HeaderValue>,
) -> Result<Document, Failure> {
    let headers = authorization
        .map(|value| (AUTHORIZATION, value))
        .into_iter()
        .collect();
    client.get(url, headers).await
}

/// The address of a token for pulling from `repositories`.
pub(crate) fn token_url(mut realm: Url, service: Option<&str>, repositories: &[&str]) -> Url {
    realm
        .query_pairs_mut()
        .extend_pairs(service.map(|service| ("service", service)))
        .extend_pairs(repositories.iter().map(|name| ("scope", scope(name))));
    realm
}

/// The right to pull from `repository`.
pub(crate) fn scope(repository: &str) -> String {
    format!("repository:{repository}:pull")
}

/// How a client's token begins where the upstream knows no tokens: what follows is the user and password
/// that the client signed in with, so that nothing has to be kept here.
const BASIC_TOKEN: &str = "basic.";

/// The token of a client that signed in with `pair` (base64) at an upstream that knows no tokens.
pub(crate) fn basic_token(pair: &str) -> String {
    format!("{BASIC_TOKEN}{pair}")
}

/// A client's `Authorization` as the upstream wants it.
pub(crate) fn for_upstream(client: &HeaderValue) -> HeaderValue {
    let pair = client
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, token)| token.trim().strip_prefix(BASIC_TOKEN));
    let mut value = pair
        .and_then(|pair| HeaderValue::try_from(format!("Basic {pair}")).ok())
        .unwrap_or_else(|| client.clone());
    value.set_sensitive(true);
    value
}

/// The field that signs in with an account (RFC 7617).
pub(crate) fn basic(credentials: &Credentials) -> HeaderValue {
    let pair = format!("{}:{}", credentials.user, credentials.password);
    let mut value = HeaderValue::try_from(format!(
        "Basic {}",
        base64::prelude::BASE64_STANDARD.encode(pair)
    ))
    .expect("base64 text is a header value");
    value.set_sensitive(true);
    value
}

fn read_token(body: &[u8]) -> Option<Token> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    let token = answer
        .get("token")
        .or_else(|| answer.get("access_token"))?
        .as_str()?;
    let life = answer
        .get("expires_in")
        .and_then(serde_json::Value::as_u64)
        .map_or(DEFAULT_LIFE, Duration::from_secs);
    let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    header.set_sensitive(true);
    // A little early, so that a pull that starts now does not see it expire.
    Some(Token {
        header: Some(header),
        until: Instant::now() + life * 4 / 5,
    })
}

/// Reads `WWW-Authenticate` (RFC 9110 §11.6.1).
fn parse_challenge(header: &str) -> Option<Challenge> {
    let (scheme, parameters) = header.trim().split_once(' ')?;
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut found = parameters_of(parameters);
    let realm = Url::parse(&found.remove("realm")?)
        .ok()
        .filter(|realm| matches!(realm.scheme(), "https" | "http"))?;
    Some(Challenge::Bearer {
        realm,
        service: found.remove("service"),
    })
}

/// `name="value"` pairs; a value may hold commas.
fn parameters_of(text: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let mut rest = text.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        found.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        rest = next.trim_start_matches([',', ' ']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bearer_challenge_names_realm_and_service() {
        let parsed = parse_challenge(
            r#"Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push""#,
        );
        let Some(Challenge::Bearer { realm, service }) = parsed else {
            panic!("{parsed:?}")
        };
        assert_eq!(service.as_deref(), Some("registry.example"));
        assert_eq!(
            token_url(realm, service.as_deref(), &["a/b"]).as_str(),
            "https://auth.example/token?service=registry.example&scope=repository%3Aa%2Fb%3Apull"
        );
        assert_eq!(parse_challenge("Basic realm=\"x\""), Some(Challenge::Basic));
        assert_eq!(parse_challenge("Bearer realm=\"ftp://x\""), None);
        assert_eq!(parse_challenge("Negotiate x"), None);
    }

    #[test]
    fn a_token_that_holds_a_password_is_a_password_again_upstream() {
        let upstream = |value: &'static str| for_upstream(&HeaderValue::from_static(value));
        let token = basic_token("YTpi");
        assert_eq!(
            for_upstream(&HeaderValue::try_from(format!("Bearer {token}")).expect("text")),
            "Basic YTpi"
        );
        assert_eq!(upstream("Bearer ey.ab.c"), "Bearer ey.ab.c");
        assert_eq!(upstream("Basic YTpi"), "Basic YTpi");
        assert!(upstream("Basic YTpi").is_sensitive());
    }

    proptest! {
        #[test]
        fn no_challenge_makes_it_panic(text in ".{0,80}") {
            let _ = parse_challenge(&text);
        }
    }
}

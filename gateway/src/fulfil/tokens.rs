//! Signing in to private images: our token service is a front for the upstream's own.
//!
//! Clients ask for a token under our names; the upstream is asked under its names, with the client's
//! credentials, and what it says goes back. Credentials go to one registry's token service: that of
//! the image asked for.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use url::Url;
use url::form_urlencoded;

use super::{Asker, Upstreams};
use crate::answer::{Failure, Reply};
use crate::head::Head;
use crate::routes::Routes;
use crate::upstream::Document;
use crate::upstream::credential::{self, Challenge};

/// Parameters of a token request that mean the same upstream (distribution specification, token
/// authentication by `OAuth2`).
const PASSED_ON: [&str; 8] = [
    "account",
    "client_id",
    "offline_token",
    "grant_type",
    "username",
    "password",
    "refresh_token",
    "access_type",
];

/// A client's request for a token.
struct Request {
    /// As the client sent them, in the query or in a form.
    pairs: Vec<(String, String)>,
    /// User and password of a GET.
    basic: Option<HeaderValue>,
    by_form: bool,
}

/// Where a client is to sign in and for what.
struct Door {
    registry: Url,
    /// Repositories by the upstream's names; none for a client that only tries its credentials.
    repositories: Vec<String>,
}

impl Upstreams {
    /// Hands a client's own credentials to the upstream's token service. Public images need no token, but
    /// clients that were asked for one want it anyway. `form` is the body of a POST.
    pub(crate) async fn sign_in(
        &self,
        head: &Head<'_>,
        routes: &Routes,
        form: Option<&[u8]>,
    ) -> Result<Reply, Failure> {
        let request = Request::read(head, form);
        let Some(door) = door(head, routes, &request) else {
            let body = serde_json::json!({ "token": "public", "access_token": "public", "expires_in": 3600 });
            return Ok(token(200, body.to_string()));
        };
        let answer = match credential::challenge(&self.client, &door.registry).await? {
            Challenge::Bearer { realm, service } => {
                self.hand_on(&door, realm, service.as_deref(), &request)
                    .await?
            }
            Challenge::Basic => return self.try_out(&door, &request).await,
            Challenge::Open => return Err(Failure::Denied),
        };
        Ok(token(answer.status, answer.body))
    }

    async fn hand_on(
        &self,
        door: &Door,
        realm: Url,
        service: Option<&str>,
        request: &Request,
    ) -> Result<Document, Failure> {
        let names: Vec<&str> = door.repositories.iter().map(String::as_str).collect();
        if request.by_form {
            let scopes: Vec<String> = names.iter().map(|name| credential::scope(name)).collect();
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(request.passed_on())
                .extend_pairs(service.map(|service| ("service", service)))
                .extend_pairs((!scopes.is_empty()).then(|| ("scope", scopes.join(" "))))
                .finish();
            return self.client.post_form(realm, form).await;
        }
        let mut url = credential::token_url(realm, service, &names);
        url.query_pairs_mut().extend_pairs(request.passed_on());
        credential::ask(&self.client, url, request.basic.clone()).await
    }

    /// Where the upstream knows no tokens, its root says whether a user and password are good, and they
    /// are the token.
    async fn try_out(&self, door: &Door, request: &Request) -> Result<Reply, Failure> {
        let pair = request.user_and_password().ok_or(Failure::Denied)?;
        let basic = HeaderValue::try_from(format!("Basic {pair}")).map_err(|_| Failure::Denied)?;
        let root = credential::root(&door.registry)?;
        let answer = credential::ask(&self.client, root, Some(basic)).await?;
        if answer.status == 401 {
            return Ok(token(401, answer.body));
        }
        crate::upstream::failure(answer.status).map_or(Ok(()), Err)?;
        let value = credential::basic_token(&pair);
        let body = serde_json::json!({ "token": value, "access_token": value, "expires_in": 3600 });
        Ok(token(200, body.to_string()))
    }
}

impl Request {
    fn read(head: &Head<'_>, form: Option<&[u8]>) -> Self {
        let text = form.unwrap_or_else(|| head.query.unwrap_or_default().as_bytes());
        let basic = head
            .field("authorization")
            .filter(|value| is_basic(value))
            .and_then(|value| HeaderValue::from_str(value).ok());
        Self {
            pairs: form_urlencoded::parse(text).into_owned().collect(),
            basic: basic.map(|mut value| {
                value.set_sensitive(true);
                value
            }),
            by_form: form.is_some(),
        }
    }

    fn value(&self, wanted: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(name, _)| name == wanted)?;
        Some(&pair.1)
    }

    /// The names of repositories in the scopes, several of which may stand in one value.
    fn names(&self) -> impl Iterator<Item = &str> {
        let scopes = self.pairs.iter().filter(|(name, _)| name == "scope");
        scopes
            .flat_map(|(_, value)| value.split(' '))
            .filter_map(|scope| Some(scope.strip_prefix("repository:")?.rsplit_once(':')?.0))
    }

    fn has_scope(&self) -> bool {
        self.value("scope").is_some()
    }

    fn has_credentials(&self) -> bool {
        self.by_form || self.basic.is_some()
    }

    fn passed_on(&self) -> impl Iterator<Item = &(String, String)> {
        let known = |(name, _): &&(String, String)| PASSED_ON.contains(&name.as_str());
        self.pairs.iter().filter(known)
    }

    /// As Basic has them (RFC 7617 §2).
    fn user_and_password(&self) -> Option<String> {
        if let Some(basic) = &self.basic {
            let value = basic.to_str().ok()?;
            return Some(value.split_once(' ')?.1.trim().to_owned());
        }
        let (user, password) = (self.value("username")?, self.value("password")?);
        Some(BASE64_STANDARD.encode(format!("{user}:{password}")))
    }
}

/// Where the private images asked for live; those of another registry than the first have to be asked
/// for apart. Credentials alone can be tried where one registry only could have given them.
fn door(head: &Head<'_>, routes: &Routes, request: &Request) -> Option<Door> {
    let mut door: Option<Door> = None;
    for name in request.names() {
        let Some(target) = routes.private_image(&head.host, name) else {
            continue;
        };
        let registry = &target.image.registry;
        let open = door.get_or_insert_with(|| Door {
            registry: registry.clone(),
            repositories: Vec::new(),
        });
        if open.registry == *registry {
            open.repositories.push(target.repository.into_owned());
        }
    }
    if door.is_some() || request.has_scope() || !request.has_credentials() {
        return door;
    }
    Some(Door {
        registry: routes.private_registry(&head.host)?.clone(),
        repositories: Vec::new(),
    })
}

/// Basic credentials are the only ones a token service takes by GET.
fn is_basic(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(scheme, encoded)| {
        scheme.eq_ignore_ascii_case("basic") && BASE64_STANDARD.decode(encoded.trim()).is_ok()
    })
}

fn token(status: u16, body: impl Into<bytes::Bytes>) -> Reply {
    Reply::new(status, "application/json", body).with("cache-control", "no-store")
}

/// Asks the client to sign in first.
pub(super) fn challenge(head: &Head<'_>, name: Option<&str>, asker: Asker) -> Reply {
    let body = serde_json::json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "authentication required", "detail": {} }] });
    Reply::json(401, &body)
        .with("www-authenticate", wanted(head, name, asker))
        .with("docker-distribution-api-version", "registry/2.0")
}

/// Where a client signs in, and for which image (distribution specification, token authentication).
pub(super) fn wanted(head: &Head<'_>, name: Option<&str>, asker: Asker) -> String {
    let scope = name.map(|name| format!(",scope=\"{}\"", credential::scope(name)));
    format!(
        "Bearer realm=\"{}{}/v2/token\",service=\"{}\"{}",
        asker.base(head),
        head.prefix,
        head.host,
        scope.unwrap_or_default()
    )
}

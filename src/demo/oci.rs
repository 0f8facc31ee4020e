//! A container registry (OCI distribution): bearer tokens, images for several platforms, layers
//! behind signed addresses on another host.

mod image;
mod storage;
mod token;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::image::{Manifest, Repository};
use self::storage::Refusal;
use self::token::Worth;
use super::Addresses;
use super::answer::Content;

/// The sample image.
pub const REPOSITORY: &str = "acme/rocket-server";
/// Its versions, oldest first; the last is `latest` too.
pub const VERSIONS: [&str; 3] = ["1.2.3", "2.0.0", "2.1.0"];
/// An image that only its owner may pull.
pub const PRIVATE_REPOSITORY: &str = "acme/vault";
/// Its only version.
pub const PRIVATE_VERSION: &str = "1.0.0";
/// Account that may pull the private image.
pub const USER: &str = "pilot";
/// Its password. It opens nothing but a made-up image on this machine.
pub const PASSWORD: &str = "let-me-in";

/// Stands for the owner's password. It opens as little.
const REFRESH: &str = "come-again";
const SERVICE: &str = "registry.demo";

type Pairs = Query<Vec<(String, String)>>;

struct Images {
    addresses: Addresses,
    repositories: Vec<(&'static str, Repository)>,
}

pub(super) fn router(addresses: &Addresses) -> Router {
    let images = Images {
        addresses: addresses.clone(),
        repositories: vec![
            (
                REPOSITORY,
                Repository::with_versions("rocket-server", &VERSIONS),
            ),
            (
                PRIVATE_REPOSITORY,
                Repository::with_versions("vault", &[PRIVATE_VERSION]),
            ),
        ],
    };
    Router::new()
        .route("/token", get(token).post(token_by_form))
        .route("/v2", any(root))
        .route("/v2/", any(root))
        .route("/v2/{*path}", any(resource))
        .route("/storage/{digest}", any(stored))
        .with_state(Arc::new(images))
}

/// Gives out a token for the repositories asked for. The private one is refused without its
/// owner's credentials.
async fn token(Query(query): Pairs, headers: HeaderMap) -> Response {
    let scopes = query
        .iter()
        .filter(|(key, _)| key == "scope")
        .map(|(_, scope)| scope.as_str());
    let repositories = token::pulled(scopes);
    let credentials = authorization(&headers).map(|value| token::basic(value).unwrap_or_default());
    let owner = match credentials {
        Some(credentials) if credentials != format!("{USER}:{PASSWORD}") => return no_account(),
        credentials => credentials.is_some(),
    };
    if !owner && repositories.contains(&PRIVATE_REPOSITORY) {
        return no_account();
    }
    Json(grant(&repositories)).into_response()
}

/// The same for a form (distribution specification, token authentication by `OAuth2`). Whoever wants
/// to come again without a password is given a refresh token.
async fn token_by_form(body: String) -> Response {
    // A form is written as a query is.
    let form = format!("/?{body}").parse().ok();
    let form = form.and_then(|uri| Pairs::try_from_uri(&uri).ok());
    let form = form.map_or_else(Vec::new, |Query(pairs)| pairs);
    let value = |name: &str| {
        let pair = form.iter().find(|(key, _)| key == name);
        pair.map_or("", |(_, value)| value.as_str())
    };
    let owner = match value("grant_type") {
        "password" => (value("username"), value("password")) == (USER, PASSWORD),
        "refresh_token" => value("refresh_token") == REFRESH,
        _ => false,
    };
    if !owner {
        return no_account();
    }
    let mut grant = grant(&token::pulled([value("scope")].into_iter()));
    if value("access_type") == "offline" {
        grant["refresh_token"] = REFRESH.into();
    }
    Json(grant).into_response()
}

fn grant(repositories: &[&str]) -> Value {
    let now = Timestamp::now();
    let token = token::issue(repositories, now.as_second() + token::LIFETIME_S);
    json!({
        "token": token,
        "access_token": token,
        "expires_in": token::LIFETIME_S,
        "issued_at": now.to_string(),
    })
}

fn no_account() -> Response {
    let challenge = [(
        header::WWW_AUTHENTICATE,
        format!("Basic realm=\"{SERVICE}\""),
    )];
    let answer = failure(
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "authentication required",
    );
    (challenge, answer).into_response()
}

async fn root(State(images): State<Arc<Images>>, headers: HeaderMap) -> Response {
    match images.challenge(&headers, None) {
        Some(challenge) => challenge,
        None => (version_header(), Json(json!({}))).into_response(),
    }
}

async fn resource(
    State(images): State<Arc<Images>>,
    Path(path): Path<String>,
    Query(query): Pairs,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return failure(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "the operation is unsupported",
        );
    }
    let Some((name, kind, reference)) = split(&path) else {
        return failure(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "no such resource");
    };
    if let Some(challenge) = images.challenge(&headers, Some(name)) {
        return challenge;
    }
    let Some((_, repository)) = images.repositories.iter().find(|(known, _)| *known == name) else {
        return failure(
            StatusCode::NOT_FOUND,
            "NAME_UNKNOWN",
            "repository name not known to registry",
        );
    };
    let answer = match kind {
        "manifests" => manifest(repository, reference, &headers),
        "blobs" => images.blob(repository, reference, &method),
        "tags" if reference == "list" => tags(name, repository, &query),
        // The referrers API is younger than most registries; clients fall back to a tag.
        _ => failure(StatusCode::NOT_FOUND, "NOT_FOUND", "no such resource"),
    };
    (version_header(), answer).into_response()
}

/// `NAME/KIND/REFERENCE`, read from the right: a name may have any number of parts.
fn split(path: &str) -> Option<(&str, &str, &str)> {
    let (rest, reference) = path.rsplit_once('/')?;
    let (name, kind) = rest.rsplit_once('/')?;
    Some((name, kind, reference))
}

fn manifest(repository: &Repository, reference: &str, headers: &HeaderMap) -> Response {
    let Some(manifest) = repository.manifest(reference) else {
        return failure(
            StatusCode::NOT_FOUND,
            "MANIFEST_UNKNOWN",
            "manifest unknown",
        );
    };
    if !accepts(headers, manifest) {
        return failure(
            StatusCode::NOT_FOUND,
            "MANIFEST_UNKNOWN",
            "the manifest's media type is not among those accepted",
        );
    }
    let digest = [("docker-content-digest", manifest.digest.clone())];
    let content = Content::new(manifest.bytes.clone(), manifest.media_type);
    (digest, content.answer(headers)).into_response()
}

/// Whether the client says that it understands the manifest, in any of its `Accept` lines.
fn accepts(headers: &HeaderMap, manifest: &Manifest) -> bool {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    lines.peek().is_none()
        || lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(|range| range.split(';').next())
            .any(|range| [manifest.media_type, "*/*"].contains(&range.trim()))
}

/// The tags in their order, in pages of `n` from behind `last` on.
fn tags(name: &str, repository: &Repository, query: &[(String, String)]) -> Response {
    let value = |key: &str| {
        let (_, value) = query.iter().find(|(name, _)| name == key)?;
        Some(value.as_str())
    };
    let mut tags: Vec<&str> = repository
        .tags
        .iter()
        .map(|(tag, _)| tag.as_str())
        .collect();
    tags.sort_unstable();
    tags.retain(|tag| value("last").is_none_or(|last| *tag > last));
    let count = value("n")
        .and_then(|n| n.parse().ok())
        .unwrap_or(usize::MAX);
    let more = tags.len() > count;
    tags.truncate(count);
    let page = Json(json!({ "name": name, "tags": tags })).into_response();
    match tags.last() {
        Some(newest) if more => {
            let next = format!("</v2/{name}/tags/list?n={count}&last={newest}>; rel=\"next\"");
            ([(header::LINK, next)], page).into_response()
        }
        _ => page,
    }
}

/// A blob from storage, for whoever holds a signed address.
async fn stored(
    State(images): State<Arc<Images>>,
    Path(digest): Path<String>,
    Query(query): Pairs,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let authorized = headers.contains_key(header::AUTHORIZATION);
    let now = Timestamp::now().as_second();
    if let Err(refusal) = storage::check(method.as_str(), &digest, &query, authorized, now) {
        let status = match refusal {
            Refusal::TwoCredentials => StatusCode::BAD_REQUEST,
            Refusal::Signature | Refusal::Expired => StatusCode::FORBIDDEN,
        };
        return (status, format!("{refusal}\n")).into_response();
    }
    let blob = images
        .repositories
        .iter()
        .find_map(|(_, repository)| repository.blobs.get(&digest));
    match blob {
        Some(bytes) => Content::new(bytes.clone(), "application/octet-stream").answer(&headers),
        None => super::answer::not_found(),
    }
}

impl Images {
    /// Where to get a token, for a request that carries none for `repository`.
    fn challenge(&self, headers: &HeaderMap, repository: Option<&str>) -> Option<Response> {
        let token = authorization(headers).and_then(|value| value.strip_prefix("Bearer "));
        let now = Timestamp::now().as_second();
        let problem = match token.map(|token| token::judge(token, repository, now)) {
            Some(Worth::Opens) => return None,
            Some(Worth::OpensOthers) => ",error=\"insufficient_scope\"",
            Some(Worth::Nothing) => ",error=\"invalid_token\"",
            None => "",
        };
        let scope = repository
            .map(|name| format!(",scope=\"repository:{name}:pull\""))
            .unwrap_or_default();
        let challenge = format!(
            "Bearer realm=\"{}/token\",service=\"{SERVICE}\"{scope}{problem}",
            self.addresses.registry
        );
        let answer = failure(
            StatusCode::UNAUTHORIZED,
            "UNAUTHORIZED",
            "authentication required",
        );
        let challenge = [(header::WWW_AUTHENTICATE, challenge)];
        Some((version_header(), challenge, answer).into_response())
    }

    /// GET leads to storage; HEAD is answered here, because storage signs the method.
    fn blob(&self, repository: &Repository, digest: &str, method: &Method) -> Response {
        let Some(bytes) = repository.blobs.get(digest) else {
            return failure(
                StatusCode::NOT_FOUND,
                "BLOB_UNKNOWN",
                "blob unknown to registry",
            );
        };
        let named = [("docker-content-digest", digest.to_owned())];
        if method == Method::HEAD {
            let content = Content::new(bytes.clone(), "application/octet-stream");
            return (named, content.answer(&HeaderMap::new())).into_response();
        }
        let address = storage::signed(digest, Timestamp::now().as_second());
        let location = format!("{}{address}", self.addresses.storage);
        let location = [(header::LOCATION, location)];
        (StatusCode::TEMPORARY_REDIRECT, named, location).into_response()
    }
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

fn version_header() -> [(&'static str, &'static str); 1] {
    [("docker-distribution-api-version", "registry/2.0")]
}

/// An error as registries word it: JSON, whatever the client accepts.
fn failure(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "code": code, "message": message, "detail": null }] });
    (status, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_contain_words_that_name_resources() {
        assert_eq!(
            split("org/tags/app/manifests/1.0"),
            Some(("org/tags/app", "manifests", "1.0"))
        );
        assert_eq!(split("_catalog"), None);
    }

    #[test]
    fn a_manifest_is_given_to_clients_that_understand_it() {
        let repository = Repository::with_versions("server", &["1.0.0"]);
        let index = repository.manifest("1.0.0").unwrap();
        let with = |accept: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT, header::HeaderValue::from_static(accept))])
        };
        assert!(accepts(&HeaderMap::new(), index));
        assert!(accepts(&with("*/*"), index));
        assert!(accepts(&with(image::INDEX), index));
        let schema2 = "application/vnd.docker.distribution.manifest.v2+json";
        assert!(!accepts(&with(schema2), index));
    }
}

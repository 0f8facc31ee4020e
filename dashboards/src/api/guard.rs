//! What every request passes: its name, who asks, from which page, for how long, and what browsers are told.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::failure::{ErrorCode, Failure};
use crate::accounts::Caller;

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    /// The guard has recognised them; a route that it lets everybody through to has no caller.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Failure::new(ErrorCode::NotSignedIn, "not signed in"))
    }
}

/// Refuses changes that another site's page asks for.
pub(super) fn same_origin(method: &Method, headers: &HeaderMap) -> Result<(), Failure> {
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_origin(headers) {
        return Ok(());
    }
    Err(Failure::new(
        ErrorCode::OtherSite,
        "requests that change something must come from this site's own page",
    ))
}

/// The browser's own verdict decides where it gives one; older ones only name the origin.
fn is_same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let origin = text(header::ORIGIN)
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    origin.is_some() && origin == text(header::HOST)
}

/// Longest time for a request and its answer; a question has 20 s of it.
const DEADLINE: Duration = Duration::from_secs(30);

/// Ends requests that take too long, such as one whose body trickles in.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(DEADLINE, next.run(request))
        .await
        .unwrap_or_else(|_| {
            Failure::new(ErrorCode::RequestTooSlow, "the request took too long").into_response()
        })
}

/// The header that names an answer, for whoever has to look it up in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request a name: its answer carries it, and so does every line that the log has about it.
pub(crate) async fn named(request: Request, next: Next) -> Response {
    let id = request_id();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::error_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    if status.is_server_error() {
        span.in_scope(|| tracing::warn!(%method, path, status = status.as_u16(), "a request was not answered"));
    }
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Distinct among requests that anybody would look up; it opens nothing, so it need not be a secret.
fn request_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(Instant::now()))
}

/// Tells browsers what not to do with an answer. The page brings its own policy for content.
pub(crate) async fn hardened(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(lines: &[(&'static str, &'static str)]) -> bool {
        let headers = lines.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        is_same_origin(&headers.collect())
    }

    #[test]
    fn only_the_own_page_may_change_something() {
        assert!(verdict(&[
            ("host", "weir.example:8081"),
            ("origin", "https://weir.example:8081")
        ]));
        assert!(verdict(&[
            ("host", "inner:1"),
            ("origin", "https://weir.example"),
            ("sec-fetch-site", "same-origin")
        ]));

        assert!(!verdict(&[
            ("host", "weir.example"),
            ("origin", "https://evil.example")
        ]));
        assert!(!verdict(&[("host", "weir.example"), ("origin", "null")]));
        assert!(!verdict(&[
            ("host", "weir.example"),
            ("sec-fetch-site", "same-site")
        ]));
        assert!(!verdict(&[
            ("host", "weir.example"),
            ("sec-fetch-site", "none")
        ]));
        assert!(!verdict(&[("host", "weir.example")]));
        assert!(!verdict(&[]));
    }
}

//! What every request passes: who asks, from which page, for how long, and what browsers are told.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::{Shared, cookie};

/// Proof that the request comes from somebody signed in.
#[derive(Debug)]
pub(crate) struct Reader;

impl FromRequestParts<Shared> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, dashboard: &Shared) -> Result<Self, Failure> {
        let session = cookie::token(&parts.headers)
            .map(|token| dashboard.accounts.session(&token))
            .transpose()?;
        match session.flatten() {
            Some(_) => Ok(Self),
            None => Err(Failure::new(StatusCode::UNAUTHORIZED, "not signed in")),
        }
    }
}

/// Refuses changes that another site's page asks for.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || is_same_origin(request.headers()) {
        return next.run(request).await;
    }
    Failure::new(
        StatusCode::FORBIDDEN,
        "requests that change something must come from this site's own page",
    )
    .into_response()
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
            Failure::new(StatusCode::REQUEST_TIMEOUT, "the request took too long").into_response()
        })
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

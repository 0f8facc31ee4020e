//! The session cookie: read, set and cleared.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::Secret;

/// Browsers take the first name from an encrypted connection alone, and bind it to this host.
const SECURE_NAME: &str = "__Host-weir";
const PLAIN_NAME: &str = "weir";
/// The same two names for what the provider's answer is compared with.
const SECURE_TRIP: &str = "__Host-weir-oidc";
const PLAIN_TRIP: &str = "weir-oidc";
/// How long somebody may take at the provider.
const TRIP_AGE_S: u32 = 600;
/// As long as a session can live.
const MAX_AGE_S: u32 = 7 * 24 * 3600;

/// What the browser shows, if anything.
pub(super) fn secret(headers: &HeaderMap) -> Option<Secret> {
    [SECURE_NAME, PLAIN_NAME]
        .iter()
        .find_map(|name| cookie(headers, name))
        .and_then(Secret::from_text)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// `Set-Cookie` for a new session.
pub(super) fn set(secret: &Secret, request: &HeaderMap) -> HeaderValue {
    set_over(secret, is_https(request))
}

/// The same where no page of ours asks, so that `secure` is known from elsewhere.
pub(super) fn set_over(secret: &Secret, secure: bool) -> HeaderValue {
    written(session_name(secure), &secret.as_text(), MAX_AGE_S, secure)
}

/// What the browser carries from the provider, if anything.
pub(super) fn trip(headers: &HeaderMap) -> Option<String> {
    [SECURE_TRIP, PLAIN_TRIP]
        .iter()
        .find_map(|name| cookie(headers, name))
        .map(ToOwned::to_owned)
}

/// `Set-Cookie` for the way to the provider and back; `text` is URL-safe base64.
pub(super) fn set_trip(text: &str, secure: bool) -> HeaderValue {
    written(trip_name(secure), text, TRIP_AGE_S, secure)
}

/// `Set-Cookie` that ends it.
pub(super) fn cleared_trip(secure: bool) -> HeaderValue {
    written(trip_name(secure), "", 0, secure)
}

/// `Set-Cookie` that makes the browser forget.
pub(super) fn cleared(request: &HeaderMap) -> HeaderValue {
    let secure = is_https(request);
    written(session_name(secure), "", 0, secure)
}

fn session_name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

fn trip_name(secure: bool) -> &'static str {
    if secure { SECURE_TRIP } else { PLAIN_TRIP }
}

fn written(name: &str, value: &str, max_age_s: u32, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text)
        .expect("hexadecimal digits, base64 and the constants above are visible ASCII")
}

/// Whether the page was loaded over TLS, which may end at a proxy before us: the browser's own word
/// in `Origin` tells, and this process cannot know better.
fn is_https(request: &HeaderMap) -> bool {
    request
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

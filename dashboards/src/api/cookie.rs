//! The session cookie: read, set and cleared.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::Token;

/// Browsers take the first name from an encrypted connection alone, and bind it to this host.
const SECURE_NAME: &str = "__Host-weir";
const PLAIN_NAME: &str = "weir";
/// As long as a session can live.
const MAX_AGE_S: u32 = 7 * 24 * 3600;

/// The token that the browser shows, if any.
pub(super) fn token(headers: &HeaderMap) -> Option<Token> {
    [SECURE_NAME, PLAIN_NAME]
        .iter()
        .find_map(|name| cookie(headers, name))
        .and_then(Token::from_text)
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
pub(super) fn set(token: &Token, request: &HeaderMap) -> HeaderValue {
    written(&token.as_text(), MAX_AGE_S, is_https(request))
}

/// `Set-Cookie` that makes the browser forget.
pub(super) fn cleared(request: &HeaderMap) -> HeaderValue {
    written("", 0, is_https(request))
}

fn written(value: &str, max_age_s: u32, secure: bool) -> HeaderValue {
    let (name, secure) = if secure {
        (SECURE_NAME, "; Secure")
    } else {
        (PLAIN_NAME, "")
    };
    let text =
        format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text)
        .expect("hexadecimal digits and the constants above are visible ASCII")
}

/// Whether the page was loaded over TLS, which may end at a proxy before us: the browser's own word
/// in `Origin` tells, and this process cannot know better.
fn is_https(request: &HeaderMap) -> bool {
    request
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

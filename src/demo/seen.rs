//! What the registry was asked: tests read it to learn what a client or a gateway really sent.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

/// Requests kept; older ones make room, so that a long demo does not grow.
const KEPT: usize = 10_000;

/// Headers worth a look: what clients negotiate with, and what a gateway must not pass on.
const HEADERS: [&str; 12] = [
    "host",
    "accept",
    "user-agent",
    "range",
    "if-none-match",
    "if-modified-since",
    "referer",
    "cookie",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "via",
];

/// One request as the registry saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Request method.
    pub method: String,
    /// Path and query, raw.
    pub path: String,
    /// How it was answered.
    pub status: u16,
    /// Scheme of the `Authorization` that came along, never the credential itself.
    pub authorization: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Seen {
    pub(super) fn new(method: &Method, uri: &Uri, headers: &HeaderMap, status: StatusCode) -> Self {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            method: method.to_string(),
            path: path.to_owned(),
            status: status.as_u16(),
            authorization: text(headers, header::AUTHORIZATION.as_str())
                .map(|value| value.split(' ').next().unwrap_or_default().to_owned()),
            headers: HEADERS
                .iter()
                .filter_map(|&name| Some((name, text(headers, name)?)))
                .collect(),
        }
    }

    /// The value of a header that the registry keeps; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(kept, _)| *kept == name)
            .map(|(_, value)| value.as_str())
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The newest requests.
#[derive(Default)]
pub(super) struct Journal(Mutex<VecDeque<Seen>>);

impl Journal {
    pub(super) fn push(&self, seen: Seen) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(seen);
    }

    pub(super) fn all(&self) -> Vec<Seen> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_noted_but_not_kept() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer secret".parse().unwrap());
        headers.insert("x-forwarded-for", "192.0.2.7".parse().unwrap());
        let uri = Uri::from_static("/v2/?a=b");
        let seen = Seen::new(&Method::GET, &uri, &headers, StatusCode::OK);
        assert_eq!(seen.authorization.as_deref(), Some("Bearer"));
        assert_eq!(seen.path, "/v2/?a=b");
        assert_eq!(seen.header("x-forwarded-for"), Some("192.0.2.7"));
        assert!(!format!("{seen:?}").contains("secret"));
    }

    #[test]
    fn the_oldest_request_makes_room() {
        let journal = Journal::default();
        for n in 0..=KEPT {
            let uri: Uri = format!("/{n}").parse().unwrap();
            journal.push(Seen::new(
                &Method::GET,
                &uri,
                &HeaderMap::new(),
                StatusCode::OK,
            ));
        }
        let all = journal.all();
        assert_eq!(all.len(), KEPT);
        assert_eq!(all[0].path, "/1");
    }
}

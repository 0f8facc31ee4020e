//! How bytes are answered: validators, conditional requests and single byte ranges (RFC 9110).

use std::ops::RangeInclusive;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::seal::sha256_hex;

/// When everything in the registry was last changed: fixed, so that nothing differs between runs.
const LAST_MODIFIED: &str = "Wed, 01 Jul 2026 12:00:00 GMT";

/// Bytes ready to be answered.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) media_type: &'static str,
    etag: String,
}

impl Content {
    pub(super) fn new(bytes: Vec<u8>, media_type: &'static str) -> Self {
        let etag = format!("\"{}\"", &sha256_hex(&bytes)[..32]);
        Self {
            bytes,
            media_type,
            etag,
        }
    }

    /// The same under another entity tag, for protocols in which it means something.
    pub(super) fn tagged(self, etag: &str) -> Self {
        let etag = format!("\"{etag}\"");
        Self { etag, ..self }
    }

    /// The answer to a GET with `request` headers; the server drops the body of a HEAD.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let validators = [
            (header::ETAG, self.etag.as_str()),
            (header::LAST_MODIFIED, LAST_MODIFIED),
            (header::ACCEPT_RANGES, "bytes"),
        ];
        if self.is_fresh(request) {
            return (StatusCode::NOT_MODIFIED, validators).into_response();
        }
        let length = self.bytes.len();
        let kind = [(header::CONTENT_TYPE, self.media_type)];
        match self.range(request) {
            Wanted::Whole => (validators, kind, self.bytes.clone()).into_response(),
            Wanted::Part(part) => {
                let place = format!("bytes {}-{}/{length}", part.start(), part.end());
                let bytes = self.bytes[part].to_vec();
                let place = [(header::CONTENT_RANGE, place)];
                (StatusCode::PARTIAL_CONTENT, validators, kind, place, bytes).into_response()
            }
            Wanted::Nothing => {
                let place = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
                (StatusCode::RANGE_NOT_SATISFIABLE, place, Body::empty()).into_response()
            }
        }
    }

    /// Whether the client's copy is still good. An entity tag decides alone where one was sent.
    fn is_fresh(&self, request: &HeaderMap) -> bool {
        if let Some(tags) = text(request, header::IF_NONE_MATCH) {
            return tags
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == "*" || tag == self.etag);
        }
        text(request, header::IF_MODIFIED_SINCE) == Some(LAST_MODIFIED)
    }

    fn range(&self, request: &HeaderMap) -> Wanted {
        let changed = text(request, header::IF_RANGE)
            .is_some_and(|copy| copy != self.etag && copy != LAST_MODIFIED);
        match text(request, header::RANGE) {
            Some(range) if !changed => wanted(range, self.bytes.len()),
            _ => Wanted::Whole,
        }
    }
}

/// A plain-text 404.
pub(super) fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}

/// The part of the bytes that a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(RangeInclusive<usize>),
    Nothing,
}

/// Reads a `Range` header over `length` bytes. What is not understood, several ranges included, is
/// answered whole, as the standard allows.
fn wanted(range: &str, length: usize) -> Wanted {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|spec| spec.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let (start, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(end)) if start <= end => (start, end.min(length.saturating_sub(1))),
        (Ok(start), Err(_)) if last.is_empty() => (start, length.saturating_sub(1)),
        (Err(_), Ok(0)) if first.is_empty() => return Wanted::Nothing,
        (Err(_), Ok(count)) if first.is_empty() => {
            (length.saturating_sub(count), length.saturating_sub(1))
        }
        _ => return Wanted::Whole,
    };
    if start < length {
        Wanted::Part(start..=end)
    } else {
        Wanted::Nothing
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn ten_bytes() -> Content {
        Content::new(b"0123456789".to_vec(), "application/octet-stream")
    }

    fn asked(name: header::HeaderName, value: &str) -> Response {
        let value = HeaderValue::from_str(value).expect("tests send valid headers");
        ten_bytes().answer(&HeaderMap::from_iter([(name, value)]))
    }

    #[test]
    fn a_range_names_first_and_last_byte_or_counts_from_the_end() {
        assert_eq!(wanted("bytes=0-", 10), Wanted::Part(0..=9));
        assert_eq!(wanted("bytes=2-4", 10), Wanted::Part(2..=4));
        assert_eq!(wanted("bytes=2-99", 10), Wanted::Part(2..=9));
        assert_eq!(wanted("bytes=-3", 10), Wanted::Part(7..=9));
        assert_eq!(wanted("bytes=-99", 10), Wanted::Part(0..=9));
    }

    #[test]
    fn a_range_behind_the_end_cannot_be_satisfied() {
        assert_eq!(wanted("bytes=10-", 10), Wanted::Nothing);
        assert_eq!(wanted("bytes=-0", 10), Wanted::Nothing);
        assert_eq!(wanted("bytes=0-", 0), Wanted::Nothing);
    }

    #[test]
    fn a_range_that_is_not_understood_is_answered_whole() {
        for range in [
            "bytes=4-2",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-",
            "bytes",
        ] {
            assert_eq!(wanted(range, 10), Wanted::Whole, "{range}");
        }
    }

    #[test]
    fn a_partial_answer_says_where_it_lies() {
        let response = asked(header::RANGE, "bytes=2-4");
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(response.headers()["content-range"], "bytes 2-4/10");
    }

    #[test]
    fn a_known_entity_tag_is_answered_not_modified() {
        let etag = ten_bytes().etag;
        for tags in ["*", etag.as_str(), &format!("\"other\", W/{etag}")] {
            let response = asked(header::IF_NONE_MATCH, tags);
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{tags}");
        }
        let response = asked(header::IF_NONE_MATCH, "\"other\"");
        assert_eq!(response.status(), StatusCode::OK);
    }

    proptest! {
        #[test]
        fn any_range_stays_within_the_bytes(range in "bytes=[0-9]{0,20}-[0-9]{0,20}", length in 0usize..64) {
            if let Wanted::Part(part) = wanted(&range, length) {
                prop_assert!(part.start() <= part.end() && *part.end() < length);
            }
        }
    }
}

//! How long an upstream's document holds, and how to ask whether it has changed (RFC 9111 §4, RFC 9110 §13).

use std::time::Duration;

use reqwest::header::{
    AGE, CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};

/// Bounds of what an upstream may say: an index under load is asked a few times a minute at most, and a release
/// shows within five.
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(5);
/// Where it does not say.
const USUAL: Duration = Duration::from_secs(30);

/// What an upstream said of a document beside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Freshness {
    /// How long it need not be asked for again.
    pub(super) lifetime: Duration,
    etag: Option<HeaderValue>,
    last_modified: Option<HeaderValue>,
}

impl Default for Freshness {
    fn default() -> Self {
        Self {
            lifetime: USUAL,
            etag: None,
            last_modified: None,
        }
    }
}

impl Freshness {
    /// Reads the head of an answer.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            lifetime: lifetime(headers),
            etag: headers.get(ETAG).cloned(),
            last_modified: headers.get(LAST_MODIFIED).cloned(),
        }
    }

    /// The conditions under which the document is wanted again.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let unless_same = self.etag.clone().map(|tag| (IF_NONE_MATCH, tag));
        let if_newer = self
            .last_modified
            .clone()
            .map(|date| (IF_MODIFIED_SINCE, date));
        // A date is for upstreams that have no tags (RFC 9110 §13.1.3).
        unless_same.or(if_newer).into_iter()
    }

    /// The same after the upstream said that nothing has changed; what it did not repeat holds on (RFC 9111 §4.3.4).
    pub(super) fn confirmed(&self, headers: &HeaderMap) -> Self {
        let now = Self::of(headers);
        Self {
            lifetime: now.lifetime,
            etag: now.etag.or_else(|| self.etag.clone()),
            last_modified: now.last_modified.or_else(|| self.last_modified.clone()),
        }
    }
}

/// `s-maxage` counts before `max-age`, since many are served from here; what is to be checked each time is kept for
/// the shortest (RFC 9111 §5.2.2). The time it spent in other caches is over (§4.2.3).
fn lifetime(headers: &HeaderMap) -> Duration {
    let mut max_age = None;
    let mut shared = None;
    let lines = headers.get_all(CACHE_CONTROL).iter();
    for directive in lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
    {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let seconds = value.trim().trim_matches('"').parse::<u64>().ok();
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => return SHORTEST,
            "max-age" => max_age = seconds,
            "s-maxage" => shared = seconds,
            _ => {}
        }
    }
    let Some(seconds) = shared.or(max_age) else {
        return USUAL;
    };
    let age = headers
        .get(AGE)
        .and_then(|age| age.to_str().ok()?.parse().ok());
    let left = seconds.saturating_sub(age.unwrap_or(0));
    Duration::from_secs(left).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(written: &[(&'static str, &str)]) -> HeaderMap {
        let header = |&(name, value): &(&'static str, &str)| {
            let value = HeaderValue::from_str(value).expect("a value");
            (HeaderName::from_static(name), value)
        };
        written.iter().map(header).collect()
    }

    #[test]
    fn an_upstream_says_how_long_within_bounds() {
        for (written, seconds) in [
            ("max-age=60", 60),
            ("public, max-age=\"60\"", 60),
            ("max-age=600, s-maxage=20", 20),
            ("Max-Age=86400", 300),
            ("max-age=0, must-revalidate", 5),
            ("no-cache, max-age=60", 5),
            ("max-age=soon", 30),
            ("public", 30),
        ] {
            let lifetime = lifetime(&headers(&[("cache-control", written)]));
            assert_eq!(lifetime.as_secs(), seconds, "{written}");
        }
        let aged = headers(&[("cache-control", "max-age=60"), ("age", "45")]);
        assert_eq!(lifetime(&aged).as_secs(), 15);
        assert_eq!(lifetime(&HeaderMap::new()), USUAL);
    }

    #[test]
    fn a_tag_is_asked_by_before_a_date_and_holds_until_another_is_given() {
        let first = Freshness::of(&headers(&[
            ("etag", "\"1\""),
            ("last-modified", "Sat, 21 Nov 2026 00:00:00 GMT"),
        ]));
        let conditions: HeaderMap = first.conditions().collect();
        assert_eq!(conditions, headers(&[("if-none-match", "\"1\"")]));
        assert_eq!(
            first.confirmed(&HeaderMap::new()),
            first_with_lifetime(&first, USUAL)
        );
        let second = first.confirmed(&headers(&[
            ("etag", "\"2\""),
            ("cache-control", "max-age=9"),
        ]));
        let conditions: HeaderMap = second.conditions().collect();
        assert_eq!(conditions, headers(&[("if-none-match", "\"2\"")]));
        assert_eq!(second.lifetime.as_secs(), 9);
        let dated = Freshness::of(&headers(&[("last-modified", "yesterday")]));
        let conditions: HeaderMap = dated.conditions().collect();
        assert_eq!(conditions, headers(&[("if-modified-since", "yesterday")]));
    }

    fn first_with_lifetime(first: &Freshness, lifetime: Duration) -> Freshness {
        Freshness {
            lifetime,
            ..first.clone()
        }
    }

    proptest! {
        #[test]
        fn no_header_leads_out_of_bounds(control in "[ -~]{0,60}", age in "[ -~]{0,20}") {
            let lifetime = lifetime(&headers(&[("cache-control", &control), ("age", &age)]));
            prop_assert!((SHORTEST..=LONGEST).contains(&lifetime));
        }
    }
}

//! The ways to say "do not count me": by a header, where the sender can set one, and by the address, where all
//! that can be set is a registry's URL.
//!
//! An address keeps saying it: what a client is told to ask for next has the same prefix or host.

use crate::fields::bits;
use crate::head::Fields;

/// Before a path: the rest of it is served as without.
pub(crate) const PREFIX: &str = "/-/no-track";

/// Whether a header says so: `DNT` (Tracking Preference Expression §5.2), `Sec-GPC` (Global Privacy Control §3.1), or
/// the plain word of programs whose users asked for it.
pub(crate) fn by_field(fields: Fields<'_>) -> bool {
    const DNT: &str = "dnt";
    const GPC: &str = "sec-gpc";
    const WORD: &str = "x-no-analytics";
    // What follows the first character of DNT is left to extensions.
    fields.may_have_any(const { bits(&[DNT, GPC, WORD]) })
        && (fields.all(DNT).any(|value| value.starts_with(b"1"))
            || fields.all(GPC).any(|value| value == b"1")
            || fields.all(WORD).any(is_yes))
}

/// Any word is a yes but those that mean no.
fn is_yes(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    !value.is_empty() && value != b"0" && !value.eq_ignore_ascii_case(b"false")
}

/// The target behind [`PREFIX`], if it is there.
pub(crate) fn behind_prefix(target: &str) -> Option<&str> {
    target
        .strip_prefix(PREFIX)
        .filter(|rest| rest.starts_with('/'))
}

/// The domain that `host` is the uncounted name of, if it is one.
pub(crate) fn behind_host(host: &str) -> Option<&str> {
    host.strip_prefix(weir_config::UNCOUNTED)
        .filter(|domain| !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(name: &str, value: &str) -> bool {
        let value = value.as_bytes();
        by_field(Fields::raw(&[httparse::Header { name, value }]))
    }

    #[test]
    fn a_header_says_so() {
        for (name, value) in [
            ("DNT", "1"),
            ("dnt", "1x"),
            ("Sec-GPC", "1"),
            ("X-No-Analytics", "1"),
            ("x-no-analytics", "true"),
            ("X-NO-ANALYTICS", "please"),
        ] {
            assert!(says(name, value), "{name}: {value}");
        }
        for (name, value) in [
            ("DNT", "0"),
            ("DNT", ""),
            ("DNT", "null"),
            ("Sec-GPC", "0"),
            ("Sec-GPC", "10"),
            ("X-No-Analytics", ""),
            ("X-No-Analytics", "0"),
            ("X-No-Analytics", "False"),
            ("X-Analytics", "1"),
        ] {
            assert!(!says(name, value), "{name}: {value}");
        }
    }

    #[test]
    fn one_of_several_fields_is_enough() {
        let fields = [("DNT", "0"), ("DNT", "1")].map(|(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        });
        assert!(by_field(Fields::raw(&fields)));
    }

    #[test]
    fn only_the_whole_prefix_counts_and_only_once() {
        assert_eq!(behind_prefix("/-/no-track/a?b"), Some("/a?b"));
        assert_eq!(behind_prefix("/-/no-track/"), Some("/"));
        assert_eq!(
            behind_prefix("/-/no-track/-/no-track/a"),
            Some("/-/no-track/a")
        );
        for target in [
            "/-/no-track",
            "/-/no-track?a",
            "/-/no-tracks/a",
            "/a/-/no-track/b",
            "/-/npm/v1/search",
            "/rocket/-/rocket-1.0.0.tgz",
        ] {
            assert_eq!(behind_prefix(target), None, "{target}");
        }
    }

    #[test]
    fn the_uncounted_name_of_a_domain_begins_with_one_word() {
        assert_eq!(
            behind_host("notrack.get.acme.example"),
            Some("get.acme.example")
        );
        assert_eq!(behind_host("get.acme.example"), None);
        assert_eq!(behind_host("notracks.acme.example"), None);
    }
}

//! In which coding a document is sent (RFC 9110 §12.5.3): as it is, or in gzip, which every package manager reads.

/// Whether `accept`, the values of `Accept-Encoding`, has room for gzip.
pub(super) fn accepts_gzip(accept: &str) -> bool {
    let mut any = false;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let refused = parts.any(|part| {
            let quality = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            quality
                .is_some_and(|quality| quality.parse::<f32>().is_ok_and(|quality| quality <= 0.0))
        });
        if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
            return !refused;
        }
        any |= coding == "*" && !refused;
    }
    any
}

/// The tag of a document in a coding: two codings of one document are two things (RFC 9110 §8.8.3.3).
pub(super) fn etag(whole: &str, gzip: bool) -> String {
    match whole.strip_suffix('"') {
        Some(tag) if gzip => format!("{tag}-gzip\""),
        _ => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_say_that_they_read_it() {
        for accept in [
            "gzip",
            "gzip, deflate, br",
            "br;q=1.0, GZIP;q=0.5",
            "*",
            "x-gzip",
            "br, *;q=0.1",
        ] {
            assert!(accepts_gzip(accept), "{accept}");
        }
        for accept in [
            "",
            "identity",
            "br",
            "gzip;q=0",
            "gzip; q=0.000, *",
            "*;q=0",
            "gzipped",
        ] {
            assert!(!accepts_gzip(accept), "{accept}");
        }
    }

    #[test]
    fn each_coding_has_a_tag_of_its_own() {
        assert_eq!(etag("\"ab\"", true), "\"ab-gzip\"");
        assert_eq!(etag("\"ab\"", false), "\"ab\"");
    }

    proptest! {
        #[test]
        fn nobody_gets_gzip_who_does_not_name_it(accept in "[a-fh-z;=,q0-9. ]{0,40}") {
            prop_assert!(!accepts_gzip(&accept));
        }
    }
}

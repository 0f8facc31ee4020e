//! What an image's name is followed by: a tag or a digest.

/// Whether a reference is a digest, by the grammar of the image specification.
pub(crate) fn is_digest(reference: &str) -> bool {
    reference
        .split_once(':')
        .is_some_and(|(algorithm, encoded)| {
            !algorithm.is_empty()
                && algorithm
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte))
                && (32..=128).contains(&encoded.len())
                && encoded.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Whether it is a tag, by the grammar of the distribution specification.
pub(crate) fn is_tag(reference: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    reference.len() <= 128
        && reference.bytes().next().is_some_and(is_word)
        && reference
            .bytes()
            .all(|byte| is_word(byte) || b".-".contains(&byte))
}

/// Tags that hold signatures and attestations of another image: cosign's `sha256-<hex>.sig` and the
/// distribution specification's `sha256-<hex>`, "Referrers Tag Schema".
pub(crate) fn is_attachment(tag: &str) -> bool {
    tag.strip_prefix("sha256-").is_some_and(|rest| {
        rest.len() >= 64 && rest.as_bytes()[..64].iter().all(u8::is_ascii_hexdigit)
    })
}

/// The tag under which registries without the referrers API keep what refers to `digest`
/// (distribution specification, "Referrers Tag Schema": 32 and 64 characters at most).
pub(crate) fn referrers_tag(digest: &str) -> String {
    let (algorithm, encoded) = digest.split_once(':').unwrap_or((digest, ""));
    format!("{algorithm:.32}-{encoded:.64}")
}

/// How exactly a tag names a release: 3 for `v1.2.3`, 0 for `latest`.
pub(crate) fn precision(tag: &str) -> usize {
    let number = tag.strip_prefix('v').unwrap_or(tag);
    let end = number
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(number.len());
    let (release, rest) = number.split_at(end);
    let is_release = release.split('.').all(|part| !part.is_empty());
    let is_parted = rest.is_empty() || rest.starts_with(['-', '_', '+']);
    if is_release && is_parted {
        release.split('.').count()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_attachments_are_told_from_tags() {
        let hex = "0123456789abcdef".repeat(4);
        assert!(is_digest(&format!("sha256:{hex}")));
        assert!(!is_digest("1.2.3") && !is_digest("sha256:short"));
        assert!(!is_digest(&format!("sha/256:{hex}")));
        assert!(is_attachment(&format!("sha256-{hex}.sig")));
        assert!(!is_attachment("sha256-x"));
        assert_eq!(
            referrers_tag(&format!("sha256:{hex}")),
            format!("sha256-{hex}")
        );
    }

    #[test]
    fn a_tag_is_a_word() {
        assert!(is_tag("1.2.3") && is_tag("_x") && is_tag("v1.0_build.2"));
        for bad in ["", ".hidden", "-x", "a%2fb", "a:b", &"x".repeat(129)] {
            assert!(!is_tag(bad), "{bad}");
        }
    }

    #[test]
    fn the_more_of_a_release_a_tag_says_the_more_precise_it_is() {
        for (tag, parts) in [
            ("1.2.3", 3),
            ("v1.2", 2),
            ("1", 1),
            ("1.2.3-alpine", 3),
            ("latest", 0),
            ("7fd1a60", 0),
            ("1..2", 0),
            ("", 0),
        ] {
            assert_eq!(precision(tag), parts, "{tag}");
        }
    }
}

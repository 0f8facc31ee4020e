//! The short words an agent is made of: what may be a name, what may be a version.

use std::borrow::Cow;

use super::literals;

/// Longest name or version that is kept.
const LONGEST: usize = 32;

/// A short name in lower case, or nothing where the word could be a number, an id or an address.
pub(crate) fn name(word: &str) -> Option<Cow<'_, str>> {
    let plain = !word.is_empty() && word.len() <= LONGEST && word.bytes().all(in_name);
    if !plain
        || !word.bytes().any(|byte| byte.is_ascii_alphabetic())
        || is_id(word)
        || literals::any(word)
    {
        return None;
    }
    Some(lower(word))
}

/// The version that `text` begins with, without a leading `v`; empty where there is none.
pub(crate) fn version(text: &str) -> &str {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text
        .bytes()
        .position(|byte| !in_version(byte))
        .unwrap_or(text.len());
    let version = &text[..end];
    let numbered = version.starts_with(|first: char| first.is_ascii_digit());
    if numbered && end <= LONGEST && !literals::any(version) {
        version
    } else {
        ""
    }
}

/// The first two numbers of a version: an operating system's build number tells too much of one machine.
pub(crate) fn major_minor(version: &str) -> &str {
    let second_dot = version
        .match_indices('.')
        .nth(1)
        .map_or(version.len(), |(at, _)| at);
    let short = &version[..second_dot];
    let end = short
        .bytes()
        .position(|byte| !byte.is_ascii_digit() && byte != b'.')
        .unwrap_or(short.len());
    &short[..end]
}

/// Text in lower case, borrowed where it is already.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

fn in_version(byte: u8) -> bool {
    in_name(byte) || matches!(byte, b'+' | b'~' | b'!' | b':')
}

/// Long runs of hexadecimal digits and dashes are somebody's serial number, commit or key.
fn is_id(word: &str) -> bool {
    let mut digits = 0;
    let mut run = 0;
    for byte in word.bytes() {
        run = if byte.is_ascii_hexdigit() || byte == b'-' {
            run + 1
        } else {
            0
        };
        digits += usize::from(byte.is_ascii_digit());
        if run >= 8 && digits >= 4 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_nobodys_id() {
        let kept: Vec<_> = ["MyTool", "my-tool_2", "x.y"]
            .into_iter()
            .map(|word| name(word).map(Cow::into_owned))
            .collect();
        assert_eq!(
            kept,
            [
                Some("mytool".into()),
                Some("my-tool_2".into()),
                Some("x.y".into())
            ]
        );
        for refused in [
            "",
            "12345",
            "203.0.113.77",
            "a@b.example",
            "tool name",
            "550e8400-e29b-41d4-a716-446655440000",
            "f12c4ebfb48406f9",
            "ip-203-0-113-77",
            "ähnlich",
            "abcdefghijklmnopqrstuvwxyzabcdefg",
        ] {
            assert_eq!(name(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_version_begins_with_a_digit_and_ends_where_it_ends() {
        assert_eq!(version("v1.6.28 more"), "1.6.28");
        assert_eq!(version("20.10.24+dfsg1"), "20.10.24+dfsg1");
        assert_eq!(version("1.6.20~ds1"), "1.6.20~ds1");
        assert_eq!(version("(devel)"), "");
        assert_eq!(version("?"), "");
        assert_eq!(version("203.0.113.77"), "");
        assert_eq!(version("1:2:3:4:5:6:7:8"), "");
    }

    #[test]
    fn a_systems_version_is_cut_to_two_numbers() {
        assert_eq!(major_minor("14.5.1"), "14.5");
        assert_eq!(major_minor("12"), "12");
        assert_eq!(major_minor("6.18-rc1"), "6.18");
        assert_eq!(major_minor(""), "");
    }
}

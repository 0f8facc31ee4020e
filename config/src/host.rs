//! Host names: the one grammar for what an operator writes and what a client sends.

use std::borrow::Cow;

/// Before a domain: its name for those who do not want to be counted. It is served with the domain, so no domain is
/// called so itself.
pub const UNCOUNTED: &str = "notrack.";

/// The host name in a `Host` header or a setting: lower case, without port and without the root's trailing dot.
///
/// Nothing unless it is 1 to 253 characters of `[A-Za-z0-9.-]`, with at most one `:port` behind it.
pub fn host_name(text: &str) -> Option<Cow<'_, str>> {
    // Most are as they should be, and through with this.
    let sorts = sorts(text);
    if sorts == 0 && !text.ends_with('.') {
        return is_long_as_a_name(text).then_some(Cow::Borrowed(text));
    }
    let name = match text.bytes().position(|byte| byte == b':') {
        Some(colon) if is_port(&text[colon + 1..]) => &text[..colon],
        Some(_) => return None,
        None => text,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let sorts = self::sorts(name);
    if !is_long_as_a_name(name) || sorts & STRANGE != 0 {
        return None;
    }
    Some(if sorts & UPPER != 0 {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    })
}

fn is_long_as_a_name(name: &str) -> bool {
    (1..=253).contains(&name.len())
}

/// The sorts of all its bytes, as one set of bits.
fn sorts(text: &str) -> u8 {
    let each = text.bytes().map(|byte| SORTS[usize::from(byte)]);
    each.fold(0, |sorts, sort| sorts | sort)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// A letter that is written in upper case.
const UPPER: u8 = 1;
/// What no host name has.
const STRANGE: u8 = 2;

/// The sort of each byte. A table, because every request names a host.
const SORTS: [u8; 256] = {
    let mut sorts = [STRANGE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_uppercase() {
            sorts[byte as usize] = UPPER;
        } else if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') {
            sorts[byte as usize] = 0;
        }
        byte += 1;
    }
    sorts
};

#[cfg(test)]
mod tests {
    use super::host_name;

    #[test]
    fn case_port_and_trailing_dot_do_not_matter() {
        for text in [
            "get.acme.example",
            "Get.ACME.example",
            "get.acme.example.",
            "get.acme.example:8080",
            "get.acme.example.:0",
        ] {
            assert_eq!(
                host_name(text).as_deref(),
                Some("get.acme.example"),
                "{text}"
            );
        }
        assert_eq!(host_name("127.0.0.1:80").as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn what_is_no_host_name_is_refused() {
        let refused = [
            "", ".", ":80", "a b", "a/b", "a@b", "a_b", "a:", "a:x", "a:+1", "a:1:2", "a:65536",
            "[::1]:80", "é", "a\0", "a..:",
        ];
        for text in refused {
            assert_eq!(host_name(text), None, "{text:?}");
        }
        assert_eq!(host_name(&"a".repeat(254)), None);
        assert!(host_name(&format!("{}.:8080", "a".repeat(253))).is_some());
    }
}

//! Host names: the one grammar for what an operator writes and what a client sends.

use std::borrow::Cow;

/// The host name in a `Host` header or a setting: lower case, without port and without the root's trailing dot.
///
/// Nothing unless it is 1 to 253 characters of `[A-Za-z0-9.-]`, with at most one `:port` behind it.
pub fn host_name(text: &str) -> Option<Cow<'_, str>> {
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    let port_is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if !port_is_number || port.parse::<u16>().is_err() {
        return None;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    if !(1..=253).contains(&name.len()) || !name.bytes().all(known) {
        return None;
    }
    Some(if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    })
}

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

//! A package document on its way through: tarball addresses are pointed at us, no other byte changes.
//!
//! Documents reach tens of megabytes, so they are not parsed but searched. `"tarball":` outside a
//! string is always a key: inside one, its quotes would be escaped.

use std::collections::HashMap;

use memchr::memmem;
use url::Url;

use super::basename;
use crate::ecosystem::document::Rewritten;

/// Rewrites the document of `package`; `base` is this host's address as the client knows it.
pub(crate) fn rewrite(package: &str, base: &str, document: &[u8]) -> Rewritten {
    let mut body = Vec::with_capacity(document.len() + 1024);
    let mut files = HashMap::new();
    let mut copied = 0;
    for at in memmem::find_iter(document, b"\"tarball\"") {
        let Some((start, end)) = string_value(document, at + b"\"tarball\"".len()) else {
            continue;
        };
        let Some((name, url)) = tarball(package, &document[start..end]) else {
            continue;
        };
        body.extend_from_slice(&document[copied..start]);
        body.extend_from_slice(format!("{base}/{package}/-/{name}").as_bytes());
        copied = end;
        files.insert(name, url);
    }
    body.extend_from_slice(&document[copied..]);
    Rewritten { body, files }
}

/// Where the string value behind a key begins and ends, without its quotes.
fn string_value(document: &[u8], from: usize) -> Option<(usize, usize)> {
    let colon = from + skip_space(&document[from..]);
    let value = colon + 1 + skip_space(document.get(colon + 1..)?);
    if document.get(colon) != Some(&b':') || document.get(value) != Some(&b'"') {
        return None;
    }
    let start = value + 1;
    let length = memchr::memchr(b'"', &document[start..])?;
    Some((start, start + length))
}

fn skip_space(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// The file and address in a value, if it is the address of one of the package's tarballs.
fn tarball(package: &str, value: &[u8]) -> Option<(String, Url)> {
    // Some registries escape slashes.
    let text = std::str::from_utf8(value).ok()?.replace("\\/", "/");
    let url = Url::parse(&text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let name = url.path_segments()?.next_back()?.to_owned();
    let ours = name
        .strip_prefix(basename(package))
        .is_some_and(|rest| rest.starts_with('-') && rest.strip_suffix(".tgz").is_some());
    ours.then_some((name, url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tarballs_point_here_and_nothing_else_changes() {
        let page = rewrite(
            "@acme/rocket",
            "https://npm.acme.example",
            br#"{"name":"@acme/rocket","versions":{"1.0.0":{"dist":{"integrity":"sha512-x","tarball":"https://registry.example/@acme/rocket/-/rocket-1.0.0.tgz"},"tarball":7},"1.1.0":{"dist":{"tarball" : "https:\/\/registry.example\/@acme\/rocket\/-\/rocket-1.1.0.tgz"}}},"readme":"say \"tarball\": \"https://registry.example/@acme/rocket/-/rocket-1.0.0.tgz\""}"#,
        );
        insta::assert_snapshot!(String::from_utf8_lossy(&page.body), @r#"{"name":"@acme/rocket","versions":{"1.0.0":{"dist":{"integrity":"sha512-x","tarball":"https://npm.acme.example/@acme/rocket/-/rocket-1.0.0.tgz"},"tarball":7},"1.1.0":{"dist":{"tarball" : "https://npm.acme.example/@acme/rocket/-/rocket-1.1.0.tgz"}}},"readme":"say \"tarball\": \"https://registry.example/@acme/rocket/-/rocket-1.0.0.tgz\""}"#);
        assert_eq!(
            page.files["rocket-1.1.0.tgz"].as_str(),
            "https://registry.example/@acme/rocket/-/rocket-1.1.0.tgz"
        );
    }

    proptest! {
        #[test]
        fn a_document_without_tarballs_comes_through_unchanged(text in "[\"a-z:{} ]{0,80}(\"tarball\")?[\": a-z]{0,20}") {
            let page = rewrite("rocket", "http://here", text.as_bytes());
            prop_assert_eq!(String::from_utf8_lossy(&page.body), text);
        }
    }
}

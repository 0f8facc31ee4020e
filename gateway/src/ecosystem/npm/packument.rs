//! A package document on its way through: tarball addresses are pointed at us, no other byte changes.
//!
//! Documents reach tens of megabytes, so they are not parsed but searched. `"tarball":` outside a
//! string is always a key: inside one, its quotes would be escaped.

use std::borrow::Cow;

use memchr::memmem;

use super::basename;
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::address::{Address, Reader};
use crate::ecosystem::document::files::Files;

/// Rewrites the document of `package`; `base` is this host's address as the client knows it.
pub(crate) fn rewrite(package: &str, base: &str, document: &[u8]) -> Rewritten {
    let folder = format!("{base}/{package}/-/");
    let mut reader = Reader::default();
    let mut body = Vec::with_capacity(document.len() + document.len() / 8);
    let mut files = Files::default();
    let mut copied = 0;
    for at in memmem::find_iter(document, b"\"tarball\"") {
        let Some((start, end)) = string_value(document, at + b"\"tarball\"".len()) else {
            continue;
        };
        let Some(address) = tarball(package, &document[start..end], &mut reader) else {
            continue;
        };
        body.extend_from_slice(&document[copied..start]);
        body.extend_from_slice(folder.as_bytes());
        body.extend_from_slice(address.file_name().as_bytes());
        copied = end;
        files.insert_as_named(address);
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

/// The address in a value, if it is that of one of the package's tarballs.
fn tarball(package: &str, value: &[u8], reader: &mut Reader) -> Option<Address> {
    let mut text = Cow::from(std::str::from_utf8(value).ok()?);
    // Some registries escape slashes.
    if memchr::memchr(b'\\', value).is_some() {
        text = text.replace("\\/", "/").into();
    }
    let address = reader.read(&text)?;
    let rest = address.file_name().strip_prefix(basename(package))?;
    let ours = rest.starts_with('-') && rest.strip_suffix(".tgz").is_some();
    ours.then_some(address)
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
            page.files["rocket-1.1.0.tgz"].to_string(),
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

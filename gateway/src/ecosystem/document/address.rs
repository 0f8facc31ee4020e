//! Addresses that documents list, thousands at a time, of which few are ever asked for.

use std::fmt;

use url::{Position, Url};

/// An address, as text in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(Box<str>);

impl Address {
    /// Parsed anew. Normal forms parse.
    pub(crate) fn url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }

    /// The last segment of its path.
    pub(crate) fn file_name(&self) -> &str {
        let end = memchr::memchr2(b'?', b'#', self.0.as_bytes());
        let path = &self.0[..end.unwrap_or(self.0.len())];
        memchr::memrchr(b'/', path.as_bytes()).map_or("", |slash| &path[slash + 1..])
    }
}

impl From<Url> for Address {
    fn from(url: Url) -> Self {
        Self(String::from(url).into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Reads addresses of the web. One that begins as the one parsed last, as those of a document mostly do, need not be
/// parsed where the rest is plain.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// Scheme and authority of the address parsed last, in their normal form.
    origin: Option<String>,
}

impl Reader {
    /// The address that `text` is, if it is one of the web.
    pub(crate) fn read(&mut self, text: &str) -> Option<Address> {
        let origin = self.origin.as_deref();
        let path = origin.and_then(|origin| text.strip_prefix(origin));
        if path.is_some_and(is_plain) {
            return Some(Address(text.into()));
        }
        let url = Url::parse(text).ok()?;
        matches!(url.scheme(), "https" | "http").then_some(())?;
        self.origin = Some(url[..Position::BeforePath].to_owned());
        Some(url.into())
    }
}

/// Whether `path` is one that parsing leaves as it is: of unreserved characters, with no segment that may be a dot or two
/// (RFC 3986 §2.3, §5.2.4).
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let behind = bytes.get(1..).unwrap_or_default();
    // Without a branch for each: most are plain.
    let strange = bytes
        .iter()
        .fold(0, |found, &byte| found | STRANGE[usize::from(byte)]);
    let dots = bytes.iter().zip(behind).fold(0, |found, (&byte, &next)| {
        found | (u8::from(byte == b'/') & u8::from(next == b'.'))
    });
    bytes.first() == Some(&b'/') && strange | dots == 0
}

/// One for each byte that parsing may change, or end a path at.
static STRANGE: [u8; 256] = {
    let mut strange = [1; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            strange[byte as usize] = 0;
        }
        byte += 1;
    }
    let mut plain: &[u8] = b"/-._~@+";
    while let [byte, rest @ ..] = plain {
        strange[*byte as usize] = 0;
        plain = rest;
    }
    strange
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        matches!(url.scheme(), "https" | "http").then_some(url)
    }

    #[test]
    fn the_file_is_what_a_path_ends_in() {
        for (text, file) in [
            ("https://a.test/x/-/x-1.tgz", "x-1.tgz"),
            ("https://a.test/x-1.tgz?from=/y-1.tgz", "x-1.tgz"),
            ("https://a.test/x-1.tgz#/y-1.tgz", "x-1.tgz"),
            ("https://a.test/x/", ""),
            ("https://a.test", ""),
        ] {
            let address = Reader::default().read(text).expect("an address");
            assert_eq!(address.file_name(), file, "{text}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_read() {
        let mut reader = Reader::default();
        for text in ["", "/x", "x", "ftp://a.test/x", "data:x", "https://"] {
            assert_eq!(reader.read(text), None, "{text}");
        }
        assert!(reader.read("https://a.test/x").is_some());
        assert_eq!(reader.read("/x"), None, "relative to nothing");
        assert_eq!(reader.read("https://a.test:99999/x"), None, "no port");
    }

    proptest! {
        #[test]
        fn what_is_not_parsed_is_read_as_if_it_were(
            texts in prop::collection::vec("(https://a\\.test|https://a\\.test:443|HTTP://u@A\\.test:8080|https://b)(/(/|a|@|\\.|%2e){0,5}|[/.a%2eE?#@+:\\\\ä -]{0,8})", 1..6)
        ) {
            let mut reader = Reader::default();
            for text in texts {
                let (read, url) = (reader.read(&text), parsed(&text));
                prop_assert_eq!(read.as_ref().map(Address::to_string), url.as_ref().map(Url::to_string), "{}", &text);
                prop_assert_eq!(read.as_ref().and_then(Address::url), url.clone());
                let name = url.as_ref().and_then(|url| url.path_segments()?.next_back());
                prop_assert_eq!(read.as_ref().map(Address::file_name), name);
            }
        }
    }
}

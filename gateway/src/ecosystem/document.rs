//! Documents that say where files are: served with the addresses in them pointed at us.

pub(crate) mod address;
pub(crate) mod files;

use std::borrow::Cow;

use url::Url;
use weir_config::catalogue::Index;

use files::Files;

/// One document of an index's upstream, and how it is read.
#[derive(Clone, Debug)]
pub(crate) struct Document<'a> {
    pub(crate) index: &'a Index,
    /// Where the upstream has it.
    pub(crate) url: Url,
    /// What it is about, for [`Source::name`].
    pub(crate) name: Cow<'a, str>,
    /// Sent as `Accept`; nothing if empty.
    pub(crate) accept: &'static str,
    /// The type it is served as.
    pub(crate) content_type: &'static str,
    /// Points its addresses at us. Pure.
    pub(crate) rewrite: Rewrite,
}

/// Something that lies where an index's first document says: a service index, a discovery document.
#[derive(Clone, Debug)]
pub(crate) struct Told<'a> {
    /// The first document.
    pub(crate) by: Document<'a>,
    /// Under which name it tells, among [`Rewritten::files`].
    pub(crate) service: &'static str,
    /// What of the service is wanted, for [`Told::place`].
    pub(crate) wanted: String,
    /// The address of what is wanted, from what was told. Pure.
    pub(crate) place: Place,
    pub(crate) then: Then,
}

/// See [`Told::place`].
pub(crate) type Place = fn(&Url, &str) -> Option<Url>;

/// What is done with what lies there.
#[derive(Clone, Debug)]
pub(crate) enum Then {
    /// The client is sent to it.
    SendOn,
    /// It is a document, served with the addresses in it pointed at us.
    Serve(Reading),
    /// It is a document that says where this file is, unless the first one did.
    Find(Reading, String),
    /// It tells a module's source: an address of ours, if the module can come by here.
    Lead,
    /// It tells a module's source, which the client is sent to.
    Follow,
}

/// How a document is read whose address is yet to be told; see [`Document`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) accept: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) rewrite: Rewrite,
}

impl Reading {
    /// The document about `name` at `url`.
    pub(crate) fn at<'a>(self, index: &'a Index, url: Url, name: &'a str) -> Document<'a> {
        Document {
            index,
            url,
            name: Cow::Borrowed(name),
            accept: self.accept,
            content_type: self.content_type,
            rewrite: self.rewrite,
        }
    }
}

/// The most usual [`Place`]: the path `wanted` below what was told.
pub(crate) fn below(told: &Url, wanted: &str) -> Option<Url> {
    let base = told.as_str().trim_end_matches('/');
    Url::parse(&format!("{base}/{wanted}")).ok()
}

/// Reads a document; see [`Document::rewrite`].
pub(crate) type Rewrite = fn(&Source<'_>) -> Result<Rewritten, Unreadable>;

/// An upstream's document as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'s> {
    pub(crate) index: &'s Index,
    pub(crate) name: &'s str,
    /// Where it was found, which relative addresses in it are relative to.
    pub(crate) url: &'s Url,
    /// The index's root here as the client knows it, without a slash at its end.
    pub(crate) base: &'s str,
    pub(crate) body: &'s [u8],
}

impl<'s> Source<'s> {
    /// The path of `base`, for addresses that clients resolve against the one that they asked.
    pub(crate) fn mount(&self) -> &'s str {
        let (_, host) = self.base.split_once("://").unwrap_or_default();
        host.find('/').map_or("", |at| &host[at..])
    }
}

/// A document with its files' addresses pointed at us.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) body: Vec<u8>,
    /// Where the files really are, by the name they have here.
    pub(crate) files: Files,
}

/// The document is not what its protocol says; holds what was expected.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::index;

    #[test]
    fn the_mount_is_the_path_of_the_base() {
        let index = index(IndexKind::Composer, "/php/", &[]);
        for (base, mount) in [
            ("https://get.test", ""),
            ("http://get.test:8080/php", "/php"),
            ("https://get.test/-/no-track/php", "/-/no-track/php"),
        ] {
            let source = Source {
                index: &index,
                name: "",
                url: &index.upstream,
                base,
                body: b"",
            };
            assert_eq!(source.mount(), mount, "{base}");
        }
    }
}

//! Documents that say where files are: served with the addresses in them pointed at us.

use std::borrow::Cow;
use std::collections::HashMap;

use url::Url;
use weir_config::catalogue::Index;

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

/// A document with its files' addresses pointed at us.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) body: Vec<u8>,
    /// Where the files really are, by the name they have here.
    pub(crate) files: HashMap<String, Url>,
}

/// The document is not what its protocol says; holds what was expected.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);

//! Documents that list files: rewritten once, then remembered for half a minute.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::future::Cache;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::answer::Failure;
use crate::ecosystem::document::Rewritten;

/// How long a document is served without asking again: a release shows within that time.
const FRESH: Duration = Duration::from_secs(30);
/// Most bytes held.
const MAX_HELD: u64 = 128 * 1024 * 1024;

/// What a document is remembered by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The upstream's address.
    pub(crate) index: String,
    /// What the document is about.
    pub(crate) name: String,
    /// Which form of it.
    pub(crate) form: &'static str,
    /// This host's address as it stands in the document, where it does.
    pub(crate) base: String,
}

/// A document ready to be served.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) body: Bytes,
    /// The form that the upstream had, which may be another than was asked for.
    pub(crate) form: &'static str,
    /// Of the rewritten body, so that it changes when and only when the body does (RFC 9110 §8.8.3).
    pub(crate) etag: String,
    pub(crate) files: HashMap<String, Url>,
}

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Documents {
    held: Cache<Key, Arc<Held>>,
}

impl Held {
    pub(crate) fn new(document: Rewritten, form: &'static str) -> Self {
        let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&document.body)[..16]));
        Self {
            body: document.body.into(),
            form,
            etag,
            files: document.files,
        }
    }
}

impl Documents {
    pub(crate) fn new() -> Self {
        let weigh = |_: &Key, document: &Arc<Held>| {
            u32::try_from(document.body.len() + document.files.len() * 256).unwrap_or(u32::MAX)
        };
        Self {
            held: Cache::builder()
                .weigher(weigh)
                .max_capacity(MAX_HELD)
                .time_to_live(FRESH)
                .build(),
        }
    }

    /// The document by `key`, fetched where it is not held. Concurrent askers share one fetch.
    pub(crate) async fn get(
        &self,
        key: Key,
        fetch: impl Future<Output = Result<Held, Failure>>,
    ) -> Result<Arc<Held>, Failure> {
        let fetch = async { fetch.await.map(Arc::new) };
        self.held
            .try_get_with(key, fetch)
            .await
            .map_err(|failure| *failure)
    }

    /// Where a held document says that a file is.
    pub(crate) async fn file(&self, key: &Key, filename: &str) -> Option<Url> {
        self.held.get(key).await?.files.get(filename).cloned()
    }
}

//! Documents that list files: rewritten once, remembered while they are fresh, asked about when they no longer are,
//! and served on where the upstream does not answer.

use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use tokio::sync::OnceCell;
use twox_hash::XxHash3_128;
use url::Url;

use super::counters::Counters;
use super::freshness::Freshness;
use crate::answer::Failure;
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::address::Address;
use crate::ecosystem::document::files::Files;

/// How long past its time a document is served while the upstream fails (RFC 5861 §4): a day of outage is survived.
const STALE: Duration = Duration::from_hours(24);
/// How long a failing upstream is not asked again for a document that is held.
const RETRY: Duration = Duration::from_secs(5);
/// Most bytes held, compressed forms included.
const MAX_HELD: u64 = 128 * 1024 * 1024;
/// What a file's name and address take, roughly.
const FILE: usize = 256;
/// How many times smaller documents are compressed, at least as a rule.
const COMPRESSION: usize = 4;
/// Smaller documents are sent as they are: a packet is a packet.
const LEAST_COMPRESSED: usize = 1024;
/// Larger documents are compressed where waiting hurts nobody; the largest take a second.
const LEAST_BLOCKING: usize = 64 * 1024;

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
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) body: Bytes,
    /// The body compressed, once somebody who reads that has asked.
    gzip: OnceCell<Option<Bytes>>,
    /// The form that the upstream had, which may be another than was asked for.
    pub(crate) form: &'static str,
    /// Of the rewritten body, so that it changes when and only when the body does (RFC 9110 §8.8.3).
    pub(crate) etag: String,
    pub(crate) files: Arc<Files>,
    freshness: Freshness,
    fresh_until: Instant,
    usable_until: Instant,
}

/// What came of asking for a document.
#[derive(Debug)]
pub(crate) enum Fetched {
    /// It is new, or was not held.
    New(Held),
    /// The one that is held is still right.
    Unchanged(Freshness),
}

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Documents {
    held: Cache<Key, Arc<Held>>,
    pub(crate) counters: Counters,
}

impl Held {
    /// A document of which the upstream says nothing more.
    pub(crate) fn new(document: Rewritten, form: &'static str) -> Self {
        let now = Instant::now();
        let held = Self {
            etag: etag(&document.body),
            // No room is held that is not weighed.
            body: document.body.into_boxed_slice().into(),
            gzip: OnceCell::new(),
            form,
            files: document.files.into(),
            freshness: Freshness::default(),
            fresh_until: now,
            usable_until: now,
        };
        held.fresh(Freshness::default())
    }

    /// The same, fresh from now on.
    pub(crate) fn fresh(self, freshness: Freshness) -> Self {
        let fresh_until = Instant::now() + freshness.lifetime;
        Self {
            freshness,
            fresh_until,
            usable_until: fresh_until + STALE,
            ..self
        }
    }

    /// The same, which was made from `other`.
    pub(crate) fn no_fresher_than(self, other: &Self) -> Self {
        Self {
            fresh_until: other.fresh_until,
            usable_until: other.usable_until,
            ..self
        }
    }

    /// For how long others need not ask again.
    pub(crate) fn max_age(&self) -> Duration {
        self.fresh_until.saturating_duration_since(Instant::now())
    }

    fn is_fresh(&self) -> bool {
        Instant::now() < self.fresh_until
    }

    /// Whether it is better than `failure`: what is gone or forbidden upstream is so here too.
    fn outlives(&self, failure: Failure) -> bool {
        matches!(failure, Failure::Upstream | Failure::Limited)
            && Instant::now() < self.usable_until
    }

    /// The same for a little longer; when it ends does not change.
    fn kept(&self) -> Self {
        Self {
            fresh_until: Instant::now() + RETRY,
            ..self.clone()
        }
    }

    /// Whether it is sent compressed to those who read that.
    pub(crate) fn is_compressible(&self) -> bool {
        self.body.len() >= LEAST_COMPRESSED
    }

    /// The body compressed, which is done for the first who asks.
    pub(crate) async fn gzip(&self) -> Option<&Bytes> {
        let compress = || async {
            let body = self.body.clone();
            match body.len() {
                0..LEAST_COMPRESSED => None,
                LEAST_COMPRESSED..LEAST_BLOCKING => gzip(&body),
                _ => tokio::task::spawn_blocking(move || gzip(&body))
                    .await
                    .unwrap_or_default(),
            }
        };
        self.gzip.get_or_init(compress).await.as_ref()
    }

    fn weight(&self) -> usize {
        let gzip = if self.is_compressible() {
            self.body.len() / COMPRESSION
        } else {
            0
        };
        self.body.len() + gzip + self.files.len() * FILE
    }
}

/// A tag of a body that no other comes by: nobody but who writes a document could make two that share one, and its
/// readers would see the first of them for longer.
fn etag(body: &[u8]) -> String {
    format!("\"{:032x}\"", XxHash3_128::oneshot(body))
}

/// Compressed at a level that costs a third of the usual for a few per cent more bytes.
fn gzip(body: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::new(4));
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self {
            held: Cache::builder()
                .weigher(|_: &Key, held: &Arc<Held>| {
                    u32::try_from(held.weight()).unwrap_or(u32::MAX)
                })
                .max_capacity(MAX_HELD)
                .time_to_live(STALE * 2)
                .build(),
            counters: Counters::default(),
        }
    }

    /// The document by `key`, made anew where the one that is held is no longer fresh.
    pub(crate) async fn get(
        &self,
        key: Key,
        make: impl Future<Output = Result<Held, Failure>>,
    ) -> Result<Arc<Held>, Failure> {
        self.renewed(key, |_| async { make.await.map(Fetched::New) })
            .await
    }

    /// The document by `key`, asked about where the one that is held is no longer fresh. Concurrent askers share one
    /// question. `fetch` gets what the upstream said of the one that is held.
    pub(crate) async fn renewed<F, Asked>(&self, key: Key, fetch: F) -> Result<Arc<Held>, Failure>
    where
        F: FnOnce(Option<Freshness>) -> Asked,
        Asked: Future<Output = Result<Fetched, Failure>>,
    {
        match self.held.get(&key).await {
            Some(held) if held.is_fresh() => {
                self.counters.hit();
                Ok(held)
            }
            Some(_) => self.renew(key, fetch).await,
            None => {
                let fetched = async { self.keep(fetch(None).await?) };
                let held = self.held.try_get_with(key, fetched).await;
                held.map_err(|failure| *failure)
            }
        }
    }

    /// Makes a fetched document ready to be held.
    fn keep(&self, fetched: Fetched) -> Result<Arc<Held>, Failure> {
        match fetched {
            Fetched::New(held) => {
                self.counters.miss();
                Ok(Arc::new(held))
            }
            // Nobody asked whether anything had changed.
            Fetched::Unchanged(_) => Err(Failure::Upstream),
        }
    }

    async fn renew<F, Asked>(&self, key: Key, fetch: F) -> Result<Arc<Held>, Failure>
    where
        F: FnOnce(Option<Freshness>) -> Asked,
        Asked: Future<Output = Result<Fetched, Failure>>,
    {
        let renewed = self
            .held
            .entry_by_ref(&key)
            .and_try_compute_with(|entry| async {
                match entry.map(moka::Entry::into_value) {
                    Some(held) if held.is_fresh() => {
                        self.counters.hit();
                        Ok(Op::Nop)
                    }
                    Some(held) => self.ask_again(&held, fetch).await.map(Op::Put),
                    None => self.keep(fetch(None).await?).map(Op::Put),
                }
            })
            .await;
        match renewed {
            Ok(
                CompResult::Inserted(entry)
                | CompResult::ReplacedWith(entry)
                | CompResult::Unchanged(entry),
            ) => Ok(entry.into_value()),
            Ok(CompResult::StillNone(_) | CompResult::Removed(_)) => Err(Failure::Upstream),
            Err(failure) => {
                self.held.invalidate(&key).await;
                Err(failure)
            }
        }
    }

    async fn ask_again<F, Asked>(&self, held: &Held, fetch: F) -> Result<Arc<Held>, Failure>
    where
        F: FnOnce(Option<Freshness>) -> Asked,
        Asked: Future<Output = Result<Fetched, Failure>>,
    {
        match fetch(Some(held.freshness.clone())).await {
            Ok(Fetched::Unchanged(freshness)) => {
                self.counters.unchanged();
                Ok(Arc::new(held.clone().fresh(freshness)))
            }
            Ok(new @ Fetched::New(_)) => self.keep(new),
            Err(failure) if held.outlives(failure) => {
                self.counters.stale();
                Ok(Arc::new(held.kept()))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Where a fresh document says that a file is.
    pub(crate) async fn file(&self, key: &Key, filename: &str) -> Option<Url> {
        let held = self.held.get(key).await.filter(|held| held.is_fresh())?;
        held.files.get(filename).and_then(Address::url)
    }

    /// Where a document said that a file is, for when the upstream does not answer.
    pub(crate) async fn last_known_file(&self, key: &Key, filename: &str) -> Option<Url> {
        let held = self.held.get(key).await?;
        let held = Some(held).filter(|held| held.outlives(Failure::Upstream))?;
        let file = held.files.get(filename).and_then(Address::url);
        if file.is_some() {
            self.counters.stale();
        }
        file
    }
}

#[cfg(test)]
mod tests;

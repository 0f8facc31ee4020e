//! How often documents came from memory.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How documents of upstreams were come by since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentCounts {
    /// From memory, without asking.
    pub hits: u64,
    /// Fetched whole.
    pub misses: u64,
    /// From memory, after the upstream said that nothing had changed.
    pub unchanged: u64,
    /// From memory past their time, because the upstream failed.
    pub stale: u64,
}

/// The same while they count.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    unchanged: AtomicU64,
    stale: AtomicU64,
}

impl Counters {
    pub(super) fn hit(&self) {
        self.hits.fetch_add(1, Relaxed);
    }

    pub(super) fn miss(&self) {
        self.misses.fetch_add(1, Relaxed);
    }

    pub(super) fn unchanged(&self) {
        self.unchanged.fetch_add(1, Relaxed);
    }

    pub(super) fn stale(&self) {
        self.stale.fetch_add(1, Relaxed);
    }

    pub(crate) fn read(&self) -> DocumentCounts {
        DocumentCounts {
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
            unchanged: self.unchanged.load(Relaxed),
            stale: self.stale.load(Relaxed),
        }
    }
}

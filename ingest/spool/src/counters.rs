//! What was kept and what was lost, counted.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
};

/// Why a record was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// The record is longer than a frame may be.
    TooLarge,
    /// No room came free within the deadline: the disk is slow, or failing.
    Late,
    /// The disk has no blocks, or no room for another file's name.
    DiskFull,
    /// The spool is as large as its quota allows.
    Quota,
    /// The spool is closed.
    Closed,
    /// The disk refuses to reserve blocks, for another reason than being full.
    DiskError,
    /// No folder can be used.
    NoFolder,
}

impl Dropped {
    /// Every reason, in the order of their declaration.
    pub const ALL: [Self; 7] = [
        Self::TooLarge,
        Self::Late,
        Self::DiskFull,
        Self::Quota,
        Self::Closed,
        Self::DiskError,
        Self::NoFolder,
    ];

    /// The reason as metrics and logs name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Late => "late",
            Self::DiskFull => "disk_full",
            Self::Quota => "quota",
            Self::Closed => "closed",
            Self::DiskError => "disk_error",
            Self::NoFolder => "no_folder",
        }
    }
}

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Counts since the spool was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Records that were appended.
    pub appended: u64,
    /// Batches that were sealed, leftovers of earlier boots included.
    pub sealed: u64,
    /// Batches that were acknowledged.
    pub acknowledged: u64,
    /// Batches that were buried whole.
    pub buried_batches: u64,
    /// Records that were buried one by one.
    pub buried_records: u64,
    /// Batches in which something was damaged.
    pub damaged_batches: u64,
    /// Records that damaged batches are known to have held and hold no more.
    pub lost_records: u64,
    /// Files that could not be read at all and lie in `quarantine/`.
    pub quarantined: u64,
    /// Dropped records that a record of their sum accounts for.
    pub accounted: u64,
    /// Dropped records that no sum accounts for, because there were too many keys.
    pub unaccounted: u64,
    /// Errors of the disk while reserving, syncing, sealing, reading or cleaning.
    pub io_errors: u64,
    dropped: [u64; Dropped::ALL.len()],
}

impl Counters {
    /// Records that were dropped for this reason.
    pub fn dropped(&self, why: Dropped) -> u64 {
        self.dropped[why as usize]
    }
}

/// A count that threads share.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The living [`Counters`].
#[derive(Debug, Default)]
#[allow(missing_docs)] // named as the fields of `Counters`
pub(crate) struct Counts {
    pub(crate) appended: Count,
    pub(crate) sealed: Count,
    pub(crate) acknowledged: Count,
    pub(crate) buried_batches: Count,
    pub(crate) buried_records: Count,
    pub(crate) damaged_batches: Count,
    pub(crate) lost_records: Count,
    pub(crate) quarantined: Count,
    pub(crate) accounted: Count,
    pub(crate) unaccounted: Count,
    pub(crate) io_errors: Count,
    dropped: [Count; Dropped::ALL.len()],
}

impl Counts {
    pub(crate) fn drop_one(&self, why: Dropped) {
        self.dropped[why as usize].add(1);
    }

    /// Counts an error of the disk; the log hears of the 1st, 2nd, 4th, 8th and so on.
    pub(crate) fn complain(&self, error: &io::Error, what: &str) {
        self.io_errors.add(1);
        let errors = self.io_errors.get();
        if errors.is_power_of_two() {
            tracing::error!(%error, errors, "{what}");
        }
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            appended: self.appended.get(),
            sealed: self.sealed.get(),
            acknowledged: self.acknowledged.get(),
            buried_batches: self.buried_batches.get(),
            buried_records: self.buried_records.get(),
            damaged_batches: self.damaged_batches.get(),
            lost_records: self.lost_records.get(),
            quarantined: self.quarantined.get(),
            accounted: self.accounted.get(),
            unaccounted: self.unaccounted.get(),
            io_errors: self.io_errors.get(),
            dropped: Dropped::ALL.map(|why| self.dropped[why as usize].get()),
        }
    }
}

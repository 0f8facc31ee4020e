//! What the appending threads, the two background threads and the shipper share.

use std::{
    collections::VecDeque,
    fs::File,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering},
    },
    thread::Thread,
};

use arc_swap::ArcSwapOption;

use crate::{
    counters::{Counts, Dropped},
    folder::Folder,
    identity::Identity,
    label::Label,
    options::Options,
    segment::{Segment, Spare},
    settled::Settled,
    waiting::Waiting,
};

/// The state of an open spool.
///
/// An append reads `current` and nothing else. Only to put another segment there it takes `front`,
/// and never waits for it: whoever holds `front` does no I/O meanwhile.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) longest_record: usize,
    pub(crate) folder: Folder,
    pub(crate) identity: Identity,
    /// Start of this boot's checksums.
    pub(crate) salt: u32,
    /// The segment that is being written; none before the first record and after a seal by age.
    pub(crate) current: ArcSwapOption<Segment>,
    pub(crate) front: Mutex<Front>,
    /// Segments that left `current` and are not sealed yet.
    pub(crate) unsealed: AtomicUsize,
    pub(crate) waiting: Waiting,
    pub(crate) settled: Mutex<Settled>,
    pub(crate) counts: Counts,
    /// Set once; nothing is appended afterwards.
    pub(crate) closed: AtomicBool,
    /// Bytes of all files but the settled ones.
    pub(crate) used_bytes: AtomicU64,
    pub(crate) next_counter: AtomicU32,
    /// Size of the next spare, which follows the arrival rate.
    pub(crate) spare_bytes: AtomicUsize,
    pub(crate) threads: OnceLock<Threads>,
    /// Held for as long as anybody can touch the folder.
    pub(crate) _lock: File,
}

/// What stands in front of the current segment and behind it.
#[derive(Default)]
pub(crate) struct Front {
    /// Segments ready to be written, in the order of their numbers.
    pub(crate) spares: VecDeque<Spare>,
    /// Segments that take no more and wait to be sealed.
    pub(crate) full: VecDeque<Arc<Segment>>,
    /// Why no spare will come soon, so that appends need not wait to find out.
    pub(crate) shortage: Option<Dropped>,
}

/// The background threads, to be woken.
pub(crate) struct Threads {
    pub(crate) keeper: Thread,
    pub(crate) spares: Thread,
}

impl Shared {
    pub(crate) fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settled(&self) -> MutexGuard<'_, Settled> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Puts `next` in the place of the current segment, which is now to be sealed.
    pub(crate) fn replace_current(&self, front: &mut Front, next: Option<Arc<Segment>>) {
        if let Some(old) = self.current.swap(next) {
            self.unsealed.fetch_add(1, Ordering::Relaxed);
            front.full.push_back(old);
        }
    }

    /// The label of segment `seq` when it is begun for `partition`.
    pub(crate) fn label(&self, seq: u64, partition: u32) -> Label {
        Label {
            node: self.identity.node,
            boot: self.identity.boot,
            seq,
            partition,
            salt: self.salt,
        }
    }

    pub(crate) fn grow(&self, bytes: u64) {
        self.used_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Gives bytes back to the quota; a spare may be possible again.
    pub(crate) fn shrink(&self, bytes: u64) {
        self.used_bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.wake_spares();
    }

    pub(crate) fn wake_keeper(&self) {
        if let Some(threads) = self.threads.get() {
            threads.keeper.unpark();
        }
    }

    pub(crate) fn wake_spares(&self) {
        if let Some(threads) = self.threads.get() {
            threads.spares.unpark();
        }
    }
}

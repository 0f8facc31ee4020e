//! What the appending threads, the two background threads and the shipper share.

use std::{
    collections::VecDeque,
    fs::File,
    io,
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
    identity::{self, Identity},
    label::Label,
    missed::Missed,
    options::Options,
    recovery,
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
    pub(crate) counts: Arc<Counts>,
    pub(crate) missed: Arc<Missed>,
    /// Set once; nothing is appended afterwards.
    pub(crate) closed: AtomicBool,
    /// Bytes of the segments and the batches that wait.
    pub(crate) used_bytes: AtomicU64,
    /// Bytes of what lies in `dead/`, `quarantine/` and `returned/`, as last measured.
    pub(crate) aside_bytes: AtomicU64,
    pub(crate) next_counter: AtomicU32,
    /// Size of the next spare, which follows the arrival rate.
    pub(crate) spare_bytes: AtomicUsize,
    pub(crate) threads: OnceLock<Threads>,
    /// The keeper needs the reserve no more.
    pub(crate) keeper_ended: AtomicBool,
    /// Held for as long as anybody can touch the folder.
    pub(crate) _lock: Option<File>,
}

/// What stands in front of the current segment and behind it.
#[derive(Default)]
pub(crate) struct Front {
    /// Segments ready to be written, in the order of their numbers.
    pub(crate) spares: VecDeque<Spare>,
    /// A segment for the sums of what was dropped, which may have to be written when nothing else can be.
    pub(crate) reserve: Option<Spare>,
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
    /// Opens `folder` and recovers what an earlier process left there. `lock` is kept with it.
    pub(crate) fn recover(
        folder: Folder,
        lock: Option<File>,
        options: Options,
        counts: Arc<Counts>,
        missed: Arc<Missed>,
    ) -> io::Result<Self> {
        let boots_seen = recovery::boots_seen(&folder.list()?);
        let identity = identity::identify(&folder, boots_seen)?;
        let salt = getrandom::u32().map_err(io::Error::other)?;
        let found = recovery::recover(&folder, &counts)?;
        Ok(Self {
            longest_record: options.longest_record(),
            spare_bytes: AtomicUsize::new(options.smallest_segment_bytes),
            options,
            folder,
            identity,
            salt,
            current: ArcSwapOption::empty(),
            front: Mutex::new(Front::default()),
            unsealed: AtomicUsize::new(0),
            waiting: found.waiting,
            settled: Mutex::new(found.settled),
            counts,
            missed,
            closed: AtomicBool::new(false),
            used_bytes: AtomicU64::new(found.used_bytes),
            aside_bytes: AtomicU64::new(found.aside_bytes),
            next_counter: AtomicU32::new(1),
            threads: OnceLock::new(),
            keeper_ended: AtomicBool::new(false),
            _lock: lock,
        })
    }

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

    /// Hands `segment`, which nobody appends to any more, to the keeper.
    pub(crate) fn retire(&self, segment: Arc<Segment>) {
        self.unsealed.fetch_add(1, Ordering::Relaxed);
        self.front().full.push_back(segment);
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

    /// Notes bytes that lie in `dead/` or `quarantine/` now, until they are measured.
    pub(crate) fn set_aside(&self, bytes: u64) {
        self.aside_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Gives bytes back to the quota; a spare may be possible again.
    pub(crate) fn shrink(&self, bytes: u64) {
        self.used_bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.wake_spares();
    }

    /// All bytes that count against the quota.
    pub(crate) fn bytes(&self) -> u64 {
        self.used_bytes.load(Ordering::Relaxed) + self.aside_bytes.load(Ordering::Relaxed)
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

//! The spool itself: opening, the verbs, and closing.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    batch::Batch,
    counters::{Counters, Dropped},
    crew::Crew,
    folders::{ClaimError, Folders},
    keeper::Keeper,
    options::Options,
    segment::Appended,
    shared::{Shared, Threads},
    spare, steward,
    waiting::Backlog,
};

/// Longest time that closing, or sealing on demand, waits for the disk.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pause between two looks for folders of processes that are gone.
const ADOPT_EVERY: Duration = Duration::from_secs(3);
/// Longest time without a look at adopted folders.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Why a spool was not opened. Its folder is never a reason: see [`Spool::open`].
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system gives no thread.
    #[error("the spool's threads cannot be started; raise the limit of processes")]
    Threads(#[source] io::Error),
    /// The system gives no random number.
    #[error("the spool's id cannot be made; the system gives no random numbers")]
    Randomness(#[source] io::Error),
}

/// A folder of durable batches, open for appending and for shipping.
///
/// Appends come from any number of threads; batches go to one shipper. Dropping the spool closes it.
pub struct Spool {
    folders: Arc<Folders>,
    crew: Arc<Mutex<Option<Crew>>>,
}

impl Spool {
    /// Opens the spool in the folder `dir`, which is made if it is missing, and recovers what an
    /// earlier process left there.
    ///
    /// A folder that cannot be used for now keeps nobody from starting: records are dropped, counted
    /// and logged, while the folder is tried again every second. Where another process uses it, a
    /// folder in it is taken instead.
    pub fn open(dir: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let folders = Folders::new(dir.as_ref(), options).map_err(OpenError::Randomness)?;
        let folders = Arc::new(folders);
        let crew = Arc::new(Mutex::new(Some(Crew::new())));
        let spool = Self {
            folders: Arc::clone(&folders),
            crew: Arc::clone(&crew),
        };
        if let Err(error) = claim(&folders, &crew)? {
            tracing::error!(%error, "events are dropped until the spool's folder can be used");
        }
        if let Some(crew) = lock(&spool.crew).as_mut() {
            let stewarded = Arc::clone(&spool.crew);
            crew.start("spool-steward", move || tend(&folders, &stewarded))
                .map_err(OpenError::Threads)?;
        }
        Ok(spool)
    }

    /// Appends one record. Records of one partition share batches; another partition begins another.
    ///
    /// When this returns `Ok`, the record survives the end of the process, however sudden. It takes
    /// 5 ms at most, and usually well under a microsecond.
    pub fn append(&self, partition: u32, record: &[u8]) -> Result<Appended, Dropped> {
        let outcome = match self.folders.own() {
            Some(own) => own.append(partition, record),
            None if self.folders.is_closed() => Err(Dropped::Closed),
            None => Err(Dropped::NoFolder),
        };
        match &outcome {
            Ok(_) => self.folders.counts.appended.add(1),
            Err(why) => self.folders.counts.drop_one(*why),
        }
        outcome
    }

    /// Accounts for one dropped record under `key`. Once there is room, one record of `partition`
    /// stands for all that were dropped under a key since the last: the key, followed by their number
    /// in 8 bytes, little-endian.
    ///
    /// What was not yet written is lost with the process: a second of drops, or a minute while there
    /// is no room at all.
    pub fn account(&self, partition: u32, key: &[u8]) {
        let fits = key.len() <= self.folders.longest_key();
        if !fits || !self.folders.missed.add(partition, key, 1) {
            self.folders.counts.unaccounted.add(1);
        }
    }

    /// The oldest sealed batch that is not in somebody's hands. It stays in the spool until it is
    /// settled.
    pub fn next(&self) -> Option<Batch> {
        self.folders.all().iter().find_map(next_of)
    }

    /// Waits until there is a batch to take; `false` after `timeout`, or when the spool is closed and
    /// none is left. It blocks, so it wants a thread of its own.
    pub fn wait_sealed(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        loop {
            if self.folders.all().iter().any(|one| one.waiting.has_free()) {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.folders.is_closed() {
                return false;
            }
            let pause = left.min(LOOK_EVERY);
            match self.folders.own() {
                Some(own) => drop(own.waiting.wait(pause)),
                None => thread::sleep(pause),
            }
        }
    }

    /// Seals what is open without waiting for its age. `true` once all that was appended before the
    /// call can be taken; `false` if the disk does not manage within 5 s.
    pub fn seal(&self) -> bool {
        let Some(own) = self.folders.own() else {
            return true;
        };
        own.replace_current(&mut own.front(), None);
        own.wake_keeper();
        let sealed = || own.unsealed.load(Ordering::Relaxed) == 0;
        own.waiting.wait_for(sealed, PATIENCE)
    }

    /// Hands out again every settled batch that is still kept, for a receiver that has forgotten what
    /// it confirmed; how many there are. Each comes under its token, and is not fresh.
    pub fn replay(&self) -> io::Result<usize> {
        self.folders.all().iter().map(|one| one.replay()).sum()
    }

    /// What is sealed and not settled.
    pub fn backlog(&self) -> Backlog {
        let all = self.folders.all();
        let each = all.iter().map(|one| one.waiting.backlog());
        each.fold(Backlog::default(), Backlog::and)
    }

    /// Bytes of all files that count towards [`Options::quota_bytes`], what was put aside included.
    pub fn used_bytes(&self) -> u64 {
        let all = self.folders.all();
        all.iter().map(|one| one.bytes()).sum()
    }

    /// What happened since the spool was opened.
    pub fn counters(&self) -> Counters {
        self.folders.counts.read()
    }

    /// The folder's random id, and how many times it has been opened. Another id, never met before
    /// and never again, while no folder can be used.
    pub fn node(&self) -> (u32, u32) {
        let identity = self.folders.identity();
        (identity.node, identity.boot)
    }

    /// Refuses further appends, seals what is open and ends the threads, within 5 s. Batches can
    /// still be taken and settled afterwards. Closing twice does nothing.
    pub fn close(&self) {
        let Some(crew) = lock(&self.crew).take() else {
            return;
        };
        self.folders.closed.store(true, Ordering::Relaxed);
        if let Some(own) = self.folders.own() {
            own.closed.store(true, Ordering::Relaxed);
        }
        if !crew.end(PATIENCE) {
            tracing::error!(
                "the disk does not answer, the spool closes without it; nothing is lost"
            );
        }
        if let Some(own) = self.folders.own() {
            own.waiting.close();
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.close();
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("node", &self.node())
            .field("backlog", &self.backlog())
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

fn lock(crew: &Mutex<Option<Crew>>) -> MutexGuard<'_, Option<Crew>> {
    crew.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next_of(shared: &Arc<Shared>) -> Option<Batch> {
    while let Some(taken) = shared.waiting.take(Instant::now()) {
        if let Some(batch) = Batch::read(shared, taken) {
            return Some(batch);
        }
    }
    None
}

/// Takes a folder and puts threads to work on it. The outer error ends the spool, the inner may pass.
fn claim(
    folders: &Folders,
    crew: &Mutex<Option<Crew>>,
) -> Result<Result<(), ClaimError>, OpenError> {
    let own = match folders.claim() {
        Ok(own) => own,
        Err(error) => return Ok(Err(error)),
    };
    // The first record needs a segment now. If there is no room, the appends will say so.
    spare::restock(own, &mut None);
    if let Some(crew) = lock(crew).as_mut() {
        let keeper = Keeper::new(Arc::clone(own));
        let keeper = crew.start("spool-keeper", move || keeper.run());
        let keeper = keeper.map_err(OpenError::Threads)?;
        let shared = Arc::clone(own);
        let spares = crew.start("spool-spares", move || spare::run(&shared));
        let spares = spares.map_err(OpenError::Threads)?;
        own.threads.get_or_init(|| Threads { keeper, spares });
    } else {
        // Closed meanwhile.
        own.closed.store(true, Ordering::Relaxed);
        spare::remove_spares(own);
    }
    let (node, boot) = (own.identity.node, own.identity.boot);
    let waiting = own.waiting.len();
    tracing::info!(
        node = format_args!("{node:08x}"),
        boot,
        waiting,
        "spool is open"
    );
    Ok(Ok(()))
}

/// What the steward does until the spool closes.
fn tend(folders: &Folders, crew: &Mutex<Option<Crew>>) {
    let mut adopt_at = Instant::now();
    while !folders.is_closed() {
        if folders.own().is_none()
            && let Err(error) = claim(folders, crew)
        {
            tracing::error!(%error, "the spool's folder can be used again, but not without threads");
        }
        if folders.own().is_some() && Instant::now() >= adopt_at {
            folders.adopt();
            adopt_at = Instant::now() + ADOPT_EVERY;
        }
        for shared in folders.all() {
            shared.tend();
        }
        thread::park_timeout(steward::EVERY);
    }
}

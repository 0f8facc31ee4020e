//! The spool itself: opening, the three verbs, and closing.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;

use crate::{
    batch::Batch,
    counters::{Counters, Counts, Dropped},
    folder::{Folder, Name},
    identity::{self, LockError},
    keeper::Keeper,
    options::Options,
    recovery,
    segment::Appended,
    shared::{Front, Shared, Threads},
    spare,
    waiting::Backlog,
};

/// Longest time that closing, or sealing on demand, waits for the disk.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a spool was not opened. What its files hold is never a reason.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses the folder.
    #[error("{} is in use by another weir{}; stop that one, or give this one another folder",
        folder.display(), holder.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Held {
        /// The folder.
        folder: PathBuf,
        /// The other's process id, if it could be told.
        holder: Option<u32>,
    },
    /// The folder cannot be made or written.
    #[error("the spool's folder {} cannot be used; make it writable for this user", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// The system gives no thread.
    #[error("the spool's threads cannot be started; raise the limit of processes")]
    Threads(#[source] io::Error),
}

/// A folder of durable batches, open for appending and for shipping.
///
/// Appends come from any number of threads; batches go to one shipper. Dropping the spool closes it.
pub struct Spool {
    shared: Arc<Shared>,
    workers: Mutex<Option<Workers>>,
}

impl Spool {
    /// Opens the spool in the folder `dir`, which is made if it is missing, and recovers what an
    /// earlier process left there.
    pub fn open(dir: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let dir = dir.as_ref();
        let shared = Arc::new(prepare(dir, options)?);
        // The first record needs a segment now. If there is no room, the appends will say so.
        spare::restock(&shared, &mut None);
        let workers = Workers::start(&shared).map_err(OpenError::Threads)?;
        let (node, boot) = (shared.identity.node, shared.identity.boot);
        let waiting = shared.waiting.len();
        tracing::info!(
            node = format_args!("{node:08x}"),
            boot,
            waiting,
            "spool is open"
        );
        Ok(Self {
            shared,
            workers: Mutex::new(Some(workers)),
        })
    }

    /// Appends one record. Records of one partition share batches; another partition begins another.
    ///
    /// When this returns `Ok`, the record survives the end of the process, however sudden. It takes
    /// 5 ms at most, and usually well under a microsecond.
    pub fn append(&self, partition: u32, record: &[u8]) -> Result<Appended, Dropped> {
        let outcome = self.shared.append(partition, record);
        match &outcome {
            Ok(_) => self.shared.counts.appended.add(1),
            Err(why) => self.shared.counts.drop_one(*why),
        }
        outcome
    }

    /// The oldest sealed batch that is not in somebody's hands. It stays in the spool until it is
    /// settled.
    pub fn next(&self) -> Option<Batch> {
        while let Some(seq) = self.shared.waiting.take() {
            if let Some(batch) = Batch::read(&self.shared, seq) {
                return Some(batch);
            }
        }
        None
    }

    /// Waits until there is a batch to take; `false` after `timeout`, or when the spool is closed and
    /// none is left. It blocks, so it wants a thread of its own.
    pub fn wait_sealed(&self, timeout: Duration) -> bool {
        self.shared.waiting.wait(timeout)
    }

    /// Seals what is open without waiting for its age. `true` once all that was appended before the
    /// call can be taken; `false` if the disk does not manage within 5 s.
    pub fn seal(&self) -> bool {
        let shared = &self.shared;
        shared.replace_current(&mut shared.front(), None);
        shared.wake_keeper();
        let sealed = || shared.unsealed.load(Ordering::Relaxed) == 0;
        shared.waiting.wait_for(sealed, PATIENCE)
    }

    /// Hands out again every settled batch that is still kept, for a receiver that has forgotten what
    /// it confirmed; how many there are. Each comes under its token.
    pub fn replay(&self) -> io::Result<usize> {
        let shared = &self.shared;
        let mut count = 0;
        while let Some((seq, bytes)) = { shared.settled().pop() } {
            let moved = shared.folder.rename(&Name::acked(seq), &Name::ready(seq));
            match moved {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                moved => moved?,
            }
            shared.grow(bytes);
            shared.waiting.push(seq, bytes, Instant::now());
            count += 1;
        }
        Ok(count)
    }

    /// What is sealed and not settled.
    pub fn backlog(&self) -> Backlog {
        self.shared.waiting.backlog()
    }

    /// What happened since the spool was opened.
    pub fn counters(&self) -> Counters {
        self.shared.counts.read()
    }

    /// The folder's random id, and how many times it has been opened.
    pub fn node(&self) -> (u32, u32) {
        (self.shared.identity.node, self.shared.identity.boot)
    }

    /// Refuses further appends, seals what is open and ends the threads, within 5 s. Batches can
    /// still be taken and settled afterwards. Closing twice does nothing.
    pub fn close(&self) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workers) = workers.take() {
            self.shared.closed.store(true, Ordering::Relaxed);
            workers.stop(&self.shared);
            self.shared.waiting.close();
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

fn prepare(dir: &Path, options: Options) -> Result<Shared, OpenError> {
    let unusable = |source| OpenError::Folder {
        folder: dir.to_owned(),
        source,
    };
    fs::create_dir_all(dir).map_err(unusable)?;
    let lock = identity::lock(dir).map_err(|error| match error {
        LockError::Held(holder) => OpenError::Held {
            folder: dir.to_owned(),
            holder,
        },
        LockError::Io(source) => unusable(source),
    })?;
    let folder = Folder::open(dir).map_err(unusable)?;
    let boots_seen = recovery::boots_seen(&folder.list());
    let identity = identity::identify(&folder, boots_seen).map_err(unusable)?;
    let salt = getrandom::u32()
        .map_err(io::Error::other)
        .map_err(unusable)?;
    let counts = Counts::default();
    let found = recovery::recover(&folder, &counts);
    let options = options.bounded();
    Ok(Shared {
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
        closed: AtomicBool::new(false),
        used_bytes: AtomicU64::new(found.used_bytes),
        next_counter: AtomicU32::new(1),
        threads: OnceLock::new(),
        _lock: lock,
    })
}

/// The background threads.
struct Workers {
    threads: Vec<JoinHandle<()>>,
    /// Disconnected once every thread has ended.
    ended: mpsc::Receiver<()>,
}

impl Workers {
    fn start(shared: &Arc<Shared>) -> io::Result<Self> {
        let (alive, ended) = mpsc::channel();
        let (keeper, keeper_alive) = (Keeper::new(Arc::clone(shared)), alive.clone());
        let keeper = spawn("spool-keeper", keeper_alive, move || keeper.run())?;
        let spares = Arc::clone(shared);
        let spares = spawn("spool-spares", alive, move || spare::run(&spares));
        let spares = spares.inspect_err(|_| {
            shared.closed.store(true, Ordering::Relaxed);
            keeper.thread().unpark();
        })?;
        shared.threads.get_or_init(|| Threads {
            keeper: keeper.thread().clone(),
            spares: spares.thread().clone(),
        });
        Ok(Self {
            threads: vec![keeper, spares],
            ended,
        })
    }

    fn stop(self, shared: &Shared) {
        shared.wake_keeper();
        shared.wake_spares();
        if let Err(mpsc::RecvTimeoutError::Timeout) = self.ended.recv_timeout(PATIENCE) {
            tracing::error!(
                "the disk does not answer, the spool closes without it; nothing is lost"
            );
            return;
        }
        for thread in self.threads {
            thread.join().ok();
        }
    }
}

fn spawn(
    name: &str,
    alive: mpsc::Sender<()>,
    work: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        work();
        drop(alive);
    })
}

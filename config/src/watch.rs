//! Watching the files that a configuration was read from.
//!
//! Their folders are watched, not the files: editors and configuration managers put a new file, or a new link, in the
//! old one's place. What counts is whether a file differs from how it was, so it does not matter how it came about.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Quiet time after which a change is taken to be complete.
const QUIET: Duration = Duration::from_millis(200);
/// A change is reported after this time even if files keep changing.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long whoever writes a file in place may keep it open before what stands there counts.
const WRITING: Duration = Duration::from_secs(5);

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system refused a watch.
    #[error("cannot watch {folder:?} for changes: send SIGHUP after a change instead")]
    Folder {
        /// The folder of a configuration file.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: notify::Error,
    },
    /// The system refused to watch anything.
    #[error("cannot watch files for changes: send SIGHUP after a change instead")]
    System(#[source] notify::Error),
    /// The system refused a thread.
    #[error("cannot start the thread that watches files")]
    Thread(#[source] io::Error),
}

/// Keeps the watch alive; dropping it ends the watch, and what it has not reported by then it never does.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

/// A file as it was at a moment; it need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it is.
    pub path: PathBuf,
    stamp: Stamp,
}

impl Seen {
    /// The file as it is. Taken before the file is read, a later change that the reading did not see is noticed.
    pub fn now(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let stamp = stamp(&path);
        Self { path, stamp }
    }

    fn again(&self) -> Self {
        Self::now(&self.path)
    }

    fn name(&self) -> Option<OsString> {
        self.path.file_name().map(OsString::from)
    }

    /// Whether the file is still as it was seen.
    pub fn holds(&self) -> bool {
        self.again() == *self
    }
}

/// What an event says.
#[derive(Debug, PartialEq, Eq)]
enum Notice {
    /// Something may have changed.
    Look,
    /// The file is being written in place: what stands there may be half of it.
    Written(OsString),
    /// Whoever wrote it has closed it.
    Closed(OsString),
}

impl Notice {
    /// None where nothing can have changed. Errors, such as a lost event, are a reason to look.
    fn of(event: notify::Result<Event>, watched: &BTreeSet<OsString>) -> Option<Self> {
        let Ok(event) = event else {
            return Some(Self::Look);
        };
        let name = event.paths.first().and_then(|path| path.file_name());
        let name = name.filter(|name| watched.contains(*name));
        match (event.kind, name.map(OsString::from)) {
            (EventKind::Modify(ModifyKind::Data(_)), Some(name)) => Some(Self::Written(name)),
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), Some(name)) => {
                Some(Self::Closed(name))
            }
            // Reading a file is an event too.
            (EventKind::Access(_), _) => None,
            _ => Some(Self::Look),
        }
    }
}

/// Calls `on_change` whenever one of `files` differs from how it was seen, once for changes close together.
///
/// It runs on a thread of its own. Nothing is read here: the caller loads again, keeps what it has if that fails, and
/// makes a new watch if the list of files is another.
pub fn watch(
    mut files: Vec<Seen>,
    mut on_change: impl FnMut() + Send + 'static,
) -> Result<Watch, WatchError> {
    let (sender, events) = mpsc::channel();
    let looked = sender.clone();
    let names: BTreeSet<_> = files.iter().filter_map(Seen::name).collect();
    let notice = move |event| {
        if let Some(notice) = Notice::of(event, &names) {
            // INVARIANT: sending fails only after the thread has ended, when nobody waits any more.
            let _ = sender.send(notice);
        }
    };
    let mut watcher = notify::recommended_watcher(notice).map_err(WatchError::System)?;
    for folder in folders(&files) {
        let result = watcher.watch(&folder, RecursiveMode::NonRecursive);
        result.map_err(|source| WatchError::Folder { folder, source })?;
    }
    // What changed before the watch began caused no event.
    let _ = looked.send(Notice::Look);
    drop(looked);
    let follow = move || {
        while let Ok(notice) = events.recv() {
            if settle(notice, &events).is_break() {
                return;
            }
            let current: Vec<_> = files.iter().map(Seen::again).collect();
            if current != files {
                files = current;
                on_change();
            }
        }
    };
    let thread = thread::Builder::new().name("config-watch".to_owned());
    thread.spawn(follow).map_err(WatchError::Thread)?;
    Ok(Watch { _watcher: watcher })
}

/// Waits until events stop coming for a while and nobody writes; breaks where the watch was dropped.
fn settle(mut notice: Notice, events: &Receiver<Notice>) -> ControlFlow<()> {
    let begun = Instant::now();
    let mut open = BTreeSet::new();
    loop {
        match notice {
            Notice::Look => {}
            Notice::Written(name) => {
                open.insert(name);
            }
            Notice::Closed(name) => {
                open.remove(&name);
            }
        }
        let (quiet, patience) = match open.len() {
            0 => (QUIET, PATIENCE),
            _ => (WRITING, WRITING),
        };
        let left = patience.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return ControlFlow::Continue(());
        }
        notice = match events.recv_timeout(quiet.min(left)) {
            Ok(next) => next,
            Err(RecvTimeoutError::Timeout) => return ControlFlow::Continue(()),
            Err(RecvTimeoutError::Disconnected) => return ControlFlow::Break(()),
        };
    }
}

fn folders(files: &[Seen]) -> Vec<PathBuf> {
    let parents = files.iter().map(|file| match file.path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    });
    let mut folders: Vec<_> = parents.collect();
    folders.sort();
    folders.dedup();
    folders
}

/// What changes with a file: its number, size and time; none where it is missing.
type Stamp = Option<(u64, u64, SystemTime)>;

fn stamp(file: &Path) -> Stamp {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.ino(), metadata.len(), metadata.modified().ok()?))
}

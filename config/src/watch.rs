//! Watching the files that a configuration was read from.
//!
//! Their folders are watched, not the files: editors and configuration managers put a new file, or a new link, in the
//! old one's place. What counts is whether a file differs from how it was, so it does not matter how it came about.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Quiet time after which a change is taken to be complete.
const QUIET: Duration = Duration::from_millis(200);
/// A change is reported after this time even if files keep changing.
const PATIENCE: Duration = Duration::from_secs(2);

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

/// Keeps the watch alive; dropping it ends the watch.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

/// Calls `on_change` whenever one of `files` differs from how it was, once for changes close together.
///
/// It runs on a thread of its own. Nothing is read here: the caller loads again, keeps what it has if that fails, and
/// makes a new watch if the list of files is another.
pub fn watch(
    files: Vec<PathBuf>,
    mut on_change: impl FnMut() + Send + 'static,
) -> Result<Watch, WatchError> {
    let (sender, events) = mpsc::channel();
    let notice = move |event: notify::Result<notify::Event>| {
        // Reading a file is an event too. Errors, such as a lost event, are a reason to look.
        if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
            // INVARIANT: sending fails only after the thread has ended, when nobody waits any more.
            let _ = sender.send(());
        }
    };
    let mut watcher = notify::recommended_watcher(notice).map_err(WatchError::System)?;
    for folder in folders(&files) {
        let result = watcher.watch(&folder, RecursiveMode::NonRecursive);
        result.map_err(|source| WatchError::Folder { folder, source })?;
    }
    let mut known = stamps(&files);
    let follow = move || {
        while let Ok(()) = events.recv() {
            settle(&events);
            let current = stamps(&files);
            if current != known {
                known = current;
                on_change();
            }
        }
    };
    let thread = thread::Builder::new().name("config-watch".to_owned());
    thread.spawn(follow).map_err(WatchError::Thread)?;
    Ok(Watch { _watcher: watcher })
}

/// Waits until events stop coming for a while.
fn settle(events: &Receiver<()>) {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        match events.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn folders(files: &[PathBuf]) -> Vec<PathBuf> {
    let parents = files.iter().map(|file| match file.parent() {
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

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    files.iter().map(|file| stamp(file)).collect()
}

fn stamp(file: &Path) -> Stamp {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.ino(), metadata.len(), metadata.modified().ok()?))
}

//! The folders of one process: its own, and those that it adopted from processes that are gone.
//!
//! The first process uses the root itself, another beside it `2/` in it, and so on. Each holds the
//! lock of every folder it uses. A folder whose lock is free belongs to nobody: a new process takes
//! the first as its own, and whoever runs ships what the others still hold.

use std::{
    fs, io, iter,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    counters::Counts,
    disk::Files,
    folder::Folder,
    identity::{self, Identity, LockError},
    missed::Missed,
    name::{Name, Place},
    options::Options,
    shared::Shared,
};

/// Most folders that are looked for.
const MOST: usize = 32;

/// Why a folder cannot be used. What its files hold is never a reason.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClaimError {
    /// Another process uses it.
    #[error("{} is in use by another weir{}", folder.display(),
        holder.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Held {
        folder: PathBuf,
        holder: Option<u32>,
    },
    /// It cannot be made or written.
    #[error("the spool's folder {} cannot be used, make it writable for this user: {source}", folder.display())]
    Unusable { folder: PathBuf, source: io::Error },
}

/// What one process has of a spool.
pub(crate) struct Folders {
    root: PathBuf,
    options: Options,
    pub(crate) counts: Arc<Counts>,
    pub(crate) missed: Arc<Missed>,
    /// Whose events they are while there is no folder.
    stand_in: Identity,
    own: OnceLock<Arc<Shared>>,
    adopted: Mutex<Vec<Arc<Shared>>>,
    pub(crate) closed: AtomicBool,
}

impl Folders {
    pub(crate) fn new(root: &Path, options: Options) -> io::Result<Self> {
        Ok(Self {
            root: root.to_owned(),
            options: options.bounded(),
            counts: Arc::default(),
            missed: Arc::default(),
            stand_in: identity::fresh(0)?,
            own: OnceLock::new(),
            adopted: Mutex::default(),
            closed: AtomicBool::new(false),
        })
    }

    /// The folder that this process appends to, if it has one by now.
    pub(crate) fn own(&self) -> Option<&Arc<Shared>> {
        self.own.get()
    }

    pub(crate) fn identity(&self) -> Identity {
        self.own().map_or(self.stand_in, |own| own.identity)
    }

    /// Every folder, the adopted ones first: they have been waiting for longer.
    pub(crate) fn all(&self) -> Vec<Arc<Shared>> {
        let mut all = self.adopted().clone();
        all.extend(self.own().cloned());
        all
    }

    /// Takes the first folder that can be had as this process's own.
    pub(crate) fn claim(&self) -> Result<&Arc<Shared>, ClaimError> {
        let mut refused = None;
        for folder in places(&self.root) {
            match self.open(&folder) {
                Ok(own) => return Ok(self.own.get_or_init(|| Arc::new(own))),
                // The first reason is the one to mend: it is about the folder that was asked for.
                Err(error) => drop(refused.get_or_insert(error)),
            }
        }
        Err(refused.unwrap_or_else(|| ClaimError::Held {
            folder: self.root.clone(),
            holder: None,
        }))
    }

    /// Takes every folder that nobody uses and that holds batches, and gives up those that hold none
    /// any more.
    pub(crate) fn adopt(&self) {
        self.adopted().retain(|adopted| !adopted.is_done());
        for folder in places(&self.root).filter(|folder| holds_batches(folder)) {
            // Held is the usual answer, by this process or another.
            if let Ok(adopted) = self.open(&folder) {
                let folder = folder.display();
                let waiting = adopted.waiting.len();
                tracing::info!(%folder, waiting, "the spool of a process that is gone is adopted");
                self.adopted().push(Arc::new(adopted));
            }
        }
    }

    fn adopted(&self) -> MutexGuard<'_, Vec<Arc<Shared>>> {
        self.adopted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, root: &Path) -> Result<Shared, ClaimError> {
        let unusable = |source| ClaimError::Unusable {
            folder: root.to_owned(),
            source,
        };
        fs::create_dir_all(root).map_err(unusable)?;
        let lock = identity::lock(root).map_err(|error| match error {
            LockError::Held(holder) => ClaimError::Held {
                folder: root.to_owned(),
                holder,
            },
            LockError::Io(source) => unusable(source),
        })?;
        let folder = Folder::on(Files::make(root).map_err(unusable)?);
        let (counts, missed) = (Arc::clone(&self.counts), Arc::clone(&self.missed));
        Shared::recover(folder, Some(lock), self.options.clone(), counts, missed).map_err(unusable)
    }

    /// The longest key that a sum's record has room for.
    pub(crate) fn longest_key(&self) -> usize {
        self.options.longest_record() - size_of::<u64>()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

/// Where folders may be: the root, and numbered ones in it.
pub(crate) fn places(root: &Path) -> impl Iterator<Item = PathBuf> {
    let numbered = (2..=MOST).map(move |number| root.join(number.to_string()));
    iter::once(root.to_owned()).chain(numbered)
}

/// Whether `folder` is a spool's that has anything to ship or to keep a while.
fn holds_batches(folder: &Path) -> bool {
    [Place::Root, Place::Acked, Place::Returned]
        .into_iter()
        .filter_map(|place| fs::read_dir(folder.join(place.directory())).ok())
        .flatten()
        .flatten()
        .filter_map(|file| file.file_name().into_string().ok())
        .any(|file| {
            let name = Name::new(Place::Root, file);
            name.segment().is_some()
        })
}

//! Events that ClickHouse does not have yet: segments of the spool, copied while they are written to.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{BackupError, copy, failed};

/// Where segments lie that are not stored, and where those that never will be.
const PLACES: [&str; 3] = ["", "dead", "quarantine"];

/// Copies the segments of `spool` into `to`, a new folder; says how many.
///
/// A segment that is sealed or stored meanwhile changes its name. Sealed, it is found under the new
/// one; stored, it is in the tables, which are saved after this. The folder's identity stays behind:
/// whoever takes the copy over begins one of its own, and never gives a number twice.
pub fn save(spool: &Path, to: &Path) -> Result<usize, BackupError> {
    let mut copied = 0;
    for place in PLACES {
        let from = spool.join(place);
        for name in names(&from)? {
            let path = Path::new(&name);
            let is_segment = !place.is_empty() || matches!(ending(path), "open" | "ready");
            if is_segment && copy_moving(&from, path, &to.join(place))? {
                copied += 1;
            }
        }
    }
    Ok(copied)
}

/// Puts segments back into the spool's folder.
pub fn load(from: &Path, spool: &Path) -> Result<usize, BackupError> {
    refuse_segments(spool)?;
    let mut copied = 0;
    for place in PLACES {
        for name in names(&from.join(place))? {
            copy(
                &from.join(place).join(&name),
                &spool.join(place).join(&name),
            )?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Fails where segments are waiting already.
pub fn refuse_segments(spool: &Path) -> Result<(), BackupError> {
    let waiting = |name: &PathBuf| matches!(ending(name), "open" | "ready");
    match names(spool)?.into_iter().find(waiting) {
        Some(name) => Err(BackupError::Exists(spool.join(name))),
        None => Ok(()),
    }
}

/// Puts batches that were stored lately in line again: tables that were restored may lack them. Those
/// that do not are recognised and not stored twice. Says how many.
pub fn send_again(spool: &Path) -> Result<usize, BackupError> {
    let stored = spool.join("acked");
    let names = names(&stored)?;
    if names.is_empty() {
        return Ok(0);
    }
    let _lock = lock(spool)?;
    for name in &names {
        let from = stored.join(name);
        fs::rename(&from, spool.join(name)).map_err(failed("move", &from))?;
    }
    Ok(names.len())
}

/// Keeps the spool's owner out, or fails where there is one.
fn lock(spool: &Path) -> Result<File, BackupError> {
    let path = spool.join("lock");
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::InUse(spool.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
    }
}

/// Names of the files in a folder, which need not exist.
fn names(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("read", folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("read", folder))?;
        if entry.path().is_file() {
            names.push(entry.file_name().into());
        }
    }
    names.sort();
    Ok(names)
}

/// Copies a file that may be given its next name meanwhile; says whether it was still there.
fn copy_moving(from: &Path, name: &Path, to: &Path) -> Result<bool, BackupError> {
    for name in [name.to_owned(), name.with_extension("ready")] {
        match copy(&from.join(&name), &to.join(&name)) {
            Err(BackupError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            // Listed under both names.
            Err(BackupError::Exists(_)) => return Ok(false),
            copied => return copied.map(|()| true),
        }
    }
    Ok(false)
}

fn ending(name: &Path) -> &str {
    name.extension().and_then(OsStr::to_str).unwrap_or_default()
}

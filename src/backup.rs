//! A backup: one folder with everything that a new machine needs, and a list of it.
//!
//! ```text
//! backup.json       what there is, with sizes and SHA-256; written last, so a backup without it is unfinished
//! config/           the configuration and the files it reads, as they lie beside it
//! certs/            certificates that an authority made, with their keys, and the account there
//! spool/            events that ClickHouse did not have yet
//! tables/           one month of one table a file (`weir_ingest::backup`)
//! weir.db           accounts
//! public/           what was published of each day, which is never counted again
//! ```
//!
//! The spool comes before the tables: what is stored in between is in both, and is recognised by its
//! batch when it is put back; the other way round it would be in neither.

pub mod certificates;
pub mod folder;
pub mod spool;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use weir_ingest::backup::Saved;

/// The form of the list, and of the folder.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The form of this list.
    pub format: u32,
    /// When it was finished.
    pub made_at: String,
    /// The version that made it.
    pub version: String,
    /// The tables, unless they were left out.
    pub tables: Option<Saved>,
    /// Every file.
    pub files: Vec<Listed>,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Path within the folder.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its contents, in hexadecimal digits.
    pub sha256: String,
}

/// Why a backup cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a backup already.
    #[error("{} holds a backup made at {made_at}: name another folder", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
        /// When.
        made_at: String,
    },
    /// There is something else.
    #[error("{} is not empty: name a new folder", .0.display())]
    Foreign(PathBuf),
    /// It was not finished.
    #[error("the backup in {} is not finished: run `weir backup` on it again, it goes on where it stopped", .0.display())]
    Unfinished(PathBuf),
    /// There is none.
    #[error("{} holds no backup", .0.display())]
    None(PathBuf),
    /// The list cannot be read.
    #[error("{} is damaged", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// Where it is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// It was made by a newer version.
    #[error(
        "the backup was made by weir {0}, in a form that this version does not know: use that version"
    )]
    Newer(String),
    /// A file is not what it was.
    #[error("{} is {problem}: the backup is damaged, nothing was restored", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How it differs.
        problem: &'static str,
    },
    /// The spool is being used.
    #[error("{} is in use: stop `weir serve` first", .0.display())]
    InUse(PathBuf),
    /// Something is there that would be overwritten.
    #[error("{} is there already, and nothing is overwritten: move it away, or leave this part out with --only", .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot {verb} {}", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

fn failed<'a>(verb: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> BackupError + 'a {
    move |source| BackupError::Io {
        verb,
        path: path.to_owned(),
        source,
    }
}

/// Copies the files of a folder that the other does not have, and says how many those were.
pub fn copy_missing(from: &Path, to: &Path) -> Result<usize, BackupError> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries.map_err(failed("read", from))?,
    };
    let mut copied = 0;
    for entry in entries {
        let entry = entry.map_err(failed("read", from))?;
        let to = to.join(entry.file_name());
        if !to.exists() {
            copy(&entry.path(), &to)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Copies a file to a place where there is none. It has its name once it is whole and on disk.
pub fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed("create", folder))?;
    }
    let unfinished = to.with_added_extension("part");
    fs::copy(from, &unfinished).map_err(failed("copy", from))?;
    fs::File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&unfinished, to))
        .map_err(failed("write", to))
}

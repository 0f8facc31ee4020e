//! Certificates that an authority made, with their keys and the account there: what would have to be asked for again,
//! and an authority gives only so often. Beside them, which domains were shown to be their owners'.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::{BackupError, copy, failed};

/// What else is in the folder is one process's own.
const FILES: [&str; 3] = ["accounts.json", "ledger.json", "domains.json"];

/// Copies those of `data_dir` into `to`; says how many certificates there are. What is there already stays.
pub fn save(data_dir: &Path, to: &Path) -> Result<usize, BackupError> {
    transfer(&data_dir.join("certs"), to)
}

/// Puts them back into `data_dir`, where there are none.
pub fn load(from: &Path, data_dir: &Path) -> Result<usize, BackupError> {
    transfer(from, &data_dir.join("certs"))
}

/// Fails where something would have to be overwritten.
pub fn refuse(data_dir: &Path) -> Result<(), BackupError> {
    let folder = data_dir.join("certs");
    match files(&folder)?.pop() {
        Some(within) => Err(BackupError::Exists(folder.join(within))),
        None => Ok(()),
    }
}

fn transfer(from: &Path, to: &Path) -> Result<usize, BackupError> {
    let files = files(from)?;
    let made = files.iter().filter(|within| within.starts_with("made"));
    let count = made.count();
    if !files.is_empty() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(to)
            .map_err(failed("create", to))?;
    }
    for within in files {
        if !to.join(&within).exists() {
            copy(&from.join(&within), &to.join(&within))?;
        }
    }
    Ok(count)
}

/// What there is of it, within `folder`.
fn files(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut files: Vec<_> = FILES.iter().map(PathBuf::from).collect();
    files.retain(|within| folder.join(within).exists());
    for authority in names(&folder.join("made"))? {
        let within = Path::new("made").join(authority);
        let certificates = names(&folder.join(&within))?;
        let certificates = certificates.iter().map(|name| within.join(name));
        files.extend(certificates.filter(|file| file.extension().is_some_and(|end| end == "pem")));
    }
    Ok(files)
}

/// What is in a folder; nothing where there is none.
fn names(folder: &Path) -> Result<Vec<OsString>, BackupError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let names = entries.map(|entry| Ok(entry.map_err(failed("read", folder))?.file_name()));
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_saved_and_put_back_where_there_are_none() {
        let place = tempfile::tempdir().expect("a folder");
        let (data, backup) = (place.path().join("data"), place.path().join("backup"));
        assert_eq!(save(&data, &backup).expect("nothing to save"), 0);
        assert!(!backup.exists());
        fs::create_dir_all(data.join("certs/made/host")).expect("a folder");
        for file in [
            "accounts.json",
            "lock",
            "made/host/a.example.pem",
            "made/host/b.part",
        ] {
            fs::write(data.join("certs").join(file), file).expect("written");
        }
        assert_eq!(save(&data, &backup).expect("saved"), 1);
        assert!(!backup.join("lock").exists() && !backup.join("made/host/b.part").exists());
        assert!(matches!(refuse(&data), Err(BackupError::Exists(_))));
        let new = place.path().join("new");
        refuse(&new).expect("nothing is there");
        assert_eq!(load(&backup, &new).expect("put back"), 1);
        let text = fs::read_to_string(new.join("certs/made/host/a.example.pem"));
        assert_eq!(text.expect("there"), "made/host/a.example.pem");
    }
}

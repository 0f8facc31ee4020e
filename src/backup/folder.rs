//! The folder of a backup: begun, finished, and proved whole.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use weir_ingest::backup::Saved;

use super::{BackupError, Contents, FORMAT, Listed, failed};

const LIST: &str = "backup.json";
/// Tells a backup that was cut short from somebody's folder.
const MARK: &str = "unfinished";

/// A backup in the making.
#[derive(Debug)]
pub struct Begun {
    path: PathBuf,
    /// Whether an earlier run was cut short.
    pub goes_on: bool,
}

impl Begun {
    /// Takes a new or empty folder, or one with an unfinished backup.
    pub fn begin(path: &Path) -> Result<Self, BackupError> {
        if path.join(LIST).exists() {
            return Err(BackupError::Taken {
                path: path.to_owned(),
                made_at: read_list(path)?.made_at,
            });
        }
        // It holds accounts and secrets.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(failed("create", path))?;
        let goes_on = path.join(MARK).exists();
        let mut others = fs::read_dir(path).map_err(failed("read", path))?;
        if !goes_on && others.next().is_some() {
            return Err(BackupError::Foreign(path.to_owned()));
        }
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed("guard", path))?;
        let mark = path.join(MARK);
        File::create(&mark).map_err(failed("create", &mark))?;
        Ok(Self {
            path: path.to_owned(),
            goes_on,
        })
    }

    /// Where a part of it belongs.
    pub fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder for a part of it.
    pub fn part(&self, name: &str) -> Result<PathBuf, BackupError> {
        let path = self.path.join(name);
        fs::create_dir_all(&path).map_err(failed("create", &path))?;
        Ok(path)
    }

    /// Lists what there is. From now on it is a backup.
    pub fn finish(self, tables: Option<Saved>, made_at: String) -> Result<Contents, BackupError> {
        let mut files = Vec::new();
        for path in files_below(&self.path, &self.path)? {
            if path != Path::new(MARK) {
                files.push(list(&self.path, path)?);
            }
        }
        let contents = Contents {
            format: FORMAT,
            made_at,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tables,
            files,
        };
        let (fresh, list) = (self.path.join("backup.part"), self.path.join(LIST));
        serde_json::to_vec_pretty(&contents)
            .map_err(io::Error::from)
            .and_then(|text| fs::write(&fresh, text))
            .and_then(|()| File::open(&fresh)?.sync_all())
            .and_then(|()| fs::rename(&fresh, &list))
            .and_then(|()| fs::remove_file(self.path.join(MARK)))
            .and_then(|()| File::open(&self.path)?.sync_all())
            .map_err(failed("write", &list))?;
        Ok(contents)
    }
}

/// Reads the list of a finished backup and proves each file of it.
pub fn open(path: &Path) -> Result<Contents, BackupError> {
    let contents = read_list(path)?;
    for listed in &contents.files {
        let damaged = |problem| BackupError::Damaged {
            path: path.join(&listed.path),
            problem,
        };
        if !path.join(&listed.path).is_file() {
            return Err(damaged("missing"));
        }
        if list(path, listed.path.clone())? != *listed {
            return Err(damaged("not what was written"));
        }
    }
    Ok(contents)
}

fn read_list(path: &Path) -> Result<Contents, BackupError> {
    let file = path.join(LIST);
    let text = match fs::read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(if path.join(MARK).exists() {
                BackupError::Unfinished(path.to_owned())
            } else {
                BackupError::None(path.to_owned())
            });
        }
        text => text.map_err(failed("read", &file))?,
    };
    let contents: Contents =
        serde_json::from_slice(&text).map_err(|source| BackupError::List { path: file, source })?;
    if contents.format > FORMAT {
        return Err(BackupError::Newer(contents.version));
    }
    Ok(contents)
}

fn list(root: &Path, path: PathBuf) -> Result<Listed, BackupError> {
    let file = root.join(&path);
    let (bytes, sha256) = digest(&file).map_err(failed("read", &file))?;
    Ok(Listed {
        path,
        bytes,
        sha256,
    })
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let (mut bytes, mut piece) = (0, vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((bytes, hex::encode(digest.finalize())));
        }
        digest.update(&piece[..count]);
        bytes += count as u64;
    }
}

/// Paths of all files below `folder`, within `root`, in order.
fn files_below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let path = entry.map_err(failed("read", folder))?.path();
        if path.is_dir() {
            files.extend(files_below(root, &path)?);
        } else if let Ok(within) = path.strip_prefix(root) {
            files.push(within.to_owned());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(path: &Path) -> Begun {
        let begun = Begun::begin(path).expect("a new folder");
        let tables = begun.part("tables").expect("a folder");
        fs::write(tables.join("events-202611.native.zst"), "rows").expect("written");
        begun
    }

    #[test]
    fn a_backup_is_one_once_it_is_finished() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("backup");
        let first = begun(&path);
        assert!(!first.goes_on);
        assert!(matches!(open(&path), Err(BackupError::Unfinished(_))));
        let again = Begun::begin(&path).expect("where it stopped");
        assert!(again.goes_on);
        let made_at = "2026-11-21T09:15:00Z".to_owned();
        let contents = again.finish(None, made_at).expect("finished");
        assert_eq!(open(&path).expect("whole"), contents);
        let error = Begun::begin(&path).expect_err("there is one");
        assert!(
            error
                .to_string()
                .ends_with("holds a backup made at 2026-11-21T09:15:00Z: name another folder"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_of_somebody_elses_is_left_alone() {
        let place = tempfile::tempdir().expect("a folder");
        fs::write(place.path().join("letter"), "dear").expect("written");
        assert!(matches!(
            Begun::begin(place.path()),
            Err(BackupError::Foreign(_))
        ));
        assert!(matches!(open(place.path()), Err(BackupError::None(_))));
    }

    #[test]
    fn damage_is_found_before_anything_is_restored() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("backup");
        let contents = begun(&path).finish(None, String::new()).expect("finished");
        let file = path.join(&contents.files[0].path);
        fs::write(&file, "rowz").expect("written");
        let error = open(&path).expect_err("damaged").to_string();
        assert!(
            error.ends_with("is not what was written: the backup is damaged, nothing was restored"),
            "{error}"
        );
        fs::remove_file(&file).expect("there");
        let error = open(&path).expect_err("damaged").to_string();
        assert!(error.contains(" is missing: "), "{error}");
    }

    #[test]
    fn nobody_else_can_read_it() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("backup");
        begun(&path);
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

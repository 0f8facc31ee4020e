//! The engine's folder: lock, credentials, port and the two configuration files.
//!
//! ```text
//! clickhouse/            0700
//!   lock                 held by the process that supervises the engine
//!   access.json          0600: port and passwords, made once
//!   etc/config.xml       0600: written at every start
//!   etc/users.xml        0600: written at every start
//!   data/                the engine's own
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Below the range from which systems take ports for outgoing connections, so that none of those
/// sits on ours while the engine restarts.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Who speaks to the engine; each may do what its task needs and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Creates and changes tables.
    Migrate,
    /// Inserts events and reads them back.
    Ingest,
    /// Reads, within limits.
    Dash,
    /// Reads for as long as it takes, in little memory, and writes to buckets.
    Export,
    /// Runs people's own statements: reads what they may see, within tight limits.
    Sql,
}

impl Role {
    /// The name of the engine's user.
    pub fn user(self) -> &'static str {
        match self {
            Self::Migrate => "weir_migrate",
            Self::Ingest => "weir_ingest",
            Self::Dash => "weir_dash",
            Self::Export => "weir_export",
            Self::Sql => "weir_sql",
        }
    }
}

/// Why the engine's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process supervises an engine on it.
    #[error(
        "another weir runs the engine in {0}: stop it, or give this one a `data_dir` of its own"
    )]
    Locked(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot {verb} {path}")]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file with port and passwords is not ours any more.
    #[error("{0} is damaged: restore it, or remove it to have new passwords made")]
    Access(PathBuf, #[source] serde_json::Error),
    /// The database's name would need quoting everywhere.
    #[error("`clickhouse.database` is {0:?}: use letters, digits and `_`, not a digit first")]
    Database(String),
    /// Every port that was tried is taken.
    #[error("no free port between {} and {} on 127.0.0.1", PORTS.start, PORTS.end)]
    NoPort(#[source] io::Error),
}

impl FolderError {
    fn is_lack_of_room(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded))
    }
}

/// What is remembered from the first start on. Passwords never print.
#[derive(Clone, Serialize, Deserialize)]
struct Access {
    port: u16,
    migrate: String,
    ingest: String,
    dash: String,
    /// Files of before there was this user are completed at the next start.
    #[serde(default = "password")]
    export: String,
    #[serde(default = "password")]
    sql: String,
}

/// The engine's folder with its port and passwords.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    access: Access,
}

/// Holds the folder for this process until dropped.
pub(super) struct Lock(#[allow(dead_code)] File); // the open file is the lock

impl Folder {
    /// Makes the folder where it is missing, locks it, and settles on a port that is free.
    pub(super) fn prepare(path: &Path) -> Result<(Self, Lock), FolderError> {
        for path in [path.to_path_buf(), path.join("etc"), path.join("data")] {
            private_folder(&path)?;
        }
        let lock = lock(path)?;
        let remembered = match Self::open(path) {
            Ok(folder) => Some(folder.access),
            Err(FolderError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let access = match remembered.clone() {
            Some(access) if is_free(access.port).is_ok() => access,
            Some(access) => Access {
                port: free_port()?,
                ..access
            },
            None => Access {
                port: free_port()?,
                migrate: password(),
                ingest: password(),
                dash: password(),
                export: password(),
                sql: password(),
            },
        };
        let folder = Self {
            path: path.to_path_buf(),
            access,
        };
        let text = serde_json::to_string_pretty(&folder.access).expect("text and a number");
        match (write_private(&access_file(path), &text), remembered) {
            (Ok(()), _) => Ok((folder, lock)),
            // What was remembered has to do until there is room: no reason to stop anybody.
            (Err(error), Some(access)) if error.is_lack_of_room() => {
                Ok((Self { access, ..folder }, lock))
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Reads a folder that was prepared before.
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let file = access_file(path);
        let text = fs::read_to_string(&file).map_err(failed("read", &file))?;
        let access =
            serde_json::from_str(&text).map_err(|error| FolderError::Access(file, error))?;
        Ok(Self {
            path: path.to_path_buf(),
            access,
        })
    }

    /// Whether a process holds the folder.
    pub(super) fn is_in_use(path: &Path) -> Result<bool, FolderError> {
        match Self::try_lock(path) {
            Ok(lock) => Ok(lock.is_none()),
            Err(FolderError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Locks a folder that was prepared before; nothing while another process holds it.
    pub(super) fn try_lock(path: &Path) -> Result<Option<Lock>, FolderError> {
        match lock(path) {
            Ok(lock) => Ok(Some(lock)),
            Err(FolderError::Locked(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces a file of `etc/`.
    pub(super) fn write_etc(&self, name: &str, text: &str) -> Result<(), FolderError> {
        write_private(&self.path.join("etc").join(name), text)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn config_file(&self) -> PathBuf {
        self.path.join("etc/config.xml")
    }

    pub(super) fn port(&self) -> u16 {
        self.access.port
    }

    pub(super) fn password(&self, role: Role) -> &str {
        match role {
            Role::Migrate => &self.access.migrate,
            Role::Ingest => &self.access.ingest,
            Role::Dash => &self.access.dash,
            Role::Export => &self.access.export,
            Role::Sql => &self.access.sql,
        }
    }
}

fn access_file(path: &Path) -> PathBuf {
    path.join("access.json")
}

fn failed<'a>(verb: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> FolderError + 'a {
    move |source| FolderError::Io {
        verb,
        path: path.to_path_buf(),
        source,
    }
}

fn private_folder(path: &Path) -> Result<(), FolderError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed("create", path))
}

fn lock(folder: &Path) -> Result<Lock, FolderError> {
    let path = folder.join("lock");
    let file = private_file()
        .truncate(false)
        .open(&path)
        .map_err(failed("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(FolderError::Locked(folder.to_path_buf())),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
    }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

/// Replaces a file in one step, so that whoever reads it finds the old text or the new.
fn write_private(path: &Path, text: &str) -> Result<(), FolderError> {
    let fresh = path.with_extension("new");
    let mut file = private_file()
        .truncate(true)
        .open(&fresh)
        .map_err(failed("create", &fresh))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed("write", &fresh))?;
    fs::rename(&fresh, path).map_err(failed("replace", path))
}

fn is_free(port: u16) -> io::Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop)
}

fn free_port() -> Result<u16, FolderError> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..100 {
        let port = PORTS.start + u16::from_le_bytes(random()) % (PORTS.end - PORTS.start);
        match is_free(port) {
            Ok(()) => return Ok(port),
            Err(error) => last = error,
        }
    }
    Err(FolderError::NoPort(last))
}

fn password() -> String {
    hex::encode(random::<32>())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("exists").permissions().mode() & 0o777
    }

    #[test]
    fn passwords_and_port_are_made_once_and_stay() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("clickhouse");
        let (first, lock) = Folder::prepare(&path).expect("first start");
        drop(lock);
        let (second, _lock) = Folder::prepare(&path).expect("second start");
        assert_eq!(first.port(), second.port());
        for role in [
            Role::Migrate,
            Role::Ingest,
            Role::Dash,
            Role::Export,
            Role::Sql,
        ] {
            assert_eq!(first.password(role), second.password(role));
            assert_eq!(first.password(role).len(), 64);
        }
        assert_ne!(first.password(Role::Ingest), first.password(Role::Dash));
    }

    #[test]
    fn an_older_access_file_gets_the_password_that_it_lacks_once() {
        let place = tempfile::tempdir().expect("a folder");
        let old = r#"{"port": 20001, "migrate": "m", "ingest": "i", "dash": "d"}"#;
        fs::write(place.path().join("access.json"), old).expect("written");
        let (first, lock) = Folder::prepare(place.path()).expect("first start");
        drop(lock);
        let second = Folder::open(place.path()).expect("prepared before");
        assert_eq!(first.password(Role::Dash), "d");
        assert_eq!(first.password(Role::Export).len(), 64);
        assert_eq!(first.password(Role::Export), second.password(Role::Export));
        assert_eq!(first.password(Role::Sql).len(), 64);
        assert_eq!(first.password(Role::Sql), second.password(Role::Sql));
    }

    #[test]
    fn nobody_else_can_read_it() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("clickhouse");
        let (folder, _lock) = Folder::prepare(&path).expect("first start");
        folder
            .write_etc("users.xml", "<clickhouse/>")
            .expect("written");
        assert_eq!(mode(&path), 0o700);
        for name in ["access.json", "etc/users.xml", "lock"] {
            assert_eq!(mode(&path.join(name)), 0o600, "{name}");
        }
    }

    #[test]
    fn a_port_that_is_taken_is_given_up() {
        let place = tempfile::tempdir().expect("a folder");
        let (first, lock) = Folder::prepare(place.path()).expect("first start");
        drop(lock);
        let _taken =
            TcpListener::bind((Ipv4Addr::LOCALHOST, first.port())).expect("free a moment ago");
        let (second, _lock) = Folder::prepare(place.path()).expect("second start");
        assert_ne!(first.port(), second.port());
        assert_eq!(first.password(Role::Dash), second.password(Role::Dash));
    }

    #[test]
    fn a_folder_in_use_is_refused_by_name() {
        let place = tempfile::tempdir().expect("a folder");
        let (_first, _lock) = Folder::prepare(place.path()).expect("first start");
        let Err(error) = Folder::prepare(place.path()) else {
            panic!("locked twice")
        };
        assert!(
            error
                .to_string()
                .starts_with("another weir runs the engine in "),
            "{error}"
        );
    }

    #[test]
    fn a_damaged_access_file_is_refused_and_kept() {
        let place = tempfile::tempdir().expect("a folder");
        fs::write(place.path().join("access.json"), "{").expect("written");
        let Err(error) = Folder::prepare(place.path()) else {
            panic!("took nonsense")
        };
        assert!(error.to_string().ends_with(
            "access.json is damaged: restore it, or remove it to have new passwords made"
        ));
        assert_eq!(
            fs::read_to_string(place.path().join("access.json")).expect("still there"),
            "{"
        );
    }
}

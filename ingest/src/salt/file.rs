//! A salt in a file on a file system that is memory: it outlives the process, and not the machine.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use rustix::fs::{self, FileType, FlockOperation, FsWord, Mode, OFlags};

use super::DaySalt;
use super::store::{StoreError, WRITTEN, read, write};

/// File systems that are memory (statfs(2)).
const TMPFS: FsWord = 0x0102_1994;
const RAMFS: FsWord = 0x8584_58f6;

/// One file, which the processes of one machine may share.
pub(super) struct File {
    path: PathBuf,
}

impl File {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes `offer` unless the file holds a salt of its day; what it holds then goes to `held`. A salt
    /// of another day is overwritten where it lies.
    pub(super) fn agree(
        &self,
        offer: &DaySalt,
        held: &mut [u8; WRITTEN],
    ) -> Result<(), StoreError> {
        let file = self.open()?;
        let mut exchange = || {
            fs::flock(&file, FlockOperation::LockExclusive)?;
            let length = read_at_start(&file, held)?;
            if read(&held[..length], offer.day()).is_none() {
                write(offer, held);
                write_at_start(&file, held)?;
            }
            Ok(())
        };
        exchange().map_err(|error| self.unusable(error))
    }

    /// Opens the file, or makes it, once it is certain where it lies and whose it is.
    fn open(&self) -> Result<OwnedFd, StoreError> {
        let no_name = || self.unusable(io::ErrorKind::InvalidInput.into());
        let name = self.path.file_name().ok_or_else(no_name)?;
        let folder = self.path.parent().ok_or_else(no_name)?;
        let unusable = |error: rustix::io::Errno| self.unusable(error.into());
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let folder = fs::open(folder, flags, Mode::empty()).map_err(unusable)?;
        let system = fs::fstatfs(&folder).map_err(unusable)?;
        if ![TMPFS, RAMFS].contains(&system.f_type) {
            return Err(StoreError::OnDisk { file: self.name() });
        }
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = fs::openat(&folder, name, flags, Mode::RUSR | Mode::WUSR).map_err(unusable)?;
        if is_private(&file).map_err(unusable)? {
            Ok(file)
        } else {
            Err(StoreError::Exposed { file: self.name() })
        }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn unusable(&self, source: io::Error) -> StoreError {
        StoreError::File {
            file: self.name(),
            source,
        }
    }
}

/// Whether it is a plain file of ours under one name, which nobody else may read.
fn is_private(file: impl AsFd) -> rustix::io::Result<bool> {
    let status = fs::fstat(file)?;
    let others = Mode::RWXG | Mode::RWXO;
    Ok(
        FileType::from_raw_mode(status.st_mode) == FileType::RegularFile
            && !Mode::from_raw_mode(status.st_mode).intersects(others)
            && status.st_uid == rustix::process::geteuid().as_raw()
            && status.st_nlink == 1,
    )
}

fn read_at_start(file: impl AsFd, into: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < into.len() {
        match rustix::io::pread(&file, &mut into[length..], length as u64)? {
            0 => break,
            count => length += count,
        }
    }
    Ok(length)
}

fn write_at_start(file: impl AsFd, bytes: &[u8]) -> io::Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        match rustix::io::pwrite(&file, &bytes[written..], written as u64)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => written += count,
        }
    }
    Ok(fs::ftruncate(&file, bytes.len() as u64)?)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::salt::store::Store;

    const DAY: u32 = 20_000;

    /// A folder on a tmpfs; Linux has one for shared memory.
    fn in_memory() -> tempfile::TempDir {
        tempfile::tempdir_in("/dev/shm").expect("a folder in shared memory")
    }

    fn agree(path: &Path, offer: &DaySalt) -> Result<Option<DaySalt>, StoreError> {
        Store::File(File::new(path.to_owned())).agree(offer, 0)
    }

    fn salt(day: u32) -> DaySalt {
        DaySalt::new(day).expect("random bytes")
    }

    #[test]
    fn the_first_salt_of_a_day_stays_and_is_everybodys() {
        let folder = in_memory();
        let path = folder.path().join("salt");
        let (first, second) = (salt(DAY), salt(DAY));
        assert!(agree(&path, &first).expect("a good file").is_none());
        let held = agree(&path, &second)
            .expect("a good file")
            .expect("the first");
        assert_eq!((held.key(), held.epoch()), (first.key(), first.epoch()));
        assert!(agree(&path, &held).expect("a good file").is_none());
        let mode = fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_new_days_salt_takes_the_place_of_the_old_one() {
        let folder = in_memory();
        let path = folder.path().join("salt");
        let (old, new) = (salt(DAY), salt(DAY + 1));
        agree(&path, &old).expect("a good file");
        assert!(agree(&path, &new).expect("a good file").is_none());
        let bytes = fs::read(&path).expect("it is there");
        assert_eq!(bytes.len(), WRITTEN);
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        assert!(holds(new.key()) && !holds(old.key()));
    }

    #[test]
    fn what_is_no_salt_is_overwritten() {
        let folder = in_memory();
        let path = folder.path().join("salt");
        for content in [&b""[..], b"weir1", &[7; 4096]] {
            fs::write(&path, content).expect("written");
            fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("its mode");
            assert!(agree(&path, &salt(DAY)).expect("a good file").is_none());
            assert_eq!(fs::read(&path).expect("it is there").len(), WRITTEN);
        }
    }

    #[test]
    fn a_disk_is_refused_and_nothing_is_written_to_it() {
        // Where a build can lie is no tmpfs, as a rule; a machine all in memory has nothing to refuse.
        let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).expect("a folder on a disk");
        let system = rustix::fs::statfs(folder.path()).expect("a file system");
        if system.f_type == TMPFS {
            return;
        }
        let path = folder.path().join("salt");
        let error = agree(&path, &salt(DAY)).err().expect("refused");
        assert!(matches!(error, StoreError::OnDisk { .. }), "{error}");
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_others_may_read_or_that_only_leads_to_one_is_refused() {
        let folder = in_memory();
        let path = folder.path().join("salt");
        fs::write(&path, "").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("its mode");
        let error = agree(&path, &salt(DAY)).err().expect("refused");
        assert!(matches!(error, StoreError::Exposed { .. }), "{error}");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("its mode");
        let second = folder.path().join("second");
        fs::hard_link(&path, &second).expect("linked");
        let error = agree(&path, &salt(DAY)).err().expect("refused");
        assert!(matches!(error, StoreError::Exposed { .. }), "{error}");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        let error = agree(&link, &salt(DAY)).err().expect("refused");
        assert!(matches!(error, StoreError::File { .. }), "{error}");
        assert_eq!(fs::read(&path).expect("it is there"), b"");
    }
}

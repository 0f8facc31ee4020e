//! The folder with all state: its rights, its space, and whether what is synced there stays.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, StatVfs};
use weir_config::Settings;

use super::{Finding, size};

const ABOUT: &str = "data folder";
/// Space below which little is left for ClickHouse to merge in.
const LITTLE_BYTES: u64 = 2 << 30;
/// Files below which the spool and ClickHouse, which keep thousands, may run out.
const FEW_FILES: u64 = 20_000;
/// A sync that takes longer lets events of a power cut be more than the last 100 ms.
const SLOW_SYNC: Duration = Duration::from_millis(100);
/// File systems that are memory (statfs(2), `f_type`): tmpfs and ramfs.
const MEMORY: [i64; 2] = [0x0102_1994, 0x8584_58f6];

pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let folder = &settings.data_dir;
    let (place, is_there) = nearest(folder);
    let mut findings = vec![access(folder, &place, is_there)];
    if let Ok(space) = rustix::fs::statvfs(&place) {
        findings.extend(room(&space, settings.spool.quota_bytes));
    }
    let is_memory = rustix::fs::statfs(&place).is_ok_and(|found| MEMORY.contains(&found.f_type));
    findings.push(kept(&place, is_memory, sync(&place)));
    findings
}

/// `folder`, or the nearest one above it that is there.
fn nearest(folder: &Path) -> (PathBuf, bool) {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    match there {
        Some(found) => (found.to_owned(), found == folder),
        // A relative path ends at the folder that weir was started in.
        None => (PathBuf::from("."), false),
    }
}

fn access(folder: &Path, place: &Path, is_there: bool) -> Finding {
    use rustix::fs::Access;
    let path = folder.display();
    if rustix::fs::access(place, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return Finding::problem(
            ABOUT,
            format!("{} cannot be written by this user", place.display()),
            "make it the service's own (chown), and run weir doctor as the service's user",
        );
    }
    let mode = fs::metadata(place).map_or(0, |found| found.mode() & 0o777);
    if !is_there {
        return Finding::fine(ABOUT, format!("{path} is made at the first start"));
    }
    if mode & 0o007 != 0 {
        return Finding::warning(
            ABOUT,
            format!("everybody on this machine may look into {path} (mode {mode:04o})"),
            format!("run chmod 700 {path}"),
        );
    }
    Finding::fine(ABOUT, format!("{path} is this user's to write"))
}

fn room(space: &StatVfs, quota: u64) -> Vec<Finding> {
    let bytes = space.f_bavail.saturating_mul(space.f_frsize);
    let free = format!("{} are free", size(bytes));
    let of_bytes = if bytes < LITTLE_BYTES {
        Finding::problem(
            ABOUT,
            free,
            "make room: from here on events are dropped, and ClickHouse stops",
        )
    } else if bytes < quota {
        Finding::warning(
            ABOUT,
            format!("{free}, less than the spool may take ({})", size(quota)),
            "make room, or lower [spool] quota so that the disk is not filled while ClickHouse is down",
        )
    } else {
        Finding::fine(ABOUT, free)
    };
    // Some file systems make files as they are needed and tell of none.
    let of_files = (space.f_files > 0 && space.f_favail < FEW_FILES).then(|| {
        Finding::problem(
            ABOUT,
            format!("{} more files fit (inodes)", space.f_favail),
            "remove small files, or make the file system with more inodes",
        )
    });
    [Some(of_bytes), of_files].into_iter().flatten().collect()
}

/// How long it takes to bring a page to the disk, by a file without a name, which nobody sees and which goes by itself.
fn sync(place: &Path) -> io::Result<Duration> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = rustix::fs::open(place, flags, Mode::RUSR | Mode::WUSR)?;
    let mut file = File::from(file);
    file.write_all(&[0; 4096])?;
    let begun = Instant::now();
    file.sync_data()?;
    Ok(begun.elapsed())
}

fn kept(place: &Path, is_memory: bool, sync: io::Result<Duration>) -> Finding {
    const ABOUT: &str = "sync";
    let place = place.display();
    match sync {
        _ if is_memory => Finding::problem(
            ABOUT,
            format!("{place} is memory: events are gone with the machine's power"),
            "put data_dir on a disk",
        ),
        Ok(took) if took > SLOW_SYNC => Finding::warning(
            ABOUT,
            format!("a page took {} ms to the disk", took.as_millis()),
            "give the data folder a disk of its own, or a faster one: until a sync is done, a power cut loses events",
        ),
        Ok(took) => Finding::fine(
            ABOUT,
            format!(
                "a page is on the disk in {:.1} ms",
                took.as_secs_f64() * 1e3
            ),
        ),
        // Not every file system knows files without names, and nothing else is written here.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Finding::fine(
            ABOUT,
            format!("not tried: {place} knows no files without names"),
        ),
        Err(error) => Finding::problem(
            ABOUT,
            format!("a file in {place} cannot be written and synced: {error}"),
            "mend the disk, or make room on it",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    fn levels(free: u64, files: u64, quota: u64) -> Vec<Level> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut space = rustix::fs::statvfs(folder.path()).expect("a file system");
        (space.f_bavail, space.f_frsize) = (free, 1);
        (space.f_files, space.f_favail) = (1 << 30, files);
        let findings = room(&space, quota);
        findings.iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn room_is_judged_by_what_the_spool_may_take() {
        assert_eq!(levels(20 << 30, 1 << 20, 10 << 30), [Level::Fine]);
        assert_eq!(levels(5 << 30, 1 << 20, 10 << 30), [Level::Warning]);
        assert_eq!(
            levels(1 << 30, 5, 1 << 20),
            [Level::Problem, Level::Problem]
        );
    }

    #[test]
    fn nothing_is_left_of_a_look_at_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let took = sync(folder.path());
        assert!(
            took.is_ok() || took.is_err_and(|error| error.kind() == io::ErrorKind::Unsupported)
        );
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        let (place, is_there) = nearest(&folder.path().join("not/there"));
        assert_eq!((place.as_path(), is_there), (folder.path(), false));
    }

    #[test]
    fn a_disk_that_forgets_is_a_problem_however_fast() {
        let place = Path::new("/data");
        let level = |is_memory, sync| kept(place, is_memory, sync).level;
        assert_eq!(level(false, Ok(Duration::from_millis(2))), Level::Fine);
        assert_eq!(level(false, Ok(Duration::from_millis(400))), Level::Warning);
        assert_eq!(level(true, Ok(Duration::ZERO)), Level::Problem);
        assert_eq!(
            level(false, Err(io::Error::other("broken"))),
            Level::Problem
        );
    }
}

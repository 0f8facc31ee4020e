//! No room: records are dropped with the right reason, and kept again as soon as there is room.

use std::{fs, path::Path, process::Command, time::Duration};

use tempfile::TempDir;
use weir_spool::{Dropped, Options, Spool};

use crate::support::{DEADLINE, drain, wait_for, wait_within};

fn options() -> Options {
    Options {
        smallest_segment_bytes: 256 << 10,
        largest_segment_bytes: 256 << 10,
        ..Options::default()
    }
}

/// Appends numbered records until one is dropped for `why`; the records that were kept.
fn append_until(spool: &Spool, why: Dropped) -> Vec<Vec<u8>> {
    let mut kept = vec![];
    wait_for(why.as_str(), || {
        let record = [(kept.len() as u64).to_le_bytes().to_vec(), vec![1; 1000]].concat();
        match spool.append(0, &record) {
            Ok(_) => kept.push(record),
            Err(Dropped::Late) => {}
            Err(other) => return other == why,
        }
        false
    });
    kept
}

/// The sum in a record that accounts for records dropped under `key`.
fn sum(record: &[u8], key: &[u8]) -> Option<u64> {
    let count = record.strip_prefix(key)?.try_into().ok()?;
    Some(u64::from_le_bytes(count))
}

#[test]
fn what_is_dropped_is_accounted_for_once_there_is_room() {
    let dir = tempfile::tempdir().expect("a folder");
    let options = Options {
        quota_bytes: 1 << 20,
        ..options()
    };
    let spool = Spool::open(dir.path(), options).expect("it opens");
    append_until(&spool, Dropped::Quota);
    let mut dropped = 0;
    while dropped < 1000 {
        if spool.append(7, &[1; 1000]).is_err() {
            spool.account(7, b"acme/rocket");
            dropped += 1;
        }
    }
    assert!(spool.wait_sealed(DEADLINE));
    let mut accounted = 0;
    // What was dropped after the first sum while there was no room is summed a minute later.
    wait_within(DEADLINE + Duration::from_mins(1), "the sums", || {
        if let Some(batch) = spool.next() {
            let sums = batch
                .records()
                .filter_map(|record| sum(record, b"acme/rocket"));
            accounted += sums.sum::<u64>();
            batch.acknowledge().expect("the disk is fine");
        }
        accounted == dropped
    });
    let counters = spool.counters();
    assert_eq!((counters.accounted, counters.unaccounted), (dropped, 0));
}

#[test]
fn a_closing_spool_accounts_for_what_it_dropped() {
    let dir = tempfile::tempdir().expect("a folder");
    let spool = Spool::open(dir.path(), options()).expect("it opens");
    spool
        .append(7, &vec![0; 1 << 20])
        .expect_err("it is too large");
    spool.account(7, b"acme/rocket");
    spool.close();
    let records = drain(&spool);
    assert_eq!(sum(&records[0], b"acme/rocket"), Some(1));
}

fn takes_records_again(spool: &Spool, record: &[u8]) {
    wait_for("room", || spool.append(0, record).is_ok());
}

#[test]
fn beyond_its_quota_a_spool_drops_until_batches_are_settled() {
    let dir = tempfile::tempdir().expect("a folder");
    let quota = 1 << 20;
    let spool = Spool::open(
        dir.path(),
        Options {
            quota_bytes: quota,
            ..options()
        },
    )
    .expect("it opens");
    let mut kept = append_until(&spool, Dropped::Quota);
    assert!(size_of_files(dir.path()) <= quota + 4096);
    assert!(spool.counters().dropped(Dropped::Quota) >= 1);

    assert!(spool.wait_sealed(DEADLINE));
    let mut found = drain(&spool);
    kept.push(b"again".to_vec());
    takes_records_again(&spool, b"again");
    assert!(spool.seal());
    found.extend(drain(&spool));
    assert_eq!(found, kept);
}

#[test]
fn on_a_full_disk_a_spool_drops_until_space_returns() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let spool = Spool::open(disk.path().join("spool"), options()).expect("it opens");
    let filler = disk.path().join("filler");
    fs::write(&filler, vec![1; 1 << 20]).expect("a filler");

    let mut kept = append_until(&spool, Dropped::DiskFull);
    assert!(spool.counters().dropped(Dropped::DiskFull) >= 1);
    fs::remove_file(filler).expect("space");
    takes_records_again(&spool, b"again");
    kept.push(b"again".to_vec());
    assert!(spool.seal());
    assert_eq!(drain(&spool), kept);
}

#[test]
fn on_a_full_disk_settled_batches_make_room() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let spool = Spool::open(disk.path().join("spool"), options()).expect("it opens");
    let kept = append_until(&spool, Dropped::DiskFull);
    assert!(spool.seal());
    assert_eq!(drain(&spool), kept);
    takes_records_again(&spool, b"again");
}

#[test]
fn a_full_disk_keeps_no_spool_from_opening() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let dir = disk.path().join("spool");
    drop(Spool::open(&dir, options()).expect("it opens on an empty disk"));
    let filler = disk.path().join("filler");
    fs::write(&filler, vec![1; 8 << 20]).expect_err("the disk is smaller");

    let spool = Spool::open(&dir, options()).expect("it opens on a full disk");
    assert_eq!(
        append_until(&spool, Dropped::DiskFull),
        Vec::<Vec<u8>>::new()
    );
    fs::remove_file(filler).expect("space");
    takes_records_again(&spool, b"again");
}

#[test]
fn without_a_free_inode_a_spool_drops_until_there_are_some() {
    let Some(disk) = SmallDisk::mount_with("size=64m,nr_inodes=40") else {
        return;
    };
    let spool = Spool::open(disk.path().join("spool"), options()).expect("it opens");
    let litter = |number: usize| disk.path().join(format!("litter-{number}"));
    let files = (0..).take_while(|number| fs::write(litter(*number), "").is_ok());
    let files = files.count();
    let mut kept = append_until(&spool, Dropped::DiskFull);
    assert!(!kept.is_empty(), "what was reserved is used");
    for number in 0..files {
        fs::remove_file(litter(number)).expect("removed");
    }
    takes_records_again(&spool, b"again");
    kept.push(b"again".to_vec());
    assert!(spool.seal());
    assert_eq!(drain(&spool), kept);
}

/// A disk of its own in memory, gone at the end.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// 4 MiB.
    fn mount() -> Option<Self> {
        Self::mount_with("size=4m")
    }

    /// `None`, and a word about why, where this user may not mount.
    #[allow(clippy::print_stderr)] // a skipped test says so
    fn mount_with(options: &str) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(dir.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(dir)),
            refused => {
                eprintln!("skipped: no disk of its own could be mounted: {refused:?}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount")
            .arg("-l")
            .arg(self.path())
            .status()
            .ok();
    }
}

fn size_of_files(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).expect("a folder");
    let metadata = entries.filter_map(|entry| entry.ok()?.metadata().ok());
    metadata
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}

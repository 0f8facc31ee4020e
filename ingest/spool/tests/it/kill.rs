//! A process that is killed while it appends has lost nothing that it was told is kept.

use std::{
    collections::HashMap,
    env,
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use tempfile::TempDir;
use weir_spool::{Options, Spool};

use crate::support::{drain, wait_for};

const ROUNDS: u64 = 20;
const THREADS: u64 = 2;
/// Where the child finds its folder and its round.
const FOLDER: &str = "WEIR_SPOOL_TEST_FOLDER";
const ROUND: &str = "WEIR_SPOOL_TEST_ROUND";

fn options() -> Options {
    Options {
        smallest_segment_bytes: 64 << 10,
        ..Options::default()
    }
}

/// What was appended: which round, which thread, and a number that goes up by one.
type Record = (u64, u64, u64);

fn encode((round, thread, number): Record) -> Vec<u8> {
    let mut record: Vec<u8> = [round, thread, number].map(u64::to_le_bytes).concat();
    record.resize(24 + number as usize % 400, 7);
    record
}

fn decode(record: &[u8]) -> Record {
    let number = |at: usize| u64::from_le_bytes(*record[at..].first_chunk().expect("8 bytes"));
    let decoded = (number(0), number(8), number(16));
    assert_eq!(record, encode(decoded), "a record was changed");
    decoded
}

/// File in which a thread of the child keeps the last number that it was told is kept.
fn told_file(folder: &Path, round: u64, thread: u64) -> PathBuf {
    folder.join(format!("told-{round}-{thread}"))
}

/// Every thread of the child has got so far.
pub(crate) fn have_told(folder: &Path, round: u64, enough: u64) -> bool {
    (0..THREADS).all(|thread| told(folder, round, thread) >= enough)
}

fn told(folder: &Path, round: u64, thread: u64) -> u64 {
    let bytes = fs::read(told_file(folder, round, thread)).unwrap_or_default();
    bytes
        .first_chunk()
        .map_or(0, |told| u64::from_le_bytes(*told))
}

/// Not a test of its own: what the killed process runs. It returns at once when nobody asks for it.
#[test]
fn child() {
    let (Some(folder), Ok(round)) = (env::var_os(FOLDER), env::var(ROUND)) else {
        return;
    };
    let (folder, round) = (PathBuf::from(folder), round.parse().expect("a number"));
    let spool = Spool::open(folder.join("spool"), options()).expect("it opens");
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (spool, file) = (&spool, told_file(&folder, round, thread));
            scope.spawn(move || {
                let file = OpenOptions::new()
                    .create(true)
                    .truncate(true)
                    .write(true)
                    .open(file);
                let file = file.expect("a file");
                for number in 1.. {
                    // The disk may be made to fail for a while.
                    let record = encode((round, thread, number));
                    wait_for("room", || spool.append(0, &record).is_ok());
                    let told = number.to_le_bytes();
                    wait_for("a note", || file.write_all_at(&told, 0).is_ok());
                }
            });
        }
    });
}

fn start_child(folder: &TempDir, round: u64) -> Child {
    let mut command = Command::new(env::current_exe().expect("the test's own file"));
    as_child(&mut command, folder, round)
        .spawn()
        .expect("a child")
}

/// Completes the command of a child, of which the test's own file is the last word so far.
pub(crate) fn as_child<'c>(
    command: &'c mut Command,
    folder: &TempDir,
    round: u64,
) -> &'c mut Command {
    command
        .args(["--exact", "kill::child", "--test-threads=1"])
        .env(FOLDER, folder.path())
        .env(ROUND, round.to_string())
        .stdout(Stdio::null())
}

#[test]
fn killing_the_process_loses_nothing_that_was_appended() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 1..=ROUNDS {
        let mut child = start_child(&folder, round);
        // Somewhere else in its life each time: in the first segment, at a change, while sealing.
        let enough = 50 + 397 * round;
        wait_for("the child's progress", || {
            have_told(folder.path(), round, enough)
        });
        child.kill().expect("SIGKILL");
        child.wait().expect("its end");
    }
    nothing_is_lost(folder.path(), ROUNDS);
}

/// Opens the spool and compares what it has with what every round's threads were told.
pub(crate) fn nothing_is_lost(folder: &Path, rounds: u64) {
    let spool = Spool::open(folder.join("spool"), options()).expect("it opens");
    let mut times: HashMap<Record, u64> = HashMap::new();
    for record in drain(&spool) {
        *times.entry(decode(&record)).or_default() += 1;
    }
    assert!(
        times.values().all(|times| *times == 1),
        "nothing is doubled"
    );
    for (round, thread) in (1..=rounds).flat_map(|r| (0..THREADS).map(move |t| (r, t))) {
        let told = told(folder, round, thread);
        let mut kept = 0;
        while times.remove(&(round, thread, kept + 1)).is_some() {
            kept += 1;
        }
        let possible = told..=told + 1;
        assert!(
            possible.contains(&kept),
            "{kept} kept of {told}, round {round}"
        );
    }
    assert_eq!(times.len(), 0, "nothing is invented");
    let counters = spool.counters();
    assert_eq!((counters.damaged_batches, counters.quarantined), (0, 0));
}

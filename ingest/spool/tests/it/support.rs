//! A spool in a folder of its own, and the few words that the tests are written in.

use std::{
    fs, io,
    ops::Deref,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use weir_spool::{Dropped, Options, Spool};

/// Longest time to wait for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Small segments, and nothing happens by itself.
pub(crate) fn small() -> Options {
    Options {
        smallest_segment_bytes: 4096,
        largest_segment_bytes: 16 << 10,
        seal_after: Duration::from_hours(1),
        sync_every: Duration::from_hours(1),
        ..Options::default()
    }
}

/// An open spool that goes away with its folder.
pub(crate) struct TestSpool {
    spool: Option<Spool>,
    options: Options,
    dir: TempDir,
}

impl TestSpool {
    pub(crate) fn open(options: Options) -> Self {
        Self::over(tempfile::tempdir().expect("a folder"), options)
    }

    /// Opens what lies in `dir`.
    pub(crate) fn over(dir: TempDir, options: Options) -> Self {
        let spool = Spool::open(dir.path(), options.clone()).expect("it opens");
        Self {
            spool: Some(spool),
            options,
            dir,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Ends it as a process ends in good order, and starts it again.
    pub(crate) fn reopen(&mut self) {
        self.spool = None;
        self.spool = Some(Spool::open(self.dir.path(), self.options.clone()).expect("it reopens"));
    }

    /// Starts again from what the kernel holds at this moment, as after a sudden end.
    pub(crate) fn crash(&mut self) {
        self.crash_after(|_| {});
    }

    /// The same, with something done to the files in between.
    pub(crate) fn crash_after(&mut self, harm: impl FnOnce(&Path)) {
        let left = snapshot(self.dir.path());
        harm(left.path());
        self.spool = None;
        self.dir = left;
        self.reopen();
    }
}

impl Deref for TestSpool {
    type Target = Spool;

    fn deref(&self) -> &Spool {
        self.spool.as_ref().expect("a spool is open between calls")
    }
}

/// Appends, however long the disk takes to reserve small segments.
pub(crate) fn append_patiently(spool: &Spool, partition: u32, record: &[u8]) {
    wait_for("room for a record", || {
        match spool.append(partition, record) {
            Ok(_) => true,
            Err(Dropped::Late) => false,
            Err(why) => panic!("dropped: {why}"),
        }
    });
}

pub(crate) fn wait_for(what: &str, done: impl FnMut() -> bool) {
    wait_within(DEADLINE, what, done);
}

pub(crate) fn wait_within(limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < limit, "{what} did not come");
        thread::yield_now();
    }
}

/// Takes and acknowledges everything that is sealed; its records.
pub(crate) fn drain(spool: &Spool) -> Vec<Vec<u8>> {
    let mut records = vec![];
    while let Some(batch) = spool.next() {
        records.extend(batch.records().map(<[u8]>::to_vec));
        batch.acknowledge().expect("the disk is fine");
    }
    records
}

/// The files of `dir` whose names end in `ending`, in order.
pub(crate) fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a folder");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    files
}

/// A copy of a folder at one moment: copied again if a file came or went meanwhile.
fn snapshot(from: &Path) -> TempDir {
    let start = Instant::now();
    loop {
        let to = tempfile::tempdir().expect("a folder");
        let names = files(from, "");
        if copy(from, to.path()).is_ok() && names == files(from, "") {
            return to;
        }
        assert!(start.elapsed() < DEADLINE, "the folder never rests");
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

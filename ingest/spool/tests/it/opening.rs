//! Opening: never refused, one process a folder, one node for ever, and no number twice.

use std::{fs, os::unix, path::Path};

use weir_spool::{Dropped, Spool};

use crate::support::{TestSpool, append_patiently, drain, files, small, wait_for};

/// Appends and reads back one record.
fn works(spool: &Spool, record: &[u8]) {
    append_patiently(spool, 0, record);
    assert!(spool.seal());
    assert_eq!(drain(spool), [record]);
}

#[test]
fn a_second_process_takes_a_folder_beside_the_first() {
    let first = TestSpool::open(small());
    let second = Spool::open(first.path(), small()).expect("it opens");
    assert_ne!(first.node().0, second.node().0);
    works(&second, b"second");
    works(&first, b"first");
    assert_eq!(files(&first.path().join("2/acked"), "").len(), 1);
}

#[test]
fn what_a_process_left_is_shipped_by_whoever_runs() {
    let first = TestSpool::open(small());
    let second = Spool::open(first.path(), small()).expect("it opens");
    append_patiently(&second, 7, b"left");
    let node = second.node().0;
    drop(second);

    // By one that starts, and by one that runs while another ends.
    let third = Spool::open(first.path(), small()).expect("it opens");
    assert_eq!(third.node(), (node, 2), "the folder is free again");
    drop(third);
    wait_for("the adoption", || first.backlog().batches == 1);
    let batch = first.next().expect("the batch");
    assert_eq!((batch.id().node, batch.partition()), (node, 7));
    assert!(!batch.is_fresh());
    assert!(batch.records().eq([b"left"]));
    batch.acknowledge().expect("the disk is fine");
    assert_eq!(first.backlog().batches, 0);
    assert_eq!(files(&first.path().join("2/acked"), "").len(), 1);
}

#[test]
fn a_folder_that_cannot_be_used_is_used_as_soon_as_it_can() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("spool");
    fs::write(&folder, "a file is in the way").expect("written");
    let spool = Spool::open(&folder, small()).expect("it opens all the same");
    let stand_in = spool.node();
    assert_eq!(spool.append(0, b"early"), Err(Dropped::NoFolder));
    assert!(spool.seal() && spool.next().is_none());

    fs::remove_file(&folder).expect("removed");
    wait_for("the folder", || spool.append(0, b"kept").is_ok());
    assert_ne!(spool.node(), stand_in);
    assert!(spool.seal());
    assert_eq!(drain(&spool), [b"kept"]);
}

#[test]
fn a_spool_without_a_folder_closes() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let spool = Spool::open(file.path().join("spool"), small()).expect("it opens all the same");
    spool.close();
    assert_eq!(spool.append(0, b"late"), Err(Dropped::Closed));
    assert!(!spool.wait_sealed(crate::support::DEADLINE));
}

/// A folder with everything in it that does not belong there.
fn litter(dir: &Path) {
    for file in ["acked", "notes.tmp", "000001-0000000007.open"] {
        fs::write(dir.join(file), "").expect("an empty file");
    }
    fs::write(dir.join("000001-0000000008.ready"), "WEIRSPH").expect("half a header");
    fs::write(dir.join("000001-0000000009.open"), [7; 40]).expect("half a header");
    fs::write(dir.join("spare-000001-0000000010"), [0; 9]).expect("half a spare");
    fs::create_dir(dir.join("node")).expect("a directory");
    fs::create_dir(dir.join("000001-0000000011.ready")).expect("a directory");
    unix::fs::symlink("/nowhere", dir.join("dead")).expect("a link");
    unix::fs::symlink("node", dir.join("000002-0000000001.ready")).expect("a link");
    unix::fs::symlink("/nowhere", dir.join("000003-0000000001.open")).expect("a link");
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        dir.join("000004-0000000001.open"),
        0o600.into(),
    )
    .expect("a pipe");
}

#[test]
fn a_littered_folder_keeps_no_spool_shut_and_what_is_foreign_stays() {
    let dir = tempfile::tempdir().expect("a folder");
    litter(dir.path());
    let mut spool = TestSpool::over(dir, small());
    assert!(spool.node().1 > 4, "no name is taken that something has");
    works(&spool, b"one");
    spool.reopen();
    works(&spool, b"two");
    for stays in [
        "notes.tmp",
        "000001-0000000011.ready",
        "000002-0000000001.ready",
    ] {
        assert!(
            spool.path().join(stays).symlink_metadata().is_ok(),
            "{stays}"
        );
    }
    let names: Vec<String> = files(&spool.path().join("quarantine"), "")
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    insta::assert_snapshot!(names.join(" "), @"000001-0000000008.ready 000001-0000000008.ready.reason 000001-0000000009.open 000001-0000000009.open.reason");
}

#[test]
fn a_node_is_for_ever_and_every_opening_a_boot() {
    let mut spool = TestSpool::open(small());
    let (node, boot) = spool.node();
    spool.reopen();
    assert_eq!(spool.node(), (node, boot + 1));
}

#[test]
fn a_lost_node_file_never_makes_a_number_twice() {
    let mut spool = TestSpool::open(small());
    append_patiently(&spool, 0, b"before");
    spool.close();
    let before = spool.next().expect("a batch").id();
    fs::write(spool.path().join("node"), "noise").expect("damage");
    spool.reopen();
    append_patiently(&spool, 0, b"after");
    assert!(spool.seal());
    let ids: Vec<_> = std::iter::from_fn(|| spool.next())
        .map(|batch| (batch.id(), batch))
        .collect();
    assert_eq!(ids[0].0, before, "the old batch keeps its id");
    assert!(ids[1].0.seq > before.seq && ids[1].0.node != before.node);
}

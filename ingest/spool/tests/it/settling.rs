//! From an append to a settled batch: sealing, waiting, the places where batches end, closing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use weir_spool::{Backlog, Batch, Dropped, Options};

use crate::support::{DEADLINE, TestSpool, append_patiently, drain, files, small, wait_for};

#[test]
fn settled_and_buried_batches_lie_where_they_belong() {
    let spool = TestSpool::open(small());
    let one_batch = |record: &[u8]| {
        append_patiently(&spool, 7, record);
        assert!(spool.seal());
        spool.next().expect("a batch")
    };
    one_batch(b"fine").acknowledge().expect("moved");
    one_batch(b"poison").bury("no such column").expect("moved");
    let mixed = one_batch(b"half poison");
    let records: Vec<&[u8]> = mixed.records().collect();
    mixed
        .bury_records(&[(records[0], "too long")])
        .expect("kept");
    mixed.acknowledge().expect("moved");

    let names = |place: &str| -> Vec<String> {
        files(&spool.path().join(place), "")
            .iter()
            .map(|path| name(path))
            .collect()
    };
    assert_eq!(spool.backlog().batches, 0);
    insta::assert_snapshot!(names("acked").join(" "), @"000001-0000000001.ready 000001-0000000004.ready");
    insta::assert_snapshot!(names("dead").join(" "), @"000001-0000000003.batch 000001-0000000003.batch.reason 000001-0000000004e1.part 000001-0000000004e1.part.reason");
    let reason = fs::read_to_string(&files(&spool.path().join("dead"), ".part.reason")[0]);
    insta::assert_snapshot!(reason.expect("a text"), @"1: too long");
}

#[test]
fn a_returned_batch_is_sent_again_as_one_of_its_own() {
    let mut spool = TestSpool::open(small());
    append_patiently(&spool, 7, b"fine");
    append_patiently(&spool, 7, b"poison");
    assert!(spool.seal());
    let batch = spool.next().expect("a batch");
    let whole = batch.id();
    let poison = batch.records().nth(1).expect("a record");
    batch.bury_records(&[(poison, "too long")]).expect("kept");
    batch.acknowledge().expect("moved");

    let give_back = |dir: &Path| {
        let part = &files(&dir.join("dead"), ".part")[0];
        let name = name(part).replace(".part", ".ready");
        fs::rename(part, dir.join("returned").join(name)).expect("moved");
    };
    give_back(spool.path());
    let taken_while_running = || {
        let batch = spool.next()?;
        Some((
            batch.id(),
            batch.is_fresh(),
            batch.records().eq([b"poison"]),
        ))
    };
    let mut taken = None;
    wait_for("the batch", || {
        taken = taken_while_running();
        taken.is_some()
    });
    let (part, fresh, is_poison) = taken.expect("it came");
    assert!(part != whole && !fresh && is_poison);
    spool.reopen();
    let again = spool.next().expect("it waits");
    assert_eq!(again.id(), part);
    again.bury("still too long").expect("moved");
    assert_eq!(files(&spool.path().join("dead"), ".batch").len(), 1);
}

#[test]
fn a_receiver_that_forgot_is_given_what_is_kept() {
    let spool = TestSpool::open(small());
    let mut tokens = vec![];
    for record in [b"one", b"two"] {
        append_patiently(&spool, 0, record);
        assert!(spool.seal());
        let batch = spool.next().expect("a batch");
        assert!(batch.is_fresh());
        tokens.push(batch.token());
        batch.acknowledge().expect("moved");
    }
    assert_eq!(spool.replay().expect("the disk is fine"), 2);
    let replayed: Vec<Batch> = std::iter::from_fn(|| spool.next()).collect();
    assert!(replayed.iter().map(Batch::token).eq(tokens));
    assert!(!replayed.iter().any(Batch::is_fresh));
    for batch in replayed {
        batch.acknowledge().expect("moved");
    }
    assert_eq!(spool.backlog(), Backlog::default());
    assert_eq!(
        spool.replay().expect("the disk is fine"),
        2,
        "they are kept again"
    );
}

#[test]
fn settled_batches_go_when_they_are_old_or_many() {
    let options = Options {
        keep_acked_bytes: 0,
        sync_every: Duration::from_millis(5),
        ..small()
    };
    let spool = TestSpool::open(options);
    append_patiently(&spool, 0, b"fine");
    assert!(spool.seal());
    assert_eq!(drain(&spool).len(), 1);
    wait_for("the sweep", || {
        files(&spool.path().join("acked"), "").is_empty()
    });
}

#[test]
fn a_batch_is_sealed_by_age_and_its_waiter_told() {
    let options = Options {
        seal_after: Duration::from_millis(20),
        ..Options::default()
    };
    let spool = TestSpool::open(options);
    append_patiently(&spool, 0, b"alone");
    assert!(spool.wait_sealed(DEADLINE));
    assert_eq!(drain(&spool), [b"alone"]);
    assert_eq!(spool.backlog(), Backlog::default());
}

#[test]
fn a_closed_spool_takes_nothing_and_still_gives() {
    let spool = TestSpool::open(small());
    append_patiently(&spool, 0, b"last");
    spool.close();
    assert_eq!(spool.append(0, b"late"), Err(Dropped::Closed));
    assert_eq!(drain(&spool), [b"last"]);
    assert!(
        !spool.wait_sealed(DEADLINE),
        "closed and empty ends the wait"
    );
    assert_eq!(files(spool.path(), ".open"), Vec::<PathBuf>::new());
}

#[test]
fn a_record_that_fits_no_segment_is_too_large() {
    let spool = TestSpool::open(Options::default());
    let longest = vec![7; 64 << 10];
    let longer = [longest.as_slice(), &[7]].concat();
    assert_eq!(spool.append(0, &longer), Err(Dropped::TooLarge));
    append_patiently(&spool, 0, &longest);
    let counters = spool.counters();
    assert_eq!(counters.appended, 1);
    assert_eq!(counters.dropped(Dropped::TooLarge), 1);
}

fn name(path: &Path) -> String {
    path.file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

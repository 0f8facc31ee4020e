//! Damage costs the damaged records, is counted, and keeps no spool shut.

use std::{fs, os::unix::fs::FileExt, path::Path};

use proptest::{collection::vec, prelude::*};
use weir_spool::Batch;

use crate::support::{TestSpool, append_patiently, drain, files, small};

#[test]
fn damage_after_sealing_is_counted_once_and_kept_for_a_look() {
    let mut spool = TestSpool::open(small());
    for number in 0..10_u8 {
        append_patiently(&spool, 0, &[number; 100]);
    }
    assert!(spool.seal());
    let ready = files(spool.path(), ".ready");
    let file = fs::OpenOptions::new()
        .write(true)
        .open(&ready[0])
        .expect("a batch");
    file.write_all_at(&[0xff], 64 + 3 * 112 + 50)
        .expect("damage");

    let numbers = |batch: &Batch| batch.records().map(|r| r[0]).collect::<Vec<_>>();
    let batch = spool.next().expect("the rest");
    assert_eq!(numbers(&batch), [0, 1, 2, 4, 5, 6, 7, 8, 9]);
    drop(batch);
    assert_eq!(spool.next().expect("again").count(), 9);
    let counters = spool.counters();
    assert_eq!((counters.damaged_batches, counters.lost_records), (1, 1));
    let quarantine = spool.path().join("quarantine");
    assert_eq!(files(&quarantine, ".ready").len(), 1);
    let reason = fs::read_to_string(&files(&quarantine, ".reason")[0]).expect("a text");
    insta::assert_snapshot!(reason, @"9 of 10 records are whole and went on");
    spool.reopen();
    assert_eq!(spool.next().expect("again").count(), 9);
    assert_eq!(spool.counters().lost_records, 0, "this boot lost nothing");
}

#[test]
fn a_segment_without_its_label_is_read_by_that_of_another() {
    let mut spool = TestSpool::open(small());
    append_patiently(&spool, 7, b"sealed");
    assert!(spool.seal());
    append_patiently(&spool, 7, b"open");
    spool.crash_after(|dir| {
        for open in files(dir, ".open") {
            let file = fs::OpenOptions::new().write(true).open(open);
            file.expect("a segment")
                .write_all_at(&[0xff; 64], 0)
                .expect("damage");
        }
    });
    assert_eq!(drain(&spool), [b"sealed".as_slice(), b"open"]);
    let quarantine = spool.path().join("quarantine");
    let kept = fs::read(&files(&quarantine, ".open")[0]).expect("the file as it was");
    assert_eq!((kept.len(), &kept[..64]), (4096, [0xff; 64].as_slice()));
}

/// What may befall a file of the folder.
#[derive(Clone, Debug)]
enum Harm {
    Flip(usize),
    Truncate(usize),
    ZeroPage(usize),
    Delete,
    CopyAsNext,
    SwapWithFirst,
}

fn harm() -> impl Strategy<Value = (usize, Harm)> {
    let kind = prop_oneof![
        any::<usize>().prop_map(Harm::Flip),
        any::<usize>().prop_map(Harm::Truncate),
        any::<usize>().prop_map(Harm::ZeroPage),
        Just(Harm::Delete),
        Just(Harm::CopyAsNext),
        Just(Harm::SwapWithFirst),
    ];
    (any::<usize>(), kind)
}

fn inflict(dir: &Path, which: usize, harm: &Harm) {
    let targets = [
        files(dir, ".ready"),
        files(dir, ".open"),
        files(dir, "node"),
    ]
    .concat();
    let target = &targets[which % targets.len()];
    let mut bytes = fs::read(target).expect("a file");
    let len = bytes.len();
    match *harm {
        Harm::Flip(at) if len > 0 => bytes[at % len] ^= 1,
        Harm::Truncate(at) if len > 0 => bytes.truncate(at % len),
        Harm::ZeroPage(at) => {
            let start = at % len.max(1) / 4096 * 4096;
            bytes[start..len.min(start + 4096)].fill(0);
        }
        Harm::Delete => return fs::remove_file(target).expect("removed"),
        Harm::CopyAsNext => {
            let copy = dir.join("000001-0000009999.ready");
            return fs::copy(target, copy).map(drop).expect("copied");
        }
        Harm::SwapWithFirst => {
            let first = fs::read(&targets[0]).expect("a file");
            fs::write(&targets[0], &bytes).expect("swapped");
            bytes = first;
        }
        Harm::Flip(_) | Harm::Truncate(_) => {}
    }
    fs::write(target, bytes).expect("damage");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn no_damage_keeps_a_spool_shut_or_makes_records_up(harms in vec(harm(), 1..4)) {
        let mut spool = TestSpool::open(small());
        let mut written = vec![];
        for number in 0..40_u32 {
            let record = [number.to_le_bytes().to_vec(), vec![number as u8; 500]].concat();
            append_patiently(&spool, 0, &record);
            written.push(record);
        }
        spool.crash_after(|dir| {
            for (which, harm) in &harms {
                inflict(dir, *which, harm);
            }
        });
        let kept = drain(&spool);
        let mut once = kept.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), kept.len(), "nothing is doubled");
        prop_assert!(kept.iter().all(|record| written.contains(record)), "nothing is invented");

        append_patiently(&spool, 0, b"afterwards");
        prop_assert!(spool.seal());
        prop_assert_eq!(drain(&spool), [b"afterwards"]);
    }
}

//! What must hold of a segment's reader, whatever the bytes: nothing is invented, only what was touched is lost,
//! and what is sealed again reads the same.
//!
//! The reader is private to the spool, so its files are taken in as they are.
#![allow(dead_code, reason = "of the writing half only the encoder is used")]

#[path = "../../src/contents.rs"]
mod contents;
#[path = "../../src/frame.rs"]
mod frame;
#[path = "../../src/label.rs"]
mod label;
#[path = "../../src/mapping.rs"]
mod mapping;
#[path = "../../src/pace.rs"]
mod pace;
#[path = "../../src/prefetch.rs"]
mod prefetch;

mod harm;

use contents::Contents;
use label::Label;

pub use harm::Harm;

/// The segment that records are written to here.
const LABEL: Label = Label {
    node: 0x1a2b_3c4d,
    boot: 3,
    seq: 3 << 32 | 0x2a,
    partition: 202_611,
    salt: 0x5eed_5a17,
};

/// A whole segment that holds `records`.
pub fn segment(records: &[Vec<u8>]) -> Vec<u8> {
    frame::encode(&LABEL, records.iter().map(Vec::as_slice))
}

/// Reads a file that may hold anything, by its own label and, as where that is lost, by the one it should have.
/// Answers how many records there were.
pub fn read(bytes: &[u8]) -> usize {
    if let Ok(contents) = Contents::read(LABEL, bytes.to_vec()) {
        seal_again(&contents);
    }
    Contents::parse(LABEL.seq, bytes.to_vec()).map_or(0, |contents| seal_again(&contents))
}

/// What can be read is sealed as the spool would, and must read the same again.
fn seal_again(contents: &Contents) -> usize {
    let sealed = contents.sealed();
    let again = Contents::parse(contents.label.seq, sealed).expect("what was sealed can be read");
    assert!(again.is_sealed() && (contents.is_damaged() || !again.is_damaged()));
    assert_eq!((again.lost(), again.tally()), (0, contents.tally()));
    assert!(again.records().eq(contents.records()));
    contents.records().len()
}

/// Writes records, harms the file and reads it: exactly the frames whose bytes are as they were come back.
pub fn read_harmed(records: &[Vec<u8>], harms: &[Harm]) {
    let whole = segment(records);
    let mut bytes = whole.clone();
    for harm in harms {
        harm.inflict(&mut bytes);
    }
    let before = frame::walk(&LABEL, &whole).records;
    let after = frame::walk(&LABEL, &bytes).records;
    assert_eq!(before.len(), records.len());
    for record in &after {
        assert!(before.contains(record), "an invented record at {record:?}");
        assert_eq!(bytes[record.clone()], whole[record.clone()]);
    }
    for record in &before {
        let frame = record.start - mapping::WORD..record.end;
        let is_untouched = bytes.get(frame.clone()) == Some(&whole[frame]);
        assert_eq!(is_untouched, after.contains(record), "{record:?}");
    }
    read(&bytes);
}

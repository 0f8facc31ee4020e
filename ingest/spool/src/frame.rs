//! Frames: a record with the word in front that proves it, and finding them again in any bytes.

use std::ops::Range;

use crate::{
    label::{self, Label, Tally},
    mapping::{ALIGN, WORD},
    pace::{PIECE, no_pause},
};

/// Set in every word, so that none is zero and text is rarely mistaken for one.
const MARK: u32 = 1 << 31;

/// The word in front of `record` at `offset` of the segment `label`.
pub(crate) fn word(label: &Label, offset: usize, record: &[u8]) -> u64 {
    let len = MARK | record.len() as u32;
    let mut place = [0; 16];
    place[0..8].copy_from_slice(&label.seq.to_le_bytes());
    place[8..12].copy_from_slice(&(offset as u32).to_le_bytes());
    place[12..16].copy_from_slice(&len.to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c_append(label.salt, record), &place);
    u64::from(len) | u64::from(checksum) << 32
}

/// A whole sealed segment that holds `records`.
pub(crate) fn encode<'a>(label: &Label, records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = label.header().to_vec();
    let mut tally = Tally::default();
    for record in records {
        let word = word(label, bytes.len(), record);
        bytes.extend_from_slice(&word.to_le_bytes());
        bytes.extend_from_slice(record);
        bytes.resize(bytes.len().next_multiple_of(ALIGN), 0);
        tally.note(word, bytes.len());
    }
    bytes.extend_from_slice(&label.footer(tally));
    bytes
}

/// What a walk over a segment's bytes found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Where the records are, in order.
    pub(crate) records: Vec<Range<usize>>,
    pub(crate) tally: Tally,
    /// The footer's tally, if a footer follows the frames.
    pub(crate) footer: Option<Tally>,
    /// Where a frame was due there was something else, which nobody reserved and left unpublished.
    pub(crate) damaged: bool,
}

/// Finds every frame of the segment `label` in `bytes`, the file from its start.
pub(crate) fn walk(label: &Label, bytes: &[u8]) -> Walk {
    walk_in_pieces(label, bytes, no_pause)
}

/// The same with a pause between pieces.
pub(crate) fn walk_in_pieces(label: &Label, bytes: &[u8], pause: fn()) -> Walk {
    let mut walk = Walk::default();
    let mut at = label::BYTES;
    let mut piece_end = PIECE;
    // Behind a zero word anything may stand: a record whose word was never written.
    let mut frame_due = true;
    while let Some(&found) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WORD>) {
        if at >= piece_end {
            pause();
            piece_end = at + PIECE;
        }
        let found = u64::from_le_bytes(found);
        if let Some(record) = record_at(label, bytes, at, found) {
            at = record.end.next_multiple_of(ALIGN);
            walk.tally.note(found, at);
            walk.records.push(record);
            frame_due = true;
            continue;
        }
        if let Some(tally) = footer_at(label, bytes, at, found) {
            walk.footer = Some(tally);
            break;
        }
        walk.damaged |= frame_due && found != 0;
        frame_due = false;
        at += ALIGN;
    }
    walk.damaged |= walk.footer.is_some_and(|footer| footer != walk.tally);
    walk
}

impl Tally {
    fn note(&mut self, word: u64, end: usize) {
        self.end = end as u32;
        self.count += 1;
        self.fingerprint = crc32c::crc32c_append(self.fingerprint, &word.to_le_bytes());
    }
}

fn record_at(label: &Label, bytes: &[u8], at: usize, found: u64) -> Option<Range<usize>> {
    let len = found as u32;
    if len & MARK == 0 {
        return None;
    }
    let start = at + WORD;
    let range = start..start.checked_add((len ^ MARK) as usize)?;
    let record = bytes.get(range.clone())?;
    (word(label, at, record) == found).then_some(range)
}

fn footer_at(label: &Label, bytes: &[u8], at: usize, found: u64) -> Option<Tally> {
    if found != label::FOOTER {
        return None;
    }
    let (whose, tally) = Label::from_footer(&bytes[at..])?;
    (whose == *label && tally.end as usize == at).then_some(tally)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::contents::Contents;

    const LABEL: Label = Label {
        node: 0x1a2b_3c4d,
        boot: 3,
        seq: 3 << 32 | 0x2a,
        partition: 202_611,
        salt: 0x5eed_5a17,
    };

    fn encoded(records: &[Vec<u8>]) -> Vec<u8> {
        encode(&LABEL, records.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_sealed_segment_reads_back() {
        let records: Vec<Vec<u8>> = [0, 1, 7, 8, 9, 300].map(|len| vec![7; len]).into();
        let contents = Contents::parse(LABEL.seq, encoded(&records)).expect("it is whole");
        assert!(contents.records().eq(&records));
        assert!(contents.is_sealed() && !contents.is_damaged());
        assert_eq!(contents.label, LABEL);
    }

    #[test]
    fn a_walk_with_pauses_between_pieces_finds_the_same() {
        thread_local!(static PAUSES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
        let records = vec![vec![7; 1000]; 4 * PIECE / 1000];
        let bytes = encoded(&records);
        let found = walk_in_pieces(&LABEL, &bytes, || PAUSES.set(PAUSES.get() + 1));
        assert_eq!(found.records.len(), records.len());
        assert_eq!(found, walk(&LABEL, &bytes));
        assert_eq!(PAUSES.get(), bytes.len() / PIECE);
    }

    #[test]
    fn the_format_is_the_one_that_older_spools_wrote() {
        let bytes = encoded(&[b"one".to_vec(), b"two and three".to_vec()]);
        let words: Vec<String> = bytes
            .chunks(4)
            .map(|word| {
                word.iter()
                    .rev()
                    .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
            })
            .collect();
        let lines: Vec<String> = words.chunks(4).map(|line| line.join(" ")).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        52494557 01485053 0000002a 00000003
        1a2b3c4d 00000003 00031773 5eed5a17
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 960a8030
        80000003 df3bf04f 00656e6f 00000000
        8000000d 74c1a69e 206f7774 20646e61
        65726874 00000065 52494557 01465053
        0000002a 00000003 1a2b3c4d 00000003
        00031773 5eed5a17 00000002 60757d9b
        00000068 00000000 00000000 00000000
        00000000 82d1bca4
        ");
    }

    #[test]
    fn an_unpublished_record_is_no_damage() {
        let mut bytes = encoded(&[vec![1; 20], vec![2; 20], vec![3; 20]]);
        let second = label::BYTES + 32;
        bytes[second..second + WORD].fill(0);
        bytes.truncate(bytes.len() - label::BYTES);
        let walk = walk(&LABEL, &bytes);
        assert_eq!((walk.tally.count, walk.damaged), (2, false));
    }

    #[test]
    fn a_record_that_holds_a_frame_brings_no_second_record() {
        // The record's author may know everything but the salt.
        let guess = Label { salt: 0, ..LABEL };
        let inner = word(&guess, label::BYTES + WORD, b"evil").to_le_bytes();
        let crafted: Vec<u8> = [inner.as_slice(), b"evil\0\0\0\0"].concat();
        let mut bytes = encoded(&[crafted]);
        bytes[label::BYTES] ^= 1;
        assert_eq!(walk(&LABEL, &bytes).records, []);
    }

    /// What may happen to a file; places are taken modulo its length.
    #[derive(Clone, Debug)]
    enum Harm {
        Flip(usize, u8),
        Truncate(usize),
        Zero(usize),
        Copy {
            from: usize,
            to: usize,
            bytes: usize,
        },
    }

    fn harm() -> impl Strategy<Value = Harm> {
        let place = any::<usize>;
        prop_oneof![
            (place(), 0_u8..8).prop_map(|(at, bit)| Harm::Flip(at, bit)),
            place().prop_map(Harm::Truncate),
            place().prop_map(Harm::Zero),
            (place(), place(), 1_usize..4096).prop_map(|(from, to, bytes)| Harm::Copy {
                from,
                to,
                bytes
            }),
        ]
    }

    fn inflict(harm: &Harm, bytes: &mut Vec<u8>) {
        let len = bytes.len();
        let place = |at: usize| at % len;
        match *harm {
            Harm::Flip(at, bit) => bytes[place(at)] ^= 1 << bit,
            Harm::Truncate(at) => bytes.truncate(place(at)),
            Harm::Zero(at) => {
                let start = place(at) / 4096 * 4096;
                bytes[start..len.min(start + 4096)].fill(0);
            }
            // Copies of whole frames are the dangerous ones, so both ends are aligned.
            Harm::Copy { from, to, bytes: n } => {
                let (from, to) = (place(from) / ALIGN * ALIGN, place(to) / ALIGN * ALIGN);
                let n = n.min(len - from).min(len - to);
                bytes.copy_within(from..from + n, to);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..<_>::default() })]

        #[test]
        fn damage_costs_the_damaged_records_and_invents_none(
            records in vec(vec(any::<u8>(), 0..400), 1..60),
            harms in vec(harm(), 1..4),
        ) {
            let whole = encoded(&records);
            let mut bytes = whole.clone();
            for harm in &harms {
                if !bytes.is_empty() {
                    inflict(harm, &mut bytes);
                }
            }
            let before = walk(&LABEL, &whole).records;
            let after = walk(&LABEL, &bytes).records;
            let written: HashMap<_, _> = before.iter().map(|r| (r.clone(), &whole[r.clone()])).collect();
            for record in &after {
                prop_assert_eq!(written.get(record), Some(&&bytes[record.clone()]));
            }
            for record in &before {
                let frame = record.start - WORD..record.end;
                let untouched = bytes.get(frame.clone()) == Some(&whole[frame]);
                prop_assert_eq!(untouched, after.contains(record), "{:?}", record);
            }
            if let Ok(contents) = Contents::parse(LABEL.seq, bytes) {
                let sealed = Contents::parse(LABEL.seq, contents.sealed()).expect("it is whole");
                prop_assert!(sealed.records().eq(contents.records()));
                let kept = contents.tally().count;
                prop_assert!(kept == records.len() as u32 || contents.is_damaged() || !contents.is_sealed());
            }
        }

        #[test]
        fn any_bytes_at_all_are_survived(bytes in vec(any::<u8>(), 0..4096)) {
            prop_assert_eq!(walk(&LABEL, &bytes).records, []);
            prop_assert!(Contents::parse(LABEL.seq, bytes).is_err());
        }
    }
}

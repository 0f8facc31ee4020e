//! A whole segment in memory: its label, its records, and what is missing.

use std::ops::Range;

use crate::{
    frame::{self, Walk},
    label::{self, Label, Tally},
    mapping::WORD,
    pace::no_pause,
};

/// A segment that was read.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) label: Label,
    bytes: Vec<u8>,
    walk: Walk,
}

/// Why a file is not a segment that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Its blocks were reserved; the file is as good as new.
    #[error("nothing was ever appended")]
    Empty,
    /// Its records cannot be told from noise without the label's salt.
    #[error("neither its header nor its footer is whole")]
    NoLabel,
    /// The file was copied or renamed; its records are another file's.
    #[error("its label names another segment")]
    Stranger,
    /// There was something, and none of it is a record.
    #[error("no whole record is left")]
    NoRecord,
}

impl Contents {
    /// Reads the file of segment `seq`.
    pub(crate) fn parse(seq: u64, bytes: Vec<u8>) -> Result<Self, Unreadable> {
        Self::parse_in_pieces(seq, bytes, no_pause)
    }

    /// The same with a pause between pieces.
    pub(crate) fn parse_in_pieces(
        seq: u64,
        bytes: Vec<u8>,
        pause: fn(),
    ) -> Result<Self, Unreadable> {
        let label = Label::from_header(&bytes)
            .or_else(|| label_of_footer(&bytes))
            .ok_or_else(|| unlabelled(&bytes))?;
        if label.seq != seq {
            return Err(Unreadable::Stranger);
        }
        let walk = frame::walk_in_pieces(&label, &bytes, pause);
        Self::of(label, bytes, walk)
    }

    /// Reads the file of the segment `label`, whatever its own label has become.
    pub(crate) fn read(label: Label, bytes: Vec<u8>) -> Result<Self, Unreadable> {
        let walk = frame::walk(&label, &bytes);
        Self::of(label, bytes, walk)
    }

    fn of(label: Label, bytes: Vec<u8>, walk: Walk) -> Result<Self, Unreadable> {
        if walk.records.is_empty() {
            return Err(if walk.damaged {
                Unreadable::NoRecord
            } else {
                Unreadable::Empty
            });
        }
        Ok(Self { label, bytes, walk })
    }

    /// The records, in the order they were appended.
    pub(crate) fn records(&self) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        self.walk
            .records
            .iter()
            .map(|range: &Range<usize>| &self.bytes[range.clone()])
    }

    /// How many records there are and their fingerprint.
    pub(crate) fn tally(&self) -> Tally {
        self.walk.tally
    }

    /// Bytes up to the end of the last whole frame; where the footer belongs.
    pub(crate) fn end(&self) -> usize {
        self.walk.tally.end as usize
    }

    /// The bytes of a sealed file with these records.
    pub(crate) fn sealed(&self) -> Vec<u8> {
        let mut bytes = self.bytes[..self.end().min(self.bytes.len())].to_vec();
        // The zeros behind the last record may be cut off.
        bytes.resize(self.end(), 0);
        bytes[..label::BYTES].copy_from_slice(&self.label.header());
        bytes.extend(self.label.footer(self.tally()));
        bytes
    }

    /// The file's bytes, for who needs the room again.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes of the whole file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Something stands where a record should be.
    pub(crate) fn is_damaged(&self) -> bool {
        self.walk.damaged
    }

    /// The footer is there, or the file was cut short since it was sealed.
    pub(crate) fn is_sealed(&self) -> bool {
        self.walk.footer.is_some()
    }

    /// Records that the footer promises and the file no longer holds.
    pub(crate) fn lost(&self) -> u32 {
        self.walk
            .footer
            .map_or(0, |footer| footer.count.saturating_sub(self.tally().count))
    }
}

/// A header's first word is written last, so without it a file without frames was never begun.
fn unlabelled(bytes: &[u8]) -> Unreadable {
    let blank = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    let (header, frames) = bytes.split_at(bytes.len().min(label::BYTES));
    if blank(&header[..header.len().min(WORD)]) && blank(frames) {
        Unreadable::Empty
    } else {
        Unreadable::NoLabel
    }
}

fn label_of_footer(bytes: &[u8]) -> Option<Label> {
    let start = bytes.len().checked_sub(label::BYTES)?;
    Label::from_footer(&bytes[start..]).map(|(label, _)| label)
}

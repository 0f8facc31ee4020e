//! Names of the spool's files, and the directories they lie in.

use std::fmt;

/// One of the folder's directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    Root,
    Acked,
    Dead,
    Quarantine,
    Returned,
}

impl Place {
    pub(crate) const ALL: [Self; 5] = [
        Self::Root,
        Self::Acked,
        Self::Dead,
        Self::Quarantine,
        Self::Returned,
    ];

    pub(crate) fn directory(self) -> &'static str {
        match self {
            Self::Root => "",
            Self::Acked => "acked",
            Self::Dead => "dead",
            Self::Quarantine => "quarantine",
            Self::Returned => "returned",
        }
    }
}

/// Name of a file within the folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) place: Place,
    file: String,
}

/// The file that says whose folder it is and how often it was opened.
const NODE: &str = "node";
/// Start of the name of a segment whose blocks are being reserved.
const SPARE: &str = "spare-";
/// Ending of a file that is written in full before it gets its name.
const SCRATCH: &str = ".tmp";
/// What the name of a part ends in while it may still be taken back.
pub(crate) const STAGED_PART: &str = "part-staged";
/// Ending of the text that says why a file lies where it does.
const REASON: &str = ".reason";

impl Name {
    /// A segment whose blocks are being reserved.
    pub(crate) fn spare(seq: u64) -> Self {
        Self::new(Place::Root, format!("{SPARE}{}", Number(seq)))
    }

    /// A segment that is, or will be, written.
    pub(crate) fn open(seq: u64) -> Self {
        Self::new(Place::Root, format!("{}.open", Number(seq)))
    }

    /// A sealed segment.
    pub(crate) fn ready(seq: u64) -> Self {
        Self::new(Place::Root, format!("{}.ready", Number(seq)))
    }

    /// A settled segment.
    pub(crate) fn acked(seq: u64) -> Self {
        Self::new(Place::Acked, format!("{}.ready", Number(seq)))
    }

    /// A segment that is to be handed out again.
    pub(crate) fn returned(seq: u64) -> Self {
        Self::new(Place::Returned, format!("{}.ready", Number(seq)))
    }

    /// A segment that was refused whole.
    pub(crate) fn dead_batch(seq: u64) -> Self {
        Self::new(Place::Dead, format!("{}.batch", Number(seq)))
    }

    /// The records of a segment that were refused one by one, under a number of their own.
    pub(crate) fn dead_part(seq: u64) -> Self {
        Self::new(Place::Dead, format!("{}.part", Number(seq)))
    }

    /// The same, while the segment itself is not settled.
    pub(crate) fn staged_part(seq: u64) -> Self {
        Self::new(Place::Dead, format!("{}.{STAGED_PART}", Number(seq)))
    }

    /// Whose folder it is.
    pub(crate) fn node() -> Self {
        Self::new(Place::Root, NODE.to_owned())
    }

    /// The same file, kept for a look at its damage.
    pub(crate) fn quarantined(&self) -> Self {
        Self::new(Place::Quarantine, self.file.clone())
    }

    /// The text beside it that says why.
    pub(crate) fn reason(&self) -> Self {
        Self::new(self.place, format!("{}{REASON}", self.file))
    }

    /// Where a file is written before it gets this name.
    pub(crate) fn scratch(&self) -> Self {
        Self::new(self.place, format!("{}{SCRATCH}", self.file))
    }

    /// The file `file` of `place`, whatever it is.
    pub(crate) fn new(place: Place, file: String) -> Self {
        Self { place, file }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The segment's number and what the name ends in, if it is the name of a segment.
    pub(crate) fn segment(&self) -> Option<(u64, &str)> {
        let (number, kind) = self.file.split_once('.')?;
        Some((number_in(number)?, kind))
    }

    /// Left behind by a step of ours that did not finish, and worth nothing.
    pub(crate) fn is_scrap(&self) -> bool {
        let spare = self.file.strip_prefix(SPARE);
        let is_spare = spare.is_some_and(|number| number_in(number).is_some());
        let scratch = self.file.strip_suffix(SCRATCH);
        let is_scratch = scratch.is_some_and(|of| {
            of == NODE || Self::new(self.place, of.to_owned()).segment().is_some()
        });
        is_spare || is_scratch
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Root => f.write_str(&self.file),
            place => write!(f, "{}/{}", place.directory(), self.file),
        }
    }
}

/// A segment's number: the boot in the upper half, in the lower the edition above the counter.
///
/// The records of a batch that were refused one by one become a batch of the next *edition*: what is
/// stored of the first says nothing about them. So the number follows from the first one's, and a
/// crash while they are put aside gives them no second number.
pub(crate) struct Number(pub(crate) u64);

const EDITION_SHIFT: u32 = 29;
/// Highest counter within a boot.
pub(crate) const LAST_COUNTER: u32 = (1 << EDITION_SHIFT) - 1;
/// Highest edition of a batch.
const LAST_EDITION: u32 = u32::MAX >> EDITION_SHIFT;

impl Number {
    fn edition(&self) -> u32 {
        self.0 as u32 >> EDITION_SHIFT
    }

    /// The number of what is left over of this batch; the same once it has been split too often.
    pub(crate) fn next_edition(&self) -> u64 {
        if self.edition() == LAST_EDITION {
            self.0
        } else {
            self.0 + (1 << EDITION_SHIFT)
        }
    }

    /// The number of the batch that this one is left over of, or its own if it is of none.
    pub(crate) fn last_edition(&self) -> u64 {
        if self.edition() == 0 {
            self.0
        } else {
            self.0 - (1 << EDITION_SHIFT)
        }
    }

    /// Whether this batch is what is left over of another.
    #[cfg(test)]
    pub(crate) fn is_left_over(&self) -> bool {
        self.edition() > 0
    }

    /// Whether what is left over of this batch can have a number of its own.
    pub(crate) fn is_last_edition(&self) -> bool {
        self.edition() == LAST_EDITION
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counter = self.0 as u32 & LAST_COUNTER;
        write!(f, "{:06}-{counter:010}", self.0 >> 32)?;
        match self.edition() {
            0 => Ok(()),
            edition => write!(f, "e{edition}"),
        }
    }
}

/// The number that `text` spells.
fn number_in(text: &str) -> Option<u64> {
    let (boot, rest) = text.split_once('-')?;
    let (counter, edition) = match rest.split_once('e') {
        Some((counter, edition)) => (counter, edition.parse().ok()?),
        None => (rest, 0),
    };
    let (boot, counter): (u32, u32) = (boot.parse().ok()?, counter.parse().ok()?);
    let fits = counter <= LAST_COUNTER && edition <= LAST_EDITION;
    fits.then_some(u64::from(boot) << 32 | u64::from(edition << EDITION_SHIFT | counter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(file: &str) -> Name {
        Name::new(Place::Root, file.to_owned())
    }

    #[test]
    fn segments_are_numbered_by_boot_and_counter() {
        let seq = 3 << 32 | 0x2a;
        insta::assert_snapshot!(Name::ready(seq), @"000003-0000000042.ready");
        insta::assert_snapshot!(Name::dead_part(seq).reason(), @"dead/000003-0000000042.part.reason");
        assert_eq!(Name::open(seq).segment(), Some((seq, "open")));
    }

    #[test]
    fn what_is_left_over_of_a_batch_is_numbered_by_edition() {
        let mut number = Number(3 << 32 | 0x2a);
        let mut names = vec![];
        while !number.is_last_edition() {
            number = Number(number.next_edition());
            let name = Name::ready(number.0);
            assert_eq!(name.segment(), Some((number.0, "ready")));
            names.push(name.to_string());
        }
        assert_eq!(names.len(), 7);
        insta::assert_snapshot!(names[0], @"000003-0000000042e1.ready");
        assert_eq!(number.next_edition(), number.0);
    }

    #[test]
    fn other_names_are_not_segments() {
        for file in [
            "node",
            "lock",
            "1.ready",
            "a-b.ready",
            "1-99999999999.ready",
            "1-999999999.ready",
            "1-1e8.ready",
            "é-.x",
        ] {
            assert_eq!(plain(file).segment(), None, "{file}");
        }
    }

    #[test]
    fn only_our_own_leftovers_are_scrap() {
        let seq = 1 << 32 | 1;
        for name in [
            Name::spare(seq),
            Name::node().scratch(),
            Name::dead_part(seq).reason().scratch(),
        ] {
            assert!(name.is_scrap(), "{name}");
        }
        for file in ["notes.tmp", "spare-tyre", "node", "000001-0000000001.open"] {
            assert!(!plain(file).is_scrap(), "{file}");
        }
    }
}

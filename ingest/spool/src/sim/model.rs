//! What a spool must hold, record by record, whatever befell it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    batch::{Batch, BatchId},
    contents::Contents,
    name::Number,
};

/// Start of a record that accounts for dropped ones; as a number it is one that is never given.
pub(crate) const DROPPED: &[u8; 8] = b"dropped-";

/// What is known of a record that was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The kernel has it.
    Fresh,
    /// The disk has it.
    Safe,
    /// The kernel has it, and said that it cannot write something.
    Shaky,
    /// It may come, once: power was cut before it was surely on disk, or settling it failed.
    Maybe,
    /// It must not come.
    Settled,
    /// It must not come, and lies in `dead/`.
    Buried,
}

/// What a batch had when it was handed out.
#[derive(Debug)]
struct Handed {
    numbers: Vec<u64>,
    /// Its file may not be on disk.
    shaky: bool,
}

#[derive(Debug)]
struct Record {
    bytes: Vec<u8>,
    batch: BatchId,
    fate: Fate,
}

/// Why the spool is wrong.
pub(crate) type Wrong = String;

/// Every record that was appended.
#[derive(Debug, Default)]
pub(crate) struct Model {
    records: BTreeMap<u64, Record>,
    given: u64,
    /// Which records each batch had when it was first handed out.
    handed: HashMap<BatchId, Handed>,
    /// Calls have failed in this life.
    shaken: bool,
    pub(crate) dropped: u64,
    pub(crate) accounted: u64,
}

/// How settling a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Acknowledged,
    Buried,
    /// An error: the batch may come again, or not.
    Unclear,
}

impl Model {
    /// A record that is new.
    pub(crate) fn record(&mut self, bytes: usize) -> Vec<u8> {
        self.given += 1;
        let mut record = self.given.to_le_bytes().to_vec();
        record.resize(8 + bytes, self.given as u8);
        record
    }

    pub(crate) fn appended(&mut self, bytes: Vec<u8>, batch: BatchId) {
        let fate = Fate::Fresh;
        self.records
            .insert(number(&bytes), Record { bytes, batch, fate });
    }

    /// All that the kernel has is on disk.
    pub(crate) fn synced(&mut self) {
        self.turn(Fate::Fresh, Fate::Safe);
    }

    /// A call failed. What the kernel has may never get to the disk, not even once calls succeed.
    pub(crate) fn shaken(&mut self) {
        self.shaken = true;
        self.turn(Fate::Fresh, Fate::Shaky);
    }

    /// A new life.
    pub(crate) fn steady(&mut self) {
        self.shaken = false;
    }

    /// What was not on disk may be gone.
    pub(crate) fn lost_power(&mut self) {
        self.turn(Fate::Fresh, Fate::Maybe);
        self.turn(Fate::Shaky, Fate::Maybe);
    }

    /// What was settled may come again, once, and single records that were refused come with the rest
    /// of their batch.
    pub(crate) fn replayed(&mut self) {
        self.turn(Fate::Settled, Fate::Maybe);
        self.turn(Fate::Buried, Fate::Maybe);
    }

    fn turn(&mut self, from: Fate, to: Fate) {
        for record in self.records.values_mut() {
            if record.fate == from {
                record.fate = to;
            }
        }
    }

    /// A batch was handed out.
    pub(crate) fn handed(&mut self, batch: &Batch) -> Result<(), Wrong> {
        let numbers: Vec<u64> = batch.records().map(number).collect();
        let first_time = match self.handed.get(&batch.id()) {
            Some(known) if known.numbers != numbers && !known.shaky => {
                let (id, known) = (batch.id(), &known.numbers);
                return Err(format!("{id} changed: {known:?} became {numbers:?}"));
            }
            known => known.is_none(),
        };
        let shaky = self.shaken;
        self.handed.insert(batch.id(), Handed { numbers, shaky });
        for bytes in batch.records() {
            if let Some(count) = bytes.strip_prefix(DROPPED) {
                let count = count
                    .try_into()
                    .map_err(|_| "a sum is not whole".to_owned())?;
                // Sums that were refused alone come again as a batch of their own.
                if first_time && !Number(batch.id().seq).is_left_over() {
                    self.accounted += u64::from_le_bytes(count);
                }
                continue;
            }
            let number = number(bytes);
            let record = self.records.get_mut(&number);
            let record = record.ok_or_else(|| format!("record {number} was never appended"))?;
            if record.bytes != bytes {
                return Err(format!("record {number} came changed"));
            }
            if record.batch != batch.id() {
                let (was, is) = (record.batch, batch.id());
                return Err(format!("record {number} of {was} came with {is}"));
            }
            if matches!(record.fate, Fate::Settled | Fate::Buried) {
                return Err(format!(
                    "record {number} came though it is {:?}",
                    record.fate
                ));
            }
            record.fate = if self.shaken { Fate::Shaky } else { Fate::Safe };
        }
        Ok(())
    }

    /// Records that were handed out were settled.
    pub(crate) fn settled<'a>(&mut self, records: impl Iterator<Item = &'a [u8]>, end: End) {
        for bytes in records {
            if let Some(record) = self.records.get_mut(&number(bytes)) {
                record.fate = match end {
                    // A file that never got to the disk does not in `dead/` either.
                    End::Buried if record.fate == Fate::Shaky => Fate::Settled,
                    End::Acknowledged => Fate::Settled,
                    End::Buried => Fate::Buried,
                    End::Unclear => Fate::Maybe,
                };
            }
        }
    }

    /// A file was taken from `dead/` to be handed out again, as batch `batch`.
    pub(crate) fn returned(&mut self, contents: &Contents, surely: bool) {
        for bytes in contents.records() {
            if let Some(record) = self.records.get_mut(&number(bytes)) {
                record.batch = BatchId::of(&contents.label);
                record.fate = match record.fate {
                    Fate::Buried if surely => Fate::Safe,
                    _ if surely => Fate::Shaky,
                    _ => Fate::Maybe,
                };
            }
        }
    }

    /// After everything was handed out and acknowledged, with what lies in `dead/`.
    pub(crate) fn check_end(&self, dead: &[Contents]) -> Result<(), Wrong> {
        let mut buried = BTreeSet::new();
        let records = dead.iter().flat_map(Contents::records);
        for bytes in records.filter(|bytes| !bytes.starts_with(DROPPED)) {
            if !buried.insert(number(bytes)) {
                return Err(format!("record {} is dead twice", number(bytes)));
            }
        }
        if self.accounted > self.dropped {
            let Self {
                accounted, dropped, ..
            } = self;
            return Err(format!(
                "{accounted} are accounted for of {dropped} dropped"
            ));
        }
        for (number, record) in &self.records {
            match record.fate {
                Fate::Fresh | Fate::Safe | Fate::Shaky => {
                    return Err(format!("record {number} ({:?}) is lost", record.fate));
                }
                Fate::Buried if !buried.contains(number) => {
                    return Err(format!("record {number} was buried and is lost"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether this is a record that was appended.
    pub(crate) fn knows(&self, bytes: &[u8]) -> bool {
        let record = self.records.get(&number(bytes));
        record.is_some_and(|record| record.bytes == bytes)
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |first| u64::from_le_bytes(*first))
}

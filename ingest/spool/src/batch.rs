//! A sealed batch in the shipper's hands, and the three ways to be done with it.

use std::{fmt, io, sync::Arc, time::Duration, time::Instant};

use crate::{
    contents::Contents,
    folder::Name,
    frame,
    label::Label,
    recovery::{note_damage, quarantine},
    shared::Shared,
};

/// Pause before a batch whose file could not be read is handed out again.
const REST: Duration = Duration::from_secs(1);

/// Which batch it is, for ever: the node that wrote it, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId {
    /// Random number of the folder that the batch was written in.
    pub node: u32,
    /// Boot of that node and counter within the boot, as `boot << 32 | counter`.
    pub seq: u64,
}

impl BatchId {
    pub(crate) fn of(label: &Label) -> Self {
        Self {
            node: label.node,
            seq: label.seq,
        }
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.node, self.seq)
    }
}

/// Why a batch was not settled. It stays in the spool and is handed out again.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// Its file could not be moved.
    #[error(
        "batch {batch} could not be moved to {to}, it will be handed out again; check the disk"
    )]
    Move {
        /// The batch.
        batch: BatchId,
        /// Where it should have gone.
        to: String,
        /// What the disk said.
        source: io::Error,
    },
    /// Records, or the reason, could not be written beside it.
    #[error("{file} could not be written, so batch {batch} stays; make room on the disk")]
    Write {
        /// The batch.
        batch: BatchId,
        /// What should have been written.
        file: String,
        /// What the disk said.
        source: io::Error,
    },
}

/// A sealed batch, read into memory.
///
/// Dropping it unsettled gives it back: [`Spool::next`](crate::Spool::next) hands it out again.
pub struct Batch {
    shared: Arc<Shared>,
    contents: Contents,
    settled: bool,
}

impl Batch {
    /// Reads batch `seq`, which was taken from the queue; `None` if nothing of it is left.
    pub(crate) fn read(shared: &Arc<Shared>, seq: u64) -> Option<Self> {
        let contents = match read(shared, seq) {
            Ok(Some(contents)) => contents,
            Ok(None) => {
                shared.waiting.settle(seq);
                return None;
            }
            Err(error) => {
                shared.counts.io_errors.add(1);
                let file = Name::ready(seq).to_string();
                tracing::error!(file, %error, "a batch cannot be read for the moment");
                shared.waiting.put_back(seq, REST);
                return None;
            }
        };
        Some(Self {
            shared: Arc::clone(shared),
            contents,
            settled: false,
        })
    }

    /// Which batch it is.
    pub fn id(&self) -> BatchId {
        BatchId::of(&self.contents.label)
    }

    /// The partition that all its records were appended with.
    pub fn partition(&self) -> u32 {
        self.contents.label.partition
    }

    /// Names exactly these records, for ever: `<node>-<seq>-<fingerprint>`. A batch that loses
    /// records to damage after it was sealed has another token from then on.
    pub fn token(&self) -> String {
        format!("{}-{:08x}", self.id(), self.contents.tally().fingerprint)
    }

    /// The records, in the order they were appended.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        self.contents.records()
    }

    /// How many records it holds; never none.
    pub fn count(&self) -> usize {
        self.records().len()
    }

    /// Bytes of its file.
    pub fn bytes(&self) -> u64 {
        self.contents.file_bytes()
    }

    /// Settles a batch that the receiver has. It is kept in `acked/` for a while.
    pub fn acknowledge(mut self) -> Result<(), SettleError> {
        let bytes = self.settle(&Name::acked(self.seq()))?;
        self.shared.shrink(bytes);
        self.shared
            .settled()
            .push(self.seq(), bytes, Instant::now());
        self.shared.counts.acknowledged.add(1);
        Ok(())
    }

    /// Settles a batch that the receiver will never take. It is kept in `dead/`, `reason` beside it.
    pub fn bury(mut self, reason: &str) -> Result<(), SettleError> {
        let name = Name::dead_batch(self.seq());
        self.write(&name.reason(), reason.as_bytes())?;
        self.settle(&name)?;
        self.shared.counts.buried_batches.add(1);
        Ok(())
    }

    /// Keeps single records that the receiver will never take in `dead/`, each with its reason; the
    /// rest of the batch can then be acknowledged.
    ///
    /// To be called once with all of them: a later call for the same batch replaces the earlier one,
    /// so a repeat after a crash doubles nothing. The file is a sealed segment like any other.
    pub fn bury_records(&self, refused: &[(&[u8], &str)]) -> Result<(), SettleError> {
        if refused.is_empty() {
            return Ok(());
        }
        let name = Name::dead_part(self.seq());
        let reasons: Vec<String> = refused
            .iter()
            .zip(1..)
            .map(|((_, reason), number)| format!("{number}: {reason}"))
            .collect();
        let records = refused.iter().map(|(record, _)| *record);
        self.write(&name.reason(), reasons.join("\n").as_bytes())?;
        self.write(&name, &frame::encode(&self.contents.label, records))?;
        self.shared.counts.buried_records.add(refused.len() as u64);
        Ok(())
    }

    fn seq(&self) -> u64 {
        self.contents.label.seq
    }

    /// Moves the file; its bytes.
    fn settle(&mut self, to: &Name) -> Result<u64, SettleError> {
        let moved = self.shared.folder.rename(&Name::ready(self.seq()), to);
        moved.map_err(|source| SettleError::Move {
            batch: self.id(),
            to: to.to_string(),
            source,
        })?;
        self.settled = true;
        Ok(self.shared.waiting.settle(self.seq()))
    }

    fn write(&self, name: &Name, bytes: &[u8]) -> Result<(), SettleError> {
        let written = self.shared.folder.write(name, bytes);
        written.map_err(|source| SettleError::Write {
            batch: self.id(),
            file: name.to_string(),
            source,
        })?;
        self.shared.grow(bytes.len() as u64);
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if !self.settled {
            self.shared.waiting.put_back(self.seq(), Duration::ZERO);
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("token", &self.token())
            .field("partition", &self.partition())
            .field("count", &self.count())
            .field("bytes", &self.bytes())
            .finish()
    }
}

/// The contents of batch `seq`; `None` once it is known that nothing can be had.
fn read(shared: &Shared, seq: u64) -> io::Result<Option<Contents>> {
    let name = Name::ready(seq);
    let bytes = match shared.folder.read(&name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            shared.counts.damaged_batches.add(1);
            let file = name.to_string();
            tracing::error!(file, "a batch is gone: somebody else removed its file");
            shared.shrink(shared.waiting.settle(seq));
            return Ok(None);
        }
        bytes => bytes?,
    };
    match Contents::parse(seq, bytes) {
        Ok(contents) => {
            if contents.is_damaged() || !contents.is_sealed() {
                let kept = note_damage(&shared.folder, &shared.counts, &name, &contents)?;
                shared.grow(kept);
            }
            Ok(Some(contents))
        }
        Err(why) => {
            quarantine(&shared.folder, &shared.counts, &name, &why.to_string())?;
            Ok(None)
        }
    }
}

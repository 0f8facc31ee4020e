//! A sealed batch in the shipper's hands, and the three ways to be done with it.

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use crate::{
    contents::Contents,
    frame,
    label::Label,
    name::{Name, Number, Place},
    recovery::{note_damage, quarantine},
    shared::Shared,
    waiting::Past,
};

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
    past: Past,
    /// Some of its records were put aside in this turn.
    split: AtomicBool,
    settled: bool,
}

impl Batch {
    /// Reads batch `seq`, which was taken from the queue; `None` if nothing of it is left.
    pub(crate) fn read(shared: &Arc<Shared>, (seq, past): (u64, Past)) -> Option<Self> {
        let contents = match read(shared, seq) {
            Ok(Some(contents)) => contents,
            Ok(None) => {
                shared.waiting.settle(seq);
                return None;
            }
            Err(error) => {
                let what = format!("{} cannot be read for the moment", Name::ready(seq));
                shared.counts.complain(&error, &what);
                shared.waiting.rest(seq);
                return None;
            }
        };
        Some(Self {
            shared: Arc::clone(shared),
            contents,
            past,
            split: AtomicBool::new(false),
            settled: false,
        })
    }

    /// Which batch it is.
    pub fn id(&self) -> BatchId {
        BatchId::of(&self.contents.label)
    }

    /// Nobody has had it: it was sealed by this process and never handed out. Any other may have been
    /// sent before.
    pub fn is_fresh(&self) -> bool {
        self.past == Past::None
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
        let split = self.split.load(Ordering::Relaxed);
        if !split {
            self.forget_part()?;
        }
        let bytes = self.settle(&Name::acked(self.seq()))?;
        self.shared.shrink(bytes);
        self.shared
            .settled()
            .push(self.seq(), bytes, Instant::now());
        self.shared.counts.acknowledged.add(1);
        if split {
            self.publish_part();
        }
        Ok(())
    }

    /// Settles a batch that the receiver will never take. It is kept in `dead/`, `reason` beside it.
    pub fn bury(mut self, reason: &str) -> Result<(), SettleError> {
        self.forget_part()?;
        let name = Name::dead_batch(self.seq());
        self.write(&name.reason(), reason.as_bytes())?;
        let bytes = self.settle(&name)?;
        self.shared.shrink(bytes);
        self.shared.set_aside(bytes);
        self.shared.counts.buried_batches.add(1);
        Ok(())
    }

    /// Keeps single records that the receiver will never take in `dead/`, each with its reason; the
    /// rest of the batch can then be acknowledged.
    ///
    /// To be called once with all of them: a later call for the same batch replaces the earlier one,
    /// so a repeat after a crash doubles nothing. Until this batch is acknowledged they are its own.
    /// Then their file is a sealed segment like any other, and a batch of its own when it is returned:
    /// what is stored of this one says nothing about it.
    pub fn bury_records(&self, refused: &[(&[u8], &str)]) -> Result<(), SettleError> {
        if refused.is_empty() {
            return Ok(());
        }
        let label = self.label_of_part();
        let name = Name::dead_part(label.seq);
        let reasons: Vec<String> = refused
            .iter()
            .zip(1..)
            .map(|((_, reason), number)| format!("{number}: {reason}"))
            .collect();
        let records = refused.iter().map(|(record, _)| *record);
        self.write(&name.reason(), reasons.join("\n").as_bytes())?;
        let staged = Name::staged_part(label.seq);
        self.write(&staged, &frame::encode(&label, records))?;
        self.split.store(true, Ordering::Relaxed);
        self.shared.counts.buried_records.add(refused.len() as u64);
        Ok(())
    }

    /// Records that were put aside when this batch was handed out before are of this turn again.
    fn forget_part(&self) -> Result<(), SettleError> {
        if self.is_fresh() && !self.split.load(Ordering::Relaxed) {
            return Ok(());
        }
        let seq = self.label_of_part().seq;
        let name = Name::dead_part(seq);
        let folder = &self.shared.folder;
        [Name::staged_part(seq), name.reason(), name.clone()]
            .iter()
            .try_for_each(|name| folder.clear(name))
            .and_then(|()| folder.sync_names(Place::Dead))
            .map_err(|source| SettleError::Write {
                batch: self.id(),
                file: name.to_string(),
                source,
            })
    }

    /// The records that were put aside are a batch of their own now. If that cannot be written, the
    /// next start finds that this one is settled, and does it.
    fn publish_part(&self) {
        let seq = self.label_of_part().seq;
        let (from, to) = (Name::staged_part(seq), Name::dead_part(seq));
        if let Err(error) = self.shared.folder.rename(&from, &to) {
            let what = "refused records are not yet where they belong";
            self.shared.counts.complain(&error, what);
        }
    }

    fn label_of_part(&self) -> Label {
        Label {
            seq: Number(self.seq()).next_edition(),
            ..self.contents.label
        }
    }

    fn seq(&self) -> u64 {
        self.contents.label.seq
    }

    /// Moves the file; its bytes.
    fn settle(&mut self, to: &Name) -> Result<u64, SettleError> {
        let counts = &self.shared.counts;
        // If a power cut undoes it, the batch comes again under its token.
        let sync_failed =
            |error: &io::Error| counts.complain(error, "a settled batch is not synced");
        let from = Name::ready(self.seq());
        let moved = self.shared.folder.rename_undoably(&from, to, sync_failed);
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
        self.shared.set_aside(bytes.len() as u64);
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if !self.settled {
            self.shared.waiting.put_back(self.seq());
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
                shared.set_aside(kept);
            }
            Ok(Some(contents))
        }
        Err(why) => {
            quarantine(&shared.folder, &shared.counts, &name, &why.to_string())?;
            let bytes = shared.waiting.settle(seq);
            shared.shrink(bytes);
            shared.set_aside(bytes);
            Ok(None)
        }
    }
}

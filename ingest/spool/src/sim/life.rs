//! A spool's life on the disk in memory: random steps, an end of some kind, and the life after it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    dice::Dice,
    disk::SimDisk,
    model::{DROPPED, End, Model, Wrong},
};
use crate::{
    batch::Batch,
    contents::Contents,
    folder::Folder,
    keeper::Keeper,
    missed::Missed,
    name::{Name, Place},
    options::Options,
    shared::Shared,
    spare,
};

/// An open spool whose background work is done by whoever holds it.
pub(crate) struct Life<'m> {
    pub(crate) disk: SimDisk,
    shared: Arc<Shared>,
    keeper: Keeper,
    model: &'m mut Model,
    /// Whether settled batches are replayed in this story, or dead ones returned. Never both: a record
    /// that was refused alone would come with its batch and by itself.
    replays: bool,
    /// Calls that had failed when a step began.
    failed_before: u64,
}

fn options() -> Options {
    Options {
        smallest_segment_bytes: 4096,
        largest_segment_bytes: 16 << 10,
        spares: 1,
        ..Options::default()
    }
}

/// When a batch that could not be read has rested for long enough.
fn later() -> Instant {
    Instant::now() + Duration::from_hours(1)
}

/// How a life ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    Kill,
    PowerCut,
}

impl<'m> Life<'m> {
    /// Opens what is on `disk`; `None` if the disk does not let it.
    pub(crate) fn begin(disk: &SimDisk, model: &'m mut Model, replays: bool) -> Option<Self> {
        model.steady();
        let missed = Arc::<Missed>::default();
        let folder = Folder::on(disk.clone());
        let shared = Shared::recover(folder, None, options(), Arc::default(), missed).ok()?;
        let shared = Arc::new(shared);
        Some(Self {
            failed_before: disk.failed(),
            disk: disk.clone(),
            keeper: Keeper::new(Arc::clone(&shared)),
            shared,
            model,
            replays,
        })
    }

    /// Takes random steps until the disk stops or there were `steps` of them.
    pub(crate) fn run(&mut self, steps: usize, dice: &mut Dice) -> Result<(), Wrong> {
        for _ in 0..steps {
            if self.disk.is_stopped() {
                break;
            }
            self.failed_before = self.disk.failed();
            self.step(dice)?;
            if self.disk.failed() > self.failed_before {
                self.model.shaken();
            }
        }
        Ok(())
    }

    fn step(&mut self, dice: &mut Dice) -> Result<(), Wrong> {
        match dice.roll(20) {
            0..8 => self.append(dice),
            8..10 => self.sync(),
            10..12 => self.seal(),
            12 => self.disk.write_back(dice),
            13 => self.shared.tend(),
            14 if self.replays => self.replay(),
            14 => self.return_dead(),
            _ => self.take(dice)?,
        }
        Ok(())
    }

    pub(crate) fn append(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.roll(4) {
            spare::restock(&self.shared, &mut None);
            let partition = u32::from(dice.one_in(8));
            let record = self.model.record(dice.roll(1200));
            if let Ok(appended) = self.shared.append(partition, &record) {
                self.model.appended(record, appended.batch);
            } else {
                self.model.dropped += 1;
                self.shared.miss(partition, DROPPED, 1);
            }
        }
    }

    pub(crate) fn sync(&mut self) {
        self.keeper.turn(false);
        if self.went_well() {
            self.model.synced();
        }
    }

    pub(crate) fn seal(&mut self) {
        self.shared.replace_current(&mut self.shared.front(), None);
        self.keeper.turn(true);
        if self.went_well() {
            self.model.synced();
        }
    }

    /// Whatever was appended has to be on disk now.
    pub(crate) fn surely_synced(&mut self) {
        self.model.synced();
    }

    /// Nothing failed in this step, and no segment is left over from an earlier one that did.
    fn went_well(&self) -> bool {
        let failed = self.disk.is_stopped() || self.disk.failed() > self.failed_before;
        !failed && self.shared.unsealed.load(Ordering::Relaxed) == 0
    }

    fn take(&mut self, dice: &mut Dice) -> Result<(), Wrong> {
        let Some(taken) = self.shared.waiting.take(later()) else {
            return Ok(());
        };
        let Some(batch) = Batch::read(&self.shared, taken) else {
            return Ok(());
        };
        self.model.handed(&batch)?;
        let records: Vec<Vec<u8>> = batch.records().map(<[u8]>::to_vec).collect();
        let mut each = records.iter().map(Vec::as_slice);
        match dice.roll(6) {
            0 => drop(batch),
            1 => {
                let end = self.end(batch.bury("refused").is_ok(), End::Buried);
                self.model.settled(each, end);
            }
            2 => {
                let refused: Vec<_> = each.by_ref().take(1).map(|r| (r, "refused")).collect();
                let buried = batch.bury_records(&refused).is_ok();
                let acked = buried && batch.acknowledge().is_ok();
                let end = self.end(acked, End::Buried);
                self.model
                    .settled(refused.iter().map(|(record, _)| *record), end);
                let end = self.end(acked, End::Acknowledged);
                self.model.settled(each, end);
            }
            _ => {
                let end = self.end(batch.acknowledge().is_ok(), End::Acknowledged);
                self.model.settled(each, end);
            }
        }
        Ok(())
    }

    /// `end`, if it is sure.
    fn end(&self, done: bool, end: End) -> End {
        let clean = done && self.disk.failed() == self.failed_before && !self.disk.is_stopped();
        if clean { end } else { End::Unclear }
    }

    /// What an operator does who wants a dead batch sent again.
    fn return_dead(&mut self) {
        let dead = self.dead();
        let Some((name, contents)) = dead.first() else {
            return;
        };
        let to = Name::returned(contents.label.seq);
        let moved = self.shared.folder.rename(name, &to).is_ok();
        self.model.returned(contents, moved);
        self.shared.folder.remove(&name.reason()).ok();
    }

    fn replay(&mut self) {
        self.shared.replay().ok();
        self.model.replayed();
    }

    fn dead(&self) -> Vec<(Name, Contents)> {
        let entries = self
            .shared
            .folder
            .list_place(Place::Dead)
            .unwrap_or_default();
        let files = entries.into_iter().filter_map(|entry| {
            let (seq, "batch" | "part") = entry.name.segment()? else {
                return None;
            };
            let bytes = self.shared.folder.read(&entry.name).ok()?;
            Some((entry.name, Contents::parse(seq, bytes).ok()?))
        });
        files.collect()
    }

    /// Ends it; the disk as the next one finds it.
    pub(crate) fn end_with(self, ending: Ending, dice: &mut Dice) -> SimDisk {
        match ending {
            Ending::Kill => self.disk,
            Ending::PowerCut => {
                self.model.lost_power();
                self.disk.after_power_cut(dice)
            }
        }
    }

    /// Takes in all that is there, with nothing failing, and compares it with the model.
    pub(crate) fn finish(mut self) -> Result<(), Wrong> {
        self.shared.tend();
        let record = self.model.record(100);
        spare::restock(&self.shared, &mut None);
        let appended = self.shared.append(0, &record);
        let appended = appended.map_err(|why| format!("the last record was dropped: {why}"))?;
        self.model.appended(record, appended.batch);
        self.seal();
        while !self.shared.missed.is_empty() {
            spare::restock(&self.shared, &mut None);
            self.seal();
        }
        while let Some(taken) = self.shared.waiting.take(later()) {
            if let Some(batch) = Batch::read(&self.shared, taken) {
                self.model.handed(&batch)?;
                let records: Vec<Vec<u8>> = batch.records().map(<[u8]>::to_vec).collect();
                batch.acknowledge().map_err(|error| error.to_string())?;
                let records = records.iter().map(Vec::as_slice);
                self.model.settled(records, End::Acknowledged);
            }
        }
        let dead: Vec<Contents> = self
            .dead()
            .into_iter()
            .map(|(_, contents)| contents)
            .collect();
        self.model.check_end(&dead)
    }

    /// Takes and acknowledges all that is there, whatever the model says; its records.
    pub(crate) fn drain(&mut self) -> Vec<Vec<u8>> {
        self.seal();
        let mut records = vec![];
        while let Some(taken) = self.shared.waiting.take(later()) {
            if let Some(batch) = Batch::read(&self.shared, taken) {
                records.extend(batch.records().map(<[u8]>::to_vec));
                batch.acknowledge().expect("the disk is fine");
            }
        }
        records
    }
}

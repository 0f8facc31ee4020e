//! The steward: what a folder needs now and then and nothing waits for, on a thread of its own.

use std::{
    io,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use crate::{
    name::{Name, Place},
    shared::Shared,
    waiting::Past,
};

impl Shared {
    /// One round: settled batches go, returned ones come, what lies aside is measured.
    pub(crate) fn tend(&self) {
        self.sweep(self.options.keep_acked_bytes);
        let listed = self.take_returned().and_then(|()| self.measure_aside());
        if let Err(error) = listed {
            let what = "a directory of the spool cannot be listed";
            self.counts.complain(&error, what);
        }
    }

    /// Removes settled batches that are old, or more than `keep_bytes`.
    pub(crate) fn sweep(&self, keep_bytes: u64) {
        let keep_for = self.options.keep_acked_for;
        let next = || {
            self.settled()
                .pop_expired(Instant::now(), keep_for, keep_bytes)
        };
        while let Some(seq) = next() {
            if let Err(error) = self.folder.clear(&Name::acked(seq)) {
                let what = "a settled batch could not be removed";
                self.counts.complain(&error, what);
            }
        }
    }

    /// Queues what somebody put into `returned/`.
    fn take_returned(&self) -> io::Result<()> {
        for entry in self.folder.list_place(Place::Returned)? {
            let Some((seq, "ready")) = entry.name.segment().filter(|_| entry.regular) else {
                continue;
            };
            if let Err(error) = self.requeue(&entry.name, seq, entry.bytes) {
                let what = "a returned batch cannot be taken";
                self.counts.complain(&error, what);
            }
        }
        Ok(())
    }

    /// Hands out again every settled batch that is still kept; how many there are.
    ///
    /// For a receiver that has forgotten what it confirmed.
    pub(crate) fn replay(&self) -> io::Result<usize> {
        let next = || self.settled().pop();
        let mut replayed = 0;
        while let Some((seq, bytes)) = next() {
            match self.requeue(&Name::acked(seq), seq, bytes) {
                Ok(()) => replayed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    self.settled().push(seq, bytes, Instant::now());
                    return Err(error);
                }
            }
        }
        Ok(replayed)
    }

    fn requeue(&self, from: &Name, seq: u64, bytes: u64) -> io::Result<()> {
        // If a power cut undoes it, it is given back again.
        let sync_failed = |error: &io::Error| self.counts.complain(error, "a batch is not synced");
        self.folder
            .rename_undoably(from, &Name::ready(seq), sync_failed)?;
        if self.waiting.push(seq, bytes, Instant::now(), Past::Unknown) {
            self.grow(bytes);
        }
        Ok(())
    }

    /// An operator may have removed something.
    fn measure_aside(&self) -> io::Result<()> {
        let mut bytes = 0;
        for place in [Place::Dead, Place::Quarantine, Place::Returned] {
            let entries = self.folder.list_place(place)?;
            bytes += entries.iter().map(|entry| entry.bytes).sum::<u64>();
        }
        self.aside_bytes.store(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Nothing in the folder is of any use to a process that does not write into it.
    pub(crate) fn is_done(&self) -> bool {
        self.waiting.len() == 0 && self.settled().is_empty()
    }
}

/// Pause between two rounds.
pub(crate) const EVERY: Duration = Duration::from_secs(1);

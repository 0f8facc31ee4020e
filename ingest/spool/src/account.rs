//! Accounting for dropped records: their sums go into the reserve and from there the way of all batches.

use crate::{missed, segment::Spare, shared::Shared};

impl Shared {
    /// Writes the sums of one partition into `reserve` and hands it to the keeper. What does not fit
    /// is counted on.
    pub(crate) fn account(&self, reserve: Spare) {
        let sums = self.missed.take();
        let Some((partition, _)) = sums.keys().next() else {
            self.front().reserve = Some(reserve);
            return;
        };
        let label = self.label(reserve.seq, *partition);
        let segment = reserve.begin(label);
        for ((partition, key), count) in &sums {
            match segment.append(&missed::record(key, *count)) {
                Some(_) => self.counts.accounted.add(*count),
                None => self.miss(*partition, key, *count),
            }
        }
        self.retire(segment);
    }

    /// Counts `count` dropped records under `key`.
    pub(crate) fn miss(&self, partition: u32, key: &[u8], count: u64) {
        if !self.missed.add(partition, key, count) {
            self.counts.unaccounted.add(count);
        }
    }
}

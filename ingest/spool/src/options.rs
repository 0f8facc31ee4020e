//! How a spool behaves; the defaults suit a gateway.

use std::time::Duration;

use crate::label;

/// Limits and intervals of a spool.
#[derive(Clone, Debug)]
pub struct Options {
    /// Most bytes of all files together, settled ones (`acked/`) aside. Default 10 GiB.
    pub quota_bytes: u64,
    /// Size of a segment at rest. Segments grow from here with the arrival rate. Default 256 KiB.
    pub smallest_segment_bytes: usize,
    /// Size up to which segments grow. Default 8 MiB.
    pub largest_segment_bytes: usize,
    /// Segments kept ready beside the one being written. Default 3.
    pub spares: usize,
    /// A segment is sealed this long after its first record. Default 1 s. While a backlog waits,
    /// segments stay open longer, so that an outage leaves hundreds of batches, not thousands.
    pub seal_after: Duration,
    /// Longest time that a record is not yet on disk. Default 100 ms.
    pub sync_every: Duration,
    /// How long settled batches are kept. Default 30 minutes.
    pub keep_acked_for: Duration,
    /// Most bytes of settled batches that are kept. Default 256 MiB.
    pub keep_acked_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quota_bytes: 10 << 30,
            smallest_segment_bytes: 256 << 10,
            largest_segment_bytes: 8 << 20,
            spares: 3,
            seal_after: Duration::from_secs(1),
            sync_every: Duration::from_millis(100),
            keep_acked_for: Duration::from_mins(30),
            keep_acked_bytes: 256 << 20,
        }
    }
}

/// Longest record, whatever the segment's size: damage to one frame never costs more than this.
const LONGEST_RECORD: usize = 64 << 10;
/// Smallest useful segment, a page.
const SMALLEST: usize = 4096;
/// Offsets within a segment are written as 32 bits.
const LARGEST: usize = 1 << 30;

impl Options {
    /// The options as used: sizes within what the format can hold, and at least one spare.
    pub(crate) fn bounded(mut self) -> Self {
        self.smallest_segment_bytes = self.smallest_segment_bytes.clamp(SMALLEST, LARGEST);
        self.largest_segment_bytes = self
            .largest_segment_bytes
            .clamp(self.smallest_segment_bytes, LARGEST);
        self.spares = self.spares.max(1);
        self
    }

    /// The longest record that fits any segment.
    pub(crate) fn longest_record(&self) -> usize {
        let room = self.smallest_segment_bytes - 2 * label::BYTES - size_of::<u64>();
        room.min(LONGEST_RECORD)
    }
}

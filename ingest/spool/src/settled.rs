//! Batches that are settled and kept a while: which of them may go.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// The files in `acked/`, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    batches: VecDeque<(u64, u64, Instant)>,
    bytes: u64,
}

impl Settled {
    /// Notes that batch `seq` was settled at `since`.
    pub(crate) fn push(&mut self, seq: u64, bytes: u64, since: Instant) {
        self.batches.push_back((seq, bytes, since));
        self.bytes += bytes;
    }

    /// Takes the oldest batch: its number and bytes.
    pub(crate) fn pop(&mut self) -> Option<(u64, u64)> {
        let (seq, bytes, _) = self.batches.pop_front()?;
        self.bytes -= bytes;
        Some((seq, bytes))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Takes the oldest batch if it has been kept for `keep_for`, or all take more than `keep_bytes`.
    pub(crate) fn pop_expired(
        &mut self,
        now: Instant,
        keep_for: Duration,
        keep_bytes: u64,
    ) -> Option<u64> {
        let (seq, _, since) = *self.batches.front()?;
        let old = now.saturating_duration_since(since) >= keep_for;
        if !old && self.bytes <= keep_bytes {
            return None;
        }
        self.pop();
        Some(seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_by_age_and_by_size() {
        let start = Instant::now();
        let minute = Duration::from_mins(1);
        let mut settled = Settled::default();
        for seq in 1..=4 {
            settled.push(seq, 100, start + minute * seq as u32);
        }
        let now = start + minute * 11;
        assert_eq!(settled.pop_expired(now, minute * 10, 1000), Some(1));
        assert_eq!(settled.pop_expired(now, minute * 10, 1000), None);
        assert_eq!(settled.pop_expired(now, minute * 10, 250), Some(2));
        assert_eq!(settled.pop_expired(now, minute * 10, 250), None);
    }
}

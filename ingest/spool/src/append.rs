//! Appending, on the request's own thread: find the segment, copy, done; and its bounded patience.

use std::{
    hint, ptr,
    sync::{Arc, TryLockError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    counters::Dropped,
    segment::{Appended, Segment},
    shared::{Front, Shared},
};

/// Longest time an append may take before the record is given up.
const DEADLINE: Duration = Duration::from_millis(5);

impl Shared {
    /// Appends one record to the segment of `partition`.
    pub(crate) fn append(&self, partition: u32, record: &[u8]) -> Result<Appended, Dropped> {
        if self.is_closed() {
            return Err(Dropped::Closed);
        }
        if record.len() > self.longest_record {
            return Err(Dropped::TooLarge);
        }
        let mut patience = Patience::default();
        loop {
            let current = self.current.load();
            let segment = current.as_ref();
            if let Some(segment) = segment.filter(|segment| segment.label.partition == partition)
                && let Some(appended) = segment.append(record)
            {
                return Ok(appended);
            }
            self.advance(segment, partition, &mut patience)?;
        }
    }

    /// Replaces the segment `spent` by a fresh one for `partition`, unless somebody else has.
    fn advance(
        &self,
        spent: Option<&Arc<Segment>>,
        partition: u32,
        patience: &mut Patience,
    ) -> Result<(), Dropped> {
        loop {
            let mut front = match self.front.try_lock() {
                Ok(front) => front,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    if patience.is_over() {
                        return Err(Dropped::Late);
                    }
                    continue;
                }
            };
            match self.try_advance(&mut front, spent, partition) {
                Advance::Done => return Ok(()),
                Advance::Begun => {
                    drop(front);
                    self.wake_keeper();
                    self.wake_spares();
                    return Ok(());
                }
                Advance::Never(why) => return Err(why),
                Advance::NoSpare => {}
            }
            drop(front);
            if patience.is_over() {
                // Whoever comes next need not wait in vain; the next spare ends it.
                self.front().shortage.get_or_insert(Dropped::Late);
                return Err(Dropped::Late);
            }
        }
    }

    fn try_advance(
        &self,
        front: &mut Front,
        spent: Option<&Arc<Segment>>,
        partition: u32,
    ) -> Advance {
        if self.is_closed() {
            return Advance::Never(Dropped::Closed);
        }
        let address = |segment: Option<&Arc<Segment>>| segment.map_or(ptr::null(), Arc::as_ptr);
        if !ptr::eq(address(self.current.load().as_ref()), address(spent)) {
            return Advance::Done;
        }
        let Some(spare) = front.spares.pop_front() else {
            return front.shortage.map_or(Advance::NoSpare, Advance::Never);
        };
        let label = self.label(spare.seq, partition);
        self.replace_current(front, Some(spare.begin(label)));
        Advance::Begun
    }
}

/// What became of an attempt to advance.
enum Advance {
    /// Somebody else was faster.
    Done,
    Begun,
    NoSpare,
    Never(Dropped),
}

/// How long an append has been waiting. The clock is read only once there is something to wait for.
#[derive(Default)]
struct Patience {
    deadline: Option<Instant>,
    turns: u32,
}

impl Patience {
    /// Waits a moment: first spinning, then giving way, then asleep. `true` once time is up.
    fn is_over(&mut self) -> bool {
        let now = Instant::now();
        if now >= *self.deadline.get_or_insert(now + DEADLINE) {
            return true;
        }
        self.turns += 1;
        match self.turns {
            ..16 => hint::spin_loop(),
            16..64 => thread::yield_now(),
            _ => thread::sleep(Duration::from_micros(50)),
        }
        false
    }
}

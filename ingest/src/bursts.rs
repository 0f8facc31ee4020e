//! How many events one address sent lately, which nobody checks: a program can send what it likes.
//!
//! [`Bursts`] holds a cell for each address and package of the last minute, found by a number under the day's salt.
//! Cells are few and shared by nobody for long: while one is taken, others that belong there are not counted. So a
//! crowd makes too few bursts and never one too many. Nothing is written, and all is wiped within minutes.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Seconds in which events count as sent together.
const WINDOW: u32 = 60;
/// Cells: 512 KiB of them.
const CELLS: usize = 1 << 16;
/// Bits of a cell that count events within a window, in which the minute's stand above them.
const COUNT_BITS: u32 = 16;
const COUNT_MAX: u64 = (1 << COUNT_BITS) - 1;
const MINUTE_BITS: u32 = 16;
const MINUTE_MAX: u64 = (1 << MINUTE_BITS) - 1;

/// Events of the last minutes; shared by all requests.
pub(crate) struct Bursts {
    cells: Box<[AtomicU64]>,
    /// Made afresh in each process, so that nobody can aim at a cell.
    keys: RandomState,
}

/// What a cell holds: whose it is, the minute, and how many events that minute had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    tag: u64,
    minute: u64,
    count: u64,
}

impl Bursts {
    pub(crate) fn new() -> Self {
        Self {
            cells: (0..CELLS).map(|_| AtomicU64::new(0)).collect(),
            keys: RandomState::new(),
        }
    }

    /// Notes an event of `sender`, a number for one address and package, at `now`. Returns how many there were within
    /// this minute, or in the one before if that had more.
    pub(crate) fn take(&self, sender: u64, now: u32) -> u32 {
        let hash = self.keys.hash_one(sender);
        let (at, tag) = (hash as usize % CELLS, hash >> (COUNT_BITS + MINUTE_BITS));
        let minute = minute(now);
        let next = |held: u64| Some(Cell::of(held).after(tag.max(1), minute).bits());
        let held = self.cells[at].fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let cell = Cell::of(held.unwrap_or_else(|held| held)).after(tag.max(1), minute);
        if cell.tag == tag.max(1) {
            cell.count as u32
        } else {
            1
        }
    }

    /// Wipes what is too old to count. For once a minute.
    pub(crate) fn forget(&self, now: u32) {
        let minute = minute(now);
        for cell in &self.cells {
            let held = cell.load(Ordering::Relaxed);
            if held != 0 && Cell::of(held).age(minute) > 1 {
                // An event that takes the cell meanwhile keeps it.
                let _ = cell.compare_exchange(held, 0, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
    }
}

impl Cell {
    fn of(bits: u64) -> Self {
        Self {
            tag: bits >> (COUNT_BITS + MINUTE_BITS),
            minute: bits >> COUNT_BITS & MINUTE_MAX,
            count: bits & COUNT_MAX,
        }
    }

    fn bits(self) -> u64 {
        self.tag << (COUNT_BITS + MINUTE_BITS) | self.minute << COUNT_BITS | self.count
    }

    /// The cell after one more event of `tag`. A burst that goes on is one from the start of the next minute.
    fn after(self, tag: u64, minute: u64) -> Self {
        match (self.tag == tag, self.age(minute)) {
            (true, 0) => Self {
                count: (self.count + 1).min(COUNT_MAX),
                ..self
            },
            (true, 1) => Self { minute, ..self },
            (false, 0) if self.tag != 0 => self,
            _ => Self {
                tag,
                minute,
                count: 1,
            },
        }
    }

    /// Minutes between the cell's and `minute`, whichever is later: clocks are set.
    fn age(self, minute: u64) -> u64 {
        self.minute.abs_diff(minute)
    }
}

fn minute(now: u32) -> u64 {
    u64::from(now / WINDOW) & MINUTE_MAX
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    const NOON: u32 = 20_000 * 86_400 + 43_200;

    #[test]
    fn events_of_one_minute_are_counted_for_their_sender() {
        let bursts = Bursts::new();
        let last = (0..120).fold(0, |_, half| bursts.take(7, NOON + half / 2));
        assert_eq!(last, 120);
        assert_eq!(bursts.take(8, NOON), 1);
    }

    #[test]
    fn a_burst_that_goes_on_is_one_from_the_start_of_the_next_minute() {
        let bursts = Bursts::new();
        for _ in 0..150 {
            bursts.take(7, NOON);
        }
        assert_eq!(bursts.take(7, NOON + 60), 150);
        assert_eq!(bursts.take(7, NOON + 180), 1);
    }

    #[test]
    fn nothing_is_known_of_anybody_after_two_minutes() {
        let bursts = Bursts::new();
        bursts.take(7, NOON);
        let held = || {
            let mut cells = bursts.cells.iter();
            cells.any(|cell| cell.load(Ordering::Relaxed) != 0)
        };
        bursts.forget(NOON + 60);
        assert!(held());
        bursts.forget(NOON + 120);
        assert!(!held());
    }

    proptest! {
        #[test]
        fn nobody_is_counted_for_another(events in prop::collection::vec((0_u64..200_000, 0_u32..59), 1..500)) {
            let bursts = Bursts::new();
            let mut sent: HashMap<u64, u32> = HashMap::new();
            for (sender, second) in events {
                let known = sent.entry(sender).or_default();
                *known += 1;
                prop_assert!((1..=*known).contains(&bursts.take(sender, NOON + second)));
            }
        }
    }
}

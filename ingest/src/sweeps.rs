//! How many versions of one package a client took lately: people take one or two, a mirror takes them all.
//!
//! [`Sweeps`] holds, for each client and package of the last minute, a set of versions: 128 bits, one of which each
//! version sets. Two versions may share a bit, so what is counted is a version too few at times and never one too
//! many. The client is a number under the day's salt, nothing is written, and all is wiped within minutes.
//!
//! The table has a fixed size. When it is full, whoever took the fewest versions makes room.

use std::hash::BuildHasher;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use weir_spool::prefetch;

use crate::keyed::{Keys, keys};

/// Seconds in which versions count as taken together.
const WINDOW: u32 = 60;
/// Slots that one client may lie in.
const WAYS: usize = 8;
/// Sets of slots: 1 MiB of them, for 32,768 clients a minute.
const SETS: usize = 4_096;

/// The versions that clients took lately; shared by all requests.
pub(crate) struct Sweeps {
    sets: Box<[Lines]>,
    /// Made afresh in each process, so that nobody can aim at a bit.
    keys: Keys,
}

/// Begins with a line of the processor's cache, like what is in it.
#[derive(Default)]
#[repr(align(64))]
struct Lines(Mutex<Set>);

/// Clients whose numbers choose the same place. Nothing of it is in the cache when a request comes, so that what tells
/// which slot it is about lies in one line with the lock, and of the slots one is touched.
#[derive(Default)]
#[repr(C)]
struct Set {
    /// When the window of each slot began, in seconds since 1970.
    since: [u32; WAYS],
    /// The upper bits of each slot's client.
    tags: [u16; WAYS],
    /// How many versions each slot's client took within its window or the one before; 0 while it is empty.
    counts: [u8; WAYS],
    slots: [Slot; WAYS],
}

/// One client's versions of one package within a window; empty while `client` is 0.
#[derive(Clone, Copy, Default)]
struct Slot {
    client: u64,
    /// 128 bits.
    taken: [u64; 2],
}

impl Sweeps {
    pub(crate) fn new() -> Self {
        Self {
            sets: (0..SETS).map(|_| Lines::default()).collect(),
            keys: keys(),
        }
    }

    /// Asks memory for what [`Sweeps::take`] will look at, for whoever has other things to do meanwhile.
    pub(crate) fn prepare(&self, client: u64) {
        prefetch(ptr::from_ref(self.lines(client)), size_of::<Lines>());
    }

    /// Notes that `client`, a number for one client of one package, took a version at `now`. Returns how many
    /// versions it took within this window or the one before.
    pub(crate) fn take(&self, client: u64, version: &str, now: u32) -> u32 {
        let client = client.max(1);
        let bit = self.keys.hash_one(version);
        let mut set = self.lines(client).lock();
        let at = set.place(client, now);
        set.note(at, bit)
    }

    /// Wipes what is too old to count. For once a minute.
    pub(crate) fn forget(&self, now: u32) {
        for lines in &self.sets {
            let mut set = lines.lock();
            for at in 0..WAYS {
                if set.is_over(at, now) {
                    set.begin(at, 0, 0);
                }
            }
        }
    }

    fn lines(&self, client: u64) -> &Lines {
        &self.sets[client.max(1) as usize % SETS]
    }
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Set> {
        // Nothing between lock and unlock can panic halfway through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Set {
    /// The client's slot, its window being the one that `now` lies in.
    fn place(&mut self, client: u64, now: u32) -> usize {
        let Some(at) = self.find(client) else {
            let at = self.room(now);
            self.begin(at, client, now);
            return at;
        };
        if self.is_over(at, now) {
            self.begin(at, client, now);
        } else if age(self.since[at], now) >= WINDOW {
            self.counts[at] = self.slots[at].count();
            self.since[at] = now;
            self.slots[at].taken = [0; 2];
        }
        at
    }

    fn find(&self, client: u64) -> Option<usize> {
        let mut tagged = (0..WAYS).filter(|&at| self.tags[at] == tag(client));
        tagged.find(|&at| self.slots[at].client == client)
    }

    /// The slot for somebody new: one that nobody has, else the one whose client took the fewest versions.
    fn room(&self, now: u32) -> usize {
        let free = (0..WAYS).find(|&at| self.counts[at] == 0 || self.is_over(at, now));
        let least = || (0..WAYS).min_by_key(|&at| (self.counts[at], self.since[at]));
        free.or_else(least).expect("a set has slots")
    }

    /// Gives the slot to `client`, who took nothing yet.
    fn begin(&mut self, at: usize, client: u64, now: u32) {
        self.since[at] = now;
        self.tags[at] = tag(client);
        self.counts[at] = 0;
        self.slots[at] = Slot {
            client,
            taken: [0; 2],
        };
    }

    /// Sets the bit of a version; how many versions there are then.
    fn note(&mut self, at: usize, bit: u64) -> u32 {
        let slot = &mut self.slots[at];
        let bit = bit % u64::from(u128::BITS);
        slot.taken[(bit / 64) as usize] |= 1 << (bit % 64);
        self.counts[at] = self.counts[at].max(slot.count());
        self.counts[at].into()
    }

    fn is_over(&self, at: usize, now: u32) -> bool {
        age(self.since[at], now) >= 2 * WINDOW
    }
}

impl Slot {
    fn count(&self) -> u8 {
        // 128 at most.
        self.taken.iter().map(|word| word.count_ones() as u8).sum()
    }
}

fn tag(client: u64) -> u16 {
    (client >> (u64::BITS - u16::BITS)) as u16
}

/// Seconds between two moments, whichever is later: clocks are set, and threads read them at slightly
/// different moments.
fn age(since: u32, now: u32) -> u32 {
    since.abs_diff(now)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const NOON: u32 = 20_000 * 86_400 + 43_200;

    /// What a client is said to have taken after taking each of `versions` in turn.
    fn last(sweeps: &Sweeps, client: u64, versions: std::ops::Range<u32>, now: u32) -> u32 {
        let take = |version: u32| sweeps.take(client, &format!("1.{version}"), now);
        versions.map(take).fold(0, |_, taken| taken)
    }

    #[test]
    fn whoever_takes_all_versions_within_a_minute_is_seen_to() {
        let sweeps = Sweeps::new();
        assert!(last(&sweeps, 7, 0..60, NOON) > 30);
        assert_eq!(last(&sweeps, 8, 0..1, NOON), 1);
    }

    #[test]
    fn a_sweep_that_goes_on_is_one_from_the_start_of_the_next_minute() {
        let sweeps = Sweeps::new();
        let first = last(&sweeps, 7, 0..60, NOON);
        assert_eq!(last(&sweeps, 7, 60..61, NOON + 60), first);
        assert_eq!(last(&sweeps, 7, 61..62, NOON + 180), 1);
    }

    #[test]
    fn nothing_is_known_of_anybody_after_two_minutes() {
        let sweeps = Sweeps::new();
        last(&sweeps, 7, 0..60, NOON);
        sweeps.forget(NOON + 119);
        let held = || {
            let used = |lines: &Lines| lines.lock().slots.iter().any(|slot| slot.client != 0);
            sweeps.sets.iter().any(used)
        };
        assert!(held());
        sweeps.forget(NOON + 120);
        assert!(!held());
    }

    #[test]
    fn a_crowd_does_not_push_out_whoever_takes_many() {
        let sweeps = Sweeps::new();
        let sweeper = SETS as u64;
        let before = last(&sweeps, sweeper, 0..30, NOON);
        for passer in 2..1_000 {
            last(&sweeps, passer * SETS as u64, 0..2, NOON + 1);
        }
        assert!(last(&sweeps, sweeper, 30..31, NOON + 2) >= before);
    }

    /// A lock is another thing elsewhere.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_tells_the_slot_is_one_line_of_the_cache_and_a_set_is_four() {
        assert_eq!(size_of::<Lines>(), 256);
        let lines = Lines::default();
        let from = std::ptr::from_ref(&lines).addr();
        assert_eq!(lines.lock().slots.as_ptr().addr() - from, 64);
    }

    proptest! {
        #[test]
        fn no_version_is_ever_counted_twice(taken in prop::collection::vec((0_u64..4, 0_u32..30, 0_u32..50), 1..200)) {
            let sweeps = Sweeps::new();
            let mut known: HashSet<(u64, u32)> = HashSet::new();
            for (client, version, second) in taken {
                known.insert((client.max(1), version));
                let distinct = known.iter().filter(|(other, _)| *other == client.max(1)).count();
                let counted = sweeps.take(client, &version.to_string(), NOON + second);
                prop_assert!((1..=distinct).contains(&(counted as usize)));
            }
        }
    }
}

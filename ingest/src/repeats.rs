//! Downloads counted lately, so that what one client asks for twice is one download.
//!
//! Clients retry, size a file up with a whole GET, or fetch it again to install what they fetched to
//! look at. [`Repeats`] holds a number for each download counted in the last minutes: a keyed hash of
//! who asked for what, and the second in which it was counted. Nothing of it is written, it is wiped
//! within minutes, and a new day's salt makes all of it meaningless before that.
//!
//! The table has a fixed size and no lock. When it is full, what was counted longest ago makes room,
//! and a repeat of that is counted: too many, and never too few. The other mistake, a download taken
//! for a repeat, needs two hashes that agree in 61 bits: at most once in 2^44 downloads.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

use weir_spool::prefetch;

use crate::Observation;
use crate::enrich::Client;
use crate::keyed::{Keys, keys};

/// How long the same request of the same address and client is a repeat, in seconds. Long enough for a
/// retry and for an install after a look, short enough that each run of a script counts.
const WINDOW: u32 = 60;
/// The same for a client that names its run, in seconds: such a request cannot be somebody else's.
const RUN_WINDOW: u32 = 600;
/// Age in seconds at which [`Repeats::forget`] wipes a number.
const LONGEST: u32 = RUN_WINDOW;

/// Slots that one key may lie in: a cache line of them.
const WAYS: usize = 8;
/// Bits that choose among the sets. All 2^17 slots together take 1 MiB and hold a minute of 1,000
/// downloads a second with room to spare.
const SET_BITS: u32 = 14;
/// Low bits of a slot: the second of the day, of which there are fewer than 2^17.
const SECOND_MASK: u64 = (1 << 17) - 1;
/// Tries to take a slot while others change its set at the same moment.
const TRIES: usize = 8;

/// Who asks, in words that outlive no day.
#[derive(Hash)]
enum Asker<'a> {
    /// The client's own name for its run.
    Run(&'a str),
    /// The source under the day's salt, and what its agent says of it, which tells clients behind one
    /// address apart. The agent itself would not do: uv names its subcommand in it, and asks for the
    /// same file as `lock` and as `sync`.
    Source(u64, Words<'a>),
}

/// Words of which most are empty.
struct Words<'a>([&'a str; 6]);

impl Hash for Words<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let words = (0_u8..).zip(self.0);
        words
            .filter(|(_, word)| !word.is_empty())
            .for_each(|numbered| numbered.hash(state));
    }
}

/// One request for one artifact, by one client, on one day.
#[derive(Hash)]
pub(crate) struct Asked<'a> {
    day: u32,
    asker: Asker<'a>,
    domain: &'a str,
    target: &'a str,
}

impl<'a> Asked<'a> {
    /// What `seen` asked for, its agent saying so much of the client; `source` is the client's number under the salt
    /// of `day`.
    pub(crate) fn new(
        seen: &Observation<'a>,
        client: &'a Client<'_>,
        source: u64,
        day: u32,
    ) -> Self {
        let says = [
            &*client.version,
            &*client.runtime,
            &*client.runtime_version,
            &*client.os_version,
            &*client.libc,
            &*client.ci_name,
        ];
        Self {
            day,
            asker: match seen.run {
                "" => Asker::Source(source, Words(says)),
                run => Asker::Run(run),
            },
            domain: seen.domain,
            target: seen.target,
        }
    }

    fn window(&self) -> u32 {
        match self.asker {
            Asker::Run(_) => RUN_WINDOW,
            Asker::Source(..) => WINDOW,
        }
    }
}

/// What an [`Asked`] is known by.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    hash: u64,
    /// In seconds.
    window: u32,
}

/// A table of the downloads that were counted lately; shared by all requests.
pub(crate) struct Repeats {
    sets: Box<[Set]>,
    /// Made afresh in each process, so that nobody can aim at a set.
    keys: Keys,
}

/// Slots: 0 while empty, else the hash with its low bits replaced by the second of the day.
#[derive(Default)]
#[repr(align(64))]
struct Set([AtomicU64; WAYS]);

impl Repeats {
    pub(crate) fn new() -> Self {
        Self {
            sets: (0..1 << SET_BITS).map(|_| Set::default()).collect(),
            keys: keys(),
        }
    }

    /// The number of a request. Asks memory for what [`Repeats::is_repeat`] will look at, for whoever has other things
    /// to do meanwhile.
    pub(crate) fn number(&self, asked: &Asked<'_>) -> Number {
        let hash = self.keys.hash_one(asked);
        prefetch(ptr::from_ref(self.set(hash)), size_of::<Set>());
        Number {
            hash,
            window: asked.window(),
        }
    }

    /// Whether a download like this was counted within its window before `second` of the day; if none
    /// was, this one is from now on. Of several at the same moment one is the first.
    pub(crate) fn is_repeat(&self, asked: Number, second: u32) -> bool {
        self.holds(asked.hash, second, asked.window)
    }

    fn set(&self, hash: u64) -> &Set {
        &self.sets[(hash & ((1 << SET_BITS) - 1)) as usize]
    }

    fn holds(&self, hash: u64, second: u32, window: u32) -> bool {
        let set = self.set(hash);
        for _ in 0..TRIES {
            let (slot, found) = set.find(hash, second);
            if is_same(found, hash) && age(found, second) < window {
                return true;
            }
            let counted = hash & !SECOND_MASK | u64::from(second);
            let taken = slot.compare_exchange(found, counted, Ordering::Relaxed, Ordering::Relaxed);
            if taken.is_ok() {
                return false;
            }
        }
        // Not remembered, which costs at most a repeat that is counted.
        false
    }

    /// Empties the slots that are too old to make a repeat, or from another day. For once a minute.
    pub(crate) fn forget(&self, second: u32) {
        for slot in self.sets.iter().flat_map(|set| &set.0) {
            let held = slot.load(Ordering::Relaxed);
            if held != 0 && age(held, second) >= LONGEST {
                // A download that takes the slot meanwhile keeps it.
                let _ = slot.compare_exchange(held, 0, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
    }
}

impl Set {
    /// The slot that holds `hash`, else an empty one, else the one that was taken longest ago.
    fn find(&self, hash: u64, second: u32) -> (&AtomicU64, u64) {
        let mut held = [0; WAYS];
        for (held, slot) in held.iter_mut().zip(&self.0) {
            *held = slot.load(Ordering::Relaxed);
        }
        let oldest = || (0..WAYS).max_by_key(|&at| age(held[at], second));
        let best = held
            .iter()
            .position(|&held| is_same(held, hash))
            .or_else(|| held.iter().position(|&held| held == 0))
            .or_else(oldest)
            .expect("a set has slots");
        (&self.0[best], held[best])
    }
}

fn is_same(held: u64, hash: u64) -> bool {
    held != 0 && held & !SECOND_MASK == hash & !SECOND_MASK
}

/// Seconds between a slot's and `second`, whichever is later: clocks are set, and threads read them
/// at slightly different moments. Across midnight it is most of a day.
fn age(held: u64, second: u32) -> u32 {
    ((held & SECOND_MASK) as u32).abs_diff(second)
}

#[cfg(test)]
mod tests;

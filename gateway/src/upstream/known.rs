//! Which addresses hold a file, as their hosts said lately.
//!
//! A redirect cannot know how it ends, so an address is asked once before clients are sent there.
//! The answer is looked up at every redirect: a fixed table of atomics, without lock or allocation.
//! A full set forgets the answer that would have ended first; a chance match of two addresses has
//! a probability of 8 in 2^37 a look-up, and lets one redirect go unasked.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;

/// Answers held at once: 262,144 in 2 MiB, in sets of a cache line.
const SETS: usize = 1 << 15;
const WAYS: usize = 8;
/// A slot is 38 bits of the address's hash, 2 of the answer, 24 of the time at which it ends.
const TIME_BITS: u32 = 24;
const FOUND_BITS: u32 = 2;
/// Ends are counted in steps, so that 24 bits last for years.
const STEP: Duration = Duration::from_secs(10);

/// What a host said of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A file.
    There = 1,
    /// Nothing, or nothing for the public.
    Missing = 2,
    /// No answer that means either.
    Unsure = 3,
}

impl Found {
    /// How long it is believed. What is missing may be published at any moment.
    fn lasts(self) -> Duration {
        match self {
            Self::There => Duration::from_hours(1),
            Self::Missing | Self::Unsure => Duration::from_mins(1),
        }
    }

    fn of_bits(bits: u64) -> Option<Self> {
        match bits {
            1 => Some(Self::There),
            2 => Some(Self::Missing),
            3 => Some(Self::Unsure),
            _ => None,
        }
    }
}

/// The answers.
#[derive(Debug)]
pub(crate) struct Known {
    slots: Box<[AtomicU64]>,
    /// Keyed afresh in each process. Nobody sees what it makes of an address, so that a fast one will do.
    hasher: RandomState,
    begun: Instant,
}

impl Known {
    pub(crate) fn new() -> Self {
        Self {
            slots: (0..SETS * WAYS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::default(),
            begun: Instant::now(),
        }
    }

    /// Takes down what its host said of `address`.
    pub(crate) fn learn(&self, address: &str, found: Found) {
        self.learn_at(address, found, Instant::now());
    }

    /// What is known of `address` at `now`, if anything is.
    pub(crate) fn look(&self, address: &str, now: Instant) -> Option<Found> {
        let (set, mark) = self.place(address);
        let slots = set.iter().map(|slot| slot.load(Ordering::Relaxed));
        let slot = slots.into_iter().find(|slot| slot >> MARK_AT == mark)?;
        (ends(slot) > self.step(now)).then_some(())?;
        Found::of_bits(slot >> TIME_BITS & ((1 << FOUND_BITS) - 1))
    }

    fn learn_at(&self, address: &str, found: Found, now: Instant) {
        let (set, mark) = self.place(address);
        let end = self.step(now + found.lasts()).min((1 << TIME_BITS) - 1);
        let value = mark << MARK_AT | (found as u64) << TIME_BITS | end;
        let held = |slot: &&AtomicU64| slot.load(Ordering::Relaxed);
        let same = set.iter().find(|slot| held(slot) >> MARK_AT == mark);
        let first_to_end = || set.iter().min_by_key(|slot| ends(held(slot)));
        // Two that learn at once may both take a slot; one answer is asked for again then.
        if let Some(slot) = same.or_else(first_to_end) {
            slot.store(value, Ordering::Relaxed);
        }
    }

    /// The slots that may hold `address`, and the mark of its own among them.
    fn place(&self, address: &str) -> (&[AtomicU64], u64) {
        let hash = self.hasher.hash_one(address);
        let set = hash as usize % SETS * WAYS;
        // The mark is never 0, so that an empty slot is no answer.
        (&self.slots[set..set + WAYS], hash >> MARK_AT | 1)
    }

    fn step(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.begun).as_secs() / STEP.as_secs()
    }
}

const MARK_AT: u32 = TIME_BITS + FOUND_BITS;

fn ends(slot: u64) -> u64 {
    slot & ((1 << TIME_BITS) - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_is_believed_for_its_time() {
        let known = Known::new();
        let now = Instant::now();
        assert_eq!(known.look("https://a.example/x", now), None);
        known.learn_at("https://a.example/x", Found::There, now);
        known.learn_at("https://a.example/y", Found::Missing, now);
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(
            known.look("https://a.example/x", later(3500)),
            Some(Found::There)
        );
        assert_eq!(known.look("https://a.example/x", later(3620)), None);
        assert_eq!(
            known.look("https://a.example/y", later(40)),
            Some(Found::Missing)
        );
        assert_eq!(known.look("https://a.example/y", later(80)), None);
        known.learn_at("https://a.example/y", Found::There, later(1));
        assert_eq!(
            known.look("https://a.example/y", later(80)),
            Some(Found::There)
        );
    }

    proptest! {
        #[test]
        fn nothing_is_known_that_was_not_said(said in proptest::collection::vec((0_u16..2_000, 1_u64..4), 0..4_000)) {
            let (known, now) = (Known::new(), Instant::now());
            let mut model = HashMap::new();
            for (number, bits) in said {
                let found = Found::of_bits(bits).expect("one of three");
                known.learn_at(&number.to_string(), found, now);
                model.insert(number, found);
            }
            for number in 0..2_000 {
                if let Some(found) = known.look(&number.to_string(), now) {
                    prop_assert_eq!(Some(&found), model.get(&number));
                }
            }
        }
    }
}

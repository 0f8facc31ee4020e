//! Chance that can be repeated (the mixing of `SplitMix64`).

use std::{env, time::SystemTime};

/// A source of numbers that follow from a seed.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    /// `true` once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }
}

/// The seeds of a run: `WEIR_CASES` of them from `WEIR_SEED`, else `cases` from one that the clock gives.
pub(crate) fn seeds(cases: u64) -> impl Iterator<Item = u64> {
    let given = |name| env::var(name).ok().and_then(|text| text.parse().ok());
    let clock = || {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        now.as_nanos() as u64 >> 10
    };
    let first: u64 = given("WEIR_SEED").unwrap_or_else(clock);
    let cases = given("WEIR_CASES").unwrap_or(cases);
    (first..).take(cases as usize)
}

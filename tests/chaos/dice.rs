//! Chance that can be repeated: everything random in a run comes from one printed seed.

use std::hash::{BuildHasher as _, RandomState};

/// A source of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    pub(crate) seed: u64,
    drawn: u64,
}

impl Dice {
    /// From `CHAOS_SEED`, so that a run can be repeated, or another one each time.
    pub(crate) fn thrown() -> Self {
        let given = std::env::var("CHAOS_SEED").ok();
        let seed = given.and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0) >> 16);
        eprintln!("CHAOS_SEED={seed}");
        Self { seed, drawn: 0 }
    }

    /// Another source from the same seed, that does not depend on how often this one was asked.
    pub(crate) fn another(&self, number: u64) -> Self {
        Self {
            seed: splitmix(self.seed ^ splitmix(number)),
            drawn: 0,
        }
    }

    /// A number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.drawn += 1;
        splitmix(self.seed.wrapping_add(self.drawn)) % end
    }

    /// One of some.
    pub(crate) fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len() as u64) as usize]
    }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
fn splitmix(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn the_same_seed_draws_the_same() {
    let dice = Dice { seed: 7, drawn: 0 };
    let drawn = |mut dice: Dice| [0; 6].map(|_| dice.below(100));
    assert_eq!(drawn(dice.clone()), drawn(dice.clone()));
    assert_ne!(drawn(dice.clone()), drawn(dice.another(1)));
}

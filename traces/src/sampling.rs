//! Which requests are traced: each by itself, with the same chance.

use std::cell::Cell;

/// A chance, in parts of 2^64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chance(u64);

impl Chance {
    /// `share` is between 0 and 1.
    #[allow(clippy::cast_sign_loss, clippy::cast_precision_loss)] // a share is positive, and a chance may be rounded
    pub(crate) fn of(share: f64) -> Self {
        // A product beyond the last number becomes that number.
        Self((share.clamp(0.0, 1.0) * u64::MAX as f64) as u64)
    }

    /// Whether this one is among them.
    pub(crate) fn hits(self) -> bool {
        self.0 == u64::MAX || draw() < self.0
    }
}

/// A number that nobody need be unable to guess, without a lock or a system call: `SplitMix64` (Steele, Lea and Flood,
/// 2014), seeded once a thread.
fn draw() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(getrandom::u64().unwrap_or(1));
    }
    let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(state);
    let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_all_and_about_a_tenth() {
        let hits = |share| {
            let chance = Chance::of(share);
            (0..100_000).filter(|_| chance.hits()).count()
        };
        assert_eq!((hits(0.0), hits(1.0)), (0, 100_000));
        let tenth = hits(0.1);
        // Ten standard deviations around the mean.
        assert!((9_050..10_950).contains(&tenth), "{tenth}");
    }
}

//! How long something took, as counts of how often it took at most so long.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds in nanoseconds: from what a redirect takes to what an upstream may.
const BOUNDS: [u64; 19] = [
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
    30_000_000_000,
];

/// How a thread adds to counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hand {
    /// No other thread adds to them, so nothing is lost between a load and a store, and no core waits for another.
    Own,
    /// Others may at the same time.
    Shared,
}

impl Hand {
    pub(super) fn add(self, count: &AtomicU64, more: u64) {
        match self {
            Self::Own => count.store(count.load(Relaxed).wrapping_add(more), Relaxed),
            Self::Shared => {
                count.fetch_add(more, Relaxed);
            }
        }
    }
}

/// Durations while they are counted.
#[derive(Debug, Default)]
pub(super) struct Spread {
    /// By bound; the last is beyond all of them.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Spread {
    pub(super) fn add(&self, took: Duration, hand: Hand) {
        // Five hundred years fit.
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.iter().position(|bound| took <= *bound);
        hand.add(&self.buckets[bucket.unwrap_or(BOUNDS.len())], 1);
        hand.add(&self.nanoseconds, took);
    }
}

/// How often something took how long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Durations {
    /// Upper bounds in seconds, each with how many were above the bound before and not above this one. The last bound
    /// is infinite.
    pub buckets: Vec<(f64, u64)>,
    /// All of them together, in seconds.
    pub seconds: f64,
}

impl Durations {
    /// The sum of all.
    pub(super) fn of(spreads: &[&Spread]) -> Self {
        let seconds = |nanoseconds: u64| Duration::from_nanos(nanoseconds).as_secs_f64();
        let bounds = BOUNDS.iter().map(|bound| seconds(*bound));
        let bounds = bounds.chain([f64::INFINITY]);
        let buckets = bounds.enumerate().map(|(at, bound)| {
            let counts = spreads.iter().map(|spread| &spread.buckets[at]);
            (bound, counts.map(|count| count.load(Relaxed)).sum())
        });
        let nanoseconds = spreads.iter().map(|spread| &spread.nanoseconds);
        Self {
            buckets: buckets.collect(),
            seconds: seconds(nanoseconds.map(|sum| sum.load(Relaxed)).sum()),
        }
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duration_is_counted_under_the_first_bound_that_it_keeps() {
        let spreads = [Spread::default(), Spread::default()];
        spreads[0].add(Duration::from_micros(25), Hand::Own);
        spreads[1].add(Duration::from_micros(26), Hand::Own);
        spreads[1].add(Duration::from_mins(2), Hand::Shared);
        let all = Durations::of(&[&spreads[0], &spreads[1]]);
        assert_eq!(all.count(), 3);
        let counted: Vec<_> = all.buckets.iter().filter(|(_, count)| *count > 0).collect();
        let expected = [(0.000_025, 1), (0.000_05, 1), (f64::INFINITY, 1)];
        assert_eq!(counted, expected.iter().collect::<Vec<_>>());
        assert!((all.seconds - 120.000_051).abs() < 1e-9, "{}", all.seconds);
    }
}

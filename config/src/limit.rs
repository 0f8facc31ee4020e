//! How often somebody may do something, whoever they are: so many at once, and more as time goes by.
//!
//! A limit keeps no list of who did what, only when each of some thousand counters is as good as new. Whom a counter
//! stands for is a hash under a key that ends with the process, so nothing of an address can be read from it, nothing
//! has to be forgotten, and no flood of names makes it grow or pushes another's count out.

mod network;

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

pub use network::Network;

/// Counters in each row.
const COUNTERS: usize = 4096;

/// Somebody stands in one counter of each row and has done no more than the lowest says, so that others who share a
/// counter take nothing from them unless they share both.
type Row = Box<[AtomicU64]>;

/// A limit, and who is how far from it.
#[derive(Debug)]
pub struct Limit {
    /// How much may be done at once, in nanoseconds of waiting for it.
    burst: u64,
    /// After how long one more may be done, in nanoseconds.
    every: u64,
    rows: [Row; 2],
    keys: [RandomState; 2],
}

/// Too often: it will be looked at after this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests: wait {} s", self.seconds())]
pub struct TooOften(pub Duration);

impl TooOften {
    /// Whole seconds to wait, at least one, as `Retry-After` wants them (RFC 9110 §10.2.3).
    pub fn seconds(&self) -> u64 {
        (self.0 + Duration::from_millis(999)).as_secs().max(1)
    }
}

impl Limit {
    /// Allows `burst` at once and one more after each of `per_minute` parts of a minute; both are at least one.
    pub fn new(burst: u32, per_minute: u32) -> Self {
        let every = 60_000_000_000 / u64::from(per_minute.max(1));
        let row = || (0..COUNTERS).map(|_| AtomicU64::new(0)).collect();
        Self {
            burst: every * u64::from(burst.max(1)),
            every,
            rows: [row(), row()],
            keys: [RandomState::new(), RandomState::new()],
        }
    }

    /// Counts one more of `who` at `now`, a time since anything that does not change, or says how long to wait. What is
    /// refused does not count.
    pub fn count(&self, who: impl Hash, now: Duration) -> Result<(), TooOften> {
        let now = now.as_nanos() as u64;
        let counters = [0, 1].map(|row| {
            let hash = self.keys[row].hash_one(&who);
            &self.rows[row][(hash % COUNTERS as u64) as usize]
        });
        // When all that was counted is as good as never done (the "generic cell rate algorithm").
        let done = counters.map(|counter| counter.load(Relaxed).max(now));
        let free = done[0].min(done[1]) + self.every;
        let wait = free.saturating_sub(now + self.burst);
        if wait > 0 {
            return Err(TooOften(Duration::from_nanos(wait)));
        }
        for counter in counters {
            counter.fetch_max(free, Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn so_many_at_once_and_then_one_at_a_time() {
        let limit = Limit::new(3, 60);
        let at = |seconds: u32| limit.count("ada", SECOND * seconds);
        assert_eq!([at(5), at(5), at(5)], [Ok(()); 3]);
        assert_eq!(at(5), Err(TooOften(SECOND)));
        assert_eq!([at(6), at(7)], [Ok(()); 2]);
        assert_eq!(at(7), Err(TooOften(SECOND)));
        assert_eq!([at(100), at(100), at(100)], [Ok(()); 3]);
        assert!(
            at(100).is_err(),
            "what was not done is not saved up for ever"
        );
    }

    #[test]
    fn others_are_not_held_up_by_a_flood() {
        let limit = Limit::new(1, 1);
        for name in 0..500 {
            let _ = limit.count(("flood", name), SECOND);
        }
        // Each shares both of its counters with nobody, or nearly so.
        let fine = (0..500).filter(|name| limit.count(name, SECOND).is_ok());
        assert!(fine.count() > 450);
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        let seconds = [0, 1, 1000, 1001].map(|ms| TooOften(Duration::from_millis(ms)).seconds());
        assert_eq!(seconds, [1, 1, 1, 2]);
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_what_time_gave(
            burst in 1_u32..20,
            per_minute in 1_u32..600,
            pauses in proptest::collection::vec(0_u64..5_000, 0..200),
        ) {
            let limit = Limit::new(burst, per_minute);
            let mut now = Duration::ZERO;
            let mut done = 0_u64;
            for pause in pauses {
                now += Duration::from_millis(pause);
                if let Err(TooOften(wait)) = limit.count(7, now) {
                    now += wait;
                    prop_assert_eq!(limit.count(7, now), Ok(()));
                }
                done += 1;
                let given = now.as_nanos() as u64 * u64::from(per_minute) / 60_000_000_000;
                prop_assert!(done <= u64::from(burst) + given + 1, "{done} by {now:?}");
            }
        }
    }
}

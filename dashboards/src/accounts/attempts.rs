//! How often a name was tried lately: five times a minute, never a lasting lock.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Tries per window.
const MOST: usize = 5;
/// Seconds.
const WINDOW_S: i64 = 60;
/// Names share this many counters. The hash is keyed afresh at each start, so nobody can aim at
/// another name's counter, and no flood of names can grow the memory or push a counter out.
const COUNTERS: usize = 4096;

/// Counters of recent tries.
pub(super) struct Attempts {
    counters: Vec<[i64; MOST]>,
    key: RandomState,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self {
            counters: vec![[i64::MIN; MOST]; COUNTERS],
            key: RandomState::new(),
        }
    }

    /// Counts a try, or says in how many seconds the next one is looked at.
    pub(super) fn count(&mut self, name: &str, now: i64) -> Result<(), u64> {
        let times = self.counter(name);
        let oldest = times.iter_mut().min().expect("a counter holds five times");
        let wait = oldest.saturating_add(WINDOW_S).saturating_sub(now);
        if wait > 0 {
            return Err(u64::try_from(wait).unwrap_or(1));
        }
        *oldest = now;
        Ok(())
    }

    /// Forgets the tries of a name, after one that was right.
    pub(super) fn forget(&mut self, name: &str) {
        *self.counter(name) = [i64::MIN; MOST];
    }

    fn counter(&mut self, name: &str) -> &mut [i64; MOST] {
        let hash = self.key.hash_one(name.to_lowercase());
        let index = usize::try_from(hash % COUNTERS as u64).expect("an index below 4096");
        &mut self.counters[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_in_a_minute_waits_for_the_first_to_be_a_minute_old() {
        let mut attempts = Attempts::new();
        let tries: Vec<_> = (0..7)
            .map(|second| attempts.count("ada", second * 2))
            .collect();
        insta::assert_snapshot!(format!("{tries:?}"), @"[Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Err(50), Err(48)]");
        assert_eq!(attempts.count("ada", 60), Ok(()));
        assert_eq!(attempts.count("ada", 61), Err(1));
    }

    #[test]
    fn a_name_is_one_name_whatever_its_case() {
        let mut attempts = Attempts::new();
        for name in ["ada", "Ada", "ADA", "aDa", "adA"] {
            assert_eq!(attempts.count(name, 0), Ok(()));
        }
        assert_eq!(attempts.count("ada", 0), Err(60));
    }

    #[test]
    fn a_right_try_clears_the_counter() {
        let mut attempts = Attempts::new();
        for _ in 0..20 {
            assert_eq!(attempts.count("ada", 0), Ok(()));
            attempts.forget("ada");
        }
    }
}

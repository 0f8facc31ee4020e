//! How much of a body was taken under its sender's key, so that sending it again adds nothing
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! A key counts for an hour, in this process alone, and is held as a keyed hash.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use moka::sync::Cache;

/// Longest key, in bytes.
const LONGEST: usize = 255;
/// Keys that are remembered; a flood of them makes the oldest forgotten.
const MOST: u64 = 65_536;
/// How long.
const HELD: Duration = Duration::from_hours(1);

/// What was taken under which key.
pub(crate) struct Taken {
    keys: Cache<u128, Arc<AtomicU32>>,
    hashers: [RandomState; 2],
}

/// How many events of a body were taken.
#[derive(Clone)]
pub(crate) struct Under(Arc<AtomicU32>);

impl Taken {
    pub(crate) fn new() -> Self {
        Self {
            keys: Cache::builder()
                .max_capacity(MOST)
                .time_to_live(HELD)
                .build(),
            hashers: [RandomState::new(), RandomState::new()],
        }
    }

    /// What was taken under `key` at one route of one package.
    pub(crate) fn under(&self, key: &str, package: &str, route: &str) -> Under {
        let [high, low] = [0, 1].map(|at: usize| {
            let hash = self.hashers[at].hash_one((key, package, route));
            u128::from(hash)
        });
        Under(self.keys.get_with(high << 64 | low, Arc::default))
    }
}

impl Under {
    /// Whether the event with this `number`, from 1 and rising within a body, is new; it is not from now on.
    pub(crate) fn is_new(&self, number: u32) -> bool {
        self.0.fetch_max(number, Ordering::Relaxed) < number
    }
}

/// Whether a key is one: visible ASCII, with or without the quotes of a structured field.
pub(crate) fn is_key(key: &str) -> bool {
    (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(taken: &Taken, key: &str, numbers: std::ops::RangeInclusive<u32>) -> Vec<u32> {
        let under = taken.under(key, "acme/rocket", "/-/collect");
        numbers.filter(|number| under.is_new(*number)).collect()
    }

    #[test]
    fn a_body_that_is_sent_again_goes_on_where_it_ended() {
        let taken = Taken::new();
        assert_eq!(take(&taken, "a", 1..=2), [1, 2]);
        assert_eq!(take(&taken, "a", 1..=4), [3, 4]);
        assert_eq!(take(&taken, "b", 1..=2), [1, 2]);
    }

    #[test]
    fn a_key_counts_at_its_own_route_alone() {
        let taken = Taken::new();
        assert!(taken.under("a", "acme/rocket", "/x").is_new(1));
        assert!(taken.under("a", "acme/rocket", "/y").is_new(1));
        assert!(taken.under("a", "acme/other", "/x").is_new(1));
        assert!(!taken.under("a", "acme/rocket", "/x").is_new(1));
    }

    #[test]
    fn a_key_is_visible_ascii() {
        assert!(is_key("\"8e03978e-40d5-43e8-bc93-6894a57f9324\""));
        assert!(is_key(&"a".repeat(255)));
        for key in ["", "a b", "ä", &"a".repeat(256)] {
            assert!(!is_key(key), "{key}");
        }
    }
}

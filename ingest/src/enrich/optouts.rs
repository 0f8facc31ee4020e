//! How many requests asked not to be counted: one number a day, which is all that is known of them.

use std::sync::atomic::{AtomicU64, Ordering};

const SECONDS_A_DAY: u32 = 86_400;

/// The number of the current day.
#[derive(Debug, Default)]
pub(crate) struct Optouts(
    /// Days since 1970 in the upper half, the day's number in the lower, so that both change as one.
    AtomicU64,
);

impl Optouts {
    /// Counts one more at `now`, in seconds since 1970.
    pub(crate) fn count(&self, now: u32) {
        let more = |held| {
            Some(pack(
                today(now),
                number_on(held, today(now)).saturating_add(1),
            ))
        };
        // The closure never refuses.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// How many there were on the day of `now` so far.
    pub(crate) fn on_day_of(&self, now: u32) -> u32 {
        number_on(self.0.load(Ordering::Relaxed), today(now))
    }
}

fn today(now: u32) -> u32 {
    now / SECONDS_A_DAY
}

fn pack(day: u32, number: u32) -> u64 {
    u64::from(day) << 32 | u64::from(number)
}

fn number_on(held: u64, day: u32) -> u32 {
    if (held >> 32) as u32 == day {
        held as u32
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: u32 = 20_000 * SECONDS_A_DAY;

    #[test]
    fn each_day_begins_at_none() {
        let optouts = Optouts::default();
        assert_eq!(optouts.on_day_of(MIDNIGHT), 0);
        optouts.count(MIDNIGHT - 1);
        optouts.count(MIDNIGHT);
        optouts.count(MIDNIGHT + SECONDS_A_DAY - 1);
        assert_eq!(optouts.on_day_of(MIDNIGHT), 2);
        assert_eq!(optouts.on_day_of(MIDNIGHT + SECONDS_A_DAY), 0);
    }

    #[test]
    fn a_full_number_stays_full() {
        let optouts = Optouts(AtomicU64::new(pack(20_000, u32::MAX)));
        optouts.count(MIDNIGHT);
        assert_eq!(optouts.on_day_of(MIDNIGHT), u32::MAX);
    }
}

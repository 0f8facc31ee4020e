//! The time as HTTP wants it, made once a second and thread.

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The `Date` field of this second and the beginning of this day, UTC (RFC 9110 §5.6.7).
#[derive(Clone, Debug, Default)]
pub(crate) struct Now {
    pub(crate) second: u64,
    pub(crate) date: String,
    pub(crate) midnight: String,
}

thread_local! {
    static NOW: RefCell<(Option<Instant>, Now)> = RefCell::default();
}

/// Runs `with` on the current time.
pub(crate) fn now<T>(with: impl FnOnce(&Now) -> T) -> T {
    now_at(Instant::now(), with)
}

/// The same for who has just read the other clock. That of the day is read when a second of it must be over, so one
/// that was set is followed within a second.
pub(crate) fn now_at<T>(instant: Instant, with: impl FnOnce(&Now) -> T) -> T {
    NOW.with_borrow_mut(|(next, now)| {
        if next.is_none_or(|next| instant >= next) {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let since = since.unwrap_or_default();
            *next = Some(instant + left_of_second(since));
            if now.second != since.as_secs() {
                *now = Now::of(since.as_secs());
            }
        }
        with(now)
    })
}

fn left_of_second(since: Duration) -> Duration {
    Duration::from_nanos(1_000_000_000 - u64::from(since.subsec_nanos()))
}

impl Now {
    fn of(second: u64) -> Self {
        let format = |second| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
        Self {
            second,
            date: format(second),
            midnight: format(second - second % 86_400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_read_again_once_it_must_be_over() {
        let begun = Instant::now();
        let first = now_at(begun, |now| now.second);
        assert!(first > 0);
        // The clock of the day stands almost still meanwhile: what was read is read again, and not reckoned.
        let later = now_at(begun + Duration::from_hours(1), |now| now.second);
        assert!(later - first < 3600, "{first} {later}");
        NOW.with_borrow_mut(|(_, now)| *now = Now::of(1));
        assert_eq!(now_at(begun, |now| now.second), 1, "kept within the second");
        let again = now_at(begun + Duration::from_hours(2), |now| now.second);
        assert!(again >= first);
    }
}

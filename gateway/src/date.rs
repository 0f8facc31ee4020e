//! The time as HTTP wants it, made once a second and thread.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The `Date` field of this second and the beginning of this day, UTC (RFC 9110 §5.6.7).
#[derive(Clone, Debug, Default)]
pub(crate) struct Now {
    second: u64,
    pub(crate) date: String,
    pub(crate) midnight: String,
}

thread_local! {
    static NOW: RefCell<Now> = RefCell::default();
}

/// Runs `with` on the current time.
pub(crate) fn now<T>(with: impl FnOnce(&Now) -> T) -> T {
    let second = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    NOW.with_borrow_mut(|now| {
        if now.second != second {
            let format = |second| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
            *now = Now {
                second,
                date: format(second),
                midnight: format(second - second % 86_400),
            };
        }
        with(now)
    })
}

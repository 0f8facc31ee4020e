//! Times as logs and services write them, to seconds since 1970.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// ISO 8601 with an offset, or without one as UTC; seconds, milli-, micro- or nanoseconds since 1970.
pub(super) fn of_value(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => of_number(number.as_f64()?),
        Value::String(text) => of_text(text),
        _ => None,
    }
}

/// The same, as text.
pub(super) fn of_text(text: &str) -> Option<u32> {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let in_utc = || {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    // RFC 3339 wants a colon in the offset, and many forget it.
    let loose = || Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(loose)
        .or_else(in_utc)
        .and_then(seconds)
        .or_else(|| of_number(text.parse().ok()?))
}

/// `10/Oct/2000:13:55:36 -0700`, as servers log it since the first one.
pub(super) fn of_common_log(text: &str) -> Option<u32> {
    Timestamp::strptime("%d/%b/%Y:%H:%M:%S %z", text)
        .ok()
        .and_then(seconds)
}

/// A day, to days since 1970.
pub(super) fn day(text: &str) -> Option<u16> {
    let date: Date = text.get(..10)?.parse().ok()?;
    let seconds = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    u16::try_from(seconds / 86_400).ok()
}

fn seconds(at: Timestamp) -> Option<u32> {
    u32::try_from(at.as_second()).ok()
}

/// The unit is told by the size: seconds have ten digits until 2286.
fn of_number(number: f64) -> Option<u32> {
    let scale = match number {
        n if n < 1e11 => 1.0,
        n if n < 1e14 => 1e3,
        n if n < 1e17 => 1e6,
        _ => 1e9,
    };
    let seconds = (number / scale).floor();
    #[allow(clippy::cast_sign_loss)] // just looked at
    (0.0..=f64::from(u32::MAX))
        .contains(&seconds)
        .then_some(seconds as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_has_many_spellings() {
        for text in [
            "2025-10-10T20:55:36Z",
            "2025-10-10T13:55:36-07:00",
            "2025-10-10T13:55:36-0700",
            "2025-10-10 20:55:36",
            "2025-10-10 20:55:36 UTC",
            "2025-10-10T20:55:36.999",
            "1760129736",
            "1760129736.25",
            "1760129736250",
            "1760129736250000",
            "1760129736250000000",
        ] {
            assert_eq!(of_text(text), Some(1_760_129_736), "{text}");
        }
        let common = of_common_log("10/Oct/2025:13:55:36 -0700");
        assert_eq!(common, Some(1_760_129_736));
    }

    #[test]
    fn what_is_no_time_or_no_time_of_ours_is_none() {
        for text in [
            "",
            "yesterday",
            "1969-12-31T23:59:59Z",
            "2107-01-01T00:00:00Z",
            "-1",
            "NaN",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!(of_common_log("10/Foo/2025:13:55:36 -0700"), None);
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(day("1970-01-02"), Some(1));
        assert_eq!(day("2025-10-10 00:00:00"), Some(20_371));
        assert_eq!(day("2025-1"), None);
    }
}

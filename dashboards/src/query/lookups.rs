//! Statements of the fixed questions: which packages there are, what came last, what was released.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::parse::Target;
use super::period::{Period, minute};
use super::sql::{Param, Params, Sql, about, utc};

/// All packages the store has seen, most downloads of the last 28 days first.
pub(crate) fn packages(now: Timestamp) -> Sql {
    let mut params = Params::default();
    let since = now - SignedDuration::from_hours(27 * 24);
    params.named(
        "since",
        Param::Text(since.to_zoned(TimeZone::UTC).date().to_string()),
    );
    params.named(
        "recent",
        Param::Text(utc(minute(now - SignedDuration::from_hours(48)))),
    );
    Sql::fill(include_str!("packages.sql"), &[], params)
}

/// Versions first downloaded within `period`.
pub(crate) fn releases(target: &Target, period: &Period) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("first", Param::Text(period.first.to_string()));
    params.named("last", Param::Text(period.last_utc_day().to_string()));
    Sql::fill(include_str!("releases.sql"), &[("where", &about)], params)
}

/// The first day with an event, as one value; the epoch when there is none.
pub(crate) fn first_day(target: &Target) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    Sql::fill(include_str!("first_day.sql"), &[("where", &about)], params)
}

/// The newest `limit` events since `since`.
pub(crate) fn latest(target: &Target, since: Timestamp, limit: u64) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("since", Param::Text(utc(minute(since))));
    params.named("limit", Param::Number(limit));
    Sql::fill(include_str!("latest.sql"), &[("where", &about)], params)
}

/// What registries counted from the day `from` until before `to`.
pub(crate) fn imported(target: &Target, from: Date, to: Date, limit: u64) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("from", Param::Text(from.to_string()));
    params.named("to", Param::Text(to.to_string()));
    params.named("limit", Param::Number(limit));
    Sql::fill(include_str!("imported.sql"), &[("where", &about)], params)
}

/// Reads the answer to [`first_day`].
pub(crate) fn read_first_day(cell: Option<&serde_json::Value>) -> Option<Date> {
    let day: Date = cell?.as_str()?.parse().ok()?;
    (day.year() > 1970).then_some(day)
}

//! Statements of the fixed questions: which packages there are, what was released, what registries counted.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::parse::Target;
use super::period::{Period, minute};
use super::plan::Table;
use super::sql::{Param, Params, Sql, about, utc};

/// How far back the salts of days are counted.
const EPOCH_DAYS: i64 = 7;

/// The packages of `target` that the store has seen, most downloads of the last 28 days first.
pub(crate) fn packages(target: &Target, now: Timestamp) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    let since = now - SignedDuration::from_hours(27 * 24);
    params.named(
        "since",
        Param::Text(since.to_zoned(TimeZone::UTC).date().to_string()),
    );
    params.named(
        "recent",
        Param::Text(utc(minute(now - SignedDuration::from_hours(48)))),
    );
    Sql::fill(include_str!("packages.sql"), &[("where", &about)], params)
}

/// Versions first downloaded within `period`.
pub(crate) fn releases(target: &Target, period: &Period) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("first", Param::Text(period.first.to_string()));
    params.named("last", Param::Text(period.last_utc_day().to_string()));
    Sql::fill(include_str!("releases.sql"), &[("where", &about)], params)
}

/// Salts of each UTC day of `period` under which people were counted, where they were several; nothing if it
/// is all longer ago than events are read for this.
pub(crate) fn epochs(target: &Target, period: &Period) -> Option<Sql> {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    let week = SignedDuration::from_hours(EPOCH_DAYS * 24);
    let from = period.from.max(minute(period.now - week));
    params.named("from", Param::Text(utc(from)));
    params.named("to", Param::Text(utc(period.to)));
    (from < period.to).then(|| Sql::fill(include_str!("epochs.sql"), &[("where", &about)], params))
}

/// The first day that `table` has, as one value; the epoch when there is none.
pub(crate) fn first_day(target: &Target, table: Table) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    let words = [("table", table.as_str()), ("where", &about)];
    Sql::fill(include_str!("first_day.sql"), &words, params)
}

/// What a scorecard needs to know of `package`: see [`crate::scorecard::Facts`].
pub(crate) fn scorecard(package: &str, now: Timestamp) -> Sql {
    let mut params = Params::default();
    let target = Target::Package(package.to_owned());
    let about = about(&target, &mut params).unwrap_or_else(|| "1".to_owned());
    let since = now - SignedDuration::from_hours(27 * 24);
    let since = since.to_zoned(TimeZone::UTC).date().to_string();
    params.named("since", Param::Text(since));
    Sql::fill(include_str!("scorecard.sql"), &[("where", &about)], params)
}

/// How often each rule about audiences decided within the last week.
pub(crate) fn rule_hits(now: Timestamp) -> Sql {
    let mut params = Params::default();
    let since = minute(now - SignedDuration::from_hours(7 * 24));
    params.named("since", Param::Text(utc(since)));
    Sql::fill(include_str!("rule_hits.sql"), &[], params)
}

/// What a package had in a UTC day, for [`crate::public`].
pub(crate) fn public_day(package: &str, day: Date) -> Sql {
    let mut params = Params::default();
    params.named("package", Param::Text(package.to_owned()));
    params.named("from", Param::Text(format!("{day} 00:00:00")));
    let next = day.saturating_add(1.days());
    params.named("to", Param::Text(format!("{next} 00:00:00")));
    Sql::fill(include_str!("../public/count.sql"), &[], params)
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

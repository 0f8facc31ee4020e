//! Single events as they arrive: the newest, and how busy the last minutes were.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::{Malformed, count, text};
use super::organisation;
use super::parse::Target;
use super::period::minute;
use super::sql::{Param, Params, Sql, about, utc};

/// Hours by which a usual gap is told: a week, so that each night and weekend is in it.
const USUAL_HOURS: u32 = 7 * 24;

/// An event in short. Empty text is "unknown".
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct LatestEvent {
    /// Tells this event from all others.
    pub(crate) id: String,
    /// UTC, to the minute.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// What happened: download, check, metadata, inspect, mirror, script, `install_ping`, view, custom, `broken_link`, repeat.
    kind: String,
    /// Package name.
    pub(crate) package: String,
    /// Version as published.
    version: String,
    /// Family of the client, such as pip.
    client: String,
    /// Its version.
    client_version: String,
    /// Operating system.
    os: String,
    /// Processor architecture.
    arch: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// people, ci, mirror, updater, bot, proxy, unknown.
    audience: String,
    /// File name or image reference.
    artifact: String,
    /// HTTP status that was answered.
    status: u16,
    /// Route that matched, as written in the configuration; `made-up history` for a demo's made-up event.
    route: String,
    /// Organisation whose network it came from, where that is known and named.
    organisation: String,
}

/// What a package had in a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Minute {
    pub(crate) package: String,
    /// Start of the minute, in seconds since 1970; 0 for the last few minutes together.
    pub(crate) start: i64,
    /// Distinct people.
    pub(crate) people: u64,
    /// Downloads and docs views of every audience.
    pub(crate) events: u64,
}

/// The newest `limit` events since `since`.
pub(crate) fn latest(target: &Target, since: Timestamp, limit: u64) -> Sql {
    newest(target, since, None, limit)
}

/// The newest `limit` events since `since`, of no package more than `each`: one that is busy hides no other.
pub(crate) fn latest_of_each(target: &Target, since: Timestamp, each: u64, limit: u64) -> Sql {
    newest(target, since, Some(each), limit)
}

fn newest(target: &Target, since: Timestamp, each: Option<u64>, limit: u64) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("since", Param::Text(utc(minute(since))));
    params.named("limit", Param::Number(limit));
    let by_package = match each {
        Some(each) => {
            params.named("each", Param::Number(each));
            "LIMIT {each:UInt64} BY package\n"
        }
        None => "",
    };
    let words = [
        ("where", about.as_str()),
        ("each\n", by_package),
        ("organisation", organisation::NAME),
    ];
    Sql::fill(include_str!("latest.sql"), &words, params)
}

/// Each minute from `since` on, and all from `recent` on together.
pub(crate) fn live_minutes(target: &Target, since: Timestamp, recent: Timestamp) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    params.named("since", Param::Text(utc(minute(since))));
    params.named("now", Param::Text(utc(minute(recent))));
    Sql::fill(
        include_str!("live_minutes.sql"),
        &[("where", &about)],
        params,
    )
}

/// How many events came in the middle one of the last week's whole hours.
pub(crate) fn usual_hour(target: &Target, now: Timestamp) -> Sql {
    let mut params = Params::default();
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    let until = Timestamp::from_second(now.as_second() / 3600 * 3600).unwrap_or(now);
    let since = until - SignedDuration::from_hours(USUAL_HOURS.into());
    params.named("since", Param::Text(utc(since)));
    params.named("until", Param::Text(utc(until)));
    params.named("hours", Param::Number(USUAL_HOURS.into()));
    Sql::fill(include_str!("usual_gap.sql"), &[("where", &about)], params)
}

/// Seconds from one event to the next in an hour like the one that [`usual_hour`] found; none where most hours
/// have no event, since then there is no silence that would be unusual.
pub(crate) fn read_usual_gap(cell: Option<&Value>) -> Option<u64> {
    3600_u64.checked_div(count(cell?)?)
}

/// Reads a row of `latest.sql`.
pub(crate) fn read_latest(row: &[Value]) -> Result<LatestEvent, Malformed> {
    let [
        id,
        time,
        kind,
        package,
        version,
        client,
        client_version,
        os,
        arch,
        country,
        audience,
        artifact,
        status,
        route,
        organisation,
    ] = row
    else {
        return Err(Malformed);
    };
    Ok(LatestEvent {
        id: text(id),
        time: Timestamp::from_second(seconds(time)?).map_err(|_| Malformed)?,
        kind: text(kind),
        package: text(package),
        version: text(version),
        client: text(client),
        client_version: text(client_version),
        os: text(os),
        arch: text(arch),
        country: text(country),
        audience: text(audience),
        artifact: text(artifact),
        status: count(status)
            .and_then(|status| u16::try_from(status).ok())
            .ok_or(Malformed)?,
        route: text(route),
        organisation: text(organisation),
    })
}

/// Reads a row of `live_minutes.sql`.
pub(crate) fn read_minute(row: &[Value]) -> Result<Minute, Malformed> {
    let [package, start, people, events] = row else {
        return Err(Malformed);
    };
    Ok(Minute {
        package: text(package),
        start: seconds(start)?,
        people: count(people).ok_or(Malformed)?,
        events: count(events).ok_or(Malformed)?,
    })
}

fn seconds(cell: &Value) -> Result<i64, Malformed> {
    count(cell)
        .and_then(|seconds| i64::try_from(seconds).ok())
        .ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_gap_is_told_only_where_most_hours_have_events() {
        assert_eq!(read_usual_gap(Some(&180.into())), Some(20));
        assert_eq!(read_usual_gap(Some(&"7200".into())), Some(0));
        assert_eq!(read_usual_gap(Some(&0.into())), None);
        assert_eq!(read_usual_gap(None), None);
    }

    #[test]
    fn rows_of_another_shape_are_refused() {
        assert_eq!(read_latest(&[]), Err(Malformed));
        let row = ["a".into(), "x".into(), 1.into(), 1.into()];
        assert_eq!(read_minute(&row), Err(Malformed));
    }
}

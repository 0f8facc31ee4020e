//! Statements about how organisations come from the docs to a package and stay: what they read, how far they went,
//! and in which months they came back. Never about a person: nothing here names a visitor.

use jiff::Timestamp;
use jiff::civil::Date;

use super::organisation::KEY;
use super::parse::Target;
use super::sql::{Param, Params, Sql, about, utc};

/// Days from the first of `from` until before `to`, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    /// The first of them.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// What organisations read, and had read by their first download.
pub(crate) fn reading(target: &Target, days: Days) -> Sql {
    let mut params = Params::default();
    params.named("from", Param::Text(days.from.to_string()));
    params.named("to", Param::Text(days.to.to_string()));
    filled(include_str!("reading.sql"), target, params)
}

/// What was copied from the docs.
pub(crate) fn copied(target: &Target, days: Days) -> Sql {
    filled(include_str!("copied.sql"), target, instants(days))
}

/// How far organisations went that began to read in `days`; `install` is the pattern (RE2) of pages that say how to
/// install.
pub(crate) fn funnel(target: &Target, days: Days, install: &str, now: Timestamp) -> Sql {
    let mut params = instants(days);
    params.named("install", Param::Text(install.to_owned()));
    // To the hour, so that equal questions stay equal for the cache.
    let hour = now.as_second() - now.as_second().rem_euclid(3600);
    let hour = Timestamp::from_second(hour).unwrap_or(now);
    params.named("now", Param::Text(utc(hour)));
    filled(include_str!("funnel.sql"), target, params)
}

/// Which organisations came back, by the month of their first download from `from` on.
pub(crate) fn retention(target: &Target, from: Date) -> Sql {
    let mut params = Params::default();
    params.named("from", Param::Text(from.to_string()));
    filled(include_str!("retention.sql"), target, params)
}

fn instants(days: Days) -> Params {
    let mut params = Params::default();
    params.named("from", Param::Text(format!("{} 00:00:00", days.from)));
    params.named("to", Param::Text(format!("{} 00:00:00", days.to)));
    params
}

fn filled(template: &str, target: &Target, mut params: Params) -> Sql {
    let about = about(target, &mut params).unwrap_or_else(|| "1".to_owned());
    let words = [
        (
            "first_downloads",
            include_str!("first_downloads.sql").trim_end(),
        ),
        ("key", KEY),
        ("where", &about),
    ];
    Sql::fill(template, &words, params)
}

//! From a question in JSON to SQL and back to an answer; pure, no clock and no connection.
//!
//! ```text
//! JSON --parse--> Question --resolve--> Resolved --plan--> Table --sql--> Sql   (store runs it)
//!                                                                  rows --answer--> Answer
//! ```
//!
//! Two rules keep values out of SQL text: every word that reaches it comes from a closed list
//! ([`metric::Metric`], [`dimension::Field`], [`dimension::Interval`], [`plan::Table`]), and everything a caller wrote travels beside
//! it as a server-side parameter. Aliases in SQL are `d0, d1 …` and `m0, m1 …`: an alias that is
//! also a column's name changes what the rest of the statement means.

mod adoption;
mod answer;
mod before;
mod comparison;
mod dimension;
mod explain;
mod export;
mod filter;
mod imported;
mod labels;
mod latest;
mod lookups;
mod metric;
mod narrow;
mod organisation;
mod organisations;
mod parse;
mod period;
mod place;
mod plan;
mod property;
mod release;
mod resolution;
mod schema;
mod source;
mod split;
mod sql;
mod tally;
mod version;
mod version_order;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use adoption::{Days, copied, funnel, reading, retention};
pub(crate) use answer::{
    Answer, Epochs, Malformed, answer, count, epochs_of, found, releases_of, text,
};
pub(crate) use before::Known;
pub(crate) use explain::{Cost, Trail};
pub(crate) use export::{Export, Format};
pub(crate) use latest::{
    LatestEvent, Minute, latest, latest_of_each, live_minutes, read_latest, read_minute,
    read_usual_gap, usual_hour,
};
pub(crate) use lookups::{
    epochs, first_day, imported, packages, public_day, read_first_day, releases, rule_hits,
    scorecard,
};
pub(crate) use metric::Metric;
pub(crate) use organisations::{
    Wanted, Which, organisation_activity, organisation_packages, organisation_pages,
    organisation_versions, organisations,
};
pub(crate) use parse::{Question, Target, parse};
pub(crate) use period::{DateRange, Period, Preset};
pub(crate) use place::Invalid;
pub(crate) use plan::{Reads, Table, plan};
pub(crate) use release::{Release, united};
pub(crate) use schema::json_schema;
pub(crate) use split::merged;
pub(crate) use sql::{Param, Sql, statement};
pub(crate) use version_order::newest as newest_version;

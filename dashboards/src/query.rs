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

mod answer;
mod comparison;
mod dimension;
mod export;
mod filter;
mod labels;
mod lookups;
mod metric;
mod parse;
mod period;
mod place;
mod plan;
mod resolution;
mod schema;
mod split;
mod sql;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use answer::{Answer, Malformed, Release, answer, count, found, releases_of, text};
pub(crate) use export::{Export, Format};
pub(crate) use lookups::{first_day, imported, latest, packages, read_first_day, releases};
pub(crate) use parse::{Question, Target, parse};
pub(crate) use period::{DateRange, Period, Preset};
pub(crate) use place::Invalid;
pub(crate) use plan::{EVENT_DAYS, Reads, Table, plan};
pub(crate) use schema::json_schema;
pub(crate) use split::merged;
pub(crate) use sql::{Param, Sql, statement};

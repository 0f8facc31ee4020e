//! Statements about organisations: a list of them, and what is told of one.
//!
//! The table has projections of what each did in a day and of what each is called, which ClickHouse takes where a
//! statement has their expressions to the letter (`ingest/schema/0013_organisations_by_day.sql`). So what is read is
//! added up by the stored numbers first, and corrected after that.

use jiff::civil::Date;

use super::organisation::{CONFIDENCE, DOMAIN, EVIDENCE, KEY, NAME, TYPE};
use super::parse::Target;
use super::sql::{Param, Params, Sql, about};
use super::tally;
use crate::organisations::Tally;

/// Most pages, and most packages, that are told of one.
const MOST_OF_ONE: u64 = 200;

/// Rows of some organisations, by what tells each apart. All that was ever stored of an organisation under one of
/// its names is among them, and few rows are read to find its numbers; `GLOBAL` finds them once for all nodes.
const AMONG: &str = concat!(
    "(org_id, asn) GLOBAL IN (SELECT org_id, asn FROM organisations WHERE ",
    "$key IN {organisations:Array(String)} GROUP BY org_id, asn)"
);

/// The same by the numbers and systems that rows are stored under: the first part finds them.
const STORED_AS: &str = "org_id IN {ids:Array(UInt32)} AND concat(toString(org_id), '/', toString(asn)) IN {sources:Array(String)}";

/// Which organisations rows are read of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which<'a> {
    /// All of them.
    All,
    /// Some, by what tells each apart.
    Keys(&'a [String]),
    /// Those whose rows are stored under these numbers, each on its system.
    Sources(&'a [(u32, u32)]),
}

/// What is wanted of organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted<'a> {
    /// First day of the period whose numbers are wanted.
    pub from: Date,
    /// Its last day; nothing after it counts for anything.
    pub to: Date,
    /// Whether that is the running day, after which there is nothing.
    pub is_now: bool,
    /// Length in days of the windows that are compared, the later of which ends with `to`.
    pub window: u64,
    /// What to count for the rules of stages.
    pub tallies: &'a [Tally],
    /// One of them alone, by what tells it apart, with what its events were stored under.
    pub one: Option<&'a str>,
}

/// The organisations of `target`, most downloads of the period first.
pub(crate) fn organisations(target: &Target, wanted: &Wanted<'_>, limit: u64) -> Sql {
    let mut params = Params::default();
    params.named("from", Param::Text(wanted.from.to_string()));
    params.named("window", Param::Number(wanted.window));
    params.named("limit", Param::Number(limit));
    let one = wanted.one.map(|one| [one.to_owned()]);
    let which = one.as_ref().map_or(Which::All, |one| Which::Keys(one));
    let about = rows(target, which, &mut params);
    let until = if wanted.is_now {
        ""
    } else {
        " AND day <= {to:Date}"
    };
    params.named("to", Param::Text(wanted.to.to_string()));
    let (counts, tallies) = tally::columns(wanted.tallies);
    let known = known(&format!("{about}{until}"));
    let more = wanted
        .one
        .map(|_| ", groupArray(1000)((org_id, asn)), argMax($evidence, last_day)");
    let alone = wanted
        .one
        .map(|_| " AND d0 IN {organisations:Array(String)}");
    let words = [
        ("more", more.unwrap_or_default()),
        ("one", alone.unwrap_or_default()),
        ("counts", counts.as_str()),
        ("tallies", &tallies),
        ("days", &days(&about)),
        ("known", &known),
    ];
    filled(include_str!("organisations.sql"), &words, params)
}

/// What was done with `target` under these numbers, day by day until `to`.
pub(crate) fn organisation_activity(target: &Target, sources: &[(u32, u32)], to: Date) -> Sql {
    let mut params = Params::default();
    let about = rows(target, Which::Sources(sources), &mut params);
    params.named("to", Param::Text(to.to_string()));
    let days = days(&about);
    let words = [("days", days.as_str())];
    filled(include_str!("organisation_activity.sql"), &words, params)
}

/// The version of `target` that each organisation downloaded last until `to`.
pub(crate) fn organisation_versions(target: &Target, which: Which<'_>, to: Date) -> Sql {
    let mut params = Params::default();
    let about = rows(target, which, &mut params);
    params.named("to", Param::Text(to.to_string()));
    let words = [("where", about.as_str())];
    filled(include_str!("organisation_versions.sql"), &words, params)
}

/// The pages of `target` that were first read until `to` under these numbers, each on its system.
pub(crate) fn organisation_pages(target: &Target, sources: &[(u32, u32)], to: Date) -> Sql {
    let mut params = Params::default();
    let about = rows(target, Which::Sources(sources), &mut params);
    params.named("to", Param::Text(to.to_string()));
    params.named("limit", Param::Number(MOST_OF_ONE));
    let words = [("where", about.as_str())];
    filled(include_str!("organisation_pages.sql"), &words, params)
}

/// The packages of `target` that were asked for under these numbers.
pub(crate) fn organisation_packages(target: &Target, sources: &[(u32, u32)]) -> Sql {
    let mut params = Params::default();
    let about = rows(target, Which::Sources(sources), &mut params);
    params.named("limit", Param::Number(MOST_OF_ONE));
    let words = [("where", about.as_str())];
    filled(include_str!("organisation_packages.sql"), &words, params)
}

/// The condition that a row is about `target` and of organisations.
fn rows(target: &Target, which: Which<'_>, params: &mut Params) -> String {
    let mut conditions: Vec<_> = about(target, params).into_iter().collect();
    match which {
        Which::All => {}
        Which::Keys(keys) => {
            params.named("organisations", Param::Texts(keys.to_vec()));
            conditions.push(AMONG.to_owned());
        }
        Which::Sources(sources) => {
            let ids = sources.iter().map(|(id, _)| *id).collect();
            let written = sources.iter().map(|(id, asn)| format!("{id}/{asn}"));
            params.named("ids", Param::Numbers(ids));
            params.named("sources", Param::Texts(written.collect()));
            conditions.push(STORED_AS.to_owned());
        }
    }
    if conditions.is_empty() {
        return "1".to_owned();
    }
    conditions.join(" AND ")
}

fn days(rows: &str) -> String {
    let days = include_str!("organisation_days.sql").trim_end();
    days.replace("$where", rows)
}

fn known(rows: &str) -> String {
    let known = include_str!("organisations_known.sql").trim_end();
    known.replace("$where", rows)
}

fn filled(template: &str, words: &[(&str, &str)], params: Params) -> Sql {
    let corrected = [
        ("key", KEY),
        ("name", NAME),
        ("domain", DOMAIN),
        ("type", TYPE),
        ("confidence", CONFIDENCE),
        ("evidence", EVIDENCE),
    ];
    let words: Vec<_> = words.iter().copied().chain(corrected).collect();
    Sql::fill(template, &words, params)
}

//! Organisations as an operator corrected them: what was stored, unless a correction says otherwise.
//!
//! A correction for the organisation on the event's own system comes before one for the organisation anywhere.
//! Corrections are few and are read with each question, so that one is seen at once and needs no dictionary with a
//! password of its own (decision 18).

use super::dimension::Field;
use super::filter::{Filter, Test};
use super::metric::Metric;
use super::parse::Question;
use super::place::Invalid;

/// The stored column, or what the corrections in force give for it.
macro_rules! corrected {
    ($column:literal, $value:literal, $which:literal) => {
        concat!(
            "transform(bitOr(bitShiftLeft(toUInt64(org_id), 32), toUInt64(asn)), ",
            corrected!(@from $which),
            ", ",
            corrected!(@to $value, $which),
            ", transform(bitShiftLeft(toUInt64(org_id), 32), ",
            corrected!(@from $which),
            ", ",
            corrected!(@to $value, $which),
            ", ",
            $column,
            "))"
        )
    };
    (@from $which:literal) => {
        concat!("(SELECT groupArray(key) FROM (SELECT * FROM organisation_corrections_held WHERE ", $which, " ORDER BY key))")
    };
    (@to $value:literal, $which:literal) => {
        concat!("(SELECT groupArray(", $value, ") FROM (SELECT * FROM organisation_corrections_held WHERE ", $which, " ORDER BY key))")
    };
}

macro_rules! name {
    () => {
        corrected!("toString(org_name)", "name", "hidden OR name != ''")
    };
}

macro_rules! domain {
    () => {
        corrected!("toString(org_domain)", "domain", "hidden OR domain != ''")
    };
}

macro_rules! key {
    () => {
        concat!("coalesce(nullIf(", domain!(), ", ''), ", name!(), ")")
    };
}

/// Its name; empty where nobody is known or it is hidden.
pub(super) const NAME: &str = name!();
/// Its domain; empty where it has none.
pub(super) const DOMAIN: &str = domain!();
/// What tells organisations apart, also those that corrections made one: the domain, or the name where there is none;
/// empty where nobody is known or it is hidden.
pub(super) const KEY: &str = key!();
/// How many there are among events that asked for a download or a page. Providers and hosts are never stored as
/// organisations, and neither is what is less sure than the settings want.
pub(super) const DISTINCT: &str = concat!(
    "uniqExactIf(",
    key!(),
    ", org_id != 0 AND status < 400 AND kind IN ('download', 'view') AND ",
    key!(),
    " != '')"
);
/// The same over the rollup.
pub(super) const DISTINCT_ROLLED_UP: &str = concat!(
    "uniqExactIf(",
    key!(),
    ", answered > 0 AND kind IN ('download', 'view') AND ",
    key!(),
    " != '')"
);
/// business, education, government, nonprofit.
pub(super) const TYPE: &str = corrected!("toString(org_type)", "type", "hidden OR type != ''");
/// Its number; 0 where it is hidden.
const ID: &str = corrected!("org_id", "toUInt32(0)", "hidden");
/// How sure it is, and why; nothing where it is hidden.
pub(super) const CONFIDENCE: &str = corrected!("org_confidence", "toUInt8(0)", "hidden");
/// The same in the words of `docs/organisations.md`; empty where nobody is known.
pub(super) const CONFIDENCE_WORD: &str = concat!(
    "transform(roundDown(",
    corrected!("org_confidence", "toUInt8(0)", "hidden"),
    ", [0, 1, 70, 90]), [1, 70, 90], ['low', 'medium', 'high'], '')"
);
pub(super) const EVIDENCE: &str = corrected!("toString(org_evidence)", "''", "hidden");

/// The columns of an event that corrections change, for `SELECT * REPLACE (…)`.
pub(super) fn replacements() -> String {
    let columns = [
        (ID, "org_id"),
        (NAME, "org_name"),
        (DOMAIN, "org_domain"),
        (TYPE, "org_type"),
        (CONFIDENCE, "org_confidence"),
        (EVIDENCE, "org_evidence"),
    ];
    columns
        .map(|(value, column)| format!("{value} AS {column}"))
        .join(", ")
}

/// Refuses a question that would count people by where they work: whoever is counted as a person was never to be
/// looked up as a member of anything.
pub(super) fn keep_apart(question: &Question) -> Result<(), Invalid> {
    let by_organisation = question.fields().any(Field::is_organisation);
    let people = question
        .metrics
        .iter()
        .position(|metric| *metric == Metric::People);
    match people {
        Some(at) if by_organisation => Err(Invalid {
            pointer: format!("/metrics/{at}"),
            message: "people are not counted by organisation; ask for downloads".to_owned(),
        }),
        _ => Ok(()),
    }
}

impl Question {
    /// Whether it is about organisations and nothing else is asked that could be answered better elsewhere.
    pub(super) fn is_about_organisations(&self) -> bool {
        self.fields().any(Field::is_organisation) || self.metrics == [Metric::Organisations]
    }

    /// Whether events of nobody count for nothing in it, so that what holds organisations alone can answer.
    pub(super) fn leaves_nobody_out(&self) -> bool {
        self.metrics == [Metric::Organisations] || self.filters.iter().any(leaves_nobody_out)
    }
}

/// Whether a condition holds for organisations alone; nobody's name, domain and type are empty.
fn leaves_nobody_out(filter: &Filter) -> bool {
    match filter {
        Filter::Column(test, field, values) if field.is_organisation() => match test {
            Test::Is | Test::Contains => values.iter().all(|value| !value.is_empty()),
            Test::IsNot => values.iter().any(String::is_empty),
            Test::ContainsNot | Test::Matches | Test::MatchesNot | Test::Before => false,
        },
        Filter::And(filters) => filters.iter().any(leaves_nobody_out),
        Filter::Or(filters) => filters.iter().all(leaves_nobody_out),
        Filter::Column(..) | Filter::Not(_) => false,
    }
}

//! Which table answers a question: the daily rollup where it can, the events themselves elsewhere.

use jiff::SignedDuration;

use super::dimension::{Dimension, Interval};
use super::parse::Question;
use super::period::Period;
use super::place::Invalid;

/// A table that questions read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    /// One row an event, kept for [`EVENT_DAYS`].
    Events,
    /// Counts by package, UTC day, kind, version and audience, kept for ever.
    Daily,
}

impl Table {
    /// Its name in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Daily => "daily",
        }
    }
}

/// How long single events are kept, in days.
pub(crate) const EVENT_DAYS: i64 = 90;
/// How long an event remembers its visitor, in days.
const VISITOR_DAYS: i64 = 2;
/// Longest period that is cut into hours, in days.
const HOURLY_DAYS: i32 = 91;

/// How a question will be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// From where.
    pub(crate) table: Table,
    /// Whether people come from the rollup although the rest comes from events: events forget their
    /// visitors long before they go themselves.
    pub(crate) people_apart: bool,
    /// What the numbers leave out, in sentences for the reader.
    pub(crate) warnings: Vec<String>,
}

/// Chooses the table for a period and the one it is compared with, and says what the choice costs.
pub(crate) fn plan(
    question: &Question,
    period: &Period,
    other: Option<&Period>,
) -> Result<Plan, Invalid> {
    if is_hourly(question) && period.day_count() > HOURLY_DAYS {
        let message =
            format!("time:hour reaches over {HOURLY_DAYS} days at most; ask for time:day");
        return Err(Invalid {
            pointer: "/dimensions".to_owned(),
            message,
        });
    }
    let reach = Reach::new(period, other);
    let (table, people_apart) = choose(question, period, &reach);
    let warnings = warnings(question, period, &reach, table, people_apart);
    Ok(Plan {
        table,
        people_apart,
        warnings,
    })
}

/// What an answer needs that events may no longer know.
struct Reach {
    beyond_events: bool,
    beyond_visitors: bool,
}

impl Reach {
    fn new(period: &Period, other: Option<&Period>) -> Self {
        let from = other.map_or(period.from, |other| other.from.min(period.from));
        let beyond = |days: i64| from < period.now - SignedDuration::from_hours(24 * days);
        Self {
            beyond_events: beyond(EVENT_DAYS),
            beyond_visitors: beyond(VISITOR_DAYS),
        }
    }
}

fn choose(question: &Question, period: &Period, reach: &Reach) -> (Table, bool) {
    if !rollup_suffices(question) {
        return (Table::Events, false);
    }
    // In other time zones the rollup's days are not the reader's, so events are better while they last.
    if reach.beyond_events || period.is_utc_days() {
        return (Table::Daily, false);
    }
    match question.people() {
        Some(_) if reach.beyond_visitors && question.can_split() => (Table::Events, true),
        Some(_) if reach.beyond_visitors => (Table::Daily, false),
        _ => (Table::Events, false),
    }
}

fn rollup_suffices(question: &Question) -> bool {
    let dimensions = question.dimensions.iter().all(|dimension| match dimension {
        Dimension::Time(interval) => *interval != Interval::Hour,
        Dimension::Field(field) => field.in_daily(),
    });
    let mut filters = true;
    for filter in &question.filters {
        filter.each_field(&mut |field| filters &= field.in_daily());
    }
    dimensions && filters
}

fn warnings(
    question: &Question,
    period: &Period,
    reach: &Reach,
    table: Table,
    people_apart: bool,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let events_only = table == Table::Events && !rollup_suffices(question);
    if table == Table::Daily && !period.is_utc_days() {
        warnings.push("days are UTC days here: such numbers are kept by UTC day".to_owned());
    }
    if people_apart {
        warnings.push("people are counted by UTC day".to_owned());
    }
    if events_only && reach.beyond_events {
        warnings.push(format!(
            "this split is kept for {EVENT_DAYS} days; earlier days are missing"
        ));
    }
    if events_only && question.people().is_some() && reach.beyond_visitors {
        warnings.push(format!(
            "people by this split are known for {VISITOR_DAYS} days; earlier days are missing"
        ));
    }
    warnings
}

fn is_hourly(question: &Question) -> bool {
    question
        .dimensions
        .contains(&Dimension::Time(Interval::Hour))
}

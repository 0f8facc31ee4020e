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

/// Where the numbers of one period come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reads {
    /// The table.
    pub(crate) table: Table,
    /// Whether people come from the rollup although the rest comes from events: events forget their
    /// visitors long before they go themselves.
    pub(crate) people_apart: bool,
}

const NOTHING_TO_COMPARE: &str = "the earlier period of this split is no longer known";
const LAST_DAY_WHOLE: &str =
    "the last day of the earlier period is counted whole where only its day is known";

/// How a question will be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// For the period asked about.
    pub(crate) reads: Reads,
    /// For the one it is compared with.
    pub(crate) compared: Reads,
    /// Whether the other period is still known.
    pub(crate) comparable: bool,
    /// Whether people of the other period are.
    pub(crate) people_comparable: bool,
    /// Whether days are missing that were asked for.
    pub(crate) incomplete: bool,
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
    let reads = choose(question, period, &reach);
    let cut = other.is_some_and(|other| !other.is_whole_days());
    let compared = if cut && reads.table == Table::Daily && !reach.beyond_events {
        events_while_they_last(question, &reach)
    } else {
        reads
    };
    let mut warnings = warnings(period, reads);
    if cut && (compared.table == Table::Daily || compared.people_apart) {
        warnings.push(LAST_DAY_WHOLE.to_owned());
    }
    let mut missing = missing(question, reads, &Reach::new(period, None));
    let events_only = compared.table == Table::Events && !rollup_suffices(question);
    let then = other.filter(|_| events_only);
    let then = then.map(|other| Reach::new(other, None));
    let people_comparable = !then.as_ref().is_some_and(|then| then.beyond_visitors);
    let people_alone = question.people().is_some() && question.metrics.len() == 1;
    let comparable =
        !then.is_some_and(|then| then.beyond_events) && (people_comparable || !people_alone);
    if !comparable {
        missing.push(NOTHING_TO_COMPARE.to_owned());
    }
    let incomplete = !missing.is_empty();
    warnings.extend(missing);
    Ok(Plan {
        reads,
        compared,
        comparable,
        people_comparable,
        incomplete,
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

fn choose(question: &Question, period: &Period, reach: &Reach) -> Reads {
    if !rollup_suffices(question) {
        return Reads::only(Table::Events);
    }
    // In other time zones the rollup's days are not the reader's, so events are better while they last.
    if reach.beyond_events || period.is_utc_days() {
        return Reads::only(Table::Daily);
    }
    events_while_they_last(question, reach)
}

/// Events for whatever they still know; people from the rollup where they have forgotten them.
fn events_while_they_last(question: &Question, reach: &Reach) -> Reads {
    match question.people() {
        Some(_) if reach.beyond_visitors && question.can_split() => Reads {
            table: Table::Events,
            people_apart: true,
        },
        Some(_) if reach.beyond_visitors => Reads::only(Table::Daily),
        _ => Reads::only(Table::Events),
    }
}

impl Reads {
    fn only(table: Table) -> Self {
        Self {
            table,
            people_apart: false,
        }
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
    let metrics = question.metrics.iter().all(|metric| metric.in_daily());
    dimensions && filters && metrics
}

/// What the numbers of `period` leave out by coming from where they come from.
fn warnings(period: &Period, reads: Reads) -> Vec<String> {
    let mut warnings = Vec::new();
    if reads.table == Table::Daily && !period.is_utc_days() {
        warnings.push("days are UTC days here: such numbers are kept by UTC day".to_owned());
    }
    if reads.people_apart {
        warnings.push("people are counted by UTC day".to_owned());
    }
    warnings
}

/// Days of the period that are missing because only events know the split or the metric, and they are gone.
fn missing(question: &Question, reads: Reads, reach: &Reach) -> Vec<String> {
    let mut missing = Vec::new();
    if reads.table == Table::Daily || rollup_suffices(question) {
        return missing;
    }
    if reach.beyond_events {
        missing.push(format!(
            "this split is kept for {EVENT_DAYS} days; earlier days are missing"
        ));
    }
    if question.people().is_some() && reach.beyond_visitors {
        missing.push(format!(
            "people by this split are known for {VISITOR_DAYS} days; earlier days are missing"
        ));
    }
    missing
}

fn is_hourly(question: &Question) -> bool {
    question
        .dimensions
        .contains(&Dimension::Time(Interval::Hour))
}

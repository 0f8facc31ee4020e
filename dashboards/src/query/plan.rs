//! Which table answers a question: a rollup where one can, the events themselves elsewhere.

use jiff::SignedDuration;

use super::dimension::{Dimension, Field, Interval};
use super::imported;
use super::metric::Metric;
use super::parse::Question;
use super::period::Period;
use super::place::Invalid;
use super::property::Property;

/// A table that questions read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    /// One row an event, kept for as many days as the settings say.
    Events,
    /// Counts by package, UTC day, kind, version and audience.
    Daily,
    /// Counts by package, hour, kind and audience; whole for as long as events are kept.
    Hourly,
    /// Counts by package, UTC day, kind, audience and one property.
    Splits(Property),
    /// Counts by package, organisation, UTC day, kind, audience and version; nobody is not in it.
    Organisations,
    /// What registries counted, by UTC day.
    Imported,
}

impl Table {
    /// Its name in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Daily => "daily",
            Self::Hourly => "hourly",
            Self::Splits(_) => "splits",
            Self::Organisations => "organisations",
            Self::Imported => "imported_totals",
        }
    }

    /// Whether it knows days and no time of day.
    fn has_days_only(self) -> bool {
        matches!(self, Self::Daily | Self::Splits(_) | Self::Organisations)
    }
}

/// How long an event remembers its visitor, in days.
const VISITOR_DAYS: u16 = 2;
/// Longest period that is cut into hours, in days.
const HOURLY_DAYS: i32 = 91;

/// Where the numbers of one period come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reads {
    /// The table.
    pub(crate) table: Table,
    /// Where people come from, if from elsewhere than the rest: events forget their visitors long
    /// before they go themselves, and most rollups never knew them.
    pub(crate) people: Option<Table>,
    /// Where organisations are counted, if elsewhere than the rest: most rollups never knew them.
    pub(crate) organisations: Option<Table>,
}

const NOTHING_TO_COMPARE: &str = "the earlier period of this split is no longer known";
const PEOPLE_ADDED_UP: &str = "people of a day are counted for each version and kind by itself; who is in several counts several times";
const NOBODY_LEFT_OUT: &str = "where no organisation is known, nothing is counted here: only organisations are known for so long";
pub(super) const LAST_DAY_WHOLE: &str =
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
    event_days: u16,
) -> Result<Plan, Invalid> {
    if question.is_imported() {
        return Ok(imported::plan(period, other));
    }
    if is_hourly(question) && period.day_count() > HOURLY_DAYS {
        let message =
            format!("time:hour reaches over {HOURLY_DAYS} days at most; ask for time:day");
        return Err(Invalid {
            pointer: "/dimensions".to_owned(),
            message,
        });
    }
    if question.can_split(Metric::Organisations) {
        let rest = question.without(Metric::Organisations);
        let organisations = question.only(Metric::Organisations);
        let rest = planned(&rest, period, other, event_days);
        return Ok(rest.and_apart(planned(&organisations, period, other, event_days)));
    }
    Ok(planned(question, period, other, event_days))
}

/// The plan of a question whose metrics are all in one place, but for people.
fn planned(question: &Question, period: &Period, other: Option<&Period>, event_days: u16) -> Plan {
    let reach = Reach::new(period, other, event_days);
    let reads = choose(question, period, &reach);
    let cut = other.is_some_and(|other| !other.is_whole_days());
    let compared = if cut && reads.table != Table::Events && !reach.beyond_events {
        with_people(question, Table::Events, &reach)
    } else {
        reads
    };
    let mut warnings = warnings(question, period, reads);
    if cut && (compared.table.has_days_only() || compared.people == Some(Table::Daily)) {
        warnings.push(LAST_DAY_WHOLE.to_owned());
    }
    let mut missing = missing(
        question,
        reads,
        &Reach::new(period, None, event_days),
        event_days,
    );
    let then = other.filter(|_| !rollup_suffices(question));
    let then = then.map(|other| Reach::new(other, None, event_days));
    let from_events = |table: Table| then.as_ref().filter(|_| table == Table::Events);
    let people_from = compared.people.unwrap_or(compared.table);
    let people_comparable = !from_events(people_from).is_some_and(|then| then.beyond_visitors);
    let people_alone = question.people().is_some() && question.metrics.len() == 1;
    let comparable = !from_events(compared.table).is_some_and(|then| then.beyond_events)
        && (people_comparable || !people_alone);
    if !comparable {
        missing.push(NOTHING_TO_COMPARE.to_owned());
    }
    let incomplete = !missing.is_empty();
    warnings.extend(missing);
    Plan {
        reads,
        compared,
        comparable,
        people_comparable,
        incomplete,
        warnings,
    }
}

impl Plan {
    /// The same with organisations counted as `organisations` says.
    fn and_apart(mut self, organisations: Self) -> Self {
        self.reads.organisations = Some(organisations.reads.table);
        self.compared.organisations = Some(organisations.compared.table);
        self.comparable &= organisations.comparable;
        self.incomplete |= organisations.incomplete;
        let known = self.warnings.clone();
        let more = organisations.warnings.into_iter();
        self.warnings
            .extend(more.filter(|said| !known.contains(said)));
        self
    }
}

/// What an answer needs that events may no longer know.
struct Reach {
    beyond_events: bool,
    beyond_visitors: bool,
}

impl Reach {
    fn new(period: &Period, other: Option<&Period>, event_days: u16) -> Self {
        let from = other.map_or(period.from, |other| other.from.min(period.from));
        let beyond =
            |days: u16| from < period.now - SignedDuration::from_hours(24 * i64::from(days));
        Self {
            beyond_events: beyond(event_days),
            beyond_visitors: beyond(VISITOR_DAYS),
        }
    }
}

fn choose(question: &Question, period: &Period, reach: &Reach) -> Reads {
    // In other time zones a rollup's days are not the reader's, so hours and events are better while
    // they last.
    let by_utc_day = reach.beyond_events || period.is_utc_days();
    if question.is_about_organisations() {
        let kept = reach.beyond_events || (by_utc_day && question.leaves_nobody_out());
        return Reads::only(if kept && organisations_suffice(question) {
            Table::Organisations
        } else {
            Table::Events
        });
    }
    if by_utc_day && rollup_suffices(question) {
        return Reads::only(Table::Daily);
    }
    if by_utc_day && let Some(property) = property(question) {
        return with_people(question, Table::Splits(property), reach);
    }
    if !reach.beyond_events && hours_suffice(question) && period.is_whole_hours() {
        return with_people(question, Table::Hourly, reach);
    }
    if rollup_suffices(question) || !reach.beyond_visitors {
        return with_people(question, Table::Events, reach);
    }
    Reads::only(Table::Events)
}

/// `table` for all that it knows, and people from where they are known.
fn with_people(question: &Question, table: Table, reach: &Reach) -> Reads {
    let kept = if rollup_suffices(question) {
        Table::Daily
    } else {
        Table::Events
    };
    match question.people() {
        None => Reads::only(table),
        Some(_) if !reach.beyond_visitors => Reads::only(Table::Events),
        Some(_) if question.can_split(Metric::People) && kept != table => Reads {
            people: Some(kept),
            ..Reads::only(table)
        },
        Some(_) => Reads::only(kept),
    }
}

impl Reads {
    pub(super) fn only(table: Table) -> Self {
        Self {
            table,
            people: None,
            organisations: None,
        }
    }
}

fn rollup_suffices(question: &Question) -> bool {
    !is_hourly(question) && counted_in_rollups(question) && question.fields().all(Field::in_daily)
}

fn organisations_suffice(question: &Question) -> bool {
    !is_hourly(question)
        && question
            .metrics
            .iter()
            .all(|metric| metric.in_organisations())
        && question.fields().all(Field::in_organisations)
}

fn counted_in_rollups(question: &Question) -> bool {
    question.metrics.iter().all(|metric| metric.in_rollups())
}

/// Versions are in the daily rollup alone.
fn names_versions(question: &Question) -> bool {
    question.metrics.contains(&Metric::Versions)
}

fn hours_suffice(question: &Question) -> bool {
    !names_versions(question)
        && counted_in_rollups(question)
        && question.fields().all(Field::in_rollups)
}

/// The property that the question is about, if it is about one.
fn property(question: &Question) -> Option<Property> {
    if is_hourly(question) || names_versions(question) || !counted_in_rollups(question) {
        return None;
    }
    let fields: Vec<Field> = question
        .fields()
        .filter(|field| !field.in_rollups())
        .collect();
    Property::of(&fields)
}

/// What the numbers of `period` leave out by coming from where they come from.
fn warnings(question: &Question, period: &Period, reads: Reads) -> Vec<String> {
    let mut warnings = Vec::new();
    if reads.table.has_days_only() && !period.is_utc_days() {
        warnings.push("days are UTC days here: such numbers are kept by UTC day".to_owned());
    }
    if reads.table == Table::Organisations && !question.leaves_nobody_out() {
        warnings.push(NOBODY_LEFT_OUT.to_owned());
    }
    if reads.people == Some(Table::Daily) {
        warnings.push("people are counted by UTC day".to_owned());
    }
    let people_from = reads.people.unwrap_or(reads.table);
    if question.people().is_some() && people_from == Table::Daily && question.adds_people_up() {
        warnings.push(PEOPLE_ADDED_UP.to_owned());
    }
    warnings
}

/// Days of the period that are missing because only events know the split or the metric, and they are gone.
fn missing(question: &Question, reads: Reads, reach: &Reach, event_days: u16) -> Vec<String> {
    let mut missing = Vec::new();
    if rollup_suffices(question) {
        return missing;
    }
    if reads.table == Table::Events && reach.beyond_events {
        missing.push(format!(
            "this split is kept for {event_days} days; earlier days are missing"
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

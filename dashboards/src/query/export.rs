//! From a wish for many rows in JSON to the one statement that streams them; pure.
//!
//! Without `metrics` the rows are events as they are stored, with them they are the rows of that
//! question, as many as there are. What may be asked for is what `POST /query` takes, read by the
//! same parser, plus `format` and, for events, `columns`.

mod column;
mod format;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

pub(crate) use format::Format;

use super::before;
use super::filter::Filter;
use super::imported;
use super::metric::Metric;
use super::organisation;
use super::parse::{Question, Target, optional, parse, required, target, zone};
use super::period::{DateRange, Period};
use super::place::{Invalid, Place, quoted};
use super::plan::{Table, plan};
use super::sql::{Params, Sql, about, during, statement};
use super::words::listed;
use crate::accounts::Packages;
use column::Column;

/// What is wanted, and in which format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Export {
    pub(crate) format: Format,
    rows: Rows,
}

#[derive(Clone, Debug, PartialEq)]
enum Rows {
    Events(Events),
    Question(Box<Question>),
}

/// Events as they are stored.
#[derive(Clone, Debug, PartialEq)]
struct Events {
    target: Target,
    range: DateRange,
    zone: TimeZone,
    filters: Vec<Filter>,
    columns: Vec<&'static Column>,
}

const EVENT_MEMBERS: &[&str] = &[
    "site_id",
    "date_range",
    "filters",
    "timezone",
    "format",
    "columns",
];

impl Export {
    /// Reads what is wanted.
    pub(crate) fn read(written: &Value) -> Result<Self, Invalid> {
        let root = Place::root(written);
        let format = read_format(&required(&root, "format")?)?;
        let rows = if root.member("metrics").is_some() {
            Rows::Question(Box::new(read_question(written)?))
        } else {
            root.only(EVENT_MEMBERS)?;
            let filters = optional(&root, "filters", Filter::read_all)?;
            imported::check(&root, &[])?;
            Rows::Events(Events {
                target: target(&required(&root, "site_id")?)?,
                range: DateRange::read(&required(&root, "date_range")?)?,
                zone: root
                    .member("timezone")
                    .map_or(Ok(TimeZone::UTC), |place| zone(&place))?,
                filters,
                columns: match root.member("columns") {
                    Some(place) => column::read_all(&place)?,
                    None => Column::ALL.iter().collect(),
                },
            })
        };
        let filters = match &rows {
            Rows::Events(events) => &events.filters,
            Rows::Question(question) => &question.filters,
        };
        before::refuse(filters)?;
        Ok(Self { format, rows })
    }

    /// The same, as far as somebody may see it; none where they may not.
    pub(crate) fn within(mut self, packages: &Packages) -> Option<Self> {
        let target = match &mut self.rows {
            Rows::Events(events) => &mut events.target,
            Rows::Question(question) => &mut question.target,
        };
        *target = target.clone().within(packages)?;
        Some(self)
    }

    /// The statement that streams the rows as of `now`, where single events are kept for `event_days`.
    pub(crate) fn statement(&self, now: Timestamp, event_days: u16) -> Result<Sql, Invalid> {
        let period = self.period(now);
        match &self.rows {
            Rows::Events(events) => Ok(events.statement(&period, self.format)),
            Rows::Question(question) => rows_of(question, &period, self.format, event_days),
        }
    }

    /// The statement for the time from `from` to `to` instead of the range that was written.
    pub(crate) fn statement_between(
        &self,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
        event_days: u16,
    ) -> Result<Sql, Invalid> {
        let period = Period::between(from, to, self.range().1, now);
        match &self.rows {
            Rows::Events(events) => Ok(events.statement(&period, self.format)),
            Rows::Question(question) => rows_of(question, &period, self.format, event_days),
        }
    }

    /// The statement that counts the lines which [`Export::statement`] will bring, where a format has lines and it
    /// takes less than bringing them.
    pub(crate) fn count(&self, now: Timestamp) -> Option<Sql> {
        match &self.rows {
            Rows::Events(events) if !self.format.is_typed() => {
                Some(events.count(&self.period(now)))
            }
            _ => None,
        }
    }

    /// A name for the file, of letters that every system takes.
    pub(crate) fn file_name(&self, now: Timestamp) -> String {
        let target = match &self.rows {
            Rows::Events(events) => &events.target,
            Rows::Question(question) => &question.target,
        };
        let name = match target {
            Target::All | Target::Among(_) => "all".to_owned(),
            Target::Package(name) => name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"),
        };
        let period = self.period(now);
        let ending = self.format.as_str();
        format!("weir-{name}-{}-{}.{ending}", period.first, period.last)
    }

    fn period(&self, now: Timestamp) -> Period {
        let (range, zone) = self.range();
        // "All" begins before the first event there can be: the store need not be asked for it.
        Period::resolve(range, zone, now, Some(Date::MIN))
    }

    fn range(&self) -> (DateRange, &TimeZone) {
        match &self.rows {
            Rows::Events(events) => (events.range, &events.zone),
            Rows::Question(question) => (question.range, &question.zone),
        }
    }
}

fn read_format(place: &Place<'_>) -> Result<Format, Invalid> {
    let word = place.text()?;
    Format::from_word(word).ok_or_else(|| {
        let formats = listed!(Format);
        place.invalid(format!("invalid format {}; one of {formats}", quoted(word)))
    })
}

/// The question without what only an export has. It has every row, so it has no pages.
fn read_question(written: &Value) -> Result<Question, Invalid> {
    let root = Place::root(written);
    for unfit in ["columns", "pagination", "include"] {
        if let Some(place) = root.member(unfit) {
            return Err(place.invalid("leave it out: with metrics, an export has a column for each of them and of the dimensions, and every row"));
        }
    }
    let mut question = written.clone();
    if let Some(members) = question.as_object_mut() {
        members.remove("format");
    }
    Ok(Question {
        limit: i64::MAX as u64, // the engine adds limit and offset as signed numbers
        ..parse(&question)?
    })
}

impl Events {
    fn statement(&self, period: &Period, format: Format) -> Sql {
        let (conditions, params) = self.conditions(period);
        let columns = self.columns.iter();
        let select: Vec<_> = columns.map(|column| column.selected(format)).collect();
        let words = [
            ("select", select.join(", ")),
            ("where", conditions),
            ("organisation", organisation::replacements()),
            ("settings", format.settings()),
        ];
        let words = words.each_ref().map(|(word, text)| (*word, text.as_str()));
        let template = if self.columns.iter().any(|column| column.is_organisation()) {
            include_str!("export_organisations.sql")
        } else {
            include_str!("export_events.sql")
        };
        Sql::fill(template, &words, params)
    }

    fn count(&self, period: &Period) -> Sql {
        let (conditions, params) = self.conditions(period);
        Sql::fill(
            include_str!("export_count.sql"),
            &[("where", &conditions)],
            params,
        )
    }

    fn conditions(&self, period: &Period) -> (String, Params) {
        let mut params = Params::default();
        let mut conditions = vec![during(period, Table::Events, &mut params)];
        conditions.extend(about(&self.target, &mut params));
        let filters = self.filters.iter();
        conditions.extend(filters.map(|filter| filter.condition(Table::Events, &mut params)));
        (conditions.join(" AND "), params)
    }
}

/// The question's own statement, with names for its columns.
fn rows_of(
    question: &Question,
    period: &Period,
    format: Format,
    event_days: u16,
) -> Result<Sql, Invalid> {
    let reads = plan(question, period, None, event_days)?.reads;
    // One statement reads one table: where people are known, the rest of the question is known too.
    let table = reads.people.unwrap_or(reads.table);
    let Sql { text, params } = statement(question, period, table);
    let dimensions = question.dimensions.iter().enumerate();
    let dimensions = dimensions.map(|(index, dimension)| {
        let value = format.text(&format!("toString(d{index})"));
        format!("{value} AS `{}`", dimension.as_str())
    });
    let metrics = question.metrics.iter().enumerate();
    let metrics = metrics
        .map(|(index, metric): (usize, &Metric)| format!("m{index} AS `{}`", metric.as_str()));
    let select: Vec<_> = dimensions.chain(metrics).collect();
    let text = format!(
        "SELECT {}\nFROM (\n{text}\n)\nSETTINGS {}",
        select.join(", "),
        format.settings()
    );
    Ok(Sql { text, params })
}

#[cfg(test)]
mod tests;

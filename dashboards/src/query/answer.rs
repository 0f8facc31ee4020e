//! From rows of the store to the answer: empty buckets become zero, periods are set side by side.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dimension::{Dimension, Interval};
use super::explain::Statement;
use super::labels::{labels, last_is_partial, running};
use super::parse::{Column, Direction, Question};
use super::period::Period;
use super::plan::Plan;
use super::release::Release;
use super::resolution::Resolution;

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Answer {
    /// The rows asked for.
    pub results: Vec<Row>,
    /// What goes with them.
    pub meta: Meta,
    /// The question as understood: absolute times, defaults, time zone, and the table that answered.
    #[schema(value_type = Object)]
    pub query: Resolution,
}

/// One combination of dimension values.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Row {
    /// Values of the dimensions, in the order asked; empty text is "unknown". Hours are written
    /// `2026-11-21 09:00:00`, days, weeks (by their Monday) and months (by their first) `2026-11-21`.
    pub dimensions: Vec<String>,
    /// Values of the metrics, in the order asked: counts, and bytes for `bytes`.
    pub metrics: Vec<u64>,
    /// The same row of the other period.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comparison: Option<Comparison>,
}

/// A row of the other period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Comparison {
    /// Values of the metrics then; null where that is no longer known.
    pub metrics: Vec<Option<u64>>,
    /// Change from then to now in percent, to a tenth; null where nothing is known of then, and in
    /// buckets of time that are not finished.
    pub change: Vec<Option<f64>>,
}

/// What goes with the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Meta {
    /// How many rows there are without the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total_rows: Option<u64>,
    /// Every bucket of the time axis, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_labels: Option<Vec<String>>,
    /// The axis of the other period; buckets correspond by position.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comparison_time_labels: Option<Vec<String>>,
    /// Says that the last bucket is still filling, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub partial: Option<&'static str>,
    /// Versions that came out within the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub releases: Option<Vec<Release>>,
    /// The statements that answered, in the order in which they began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub explain: Option<Vec<Statement>>,
    /// UTC days of the last week whose people are approximate: a restart, or gateways that share no salt,
    /// made one client several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub epochs: Vec<Epochs>,
    /// Whether days are missing that were asked for; the warnings say which.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// What the numbers leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A day whose people were counted under several salts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Epochs {
    /// UTC day, `YYYY-MM-DD`.
    pub day: String,
    /// How many salts there were; a client counts once under each.
    pub epochs: u64,
}

/// A row has another shape than its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ClickHouse answered with a row of another shape than asked for")]
pub(crate) struct Malformed;

/// Rows of a statement, cells as they came.
pub(super) type Cells = [Vec<Value>];

type Counted = (Vec<String>, Vec<u64>);

/// Builds the answer; `other` is the compared period with its rows.
pub(crate) fn answer(
    question: &Question,
    period: &Period,
    plan: &Plan,
    cells: &Cells,
    other: Option<(&Period, &Cells)>,
) -> Result<Answer, Malformed> {
    let rows = filled(question, period, read(question, cells)?);
    let earlier = match other {
        None => None,
        Some((then, cells)) => {
            let rows = read(question, cells)?;
            let unknown = question.people().filter(|_| !plan.people_comparable);
            Some(Earlier {
                rows: aligned(question, period, then, rows),
                unknown,
            })
        }
    };
    let unfinished = time_axis(question).map(|(at, interval)| (at, running(interval, period)));
    let finished = |dimensions: &[String]| {
        unfinished
            .as_ref()
            .is_none_or(|(at, running)| dimensions[*at] < *running)
    };
    let results = rows
        .into_iter()
        .map(|row| {
            let finished = finished(&row.0);
            set_beside(row, earlier.as_ref(), finished)
        })
        .collect();
    let mut meta = meta(question, period, other.map(|(then, _)| then));
    meta.incomplete = plan.incomplete;
    meta.warnings.clone_from(&plan.warnings);
    let query = Resolution::new(
        question,
        period,
        other.map(|(then, _)| then),
        plan.reads.table,
    );
    Ok(Answer {
        results,
        meta,
        query,
    })
}

/// The dimension values of each row, for [`Question::narrowed`].
pub(crate) fn found(question: &Question, cells: &Cells) -> Result<Vec<Vec<String>>, Malformed> {
    Ok(read(question, cells)?
        .into_iter()
        .map(|(dimensions, _)| dimensions)
        .collect())
}

/// Reads the answer to [`super::releases`].
pub(crate) fn releases_of(cells: &Cells) -> Result<Vec<Release>, Malformed> {
    let release = |row: &Vec<Value>| match row.as_slice() {
        [version, first_seen] => Ok(Release {
            version: text(version),
            first_seen: text(first_seen),
            url: None,
            notes: None,
        }),
        _ => Err(Malformed),
    };
    cells.iter().map(release).collect()
}

/// Reads the answer to [`super::epochs`].
pub(crate) fn epochs_of(cells: &Cells) -> Result<Vec<Epochs>, Malformed> {
    let epochs = |row: &Vec<Value>| match row.as_slice() {
        [day, epochs] => Ok(Epochs {
            day: text(day),
            epochs: count(epochs).ok_or(Malformed)?,
        }),
        _ => Err(Malformed),
    };
    cells.iter().map(epochs).collect()
}

fn read(question: &Question, cells: &Cells) -> Result<Vec<Counted>, Malformed> {
    let (dimensions, metrics) = (question.dimensions.len(), question.metrics.len());
    cells
        .iter()
        .map(|row| {
            let (values, counts) = row.split_at_checked(dimensions).ok_or(Malformed)?;
            if counts.len() != metrics {
                return Err(Malformed);
            }
            let counts = counts
                .iter()
                .map(|cell| count(cell).ok_or(Malformed))
                .collect::<Result<_, _>>()?;
            Ok((values.iter().map(text).collect(), counts))
        })
        .collect()
}

/// A cell as text; ClickHouse writes dates and words as strings already.
pub(crate) fn text(cell: &Value) -> String {
    cell.as_str()
        .map_or_else(|| cell.to_string(), ToOwned::to_owned)
}

/// A cell as a count; servers may be set to put 64-bit numbers into quotes.
pub(crate) fn count(cell: &Value) -> Option<u64> {
    cell.as_u64().or_else(|| cell.as_str()?.parse().ok())
}

fn time_axis(question: &Question) -> Option<(usize, Interval)> {
    question
        .dimensions
        .iter()
        .enumerate()
        .find_map(|(index, dimension)| match dimension {
            Dimension::Time(interval) => Some((index, *interval)),
            Dimension::Field(_) => None,
        })
}

/// A plain time series has a row for every bucket; a missing one counted nothing.
fn filled(question: &Question, period: &Period, rows: Vec<Counted>) -> Vec<Counted> {
    let [Dimension::Time(interval)] = question.dimensions[..] else {
        return rows;
    };
    let mut known: HashMap<_, _> = rows
        .into_iter()
        .map(|(mut label, counts)| (label.pop().unwrap_or_default(), counts))
        .collect();
    let zeros = vec![0; question.metrics.len()];
    let mut rows: Vec<Counted> = labels(interval, period)
        .into_iter()
        .map(|label| {
            let counts = known.remove(&label).unwrap_or_else(|| zeros.clone());
            (vec![label], counts)
        })
        .collect();
    sort_series(question, &mut rows);
    rows
}

fn sort_series(question: &Question, rows: &mut [Counted]) {
    match question.order.first() {
        Some((Column::Dimension(_), Direction::Descending)) => rows.reverse(),
        Some((Column::Metric(index), Direction::Descending)) => {
            rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts[*index]));
        }
        Some((Column::Metric(index), Direction::Ascending)) => {
            rows.sort_by_key(|(_, counts)| counts[*index]);
        }
        _ => {}
    }
}

/// Rows of the other period, found by the dimension values of this one.
struct Earlier {
    rows: HashMap<Vec<String>, Vec<u64>>,
    /// Position of a metric that is no longer known.
    unknown: Option<usize>,
}

/// Rows of the period `then` under the labels of `now`. Buckets of time correspond by position: the
/// third week to the third week.
fn aligned(
    question: &Question,
    now: &Period,
    then: &Period,
    rows: Vec<Counted>,
) -> HashMap<Vec<String>, Vec<u64>> {
    let Some((index, interval)) = time_axis(question) else {
        return rows.into_iter().collect();
    };
    let bucket: HashMap<_, _> = labels(interval, then)
        .into_iter()
        .zip(labels(interval, now))
        .collect();
    let moved = rows.into_iter().filter_map(|(mut values, counts)| {
        let label = bucket.get(&values[index])?;
        values[index].clone_from(label);
        Some((values, counts))
    });
    moved.collect()
}

fn set_beside((dimensions, metrics): Counted, earlier: Option<&Earlier>, finished: bool) -> Row {
    let comparison = earlier.map(|Earlier { rows, unknown }| {
        let then = rows.get(&dimensions);
        let then = (0..metrics.len())
            .map(|index| (Some(index) != *unknown).then(|| then.map_or(0, |then| then[index])))
            .collect::<Vec<_>>();
        let change = then
            .iter()
            .zip(&metrics)
            .map(|(then, now)| change((*then)?, *now).filter(|_| finished))
            .collect();
        Comparison {
            metrics: then,
            change,
        }
    });
    Row {
        dimensions,
        metrics,
        comparison,
    }
}

/// Percent, to a tenth.
#[allow(clippy::cast_precision_loss)] // a count beyond 2^53 still has the right tenth of a percent
fn change(then: u64, now: u64) -> Option<f64> {
    if now == then {
        return Some(0.0);
    }
    let percent = (now as f64 - then as f64) / then as f64 * 100.0;
    (then != 0).then_some((percent * 10.0).round() / 10.0)
}

fn meta(question: &Question, period: &Period, other: Option<&Period>) -> Meta {
    let mut meta = Meta::default();
    if let Some((_, interval)) = time_axis(question) {
        if question.include.time_labels {
            meta.time_labels = Some(labels(interval, period));
            meta.comparison_time_labels = other.map(|then| labels(interval, then));
        }
        meta.partial = last_is_partial(interval, period).then_some("last bucket is incomplete");
    }
    meta
}

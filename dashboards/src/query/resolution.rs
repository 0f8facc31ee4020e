//! The question as it was understood: the request with absolute times and every default filled in.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::parse::{Column, Direction, Question, Target};
use super::period::Period;
use super::plan::Table;

/// The question as it was understood.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Resolution {
    /// Package name, or `*`.
    site_id: String,
    metrics: Vec<&'static str>,
    /// First and last second, each with its zone's offset.
    date_range: [String; 2],
    /// The same of the period that was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    comparison_date_range: Option<[String; 2]>,
    dimensions: Vec<&'static str>,
    /// As asked.
    #[schema(value_type = Vec<Vec<Value>>)]
    filters: Value,
    order_by: Vec<[&'static str; 2]>,
    pagination: Pagination,
    /// IANA name.
    timezone: String,
    /// Which table answered: `daily` (a rollup by UTC day), `hourly`, `splits` (by UTC day and one
    /// property), `organisations` (by UTC day), `events` or `imported_totals`.
    table: &'static str,
}

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Pagination {
    limit: u64,
    offset: u64,
}

impl Resolution {
    /// Its first and last day, `YYYY-MM-DD`.
    pub(crate) fn days(&self) -> [&str; 2] {
        let instants = self.date_range.each_ref();
        instants.map(|instant| instant.split('T').next().unwrap_or_default())
    }

    pub(super) fn new(
        question: &Question,
        period: &Period,
        other: Option<&Period>,
        table: Table,
    ) -> Self {
        let site_id = match &question.target {
            Target::All | Target::Among(_) => "*".to_owned(),
            Target::Package(name) => name.clone(),
        };
        let filters = question
            .written
            .get("filters")
            .filter(|filters| filters.is_array());
        Self {
            site_id,
            metrics: question
                .metrics
                .iter()
                .map(|metric| metric.as_str())
                .collect(),
            date_range: instants(period),
            comparison_date_range: other.map(instants),
            dimensions: question
                .dimensions
                .iter()
                .map(|dimension| dimension.as_str())
                .collect(),
            filters: filters.cloned().unwrap_or_else(|| Value::Array(Vec::new())),
            order_by: question
                .order
                .iter()
                .map(|order| order_by(question, *order))
                .collect(),
            pagination: Pagination {
                limit: question.limit,
                offset: question.offset,
            },
            timezone: period.zone.iana_name().unwrap_or("UTC").to_owned(),
            table: table.as_str(),
        }
    }
}

fn order_by(question: &Question, (column, direction): (Column, Direction)) -> [&'static str; 2] {
    let word = match column {
        Column::Metric(index) => question.metrics[index].as_str(),
        Column::Dimension(index) => question.dimensions[index].as_str(),
    };
    [word, direction.as_str()]
}

fn instants(period: &Period) -> [String; 2] {
    let written = |instant: Timestamp| {
        instant
            .to_zoned(period.zone.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    };
    [
        written(period.from),
        written(period.to - SignedDuration::from_secs(1)),
    ]
}

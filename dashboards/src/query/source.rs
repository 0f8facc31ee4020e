//! What stands behind FROM: a table, or for people of the daily rollup, where they are counted.
//!
//! Distinct people do not add up, so a day has one number for each way to ask: over all, by version,
//! by kind, by both. A question reads those of the columns that it names.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::dimension::{Dimension, Field};
use super::filter::{Filter, Test};
use super::parse::Question;
use super::period::{Period, back, minute};
use super::plan::Table;
use super::sql::{Param, Params, utc};

/// Visitors of what comes later than its day are known for three hours; some more does no harm.
const LATELY: SignedDuration = SignedDuration::from_mins(190);

/// The source of a statement; `rows` is the condition on days and package.
pub(super) fn source(
    question: &Question,
    period: &Period,
    table: Table,
    rows: &str,
    params: &mut Params,
) -> String {
    if table == Table::Imported {
        return include_str!("imported_days.sql").trim_end().to_owned();
    }
    if table != Table::Daily || question.people().is_none() {
        return table.as_str().to_owned();
    }
    let yesterday = back(period.now.to_zoned(TimeZone::UTC).date(), 1.day());
    params.named("known", Param::Text(yesterday.to_string()));
    params.named("lately", Param::Text(utc(minute(period.now) - LATELY)));
    let (by_kind, by_version) = (question.names(Field::Kind), question.names_versions());
    let by = match (by_kind, by_version) {
        (false, false) => "nothing",
        (false, true) => "version",
        (true, false) => "kind",
        (true, true) => "kind and version",
    };
    include_str!("people.sql")
        .trim_end()
        .replace("$rows", rows)
        .replace("$by", by)
        .replace("$kind", if by_kind { "toString(kind)" } else { "''" })
        .replace("$version", if by_version { "version" } else { "''" })
}

impl Question {
    /// Every column that is split by or filtered by.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        let mut fields = Vec::new();
        for dimension in &self.dimensions {
            fields.extend(dimension.field());
        }
        for filter in &self.filters {
            filter.each_field(&mut |field| fields.push(field));
        }
        fields.into_iter()
    }

    /// Whether a column is one of them.
    fn names(&self, field: Field) -> bool {
        self.fields().any(|other| other == field)
    }

    /// Whether versions are told apart, each or those of a minor version together.
    fn names_versions(&self) -> bool {
        self.names(Field::Version) || self.names(Field::VersionMinor)
    }

    /// Whether people are put together from several numbers of a day, so that somebody who is in two
    /// of them counts twice.
    pub(super) fn adds_people_up(&self) -> bool {
        let apart = |field: Field| self.dimensions.contains(&Dimension::Field(field));
        let by_minor = self.names(Field::VersionMinor) && !apart(Field::Version);
        by_minor
            || self.filters.iter().any(|filter| {
                let one =
                    matches!(filter, Filter::Column(Test::Is, _, values) if values.len() == 1);
                let mut several = false;
                filter.each_field(&mut |field| {
                    let counted_apart = matches!(field, Field::Kind | Field::Version);
                    several |= counted_apart && !apart(field) && !one;
                });
                several
            })
    }
}

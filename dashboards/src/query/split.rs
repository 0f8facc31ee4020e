//! A question whose people are counted in another table than the rest of it.

use std::collections::HashMap;

use serde_json::Value;

use super::answer::{Cells, Malformed, text};
use super::dimension::Dimension;
use super::metric::Metric;
use super::parse::{Column, Question};

impl Question {
    /// Position of the metric that may live elsewhere.
    pub(super) fn people(&self) -> Option<usize> {
        self.metrics
            .iter()
            .position(|metric| *metric == Metric::People)
    }

    /// Whether the rest stands without people: there is a rest, and people do not decide the order.
    pub(super) fn can_split(&self) -> bool {
        let people = self.people().map(Column::Metric);
        let sorted_by = self.order.first().map(|(column, _)| *column);
        self.metrics.len() > 1 && (sorted_by.is_none() || sorted_by != people)
    }

    /// The question without people.
    #[must_use]
    pub(crate) fn without_people(&self) -> Self {
        let mut rest = self.clone();
        let Some(people) = self.people() else {
            return rest;
        };
        rest.metrics.remove(people);
        rest.order
            .retain(|(column, _)| *column != Column::Metric(people));
        for (column, _) in &mut rest.order {
            if let Column::Metric(index) = column {
                *index -= usize::from(*index > people);
            }
        }
        rest
    }

    /// The question about people alone.
    #[must_use]
    pub(crate) fn only_people(&self) -> Self {
        let mut people = self.clone();
        people.metrics = vec![Metric::People];
        people
            .order
            .retain(|(column, _)| matches!(column, Column::Dimension(_)));
        people
    }
}

/// Puts people back among the metrics of the rows they belong to.
pub(crate) fn merged(
    question: &Question,
    rest: &Cells,
    people: &Cells,
) -> Result<Vec<Vec<Value>>, Malformed> {
    let dimensions = question.dimensions.len();
    let position = dimensions + question.people().ok_or(Malformed)?;
    let mut counted = HashMap::new();
    for row in people {
        let (values, [count]) = row.split_at_checked(dimensions).ok_or(Malformed)? else {
            return Err(Malformed);
        };
        counted.insert(key(values), count.clone());
    }
    let mut rows = Vec::with_capacity(rest.len());
    for row in rest {
        let mut row = row.clone();
        let values = row.get(..dimensions).ok_or(Malformed)?;
        let count = counted.remove(&key(values)).unwrap_or(Value::from(0));
        if position > row.len() {
            return Err(Malformed);
        }
        row.insert(position, count);
        rows.push(row);
    }
    if let [Dimension::Time(_)] = question.dimensions[..] {
        let alone = counted.into_iter();
        rows.extend(alone.map(|(label, count)| only_people_row(question, label, position, count)));
    }
    Ok(rows)
}

fn key(values: &[Value]) -> Vec<String> {
    values.iter().map(text).collect()
}

/// A bucket in which nothing but people was counted: at its edge, days of two calendars differ.
fn only_people_row(
    question: &Question,
    label: Vec<String>,
    position: usize,
    count: Value,
) -> Vec<Value> {
    let mut row: Vec<Value> = label.into_iter().map(Value::from).collect();
    row.resize(
        question.dimensions.len() + question.metrics.len(),
        Value::from(0),
    );
    row[position] = count;
    row
}

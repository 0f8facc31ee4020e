//! A question of which one metric, such as people, is counted in another table than the rest of it.

use std::collections::HashMap;

use serde_json::Value;

use super::answer::{Cells, Malformed, text};
use super::dimension::Dimension;
use super::metric::Metric;
use super::parse::{Column, Question};

impl Question {
    /// Position of the metric that may live elsewhere.
    pub(crate) fn people(&self) -> Option<usize> {
        self.position(Metric::People)
    }

    fn position(&self, metric: Metric) -> Option<usize> {
        self.metrics.iter().position(|asked| *asked == metric)
    }

    /// Whether the rest stands without `metric`: it is asked for, there is a rest, and it does not decide the order
    /// of several rows.
    pub(super) fn can_split(&self, metric: Metric) -> bool {
        let sorted_by = self.order.first().map(|(column, _)| *column);
        let at = self.position(metric).map(Column::Metric);
        let decides = sorted_by == at && !self.dimensions.is_empty();
        at.is_some() && self.metrics.len() > 1 && !decides
    }

    /// The question without `metric`.
    #[must_use]
    pub(crate) fn without(&self, metric: Metric) -> Self {
        let mut rest = self.clone();
        let Some(at) = self.position(metric) else {
            return rest;
        };
        rest.metrics.remove(at);
        rest.order
            .retain(|(column, _)| *column != Column::Metric(at));
        for (column, _) in &mut rest.order {
            if let Column::Metric(index) = column {
                *index -= usize::from(*index > at);
            }
        }
        rest
    }

    /// The question about `metric` alone.
    #[must_use]
    pub(crate) fn only(&self, metric: Metric) -> Self {
        let mut alone = self.clone();
        alone.metrics = vec![metric];
        alone
            .order
            .retain(|(column, _)| matches!(column, Column::Dimension(_)));
        alone
    }
}

/// Puts `metric` back among those of the rows it belongs to.
pub(crate) fn merged(
    question: &Question,
    metric: Metric,
    rest: &Cells,
    apart: &Cells,
) -> Result<Vec<Vec<Value>>, Malformed> {
    let dimensions = question.dimensions.len();
    let position = dimensions + question.position(metric).ok_or(Malformed)?;
    let mut counted = HashMap::new();
    for row in apart {
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
        rows.extend(alone.map(|(label, count)| row_of_one(question, label, position, count)));
    }
    Ok(rows)
}

fn key(values: &[Value]) -> Vec<String> {
    values.iter().map(text).collect()
}

/// A bucket in which nothing but one metric was counted: at its edge, days of two calendars differ.
fn row_of_one(
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

//! How an answer came about: the statements that ran, and what they cost.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::sql::{Param, Sql};

/// A statement that ran for an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Statement {
    /// The table that it reads.
    table: String,
    /// Its text, with server-side parameters such as `{from:Date}`.
    sql: String,
    /// Their values by name.
    #[schema(value_type = HashMap<String, Value>)]
    parameters: Map<String, Value>,
    /// What it read and how long it took when it last ran. An equal statement within some seconds is not run
    /// again.
    #[serde(flatten)]
    cost: Cost,
}

/// What a statement cost, as ClickHouse counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Cost {
    /// Rows read from the disk or its cache.
    pub rows_read: u64,
    /// Bytes read, not compressed.
    pub bytes_read: u64,
    /// Seconds from its beginning to its end.
    pub elapsed_s: f64,
}

/// The statements of one answer in the order in which they began.
#[derive(Debug)]
pub(crate) struct Trail(Option<Mutex<Vec<Statement>>>);

impl Trail {
    /// Keeps statements where `wanted`.
    pub(crate) fn new(wanted: bool) -> Self {
        Self(wanted.then(Mutex::default))
    }

    /// Notes that `sql` begins, and where.
    pub(crate) fn begin(&self, sql: &Sql) -> usize {
        self.with(|statements| {
            statements.push(Statement::of(sql));
            statements.len() - 1
        })
        .unwrap_or_default()
    }

    /// Notes what the statement that began as `place` has cost.
    pub(crate) fn end(&self, place: usize, cost: Cost) {
        self.with(|statements| {
            if let Some(statement) = statements.get_mut(place) {
                statement.cost = cost;
            }
        });
    }

    /// All of them, if they are wanted.
    pub(crate) fn statements(self) -> Option<Vec<Statement>> {
        let statements = self.0?.into_inner();
        Some(statements.unwrap_or_else(PoisonError::into_inner))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Statement>) -> T) -> Option<T> {
        let statements = self.0.as_ref()?.lock();
        Some(act(&mut statements.unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Statement {
    fn of(sql: &Sql) -> Self {
        let parameters = sql.params.iter();
        Self {
            table: sql.table().to_owned(),
            sql: sql.text.clone(),
            parameters: parameters
                .map(|(name, value)| (name.clone(), written(value)))
                .collect(),
            cost: Cost::default(),
        }
    }
}

fn written(value: &Param) -> Value {
    match value {
        Param::Text(text) => Value::from(text.as_str()),
        Param::Texts(texts) => Value::from(texts.as_slice()),
        Param::Numbers(numbers) => Value::from(numbers.as_slice()),
        Param::Number(number) => Value::from(*number),
    }
}

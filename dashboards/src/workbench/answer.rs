//! What ClickHouse answered, as the API tells it; pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{MOST_ROWS, WorkbenchError};
use crate::query::Cost;
use crate::store::Statistics;

/// The answer to a statement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SqlAnswer)]
pub(crate) struct Answer {
    /// In the order of the cells of a row.
    pub columns: Vec<Column>,
    /// Cells by row.
    #[schema(value_type = Vec<Vec<Value>>)]
    pub rows: Vec<Vec<Value>>,
    /// Whether there are more rows, which were left out.
    pub truncated: bool,
    pub cost: Cost,
}

/// A column of an answer or a table.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SqlColumn)]
pub(crate) struct Column {
    pub name: String,
    /// As ClickHouse names it.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A table that statements may read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SqlTable)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Written {
    meta: Vec<Column>,
    data: Vec<Vec<Value>>,
    #[serde(default)]
    statistics: Statistics,
}

/// Reads `JSONCompact`. ClickHouse stops after the block in which rows become too many, so there are
/// more than the limit exactly where some were left out.
pub(super) fn read(bytes: &[u8]) -> Result<Answer, WorkbenchError> {
    let written: Written = serde_json::from_slice(bytes).map_err(|_| WorkbenchError::Format)?;
    let mut rows = written.data;
    let truncated = rows.len() > MOST_ROWS;
    rows.truncate(MOST_ROWS);
    Ok(Answer {
        columns: written.meta,
        rows,
        truncated,
        cost: written.statistics.cost(),
    })
}

/// Groups rows of table, column and type, which come in the tables' order.
pub(super) fn tables(answer: Answer) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for row in answer.rows {
        let [
            Value::String(table),
            Value::String(name),
            Value::String(kind),
        ] = row.as_slice()
        else {
            continue;
        };
        if tables.last().is_none_or(|last| last.name != *table) {
            tables.push(Table {
                name: table.clone(),
                columns: Vec::new(),
            });
        }
        if let Some(last) = tables.last_mut() {
            last.columns.push(Column {
                name: name.clone(),
                kind: kind.clone(),
            });
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answered(rows: usize) -> Answer {
        let data = vec![json!([1]); rows];
        let text = json!({"meta": [{"name": "n", "type": "UInt8"}], "data": data, "rows": rows});
        read(text.to_string().as_bytes()).expect("an answer")
    }

    #[test]
    fn rows_beyond_the_limit_are_left_out_and_that_is_said() {
        let exact = answered(MOST_ROWS);
        assert_eq!((exact.rows.len(), exact.truncated), (MOST_ROWS, false));
        let more = answered(MOST_ROWS + 7);
        assert_eq!((more.rows.len(), more.truncated), (MOST_ROWS, true));
    }

    #[test]
    fn what_is_not_the_format_that_was_asked_for_is_the_statements_fault() {
        for text in ["n\n1\n", "", "[]", "{\"data\": [[1]]}"] {
            assert!(
                matches!(read(text.as_bytes()), Err(WorkbenchError::Format)),
                "{text}"
            );
        }
    }
}

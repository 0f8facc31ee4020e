//! Statements of one's own, and what they may read.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure};
use crate::accounts::Caller;
use crate::workbench::{Answer, Table, Workbench, WorkbenchError};

/// A statement to run.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlRequest {
    /// One statement that reads, in ClickHouse's dialect, without `FORMAT` and `SETTINGS`.
    sql: String,
    #[serde(default)]
    format: SqlFormat,
}

/// How rows are written.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SqlFormat {
    /// The first 100,000 rows with their columns and what they cost.
    #[default]
    Json,
    /// A file with a line of names, or an error where there are more rows.
    Csv,
    /// A file with types, or an error where there are more rows.
    Parquet,
}

/// What statements may read.
#[derive(Serialize, ToSchema)]
pub(crate) struct SqlSchema {
    tables: Vec<Table>,
}

/// Run a statement of one's own. It reads the numbers of all packages, for 10 s at most.
#[utoipa::path(post, path = "/sql", tag = "numbers", request_body = SqlRequest, responses(
    (status = 200, description = "rows", content(
        (Answer = "application/json"),
        (String = "text/csv"),
        (String = "application/vnd.apache.parquet"),
    )),
    (status = 400, description = "what ClickHouse says against the statement", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner, admin nor editor, a token without scope `sql` or for some packages only, or asked by another site's page", body = ErrorBody),
    (status = 404, description = "ClickHouse is a server of the operator's own", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy, or two statements are running; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse did not answer", body = ErrorBody),
))]
pub(crate) async fn run(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<SqlRequest>, JsonRejection>,
) -> Result<Response, Failure> {
    let workbench = workbench(&dashboard, &caller)?;
    let Json(SqlRequest { sql, format }) = body?;
    tracing::debug!(
        user = caller.user.name,
        sql,
        "a statement of somebody's own"
    );
    Ok(match format {
        SqlFormat::Json => Json(workbench.answer(&sql).await?).into_response(),
        SqlFormat::Csv => file(
            "text/csv; charset=utf-8; header=present",
            "csv",
            workbench.csv(&sql).await?,
        ),
        SqlFormat::Parquet => file(
            "application/vnd.apache.parquet",
            "parquet",
            workbench.parquet(&sql).await?,
        ),
    })
}

/// Show what statements may read.
#[utoipa::path(get, path = "/sql/schema", tag = "numbers", responses(
    (status = 200, description = "tables and columns", body = SqlSchema),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner, admin nor editor, or a token without scope `sql` or for some packages only", body = ErrorBody),
    (status = 404, description = "ClickHouse is a server of the operator's own", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy", body = ErrorBody),
))]
pub(crate) async fn readable(
    caller: Caller,
    State(dashboard): State<Shared>,
) -> Result<Json<SqlSchema>, Failure> {
    let tables = workbench(&dashboard, &caller)?.tables().await?;
    Ok(Json(SqlSchema { tables }))
}

/// Statements see every package, so whoever may see only some runs none.
fn workbench<'a>(dashboard: &'a Shared, caller: &Caller) -> Result<&'a Workbench, Failure> {
    if !caller.packages.is_all() {
        let why = "statements see every package; this takes access to all of them";
        return Err(Failure::new(ErrorCode::NotAllPackages, why));
    }
    dashboard.workbench.as_ref().ok_or_else(|| {
        let why = "no SQL here: ClickHouse is a server of your own, ask it with an account that it gave you";
        Failure::new(ErrorCode::StatementsElsewhere, why)
    })
}

fn file(media: &'static str, extension: &str, bytes: Vec<u8>) -> Response {
    let attached = format!("attachment; filename=\"weir-sql.{extension}\"");
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, attached),
    ];
    (headers, bytes).into_response()
}

impl From<WorkbenchError> for Failure {
    fn from(error: WorkbenchError) -> Self {
        let code = match error {
            WorkbenchError::Store(error) => return Self::from(std::sync::Arc::new(error)),
            WorkbenchError::Running => return Self::later(ErrorCode::StatementsBusy, &error, 5),
            WorkbenchError::Length => ErrorCode::StatementLength,
            WorkbenchError::NotReading => ErrorCode::StatementNotReading,
            WorkbenchError::Forbidden(_) => ErrorCode::StatementForbidden,
            WorkbenchError::Format => ErrorCode::StatementFormat,
            WorkbenchError::Refused(_) => ErrorCode::StatementRefused,
            WorkbenchError::TooLarge => ErrorCode::AnswerTooLarge,
        };
        Self::new(code, error.to_string())
    }
}

//! Rows to take away, as a file that streams: for a program by `POST`, for a link by `GET`.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::AskError;
use crate::export::BodyError;
use crate::query::Export;

/// Rows to export. With `metrics` they are those of that question, and its other members may stand
/// here too; without, they are events as they are stored.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "describes; the parser of questions reads the value"
)]
pub(crate) struct ExportRequest {
    /// Package name, or `*` for all.
    site_id: String,
    /// A preset such as `28d`, or two dates, both included.
    #[schema(value_type = Value)]
    date_range: Value,
    /// csv, ndjson, parquet or arrow.
    format: String,
    /// As in a question.
    #[schema(value_type = Option<Vec<Value>>)]
    filters: Option<Value>,
    /// IANA name; UTC unless given.
    timezone: Option<String>,
    /// Which columns of an event; all unless given.
    columns: Option<Vec<String>>,
    /// What to count; makes this a question.
    metrics: Option<Vec<String>>,
    /// What a question is split by.
    dimensions: Option<Vec<String>>,
}

/// Rows to export, as a link has them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportLink {
    /// Package name, or `*` for all.
    #[serde(default = "all")]
    #[param(default = "*")]
    site_id: String,
    /// A preset such as `28d`, or two dates with a comma between them.
    #[serde(default = "four_weeks")]
    #[param(default = "28d")]
    date_range: String,
    /// csv, ndjson, parquet or arrow.
    #[serde(default = "csv")]
    #[param(default = "csv")]
    format: String,
    /// As in a question, in JSON.
    filters: Option<String>,
    /// IANA name; UTC unless given.
    timezone: Option<String>,
    /// Which columns of an event, with commas between them.
    columns: Option<String>,
    /// What to count, with commas between; makes this a question.
    metrics: Option<String>,
    /// What a question is split by, with commas between.
    dimensions: Option<String>,
}

fn all() -> String {
    "*".to_owned()
}

fn four_weeks() -> String {
    "28d".to_owned()
}

fn csv() -> String {
    "csv".to_owned()
}

impl ExportLink {
    /// The same as `POST` takes it.
    fn written(self) -> Result<Value, Failure> {
        let range = match self.date_range.split_once(',') {
            Some((first, last)) => Value::from(vec![first, last]),
            None => Value::from(self.date_range),
        };
        let filters = match self.filters {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| bad(format!("#/filters: not JSON: {error}")))?,
            None => Value::Null,
        };
        let list = |text: Option<String>| {
            text.map_or(Value::Null, |text| {
                text.split(',').map(str::trim).collect::<Value>()
            })
        };
        let members = [
            ("site_id", Value::from(self.site_id)),
            ("date_range", range),
            ("format", Value::from(self.format)),
            ("filters", filters),
            ("timezone", self.timezone.map_or(Value::Null, Value::from)),
            ("columns", list(self.columns)),
            ("metrics", list(self.metrics)),
            ("dimensions", list(self.dimensions)),
        ];
        let given = members.into_iter().filter(|(_, value)| !value.is_null());
        let members: Map<_, _> = given
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Ok(Value::Object(members))
    }
}

fn bad(error: String) -> Failure {
    Failure::new(ErrorCode::InvalidQuestion, error)
}

/// Export rows.
#[utoipa::path(post, path = "/export", tag = "numbers", request_body = ExportRequest, responses(
    (status = 200, description = "rows as a file; a transfer that breaks off is not whole", content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (String = "application/vnd.apache.parquet"),
        (String = "application/vnd.apache.arrow.file"),
    )),
    (status = 400, description = "what is wanted makes no sense; the error begins with a JSON pointer to the place", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy, or two exports are running; `Retry-After` says when to ask again", body = ErrorBody),
))]
pub(crate) async fn wanted(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(written) = body?;
    answer(&dashboard, &caller, &written).await
}

/// Export rows by a link.
#[utoipa::path(get, path = "/export", tag = "numbers", params(ExportLink), responses(
    (status = 200, description = "rows as a file; a transfer that breaks off is not whole", content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (String = "application/vnd.apache.parquet"),
        (String = "application/vnd.apache.arrow.file"),
    )),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy, or two exports are running; `Retry-After` says when to ask again", body = ErrorBody),
))]
pub(crate) async fn download(
    caller: Caller,
    State(dashboard): State<Shared>,
    link: Result<Query<ExportLink>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(link) = link?;
    answer(&dashboard, &caller, &link.written()?).await
}

async fn answer(dashboard: &Shared, caller: &Caller, written: &Value) -> Result<Response, Failure> {
    let export = Export::read(written).map_err(AskError::from)?;
    let export = export
        .within(&caller.packages)
        .ok_or_else(no_such_package)?;
    let now = (dashboard.clock)();
    let exporter = &dashboard.exporter;
    let sql = export
        .statement(now, exporter.event_days)
        .map_err(AskError::from)?;
    let body = exporter.body(&sql, export.format.sql()).await?;
    let name = export.file_name(now);
    let attached = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .expect("a file name of letters, digits, dots and dashes");
    let media = HeaderValue::from_static(export.format.media_type());
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CONTENT_DISPOSITION, attached),
    ];
    Ok((headers, body).into_response())
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Running => Self::later(ErrorCode::ExportsBusy, &error, 10),
            BodyError::Store(error) => Self::from(std::sync::Arc::new(error)),
        }
    }
}

//! What registries counted, as it was imported: beside the events, never among them.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::{AskError, PAST};
use crate::query::{self, Malformed, Target, count, text};

/// Most rows of an answer.
const MOST_ROWS: u64 = 50_000;

/// Which totals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all.
    #[serde(default = "all")]
    #[param(default = "*")]
    package: String,
    /// First day, as 2026-03-01.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// Day after the last.
    #[param(value_type = String, format = Date)]
    to: Date,
}

fn all() -> String {
    "*".to_owned()
}

/// What registries counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Totals {
    /// By source, package and day; at most 50,000.
    totals: Vec<ImportedTotal>,
}

/// What one registry counted of one package.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ImportedTotal {
    /// Who counted, by rules of its own: pypi, npm, crates, docker-hub.
    source: String,
    /// Name of the package there, or the one it was imported under.
    package: String,
    /// UTC day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// day: downloads of that day; ever: of all days until then.
    span: String,
    /// How many.
    downloads: u64,
}

/// What registries counted.
#[utoipa::path(get, path = "/imported", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "by source, package and day", body = Totals),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn list(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Totals>, Failure> {
    let Query(Wanted { package, from, to }) = wanted?;
    let target = match package.as_str() {
        "*" => Target::All,
        _ => Target::Package(package),
    };
    let target = target
        .within(&caller.packages)
        .ok_or_else(no_such_package)?;
    let sql = query::imported(&target, from, to, MOST_ROWS);
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let totals = rows
        .cells
        .iter()
        .map(|row| read(row))
        .collect::<Result<_, _>>()
        .map_err(AskError::from)?;
    Ok(Json(Totals { totals }))
}

/// Reads a row of `imported.sql`.
fn read(row: &[Value]) -> Result<ImportedTotal, Malformed> {
    let [source, package, day, span, downloads] = row else {
        return Err(Malformed);
    };
    Ok(ImportedTotal {
        source: text(source),
        package: text(package),
        day: text(day).parse().map_err(|_| Malformed)?,
        span: text(span),
        downloads: count(downloads).ok_or(Malformed)?,
    })
}

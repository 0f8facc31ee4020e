//! The newest events, one by one: the "Latest" panel.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, Failure};
use super::guard::Reader;
use crate::answers::{AskError, LIVE};
use crate::query::{self, Malformed, Target, count, text};
use crate::store::Rows;

/// Most events of an answer.
const MOST_EVENTS: u64 = 100;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all.
    #[serde(default = "all")]
    #[param(default = "*")]
    package: String,
    /// How many, 1 to 100.
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: u64,
}

fn all() -> String {
    "*".to_owned()
}

fn twenty() -> u64 {
    20
}

/// The newest events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Events {
    /// Newest first.
    events: Vec<LatestEvent>,
}

/// An event in short. Empty text is "unknown".
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct LatestEvent {
    /// UTC, to the minute.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// What happened: download, check, metadata, inspect, mirror, script, `install_ping`, view, custom, `broken_link`, repeat.
    kind: String,
    /// Package name.
    package: String,
    /// Version as published.
    version: String,
    /// Family of the client, such as pip.
    client: String,
    /// Its version.
    client_version: String,
    /// Operating system.
    os: String,
    /// Processor architecture.
    arch: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// people, ci, mirror, updater, bot, proxy, unknown.
    audience: String,
    /// File name or image reference.
    artifact: String,
    /// HTTP status that was answered.
    status: u16,
    /// Route that matched, as written in the configuration; `made-up history` for a demo's made-up event.
    route: String,
}

/// The newest events.
#[utoipa::path(get, path = "/events", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "newest first; within a minute the last one stored comes first", body = Events),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn latest(
    _: Reader,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Events>, Failure> {
    let Query(Wanted { package, limit }) = wanted?;
    let target = if package == "*" {
        Target::All
    } else {
        Target::Package(package)
    };
    if !(1..=MOST_EVENTS).contains(&limit) {
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            format!("limit: expected a whole number from 1 to {MOST_EVENTS}"),
        ));
    }
    let rows = newest(&dashboard, &target, limit).await?;
    let events = rows
        .cells
        .iter()
        .map(|row| read(row))
        .collect::<Result<_, _>>()
        .map_err(AskError::from)?;
    Ok(Json(Events { events }))
}

/// Events lie by package and hour, so the newest are found fast within a day; a quiet package is
/// looked for further back.
async fn newest(dashboard: &Shared, target: &Target, limit: u64) -> Result<Arc<Rows>, Failure> {
    let now = (dashboard.clock)();
    let since =
        |days: i64| query::latest(target, now - SignedDuration::from_hours(24 * days), limit);
    let today = dashboard.answers.rows(since(1), LIVE).await?;
    if today.cells.len() as u64 >= limit {
        return Ok(today);
    }
    Ok(dashboard
        .answers
        .rows(since(query::EVENT_DAYS), LIVE)
        .await?)
}

/// Reads a row of `latest.sql`.
fn read(row: &[Value]) -> Result<LatestEvent, Malformed> {
    let [
        time,
        kind,
        package,
        version,
        client,
        client_version,
        os,
        arch,
        country,
        audience,
        artifact,
        status,
        route,
    ] = row
    else {
        return Err(Malformed);
    };
    let seconds = count(time)
        .and_then(|seconds| i64::try_from(seconds).ok())
        .ok_or(Malformed)?;
    Ok(LatestEvent {
        time: Timestamp::from_second(seconds).map_err(|_| Malformed)?,
        kind: text(kind),
        package: text(package),
        version: text(version),
        client: text(client),
        client_version: text(client_version),
        os: text(os),
        arch: text(arch),
        country: text(country),
        audience: text(audience),
        artifact: text(artifact),
        status: count(status)
            .and_then(|status| u16::try_from(status).ok())
            .ok_or(Malformed)?,
        route: text(route),
    })
}

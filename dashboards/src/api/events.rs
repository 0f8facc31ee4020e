//! The newest events, one by one: the "Latest" panel.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::{AskError, LIVE};
use crate::query::{self, LatestEvent, Target};
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

/// The newest events.
#[utoipa::path(get, path = "/events", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "newest first; within a minute the last one stored comes first", body = Events),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn latest(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Events>, Failure> {
    let Query(Wanted { package, limit }) = wanted?;
    let target = if package == "*" {
        Target::All
    } else {
        Target::Package(package)
    };
    let target = target
        .within(&caller.packages)
        .ok_or_else(no_such_package)?;
    if !(1..=MOST_EVENTS).contains(&limit) {
        return Err(Failure::new(
            ErrorCode::InvalidParameter,
            format!("limit: expected a whole number from 1 to {MOST_EVENTS}"),
        ));
    }
    let rows = newest(&dashboard, &target, limit).await?;
    let events = rows
        .cells
        .iter()
        .map(|row| query::read_latest(row))
        .collect::<Result<_, _>>()
        .map_err(AskError::from)?;
    Ok(Json(Events { events }))
}

/// Events lie by package and hour, so the newest are found fast within a day; a quiet package is
/// looked for further back.
pub(super) async fn newest(
    dashboard: &Shared,
    target: &Target,
    limit: u64,
) -> Result<Arc<Rows>, Failure> {
    let now = (dashboard.clock)();
    let since =
        |days: i64| query::latest(target, now - SignedDuration::from_hours(24 * days), limit);
    let today = dashboard.answers.rows(since(1), LIVE).await?;
    if today.cells.len() as u64 >= limit {
        return Ok(today);
    }
    Ok(dashboard
        .answers
        .rows(since(dashboard.answers.event_days.into()), LIVE)
        .await?)
}

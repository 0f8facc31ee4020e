//! How far a package has come, from what is true of it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, Failure, no_such_package};
use crate::accounts::{Caller, Permission, Role};
use crate::answers::{AskError, PAST};
use crate::query::{self, Malformed, count};
use crate::scorecard::{Facts, Running, Step, steps};
use crate::status::PlaceData;

/// Of which package.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name.
    package: String,
}

/// What makes a package's numbers good.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scorecard {
    /// In the order in which one does it.
    steps: Vec<Step>,
}

/// What makes a package's numbers good, and what of it is done. Whoever runs the installation is told what only they
/// can do as well.
#[utoipa::path(get, path = "/scorecard", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "every step, done or not", body = Scorecard),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn show(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Scorecard>, Failure> {
    let Query(Wanted { package }) = wanted?;
    if !caller.packages.has(&package) {
        return Err(no_such_package());
    }
    let sql = query::scorecard(&package, (dashboard.clock)());
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let mut facts = rows
        .cells
        .first()
        .map_or(Err(Malformed), |row| read(row))
        .map_err(AskError::from)?;
    let configured = (dashboard.catalogue)().into_iter();
    let own = configured.filter(|known| known.name == package);
    facts.domains = own.flat_map(|known| known.domains).collect();
    let running = if caller.may(Permission::Users) {
        Some(running(&dashboard).await?)
    } else {
        None
    };
    Ok(Json(Scorecard {
        steps: steps(&facts, running.as_ref()),
    }))
}

async fn running(dashboard: &Shared) -> Result<Running, Failure> {
    let users = dashboard.accounts.users().await?;
    let owners = users.iter().filter(|user| user.role == Role::Owner).count();
    let places = (dashboard.status)().place_data;
    Ok(Running {
        own_rules: !(dashboard.operating)().await.rule_files.is_empty(),
        places_days: newest_days(&places, (dashboard.clock)()),
        owners,
    })
}

fn newest_days(places: &[PlaceData], now: Timestamp) -> Option<i64> {
    let newest = places.iter().filter_map(|place| place.made).max()?;
    Some(now.duration_since(newest).as_hours() / 24)
}

/// Reads the row of `scorecard.sql`.
fn read(row: &[Value]) -> Result<Facts, Malformed> {
    let counts: Option<Vec<u64>> = row.iter().map(count).collect();
    let Some([downloads, unknown, docs_views, readme_views, versions]) = counts.as_deref() else {
        return Err(Malformed);
    };
    Ok(Facts {
        domains: Vec::new(),
        downloads: *downloads,
        unknown: *unknown,
        docs_views: *docs_views,
        readme_views: *readme_views,
        versions: *versions,
    })
}

//! Looks whether downloads of a package can come through, for whoever waits for the first one.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use crate::accounts::Caller;
use crate::checks::Check;

/// When whoever finds others checking may try again, in seconds.
const RETRY_AFTER_S: u64 = 5;

/// What to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCheck)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name.
    package: String,
}

/// What was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checks {
    /// In the order in which a download comes by.
    checks: Vec<Check>,
}

/// Look whether downloads of a package can come through: its domain, this gateway there, its upstream.
///
/// Only names of the configuration are asked. One look at a time; it takes ten seconds at most.
#[utoipa::path(post, path = "/checks", tag = "operation", request_body = Wanted, responses(
    (status = 200, description = "what was found", body = Checks),
    (status = 400, description = "the body makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not configured", body = ErrorBody),
    (status = 429, description = "others are checking; `Retry-After` says when to ask again", body = ErrorBody),
))]
pub(crate) async fn run(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Wanted>, JsonRejection>,
) -> Result<Json<Checks>, Failure> {
    let Json(Wanted { package }) = body?;
    let mut configured = (dashboard.catalogue)().into_iter();
    let is_there = configured.any(|known| known.name == package);
    if !is_there || !caller.packages.has(&package) {
        return Err(no_such_package());
    }
    let Ok(_turn) = dashboard.checking.try_lock() else {
        return Err(Failure::later(
            ErrorCode::ChecksBusy,
            &"others are checking",
            RETRY_AFTER_S,
        ));
    };
    let checks = (dashboard.check)(package).await;
    Ok(Json(Checks { checks }))
}

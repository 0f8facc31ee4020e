//! What was done by whom.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, Failure};
use crate::accounts::{Action, Entry};

/// Lines of an answer.
const LINES: u32 = 100;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Only what happened before this; the last `at` of an answer asks for what comes after it.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
}

/// The log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditLog)]
pub(crate) struct Log {
    /// Newest first, at most 100.
    lines: Vec<Line>,
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditLine)]
struct Line {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who, by the name at the time.
    name: String,
    /// What.
    action: Action,
    /// Whom or what it was done to.
    object: String,
}

/// What was done by whom.
#[utoipa::path(get, path = "/audit", tag = "users", params(Wanted), responses(
    (status = 200, description = "newest first", body = Log),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin", body = ErrorBody),
))]
pub(crate) async fn list(
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Log>, Failure> {
    let Query(Wanted { before }) = wanted?;
    let entries = dashboard.accounts.audit(before, LINES).await?;
    let lines = entries.into_iter().map(|entry| {
        let Entry {
            at,
            name,
            action,
            object,
        } = entry;
        Line {
            at,
            name,
            action,
            object,
        }
    });
    Ok(Json(Log {
        lines: lines.collect(),
    }))
}

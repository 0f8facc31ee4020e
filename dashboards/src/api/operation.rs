//! How the program runs, for those who run it: settings as they are in force, rules and how often they decided.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure};
use crate::answers::{AskError, PAST};
use crate::operation::Operation;
use crate::query::{self, Malformed, count, text};

/// Rules that decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleHits {
    /// Most events first.
    rules: Vec<RuleHit>,
}

/// How often a rule decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleHit {
    /// Its name; `none` where no rule held.
    rule: String,
    /// Events of the last seven days.
    events: u64,
}

/// How the program runs.
#[utoipa::path(get, path = "/operation", tag = "operation", responses(
    (status = 200, description = "as of this moment", body = Operation),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "only owners and admins may see this", body = ErrorBody),
))]
pub(crate) async fn show(State(dashboard): State<Shared>) -> Json<Operation> {
    Json((dashboard.operating)().await)
}

/// How often each rule about audiences decided.
#[utoipa::path(get, path = "/operation/rules", tag = "operation", responses(
    (status = 200, description = "within the last seven days", body = RuleHits),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "only owners and admins may see this", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn rules(State(dashboard): State<Shared>) -> Result<Json<RuleHits>, Failure> {
    let sql = query::rule_hits((dashboard.clock)());
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let rules = rows.cells.iter().map(|row| match &row[..] {
        [rule, events] => Ok(RuleHit {
            rule: text(rule),
            events: count(events).ok_or(Malformed)?,
        }),
        _ => Err(Malformed),
    });
    let rules = rules.collect::<Result<_, _>>().map_err(AskError::from)?;
    Ok(Json(RuleHits { rules }))
}

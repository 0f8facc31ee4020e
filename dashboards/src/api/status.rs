//! The state of engine and spool, which the page shows when numbers lag behind.

use axum::Json;
use axum::extract::State;

use super::Shared;
use super::failure::ErrorBody;
use crate::status::Status;

/// The state of engine and spool.
#[utoipa::path(get, path = "/status", tag = "operation", responses(
    (status = 200, description = "as of this moment", body = Status),
    (status = 401, description = "not signed in", body = ErrorBody),
))]
pub(crate) async fn show_status(State(dashboard): State<Shared>) -> Json<Status> {
    Json((dashboard.status)())
}

//! Whether the process lives and whether it can answer, for whoever restarts or balances it.

use axum::extract::State;
use axum::http::StatusCode;

use super::Shared;
use crate::status::EngineState;

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "operation",
    responses((status = 200, description = "it does", body = String, content_type = "text/plain", example = "ok")))]
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// Questions can be answered.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "they can", body = String, content_type = "text/plain", example = "ready"),
    (status = 503, description = "ClickHouse is starting or down", body = String, content_type = "text/plain"),
))]
pub(crate) async fn ready(State(dashboard): State<Shared>) -> (StatusCode, &'static str) {
    match (dashboard.status)().engine.state {
        EngineState::Ready | EngineState::External => (StatusCode::OK, "ready"),
        EngineState::Starting => (StatusCode::SERVICE_UNAVAILABLE, "ClickHouse is starting"),
        EngineState::Down | EngineState::Unknown => {
            (StatusCode::SERVICE_UNAVAILABLE, "ClickHouse is down")
        }
    }
}

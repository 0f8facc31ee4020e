//! Failures as HTTP: one table from error to status, one log line for what is our fault.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::AccountsError;
use crate::answers::AskError;
use crate::import::ImportFailure;
use crate::store::StoreError;

/// What went wrong, for people; a place in the request comes first where there is one (`#/metrics/1: …`).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    pub(crate) error: String,
}

/// A failure on its way to the client.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    error: String,
    retry_after_s: Option<u64>,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            retry_after_s: None,
        }
    }

    pub(super) fn later(status: StatusCode, error: &impl ToString, retry_after_s: u64) -> Self {
        Self {
            status,
            error: error.to_string(),
            retry_after_s: Some(retry_after_s),
        }
    }

    /// Our fault: the client learns that, the log learns why.
    fn ours(error: &(dyn std::error::Error + 'static)) -> Self {
        let cause = std::iter::successors(Some(error), |error| error.source())
            .last()
            .map(ToString::to_string);
        tracing::error!(%error, cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorBody { error: self.error })).into_response();
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Invalid(invalid) => Self::new(StatusCode::BAD_REQUEST, invalid.to_string()),
            AskError::Store(error) => Self::from(error),
            AskError::Malformed(malformed) => Self::ours(&malformed),
        }
    }
}

impl From<Arc<StoreError>> for Failure {
    fn from(error: Arc<StoreError>) -> Self {
        match *error {
            StoreError::Unreachable(_) | StoreError::Unprepared | StoreError::Busy => {
                Self::later(StatusCode::SERVICE_UNAVAILABLE, &error, 2)
            }
            StoreError::Timeout => Self::new(StatusCode::GATEWAY_TIMEOUT, error.to_string()),
            StoreError::Refused(_) => Self::ours(&*error),
        }
    }
}

impl From<AccountsError> for Failure {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::WrongPassword => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
            AccountsError::WrongCode => Self::new(StatusCode::FORBIDDEN, error.to_string()),
            AccountsError::AlreadySetUp => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            AccountsError::InvalidName | AccountsError::InvalidPassword => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
            }
            AccountsError::TooManyAttempts { retry_after_s } => {
                Self::later(StatusCode::TOO_MANY_REQUESTS, &error, retry_after_s)
            }
            AccountsError::Database(_) | AccountsError::Hash(_) => Self::ours(&error),
        }
    }
}

impl From<ImportFailure> for Failure {
    fn from(error: ImportFailure) -> Self {
        match error {
            ImportFailure::Asked(_) | ImportFailure::Damaged => {
                Self::new(StatusCode::BAD_REQUEST, error.to_string())
            }
            ImportFailure::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            ImportFailure::Unavailable(_) => {
                Self::later(StatusCode::SERVICE_UNAVAILABLE, &error, 10)
            }
            ImportFailure::Failed(_) => Self::ours(&error),
        }
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        let status = match rejection.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self::new(status, format!("#: {}", rejection.body_text()))
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

/// What is under `/api` and no resource.
pub(crate) async fn unknown_path() -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        "no such resource; see /api/v2/openapi.json",
    )
}

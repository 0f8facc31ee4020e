//! Failures as HTTP: one table from error to code, one log line for what is our fault.

mod code;

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
use crate::organisations::CorrectionFailure;
use crate::store::StoreError;

pub(crate) use code::ErrorCode;

/// What went wrong, for people and by its name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// In English; a place in the request comes first where there is one (`#/metrics/1: …`).
    pub(crate) error: String,
    /// The same for programs.
    pub(crate) code: ErrorCode,
}

/// A failure on its way to the client.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ErrorCode,
    error: String,
    retry_after_s: Option<u64>,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, error: impl Into<String>) -> Self {
        Self {
            code,
            error: error.into(),
            retry_after_s: None,
        }
    }

    pub(super) fn later(code: ErrorCode, error: &impl ToString, retry_after_s: u64) -> Self {
        Self {
            code,
            error: error.to_string(),
            retry_after_s: Some(retry_after_s),
        }
    }

    /// Our fault: the client learns that, the log learns why.
    pub(super) fn ours(error: &(dyn std::error::Error + 'static)) -> Self {
        let cause = std::iter::successors(Some(error), |error| error.source())
            .last()
            .map(ToString::to_string);
        tracing::error!(%error, cause, "a request failed");
        Self::new(ErrorCode::Internal, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { code, error, .. } = self;
        let mut response = (code.status(), Json(ErrorBody { error, code })).into_response();
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
            AskError::Invalid(invalid) => {
                Self::new(ErrorCode::InvalidQuestion, invalid.to_string())
            }
            AskError::Store(error) => Self::from(error),
            AskError::Malformed(malformed) => Self::ours(&malformed),
        }
    }
}

impl From<Arc<StoreError>> for Failure {
    fn from(error: Arc<StoreError>) -> Self {
        let code = match *error {
            StoreError::Unreachable(_) => ErrorCode::StoreUnreachable,
            StoreError::Unprepared => ErrorCode::StoreNotReady,
            StoreError::Busy => ErrorCode::StoreBusy,
            StoreError::Timeout => return Self::new(ErrorCode::StoreTooSlow, error.to_string()),
            StoreError::Refused(_) => return Self::ours(&*error),
        };
        Self::later(code, &error, 2)
    }
}

impl From<AccountsError> for Failure {
    fn from(error: AccountsError) -> Self {
        use AccountsError as E;
        let code = match error {
            E::TooManyAttempts { retry_after_s } => {
                return Self::later(ErrorCode::TooManyAttempts, &error, retry_after_s);
            }
            E::Database(_) => {
                tracing::error!(%error, "the account database failed a request");
                let said = "the account database does not answer; downloads go on";
                return Self::later(ErrorCode::AccountsDown, &said, 5);
            }
            E::Hash(_) => return Self::ours(&error),
            E::WrongPassword => ErrorCode::WrongPassword,
            E::WrongSecondFactor => ErrorCode::WrongSecondFactor,
            E::WrongCode => ErrorCode::WrongSetupCode,
            E::NotAllowed => ErrorCode::OwnersOnly,
            E::NotInvited => ErrorCode::NotInvited,
            E::AlreadySetUp => ErrorCode::AlreadySetUp,
            E::WrongLink => ErrorCode::WrongLink,
            E::Missing(_) => ErrorCode::NoSuchEntry,
            E::LastOwner => ErrorCode::LastOwner,
            E::IdentityTaken => ErrorCode::IdentityTaken,
            E::InvalidName => ErrorCode::InvalidName,
            E::NameTaken => ErrorCode::NameTaken,
            E::InvalidPassword => ErrorCode::InvalidPassword,
            E::NoPassword => ErrorCode::NoPassword,
            E::InvalidPackages => ErrorCode::InvalidPackages,
            E::InvalidSecondFactor => ErrorCode::InvalidSecondFactor,
            E::InvalidToken { .. } => ErrorCode::InvalidToken,
            E::InvalidRelease { .. } => ErrorCode::InvalidRelease,
        };
        Self::new(code, error.to_string())
    }
}

impl From<ImportFailure> for Failure {
    fn from(error: ImportFailure) -> Self {
        let code = match error {
            ImportFailure::Asked(_) => ErrorCode::InvalidImport,
            ImportFailure::Damaged => ErrorCode::ImportDamaged,
            ImportFailure::TooLarge => ErrorCode::ImportTooLarge,
            ImportFailure::Unavailable(_) => {
                return Self::later(ErrorCode::ImportNotStored, &error, 10);
            }
            ImportFailure::Failed(_) => return Self::ours(&error),
        };
        Self::new(code, error.to_string())
    }
}

impl From<CorrectionFailure> for Failure {
    fn from(error: CorrectionFailure) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, cause, "a correction was not stored");
        Self::later(ErrorCode::CorrectionNotStored, &error, 10)
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::NotJson,
            _ => ErrorCode::InvalidBody,
        };
        Self::new(code, format!("#: {}", rejection.body_text()))
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(ErrorCode::InvalidParameter, rejection.body_text())
    }
}

/// A package that is not there, or that whoever asks may not see: the answers are the same byte for byte.
pub(super) fn no_such_package() -> Failure {
    Failure::new(ErrorCode::NoSuchPackage, "there is no such package")
}

/// What is under `/api` and no resource.
pub(crate) async fn unknown_path() -> Failure {
    Failure::new(
        ErrorCode::UnknownResource,
        "no such resource; see /api/v2/openapi.json",
    )
}

//! One's own account: password, sessions, second factor. Only somebody who signed in has one.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::{ErrorBody, Failure};
use super::{Shared, cookie};
use crate::accounts::{Caller, Enrolment};

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The one until now.
    #[schema(format = Password)]
    old: String,
    /// At least 12 characters.
    #[schema(format = Password, min_length = 12)]
    new: String,
}

/// One's living sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// The one last used first.
    sessions: Vec<OwnSession>,
}

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct OwnSession {
    /// Names it, for ending it.
    id: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Its last request, to the minute.
    #[schema(value_type = String, format = DateTime)]
    used: Timestamp,
    /// Whether it is the one that asks.
    this: bool,
}

/// What an app needs to make codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposal {
    /// In base 32, to be typed.
    secret: String,
    /// The same as an address that apps know.
    uri: String,
    /// The same as a QR code.
    qr: Picture,
}

/// A QR code.
#[derive(Debug, Serialize, ToSchema)]
struct Picture {
    /// Width and height, with the empty frame that readers need.
    size: usize,
    /// The dark modules, as an SVG path.
    path: String,
}

/// Proof that codes can be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSecondFactor {
    /// One's password.
    #[schema(format = Password)]
    password: String,
    /// As it was proposed.
    secret: String,
    /// The code that the app shows now.
    code: String,
}

/// What stands in for a lost second factor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Each signs in once. They are not shown again.
    recovery_codes: Vec<String>,
}

/// Proof of who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordProof {
    /// One's password.
    #[schema(format = Password)]
    password: String,
}

/// Change one's password. Other sessions end.
#[utoipa::path(put, path = "/password", tag = "account", request_body = NewPassword, responses(
    (status = 204, description = "changed"),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in, or not the password until now", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 422, description = "the password cannot be used", body = ErrorBody),
    (status = 429, description = "too many tries; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn change_password(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<NewPassword>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let Json(NewPassword { old, new }) = body?;
    let session = caller.session().unwrap_or_default();
    let accounts = &dashboard.accounts;
    accounts
        .change_password(&caller.user, session, &old, &new)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's sessions.
#[utoipa::path(get, path = "/sessions", tag = "account", responses(
    (status = 200, description = "the one last used first", body = Sessions),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked with a token", body = ErrorBody),
))]
pub(crate) async fn list_sessions(
    caller: Caller,
    State(dashboard): State<Shared>,
) -> Result<Json<Sessions>, Failure> {
    let sessions = dashboard.accounts.sessions(&caller.user).await?;
    let sessions = sessions.into_iter().map(|session| OwnSession {
        this: caller.session() == Some(&session.id),
        id: session.id,
        since: session.created_at,
        used: session.used_at,
    });
    Ok(Json(Sessions {
        sessions: sessions.collect(),
    }))
}

/// Sign out everywhere.
#[utoipa::path(delete, path = "/sessions", tag = "account", responses(
    (status = 204, description = "no session is left, this one neither"),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
))]
pub(crate) async fn end_sessions(
    caller: Caller,
    State(dashboard): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    dashboard.accounts.end_sessions(&caller.user).await?;
    let forget = [(header::SET_COOKIE, cookie::cleared(&headers))];
    Ok((StatusCode::NO_CONTENT, forget).into_response())
}

/// End one of one's sessions.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "account", params(("id" = String, Path, description = "as listed")), responses(
    (status = 204, description = "ended"),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 404, description = "one has no such session", body = ErrorBody),
))]
pub(crate) async fn end_session(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    dashboard.accounts.end_session(&caller.user, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Propose a second factor. Nothing changes before a code was seen.
#[utoipa::path(post, path = "/second-factor", tag = "account", responses(
    (status = 200, description = "for an app that makes codes", body = Proposal),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
))]
pub(crate) async fn propose(caller: Caller) -> Result<Json<Proposal>, Failure> {
    let proposed = Enrolment::new(&caller.user)?;
    Ok(Json(Proposal {
        secret: proposed.secret,
        uri: proposed.uri,
        qr: Picture {
            size: proposed.picture.size,
            path: proposed.picture.path,
        },
    }))
}

/// Turn the second factor on, or change it.
#[utoipa::path(put, path = "/second-factor", tag = "account", request_body = NewSecondFactor, responses(
    (status = 200, description = "on from now", body = RecoveryCodes),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in, or a wrong password or code", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 422, description = "not a secret that was proposed", body = ErrorBody),
    (status = 429, description = "too many tries; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn turn_on(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<NewSecondFactor>, JsonRejection>,
) -> Result<Json<RecoveryCodes>, Failure> {
    let Json(NewSecondFactor {
        password,
        secret,
        code,
    }) = body?;
    let accounts = &dashboard.accounts;
    let recovery_codes = accounts
        .turn_on_second_factor(&caller.user, &password, &secret, &code)
        .await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Turn the second factor off.
#[utoipa::path(post, path = "/second-factor/off", tag = "account", request_body = PasswordProof, responses(
    (status = 204, description = "off from now; recovery codes are worth nothing"),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in, or a wrong password", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 422, description = "the account has no password", body = ErrorBody),
    (status = 429, description = "too many tries; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn turn_off(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<PasswordProof>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let Json(PasswordProof { password }) = body?;
    let accounts = &dashboard.accounts;
    accounts
        .turn_off_second_factor(&caller.user, &password)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

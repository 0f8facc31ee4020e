//! First run: whoever reads the console makes the owner's account, once.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure};
use super::session::{Session, welcome};

/// The owner to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOwner {
    /// One-time code from the console; case and dashes do not matter.
    code: String,
    /// Name to sign in by, 1 to 64 bytes.
    name: String,
    /// At least 12 characters.
    #[schema(format = Password, min_length = 12)]
    password: String,
}

/// Make the owner and sign in. Works once.
#[utoipa::path(post, path = "/setup", tag = "session", request_body = NewOwner, responses(
    (status = 200, description = "made and signed in; sets the session cookie", body = Session),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 403, description = "wrong or expired code, or asked by another site's page", body = ErrorBody),
    (status = 404, description = "there is an owner already", body = ErrorBody),
    (status = 422, description = "name or password cannot be used", body = ErrorBody),
    (status = 429, description = "more than five tries in a minute; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn create_owner(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    body: Result<Json<NewOwner>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(NewOwner {
        code,
        name,
        password,
    }) = body?;
    let signed_in = dashboard
        .accounts
        .create_owner(&code, &name, &password)
        .await?;
    Ok(welcome(&dashboard, signed_in, &headers))
}

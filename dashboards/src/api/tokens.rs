//! Tokens for programs: one's own, and everybody's for those who run the place.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure};
use crate::accounts::{Caller, NewToken, Packages, Permission, Scope, Token, User};

/// Tokens that work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// By user and name.
    tokens: Vec<Listed>,
}

/// A token without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
struct Listed {
    /// Names it, for revoking.
    id: String,
    /// Name of its user.
    user: String,
    /// What it is for.
    name: String,
    /// What it may do, as far as its user may.
    scopes: Vec<Scope>,
    /// What it may see, as far as its user may; null is all of that.
    packages: Packages,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
    /// UTC day of its last use; null before the first.
    #[schema(value_type = Option<String>, format = Date)]
    used: Option<Date>,
}

impl From<Token> for Listed {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            user: token.user,
            name: token.name,
            scopes: token.scopes,
            packages: token.packages,
            expires: token.expires_at,
            used: token.used_day.parse().ok(),
        }
    }
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewToken)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What it is for, in words.
    name: String,
    /// What it may do, as far as its user may.
    scopes: Vec<Scope>,
    /// What it may see; null is all that its user may.
    #[serde(default)]
    packages: Packages,
    /// How many days it works.
    #[schema(minimum = 1, maximum = 366)]
    days: u32,
}

/// A new token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TokenText)]
pub(crate) struct Made {
    /// To be sent as `Authorization: Bearer …`. It is not shown again.
    token: String,
}

/// Those who run the place see and revoke everybody's.
fn of(caller: &Caller) -> Option<&User> {
    (!caller.may(Permission::Users)).then_some(&caller.user)
}

/// Tokens that work: one's own, or, for owners and admins, all.
#[utoipa::path(get, path = "/tokens", tag = "account", responses(
    (status = 200, description = "by user and name", body = Tokens),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked with a token", body = ErrorBody),
))]
pub(crate) async fn list(
    caller: Caller,
    State(dashboard): State<Shared>,
) -> Result<Json<Tokens>, Failure> {
    let tokens = dashboard.accounts.tokens(of(&caller)).await?;
    let tokens = tokens.into_iter().map(Listed::from).collect();
    Ok(Json(Tokens { tokens }))
}

/// Make a token of one's own.
#[utoipa::path(post, path = "/tokens", tag = "account", request_body = Wanted, responses(
    (status = 200, description = "works from now on", body = Made),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 422, description = "a token that cannot be", body = ErrorBody),
))]
pub(crate) async fn create(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Wanted>, JsonRejection>,
) -> Result<Json<Made>, Failure> {
    let Json(Wanted {
        name,
        scopes,
        packages,
        days,
    }) = body?;
    let new = NewToken {
        name,
        scopes,
        packages,
        days,
    };
    let accounts = &dashboard.accounts;
    let token = accounts
        .create_token(&caller.actor(), &caller.user, &new)
        .await?;
    Ok(Json(Made { token }))
}

/// Revoke a token: one's own, or, for owners and admins, anybody's.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "account", params(("id" = String, Path, description = "as listed")), responses(
    (status = 204, description = "worth nothing from now on"),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or with a token", body = ErrorBody),
    (status = 404, description = "there is no such token, or it is somebody else's", body = ErrorBody),
))]
pub(crate) async fn revoke(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let accounts = &dashboard.accounts;
    accounts
        .revoke_token(&caller.actor(), of(&caller), &id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

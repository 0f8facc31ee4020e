//! Everybody's accounts, for those who run the place.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure};
use super::invitations::NewLink;
use crate::accounts::{Caller, Packages, Role, User};

/// Everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    /// By name.
    users: Vec<Listed>,
}

/// Somebody with an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct Listed {
    /// Never changes.
    id: String,
    /// As chosen.
    name: String,
    /// What they may do.
    role: Role,
    /// What they may see; null is all.
    packages: Packages,
    /// Whether signing in takes a second factor.
    second_factor: bool,
    /// Whether it is who asks.
    this: bool,
}

/// What somebody may do from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// What they may do.
    role: Role,
    /// What a guest may see; null for everybody else.
    #[serde(default)]
    packages: Packages,
}

fn listed(user: User, caller: &Caller) -> Listed {
    Listed {
        this: user.id == caller.user.id,
        id: user.id,
        name: user.name,
        role: user.role,
        packages: user.packages,
        second_factor: user.has_second_factor,
    }
}

/// Everybody with an account.
#[utoipa::path(get, path = "/users", tag = "users", responses(
    (status = 200, description = "by name", body = Users),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin", body = ErrorBody),
))]
pub(crate) async fn list(
    caller: Caller,
    State(dashboard): State<Shared>,
) -> Result<Json<Users>, Failure> {
    let users = dashboard.accounts.users().await?;
    let users = users.into_iter().map(|user| listed(user, &caller));
    Ok(Json(Users {
        users: users.collect(),
    }))
}

/// Give somebody another role.
#[utoipa::path(put, path = "/users/{id}", tag = "users", request_body = NewRole, params(("id" = String, Path, description = "as listed")), responses(
    (status = 200, description = "from their next request on", body = Listed),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin, or about an owner and no owner", body = ErrorBody),
    (status = 404, description = "there is nobody of that id", body = ErrorBody),
    (status = 409, description = "the last owner stays one", body = ErrorBody),
    (status = 422, description = "a guest without packages, or somebody else with some", body = ErrorBody),
))]
pub(crate) async fn change(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
    body: Result<Json<NewRole>, JsonRejection>,
) -> Result<Json<Listed>, Failure> {
    let Json(NewRole { role, packages }) = body?;
    let accounts = &dashboard.accounts;
    let user = accounts
        .set_role(&caller.actor(), &id, role, &packages)
        .await?;
    Ok(Json(listed(user, &caller)))
}

/// Remove somebody, with their sessions and tokens.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = String, Path, description = "as listed")), responses(
    (status = 204, description = "gone"),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin, or about an owner and no owner", body = ErrorBody),
    (status = 404, description = "there is nobody of that id", body = ErrorBody),
    (status = 409, description = "the last owner stays", body = ErrorBody),
))]
pub(crate) async fn remove(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    dashboard.accounts.remove_user(&caller.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link by which somebody chooses a new password. Using it turns their second factor off.
#[utoipa::path(post, path = "/users/{id}/reset", tag = "users", params(("id" = String, Path, description = "as listed")), responses(
    (status = 200, description = "works once, for a day; it is not shown again", body = NewLink),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin, or about an owner and no owner", body = ErrorBody),
    (status = 404, description = "there is nobody of that id", body = ErrorBody),
))]
pub(crate) async fn reset(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<NewLink>, Failure> {
    let link = dashboard.accounts.reset(&caller.actor(), &id).await?;
    Ok(Json(link.into()))
}

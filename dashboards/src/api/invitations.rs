//! Links that work once: made for somebody, taken back, used.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure};
use super::session::{Session, no_passwords, welcome};
use crate::accounts::{AccountsError, Caller, Link, Packages, Role, Secret};

/// Links to new accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitations {
    /// Those that still work, the one that ends first at the top.
    invitations: Vec<Listed>,
}

/// A link that was not used yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
struct Listed {
    /// Names it, for taking it back.
    id: String,
    /// What whoever uses it may do.
    role: Role,
    /// What they may see; null is all.
    packages: Packages,
    /// Name of whoever made it.
    by: String,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

/// Whom a link is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// What they may do.
    role: Role,
    /// What a guest may see; null for everybody else.
    #[serde(default)]
    packages: Packages,
}

/// A link to send to somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewLink {
    /// Path on this site, with the secret behind `#`. It is not shown again.
    path: String,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

impl From<Link> for NewLink {
    fn from(link: Link) -> Self {
        Self {
            path: link.path(),
            expires: link.expires_at,
        }
    }
}

/// What stands behind the `#` of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkSecret {
    /// 64 hexadecimal digits.
    secret: String,
}

/// What a link offers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offer)]
pub(crate) struct Offered {
    /// What whoever uses it may do.
    role: Role,
    /// What they may see; null is all.
    packages: Packages,
    /// Whose password it changes; null where it makes an account.
    name: Option<String>,
}

/// The use of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// What stands behind the `#`.
    secret: String,
    /// Name to sign in by, 1 to 64 bytes; ignored where the link changes a password.
    #[serde(default)]
    name: String,
    /// At least 12 characters.
    #[schema(format = Password, min_length = 12)]
    password: String,
}

fn read(secret: &str) -> Result<Secret, Failure> {
    Ok(Secret::from_text(secret).ok_or(AccountsError::WrongLink)?)
}

/// Links to new accounts that still work.
#[utoipa::path(get, path = "/invitations", tag = "users", responses(
    (status = 200, description = "the one that ends first at the top", body = Invitations),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin", body = ErrorBody),
))]
pub(crate) async fn list(State(dashboard): State<Shared>) -> Result<Json<Invitations>, Failure> {
    let invitations = dashboard.accounts.invitations().await?;
    let invitations = invitations.into_iter().map(|invitation| Listed {
        id: invitation.id,
        role: invitation.role,
        packages: invitation.packages,
        by: invitation.created_by,
        expires: invitation.expires_at,
    });
    Ok(Json(Invitations {
        invitations: invitations.collect(),
    }))
}

/// Make a link to a new account.
#[utoipa::path(post, path = "/invitations", tag = "users", request_body = NewInvitation, responses(
    (status = 200, description = "works once, for a week; it is not shown again", body = NewLink),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin, or for an owner and no owner", body = ErrorBody),
    (status = 422, description = "a guest without packages, or somebody else with some", body = ErrorBody),
))]
pub(crate) async fn invite(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<NewInvitation>, JsonRejection>,
) -> Result<Json<NewLink>, Failure> {
    let Json(NewInvitation { role, packages }) = body?;
    let accounts = &dashboard.accounts;
    let link = accounts.invite(&caller.actor(), role, &packages).await?;
    Ok(Json(link.into()))
}

/// Take a link back.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "users", params(("id" = String, Path, description = "as listed")), responses(
    (status = 204, description = "it is worth nothing any more"),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner nor admin", body = ErrorBody),
    (status = 404, description = "there is no such link", body = ErrorBody),
))]
pub(crate) async fn withdraw(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    dashboard.accounts.withdraw(&caller.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a link offers. It can still be used after that.
#[utoipa::path(post, path = "/invitation", tag = "session", request_body = LinkSecret, responses(
    (status = 200, description = "an account, or a new password", body = Offered),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 404, description = "the link was used, was taken back or has expired", body = ErrorBody),
))]
pub(crate) async fn show(
    State(dashboard): State<Shared>,
    body: Result<Json<LinkSecret>, JsonRejection>,
) -> Result<Json<Offered>, Failure> {
    let Json(LinkSecret { secret }) = body?;
    let offer = dashboard.accounts.offer(&read(&secret)?).await?;
    Ok(Json(Offered {
        role: offer.role,
        packages: offer.packages,
        name: offer.name,
    }))
}

/// Use a link, and sign in.
#[utoipa::path(post, path = "/invitation/accept", tag = "session", request_body = Acceptance, responses(
    (status = 200, description = "signed in; sets the session cookie", body = Session),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or only the provider makes accounts", body = ErrorBody),
    (status = 404, description = "the link was used, was taken back or has expired", body = ErrorBody),
    (status = 422, description = "name or password cannot be used", body = ErrorBody),
    (status = 429, description = "too many passwords at a time; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn accept(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    body: Result<Json<Acceptance>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Acceptance {
        secret,
        name,
        password,
    }) = body?;
    let (accounts, secret) = (&dashboard.accounts, read(&secret)?);
    // A link for somebody who is known already is how those who run the place let them in regardless.
    if !dashboard.takes_passwords() && accounts.offer(&secret).await?.name.is_none() {
        return Err(no_passwords());
    }
    let signed_in = accounts.accept(&secret, &name, &password).await?;
    Ok(welcome(&dashboard, signed_in, &headers))
}

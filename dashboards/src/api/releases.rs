//! Marks of releases, set by whoever publishes them.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure, no_such_package};
use crate::accounts::{Announced, Caller, NewRelease};

/// A release to be marked.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRelease)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name.
    package: String,
    /// As published, such as `1.2.0`.
    version: String,
    /// When it came out; now unless given.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    at: Option<Timestamp>,
    /// Where to read about it.
    #[serde(default)]
    url: String,
    /// What it brings, in words.
    #[serde(default)]
    notes: String,
}

/// A release as it is marked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncedRelease)]
pub(crate) struct Marked {
    /// Package name.
    package: String,
    /// As published.
    version: String,
    /// When it came out.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Where to read about it; may be empty.
    url: String,
    /// What it brings, in words; may be empty.
    notes: String,
}

impl From<Announced> for Marked {
    fn from(announced: Announced) -> Self {
        let Announced {
            package,
            version,
            at,
            url,
            notes,
        } = announced;
        Self {
            package,
            version,
            at,
            url,
            notes,
        }
    }
}

/// Mark a release: when it came out, and where to read about it.
///
/// The same again changes nothing; another time, link or note replaces what was said of that version before.
#[utoipa::path(post, path = "/releases", tag = "numbers", request_body = Wanted, responses(
    (status = 200, description = "marked", body = Marked),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or not allowed to", body = ErrorBody),
    (status = 404, description = "a package that one may not see", body = ErrorBody),
    (status = 422, description = "a release that no mark can be made of", body = ErrorBody),
))]
pub(crate) async fn announce(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Wanted>, JsonRejection>,
) -> Result<Json<Marked>, Failure> {
    let Json(Wanted {
        package,
        version,
        at,
        url,
        notes,
    }) = body?;
    if !caller.packages.has(&package) {
        return Err(no_such_package());
    }
    let new = NewRelease {
        package,
        version,
        at,
        url,
        notes,
    };
    let announced = dashboard.accounts.announce(&caller.actor(), new).await?;
    Ok(Json(announced.into()))
}

//! Downloads of packages that the operator has made public, for anybody.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, unknown_path};
use crate::public::{PublicWeeks, Split};

/// How to split weeks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// country, version (its first number), client or platform.
    #[serde(default = "country")]
    #[param(default = "country")]
    by: Split,
}

fn country() -> Split {
    Split::Country
}

/// Downloads by week, for everybody.
///
/// Of packages with `public = true` only; all others are not found, like what there is not. Nothing is told
/// about fewer than ten visitors of a day, added up over the week. A week is told from the Tuesday after it, and never changes.
#[utoipa::path(get, path = "/public/{package}", tag = "public",
    params(("package" = String, Path, description = "its name, with `%2F` for `/`"), Wanted),
    responses(
        (status = 200, description = "the last half year, as far as it was counted", body = PublicWeeks),
        (status = 400, description = "a parameter makes no sense", body = ErrorBody),
        (status = 404, description = "no such package, or not public", body = ErrorBody),
        (status = 429, description = "asked too often; `Retry-After` says when to ask again", body = ErrorBody),
    ))]
pub(crate) async fn weeks(
    State(dashboard): State<Shared>,
    Path(package): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Failure> {
    let refused = |retry_after_s| {
        Failure::later(
            ErrorCode::TooManyRequests,
            &"asked too often",
            retry_after_s,
        )
    };
    dashboard.public.admit().map_err(refused)?;
    let is_public = (dashboard.catalogue)()
        .iter()
        .any(|known| known.public && known.name == package);
    if !is_public {
        return Err(unknown_path().await);
    }
    let Query(Wanted { by }) = wanted?;
    let today = (dashboard.clock)().to_zoned(TimeZone::UTC).date();
    let weeks = read(dashboard, package, by, today).await?;
    Ok(for_everybody(Json(&*weeks).into_response()))
}

async fn read(
    dashboard: Shared,
    package: String,
    by: Split,
    today: jiff::civil::Date,
) -> Result<Arc<PublicWeeks>, Failure> {
    let reading = tokio::task::spawn_blocking(move || dashboard.public.weeks(&package, by, today));
    match reading.await {
        Ok(weeks) => weeks.map_err(|error| Failure::ours(&*error)),
        Err(panic) => Err(Failure::ours(&panic)),
    }
}

/// Any site's page may read it, and whatever stands between may keep it for a while.
fn for_everybody(mut response: Response) -> Response {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (header::CACHE_CONTROL, "public, max-age=600"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

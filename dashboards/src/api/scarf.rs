//! Scarf's import API, at its own paths, for programs that know no other: the same import as `/api/v2/import`, answered as
//! the job that Scarf makes of it. It is done when it is answered, so there is nothing to ask about later.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure};
use super::import;
use crate::accounts::{Caller, Packages};
use crate::import::{ImportRequest, Imported};

/// Events of one package.
pub(super) const PACKAGE: &str = "/v2/packages/{owner}/{package}/import";
/// Views of one pixel.
pub(super) const PIXEL: &str = "/v2/tracking-pixels/{owner}/{pixel}/import";
/// Lines that name their packages themselves.
pub(super) const OWNER: &str = "/v2/{owner}/import";

/// A finished import, in Scarf's words.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScarfImport)]
pub(super) struct Job {
    /// Names nothing that could be asked for.
    id: String,
    owner: String,
    /// Always `done`.
    status: &'static str,
    /// Lines read.
    events_total: u64,
    /// Lines whose events are in, now or since before.
    events_successfully_imported: u64,
    /// Lines refused.
    events_failed_to_import: u64,
    /// The first thousand of those.
    error_log_sample: Vec<Log>,
    /// What went otherwise than a sender may think.
    warning_log_sample: Vec<Log>,
    /// When the import began, in ISO 8601.
    created_at: String,
    /// When it ended, in ISO 8601.
    updated_at: String,
}

/// A line of a job's log.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScarfImportLog)]
pub(super) struct Log {
    /// `failed-to-decode` or `progress`.
    r#type: &'static str,
    /// `error` or `warning`.
    class: &'static str,
    /// Number of the line that it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    human_friendly_message: String,
}

/// Imports NDJSON of Scarf's dialect as events of one package: `OWNER/PACKAGE`, `PACKAGE`, or what a site of that id counts for.
#[utoipa::path(post, path = PACKAGE, tag = "import", params(
    ("owner" = String, Path, description = "first part of the package's name"),
    ("package" = String, Path, description = "the rest of it, a package's whole name, or the id of a `[[site]]`"),
), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "read to the end; every refused line is in the log", body = Job),
    (status = 400, description = "the body breaks off or is damaged", body = ErrorBody),
    (status = 401, description = "no token, or one that does not open this", body = ErrorBody),
    (status = 403, description = "a role or a token that may not import", body = ErrorBody),
    (status = 404, description = "no such package, or none that the token may see", body = ErrorBody),
    (status = 413, description = "it decompresses to too much; what came before is in", body = ErrorBody),
    (status = 422, description = "another import is under way", body = ErrorBody),
    (status = 503, description = "ClickHouse does not take it", body = ErrorBody),
))]
pub(super) async fn of_package(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path((owner, name)): Path<(String, String)>,
    body: Body,
) -> Result<Json<Job>, Failure> {
    let package = package(&dashboard, &owner, &name);
    let package = seen(package, &caller.packages)?;
    take(&dashboard, owner, (Some(package), None), body).await
}

/// Imports NDJSON of Scarf's dialect as views of one pixel.
#[utoipa::path(post, path = PIXEL, tag = "import", params(
    ("owner" = String, Path, description = "whatever Scarf calls the owner"),
    ("pixel" = String, Path, description = "the id of a `[[pixel]]` or a `[[site]]`"),
), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "read to the end; every refused line is in the log", body = Job),
    (status = 400, description = "the body breaks off or is damaged", body = ErrorBody),
    (status = 401, description = "no token, or one that does not open this", body = ErrorBody),
    (status = 403, description = "a role or a token that may not import", body = ErrorBody),
    (status = 404, description = "no such pixel, or one of a package that the token may not see", body = ErrorBody),
    (status = 413, description = "it decompresses to too much; what came before is in", body = ErrorBody),
    (status = 422, description = "another import is under way", body = ErrorBody),
    (status = 503, description = "ClickHouse does not take it", body = ErrorBody),
))]
pub(super) async fn of_pixel(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path((owner, pixel)): Path<(String, String)>,
    body: Body,
) -> Result<Json<Job>, Failure> {
    let package = (import::allowed(&dashboard)?.of_pixel)(&pixel);
    let package = seen(package, &caller.packages)?;
    take(&dashboard, owner, (Some(package), Some(pixel)), body).await
}

/// Imports NDJSON of Scarf's dialect whose lines name their packages, as they are called here.
#[utoipa::path(post, path = OWNER, tag = "import", params(
    ("owner" = String, Path, description = "whatever Scarf calls the owner"),
), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "read to the end; every refused line is in the log", body = Job),
    (status = 400, description = "the body breaks off or is damaged", body = ErrorBody),
    (status = 401, description = "no token, or one that does not open this", body = ErrorBody),
    (status = 403, description = "a role or a token that may not import, or that may see some packages only", body = ErrorBody),
    (status = 404, description = "this installation takes no imports by HTTP", body = ErrorBody),
    (status = 413, description = "it decompresses to too much; what came before is in", body = ErrorBody),
    (status = 422, description = "another import is under way", body = ErrorBody),
    (status = 503, description = "ClickHouse does not take it", body = ErrorBody),
))]
pub(super) async fn of_owner(
    caller: Caller,
    State(dashboard): State<Shared>,
    Path(owner): Path<String>,
    body: Body,
) -> Result<Json<Job>, Failure> {
    if !caller.packages.is_all() {
        return Err(Failure::new(
            ErrorCode::ImportNeedsPackage,
            "your token may see some packages only: import them one by one",
        ));
    }
    take(&dashboard, owner, (None, None), body).await
}

/// The package that Scarf's words for it mean here.
fn package(dashboard: &Shared, owner: &str, name: &str) -> Option<String> {
    let configured = (dashboard.catalogue)();
    let is_there = |wanted: &String| configured.iter().any(|package| package.name == *wanted);
    let by_name = [format!("{owner}/{name}"), name.to_owned()];
    let of_pixel = || (dashboard.import.as_ref()?.of_pixel)(name);
    by_name.into_iter().find(is_there).or_else(of_pixel)
}

/// What is another's is not there.
fn seen(package: Option<String>, visible: &Packages) -> Result<String, Failure> {
    package.filter(|name| visible.has(name)).ok_or_else(|| {
        Failure::new(
            ErrorCode::NoSuchPackage,
            "there is no such package or pixel; what is configured can be imported",
        )
    })
}

async fn take(
    dashboard: &Shared,
    owner: String,
    (package, pixel): (Option<String>, Option<String>),
    body: Body,
) -> Result<Json<Job>, Failure> {
    let allowed = import::allowed(dashboard)?;
    let _alone = dashboard.importing.try_lock().map_err(|_| {
        Failure::new(
            ErrorCode::TooManyImports,
            "too many active imports: send this one when the other is done",
        )
    })?;
    let request = ImportRequest {
        format: "scarf".to_owned(),
        package,
        pixel,
        domain: None,
        day: None,
    };
    let began = (dashboard.clock)();
    let imported = import::run(allowed, request, body).await?;
    Ok(Json(job(owner, began, (dashboard.clock)(), imported)))
}

fn job(owner: String, began: Timestamp, ended: Timestamp, imported: Imported) -> Job {
    let Imported {
        read,
        events,
        totals,
        known,
        opted_out,
        refused,
        lines,
    } = imported;
    let refusal = |(line, why)| Log {
        r#type: "failed-to-decode",
        class: "error",
        line: Some(line),
        human_friendly_message: why,
    };
    let warning = |(count, what): (u64, &str)| {
        (count > 0).then(|| Log {
            r#type: "progress",
            class: "warning",
            line: None,
            human_friendly_message: format!("{count} {what}"),
        })
    };
    let warnings = [
        (known, "were there already and stay as they are"),
        (opted_out, "are of senders who asked not to be counted"),
    ];
    Job {
        id: format!("{:x}", began.as_microsecond()),
        owner,
        status: "done",
        events_total: read,
        events_successfully_imported: events + totals + known,
        events_failed_to_import: refused,
        error_log_sample: lines.into_iter().map(refusal).collect(),
        warning_log_sample: warnings.into_iter().filter_map(warning).collect(),
        created_at: began.to_string(),
        updated_at: ended.to_string(),
    }
}

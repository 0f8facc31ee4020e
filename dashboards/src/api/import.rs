//! Imports: a body of lines goes in as it arrives, and every line that is refused comes back with its reason.
//!
//! Open to tokens of `import_tokens_file`, and to users and their tokens whose role and scope reach that far.

use std::pin::pin;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure};
use crate::accounts::Caller;
use crate::import::{self, Arrival, Import, ImportFailure, ImportRequest, Imported, Piece};

/// Longest wait for the next piece of a body.
const PIECE_PATIENCE: Duration = Duration::from_secs(30);

/// Longest that one import may take; more goes in in parts.
const PATIENCE: Duration = Duration::from_mins(15);

/// What the body is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// weir, scarf, scarf-csv, nginx, caddy, cloudfront, fastly, pypi, npm, crates or docker-hub.
    from: String,
    /// Package of everything in it, whatever it says.
    package: Option<String>,
    /// Domain of requests whose log does not say it.
    domain: Option<String>,
    /// Day of a counter that does not say it, as 2026-03-01; today (UTC) unless given.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Date>,
}

/// How an import went.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Report {
    /// Lines read, or rows of documents.
    read: u64,
    /// Events that are in now and were not before.
    events: u64,
    /// Totals of a registry taken over.
    totals: u64,
    /// Events that were there already.
    known: u64,
    /// Events whose sender asked not to be counted.
    opted_out: u64,
    /// Lines refused.
    refused: u64,
    /// The first thousand of those.
    lines: Vec<RefusedLine>,
}

/// A line that is not imported.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct RefusedLine {
    /// Its number, from 1.
    line: u64,
    /// Why not.
    reason: String,
}

/// Imports the body: lines as they are, or by gzip or zstd.
#[utoipa::path(post, path = "/import", tag = "import", params(Wanted), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "every line is in, now or since before", body = Report),
    (status = 207, description = "some lines are in, some are refused", body = Report),
    (status = 400, description = "a parameter makes no sense, or the body breaks off or is damaged", body = ErrorBody),
    (status = 401, description = "no token, or one that does not open this", body = ErrorBody),
    (status = 403, description = "a role or a token that may not import this", body = ErrorBody),
    (status = 404, description = "this installation takes no imports by HTTP", body = ErrorBody),
    (status = 413, description = "it decompresses to more than 100 MiB, or to more than 100 times its size; what came before is in", body = ErrorBody),
    (status = 503, description = "another import is under way, or ClickHouse does not take it", body = ErrorBody),
))]
pub(crate) async fn take(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    body: Body,
) -> Result<Response, Failure> {
    let import = allowed(&dashboard)?;
    let Query(Wanted {
        from,
        package,
        domain,
        day,
    }) = wanted?;
    if caller.packages.names().is_some()
        && !package
            .as_ref()
            .is_some_and(|name| caller.packages.has(name))
    {
        return Err(Failure::new(
            ErrorCode::ImportNeedsPackage,
            "name the package of everything in it with `package`, one that your token may see",
        ));
    }
    let _alone = dashboard.importing.try_lock().map_err(|_| {
        Failure::new(
            ErrorCode::ImportBusy,
            "another import is under way; send this one when it is done",
        )
    })?;
    let request = ImportRequest {
        format: from,
        package,
        pixel: None,
        domain,
        day,
    };
    Ok(answer(run(import, request, body).await?))
}

/// Importing, where the operator allows it.
pub(super) fn allowed(dashboard: &Shared) -> Result<&Import, Failure> {
    dashboard.import.as_ref().ok_or_else(|| {
        Failure::new(
            ErrorCode::ImportsOff,
            "imports by HTTP are off: set [dashboards] import_tokens_file",
        )
    })
}

/// Imports `body` as it arrives.
pub(super) async fn run(
    import: &Import,
    request: ImportRequest,
    body: Body,
) -> Result<Imported, Failure> {
    let (arrival, reader) = import::body();
    let run = std::sync::Arc::clone(&import.run);
    let work = tokio::task::spawn_blocking(move || run(request, Box::new(reader)));
    // A body that does not end in time breaks off, which ends the work.
    let _ = timeout(PATIENCE, pass_on(body, arrival)).await;
    match work.await {
        Ok(outcome) => Ok(outcome?),
        Err(panic) => Err(Failure::from(ImportFailure::Failed(Box::new(panic)))),
    }
}

/// Passes the body on until it ends, breaks off, or nobody reads it any more.
async fn pass_on(body: Body, to: Arrival) {
    let mut body = pin!(body);
    loop {
        let next = std::future::poll_fn(|context| body.as_mut().poll_frame(context));
        let piece = match timeout(PIECE_PATIENCE, next).await {
            Ok(None) => Piece::End,
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Ok(bytes) => Piece::Bytes(bytes),
                Err(_trailers) => continue,
            },
            Ok(Some(Err(_))) | Err(_) => return,
        };
        let is_end = matches!(piece, Piece::End);
        if !to.send(piece).await || is_end {
            return;
        }
    }
}

fn answer(imported: Imported) -> Response {
    let Imported {
        read,
        events,
        totals,
        known,
        opted_out,
        refused,
        lines,
    } = imported;
    let status = if refused == 0 {
        StatusCode::OK
    } else {
        StatusCode::MULTI_STATUS
    };
    let line = |(line, reason)| RefusedLine { line, reason };
    let report = Report {
        read,
        events,
        totals,
        known,
        opted_out,
        refused,
        lines: lines.into_iter().map(line).collect(),
    };
    (status, Json(report)).into_response()
}

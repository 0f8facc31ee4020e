//! What organisations read in the docs, and what was copied from them.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::{AskError, PAST};
use crate::query::{self, Days, Malformed, Target, count, text};

/// Fewer organisations than this say nothing of a page, and too much of themselves.
const FLOOR: u64 = 5;

/// Which package, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all together.
    #[serde(default = "all")]
    #[param(default = "*")]
    pub(super) package: String,
    /// First day (UTC), as 2026-03-01.
    #[param(value_type = String, format = Date)]
    pub(super) from: Date,
    /// Day after the last.
    #[param(value_type = String, format = Date)]
    pub(super) to: Date,
}

pub(super) fn all() -> String {
    "*".to_owned()
}

/// What organisations read.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Reading {
    /// Organisations that read a page in these days.
    readers: u64,
    /// Organisations whose first download was in these days.
    adopters: u64,
    /// Those among them that had read a page by the day of it.
    adopters_who_read: u64,
    /// Below so many organisations a page's `before_adoption` is not told.
    floor: u64,
    /// Most read first; at most 200.
    pages: Vec<PageRead>,
}

/// A page, and who read it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct PageRead {
    /// Path of the page.
    page: String,
    /// Organisations that read it in these days.
    organisations: u64,
    /// Of `adopters_who_read` those that had read it by the day of their first download; null where they are few.
    before_adoption: Option<u64>,
}

/// What was copied.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Copied {
    /// Most copied first; at most 100.
    commands: Vec<CopiedCommand>,
}

/// A command that was copied from the docs.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct CopiedCommand {
    /// The command.
    command: String,
    /// How often it was copied.
    copies: u64,
    /// How many organisations copied it.
    organisations: u64,
}

/// Which pages organisations read, and had read before they adopted.
#[utoipa::path(get, path = "/docs/reading", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "by page", body = Reading),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn reading(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Reading>, Failure> {
    let Query(wanted) = wanted?;
    let (target, days) = wanted.about(&caller)?;
    let rows = dashboard
        .answers
        .rows(query::reading(&target, days), PAST)
        .await?;
    Ok(Json(read(&rows.cells).map_err(AskError::from)?))
}

/// Which commands were copied from the docs.
#[utoipa::path(get, path = "/docs/copied", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "by command", body = Copied),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn copied(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Copied>, Failure> {
    let Query(wanted) = wanted?;
    let (target, days) = wanted.about(&caller)?;
    let rows = dashboard
        .answers
        .rows(query::copied(&target, days), PAST)
        .await?;
    let commands = rows.cells.iter().map(|row| read_command(row));
    let commands = commands
        .collect::<Result<_, Malformed>>()
        .map_err(AskError::from)?;
    Ok(Json(Copied { commands }))
}

impl Wanted {
    /// What `caller` may see of it, if the days make sense.
    pub(super) fn about(self, caller: &Caller) -> Result<(Target, Days), Failure> {
        let Self { package, from, to } = self;
        if from >= to {
            let message = "`to` is the day after the last, and must be after `from`";
            return Err(Failure::new(ErrorCode::InvalidParameter, message));
        }
        Ok((target(package, caller)?, Days { from, to }))
    }
}

/// The package, or all of them, as far as `caller` may see it.
pub(super) fn target(package: String, caller: &Caller) -> Result<Target, Failure> {
    let target = match package.as_str() {
        "*" => Target::All,
        _ => Target::Package(package),
    };
    target.within(&caller.packages).ok_or_else(no_such_package)
}

/// Reads the rows of `reading.sql`: all pages together, then each.
fn read(rows: &[Vec<Value>]) -> Result<Reading, Malformed> {
    let (all, pages) = rows.split_first().ok_or(Malformed)?;
    let [_, readers, adopters_who_read, adopters] = &all[..] else {
        return Err(Malformed);
    };
    let pages = pages.iter().map(|row| read_page(row));
    Ok(Reading {
        readers: count(readers).ok_or(Malformed)?,
        adopters: count(adopters).ok_or(Malformed)?,
        adopters_who_read: count(adopters_who_read).ok_or(Malformed)?,
        floor: FLOOR,
        pages: pages.collect::<Result<_, _>>()?,
    })
}

fn read_page(row: &[Value]) -> Result<PageRead, Malformed> {
    let [page, organisations, before, _] = row else {
        return Err(Malformed);
    };
    Ok(PageRead {
        page: text(page),
        organisations: count(organisations).ok_or(Malformed)?,
        before_adoption: Some(count(before).ok_or(Malformed)?).filter(|before| *before >= FLOOR),
    })
}

fn read_command(row: &[Value]) -> Result<CopiedCommand, Malformed> {
    let [command, copies, organisations] = row else {
        return Err(Malformed);
    };
    Ok(CopiedCommand {
        command: text(command),
        copies: count(copies).ok_or(Malformed)?,
        organisations: count(organisations).ok_or(Malformed)?,
    })
}

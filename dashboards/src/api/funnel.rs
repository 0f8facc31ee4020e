//! How far organisations went from the docs to using a package.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure};
use super::reading;
use crate::accounts::Caller;
use crate::answers::{AskError, PAST};
use crate::query::{self, Days, Malformed, count};

/// Pages that say how to install, where nothing else is asked for.
const INSTALL: &str = "(?i)install|getting-started|get-started|quick-?start|setup";
/// Longest pattern, in bytes.
const MOST_PATTERN_BYTES: usize = 200;

/// Which package, when, and which pages say how to install.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all together.
    #[serde(default = "reading::all")]
    #[param(default = "*")]
    package: String,
    /// First day (UTC) of reading, as 2026-03-01.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// Day after the last of reading. Later steps count until now.
    #[param(value_type = String, format = Date)]
    to: Date,
    /// Regular expression (RE2) of the paths of pages that say how to install.
    #[serde(default = "install")]
    #[param(default = "(?i)install|getting-started|get-started|quick-?start|setup")]
    install: String,
}

fn install() -> String {
    INSTALL.to_owned()
}

/// How many organisations did what, each step after the one before it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Funnel {
    /// First day that is counted: single events are kept for a time, and earlier ones are gone.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Read a page of the docs and had not downloaded before.
    read: u64,
    /// Read how to install.
    install: Step,
    /// Copied a command; null where no page sends what is copied. Then the next step follows the one before.
    copied: Option<Step>,
    /// Downloaded.
    downloaded: Step,
    /// Downloaded again four weeks later or after that, of those whose four weeks are over.
    stayed: Stayed,
    /// Read the docs and are left out above: they had downloaded before.
    had_downloaded: u64,
}

/// A step, and how long after the one before.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = FunnelStep)]
pub(crate) struct Step {
    /// How many got here.
    organisations: u64,
    /// Median of the days since the step before; null where nobody got here.
    median_days: Option<f64>,
}

/// Who is still here.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Stayed {
    /// How many are.
    organisations: u64,
    /// How many could be: their four weeks are over.
    of: u64,
}

/// How far organisations went from the docs to a download and beyond.
#[utoipa::path(get, path = "/funnel", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "organisations by step", body = Funnel),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn show(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Funnel>, Failure> {
    let Query(Wanted {
        package,
        from,
        to,
        install,
    }) = wanted?;
    check(&install)?;
    let wanted = reading::Wanted { package, from, to };
    let (target, days) = wanted.about(&caller)?;
    let now = (dashboard.clock)();
    let today = now.to_zoned(TimeZone::UTC).date();
    let kept = today.saturating_sub(i64::from(dashboard.answers.event_days).days());
    let from = days.from.max(kept);
    let days = Days { from, ..days };
    let sql = query::funnel(&target, days, &install, now);
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let row = rows.cells.first().ok_or(Malformed);
    let funnel = row.and_then(|row| read(from, row));
    Ok(Json(funnel.map_err(AskError::from)?))
}

/// The engine runs the pattern with RE2, whose syntax this library shares but for corner cases.
fn check(pattern: &str) -> Result<(), Failure> {
    let fits = pattern.len() <= MOST_PATTERN_BYTES;
    let compiled = regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build();
    if fits && compiled.is_ok() {
        return Ok(());
    }
    let message =
        format!("`install` is a regular expression of at most {MOST_PATTERN_BYTES} bytes");
    Err(Failure::new(ErrorCode::InvalidParameter, message))
}

/// Reads the one row of `funnel.sql`.
fn read(from: Date, row: &[Value]) -> Result<Funnel, Malformed> {
    let [counts @ .., installing, copying, downloading] = row else {
        return Err(Malformed);
    };
    let counts: Vec<u64> = counts
        .iter()
        .map(|cell| count(cell).ok_or(Malformed))
        .collect::<Result<_, _>>()?;
    let [
        read,
        install,
        copied,
        downloaded,
        of,
        stayed,
        had_downloaded,
        reported,
    ] = counts[..]
    else {
        return Err(Malformed);
    };
    Ok(Funnel {
        from,
        read,
        install: step(install, installing),
        copied: (reported > 0).then(|| step(copied, copying)),
        downloaded: step(downloaded, downloading),
        stayed: Stayed {
            organisations: stayed,
            of,
        },
        had_downloaded,
    })
}

/// The median over nobody is no number, which comes as null.
fn step(organisations: u64, median: &Value) -> Step {
    Step {
        organisations,
        median_days: median.as_f64().filter(|_| organisations > 0),
    }
}

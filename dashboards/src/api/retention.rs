//! In which months organisations came back after their first download.

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
use super::reading::{all, target};
use crate::accounts::Caller;
use crate::answers::{AskError, PAST};
use crate::query::{self, Malformed, count, text};

/// Months that days by organisation are kept for.
const MOST_MONTHS: u8 = 25;

/// Which package, and how far back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all together.
    #[serde(default = "all")]
    #[param(default = "*")]
    package: String,
    /// Months of first downloads, this one included: 1 to 25.
    #[serde(default = "year")]
    #[param(default = 12, minimum = 1, maximum = 25)]
    months: u8,
}

fn year() -> u8 {
    12
}

/// Organisations by the month (UTC) of their first download.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Retention {
    /// First day that anything is known of; null where nothing is. Who came before it counts as come in its month.
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<Date>,
    /// Oldest first, without months that nobody came in.
    cohorts: Vec<Cohort>,
}

/// Organisations whose first download was in one month.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Cohort {
    /// First day of the month.
    #[schema(value_type = String, format = Date)]
    month: Date,
    /// How many of them downloaded in that month (all of them did), the next, and so on to the running one, which
    /// is not over.
    organisations: Vec<u64>,
}

/// In which months organisations came back.
#[utoipa::path(get, path = "/retention", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "by month of the first download", body = Retention),
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
) -> Result<Json<Retention>, Failure> {
    let Query(Wanted { package, months }) = wanted?;
    if !(1..=MOST_MONTHS).contains(&months) {
        let message = format!("`months` is 1 to {MOST_MONTHS}");
        return Err(Failure::new(ErrorCode::InvalidParameter, message));
    }
    let target = target(package, &caller)?;
    let now = (dashboard.clock)().to_zoned(TimeZone::UTC).date();
    let running = now.first_of_month();
    let from = running.saturating_sub(i64::from(months - 1).months());
    let sql = query::retention(&target, from);
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let retention = read(&rows.cells, running).map_err(AskError::from)?;
    Ok(Json(retention))
}

/// Reads the rows of `retention.sql`, with a zero for each month until the running one in which nobody came.
fn read(rows: &[Vec<Value>], running: Date) -> Result<Retention, Malformed> {
    let mut retention = Retention {
        since: None,
        cohorts: Vec::new(),
    };
    for row in rows {
        let [month, after, organisations, since] = &row[..] else {
            return Err(Malformed);
        };
        let month: Date = text(month).parse().map_err(|_| Malformed)?;
        let after = count(after).and_then(|after| usize::try_from(after).ok());
        let organisations = count(organisations).ok_or(Malformed)?;
        retention.since = text(since).parse().ok();
        if retention
            .cohorts
            .last()
            .is_none_or(|last| last.month != month)
        {
            let months = usize::try_from(months_between(month, running)).map_err(|_| Malformed)?;
            retention.cohorts.push(Cohort {
                month,
                organisations: vec![0; months + 1],
            });
        }
        let cohort = retention.cohorts.last_mut().ok_or(Malformed)?;
        // A clock that is ahead may have stored a month that is not there yet.
        if let Some(place) = cohort.organisations.get_mut(after.ok_or(Malformed)?) {
            *place = organisations;
        }
    }
    Ok(retention)
}

fn months_between(from: Date, to: Date) -> i32 {
    let month = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
    month(to) - month(from)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn months_in_which_nobody_came_back_are_zero_and_the_running_one_is_there() {
        let row = |month: &str, after: u64, organisations: u64| {
            let (after, organisations) = (json!(after), json!(organisations.to_string()));
            vec![json!(month), after, organisations, json!("2026-07-09")]
        };
        let rows = [
            row("2026-07-01", 0, 9),
            row("2026-07-01", 2, 4),
            row("2026-09-01", 0, 3),
        ];
        let read = read(&rows, date(2026, 10, 1)).expect("rows");
        assert_eq!(read.since, Some(date(2026, 7, 9)));
        let cohorts: Vec<_> = read
            .cohorts
            .iter()
            .map(|it| &it.organisations[..])
            .collect();
        assert_eq!(cohorts, [&[9, 0, 4, 0][..], &[3, 0]]);
    }

    #[test]
    fn nothing_is_known_of_nothing() {
        let read = read(&[], date(2026, 10, 1)).expect("no rows");
        assert_eq!((read.since, read.cohorts.len()), (None, 0));
    }
}

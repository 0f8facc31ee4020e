//! Counts yesterday, every hour: whoever was late is in the next count, and after a day of that it is final.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::answer::Split;
use super::cube::Count;
use super::days::{Counted, Day};
use crate::answers::{AskError, PAST};
use crate::query::{self, Malformed};
use crate::server::Dashboard;

/// Between two counts; a start counts at once.
const EVERY: Duration = Duration::from_hours(1);
/// After a count that failed: at a start, the engine takes a moment longer.
const SOON: Duration = Duration::from_mins(1);

/// Counts for ever.
pub(crate) async fn count_by_the_hour(dashboard: Arc<Dashboard>) {
    loop {
        let pause = if count(&dashboard).await { EVERY } else { SOON };
        tokio::time::sleep(pause).await;
    }
}

fn today(dashboard: &Dashboard) -> Date {
    (dashboard.clock)().to_zoned(TimeZone::UTC).date()
}

/// Counts yesterday for each public package; `false` if that failed for one.
async fn count(dashboard: &Arc<Dashboard>) -> bool {
    let mut all = true;
    let today = today(dashboard);
    let yesterday = today.saturating_sub(1.days());
    let mut day = Day::new();
    let packages = (dashboard.catalogue)();
    for package in packages.into_iter().filter(|package| package.public) {
        match counted(dashboard, &package.name, yesterday).await {
            Ok(counted) => {
                day.insert(package.name, counted);
            }
            // That ClickHouse is away, the status tells.
            Err(error @ AskError::Store(_)) => {
                tracing::debug!(%error, package = package.name, "what is public is counted again soon");
                all = false;
            }
            Err(error) => {
                tracing::warn!(%error, package = package.name, "cannot count what is public; trying again soon");
                all = false;
            }
        }
    }
    // What a day had is final once the day after it is over.
    if day.is_empty() || self::today(dashboard) != today {
        return all;
    }
    let dashboard = Arc::clone(dashboard);
    let kept = tokio::task::spawn_blocking(move || {
        let days = &dashboard.public.days;
        days.merge(yesterday, day)?;
        // Removed an hour later, if not now.
        let _ = days.forget(today);
        Ok::<_, super::DaysError>(())
    });
    if let Ok(Err(error)) = kept.await {
        tracing::warn!(%error, "cannot keep what is public; trying again soon");
        return false;
    }
    all
}

async fn counted(dashboard: &Dashboard, package: &str, day: Date) -> Result<Counted, AskError> {
    let sql = query::public_day(package, day);
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let mut counted = Counted::default();
    for row in &rows.cells {
        add(&mut counted, row)?;
    }
    Ok(counted)
}

/// Reads a row of `count.sql`.
fn add(counted: &mut Counted, row: &[Value]) -> Result<(), Malformed> {
    let [by, value, downloads, visitors] = row else {
        return Err(Malformed);
    };
    let count = Count {
        downloads: query::count(downloads).ok_or(Malformed)?,
        visitors: query::count(visitors).ok_or(Malformed)?,
    };
    let by = match query::text(by).as_str() {
        "all" => {
            counted.set_whole(count);
            return Ok(());
        }
        "country" => Split::Country,
        "version" => Split::Version,
        "client" => Split::Client,
        "platform" => Split::Platform,
        _ => return Err(Malformed),
    };
    counted.set(by, query::text(value), count);
    Ok(())
}

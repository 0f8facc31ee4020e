//! The tables that are counted from events: whether they agree with them, and how they are made to.
//!
//! Views keep them up to date, also with what comes late: a block that is stored is counted in the
//! day it belongs to. When something is wrong all the same, such as a backup that was taken between
//! a table and its view, a rollup's days are counted again from the events and put in place a month
//! at a time, in one step.

mod people;
mod rebuild;

use clickhouse::{Client, Row};
use serde::Deserialize;
use tokio::time::timeout;

use crate::engine::Access;
use crate::schema::Layout;

pub use people::note_people;
pub use rebuild::{Wrong, rebuild};

/// Longest that one statement may take: a month of a busy site is counted in minutes.
const PATIENCE: std::time::Duration = std::time::Duration::from_hours(2);

/// A table that a view counts into, with as many requests in it as there are events of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollup {
    /// Its name; the view is `NAME_from_events`.
    pub table: &'static str,
    /// The UTC day of a row.
    day: &'static str,
    /// What holds for rows that have each event once.
    once: &'static str,
    /// What holds for the events that it counts.
    of: &'static str,
}

/// All of them.
pub const ROLLUPS: [Rollup; 4] = [
    Rollup {
        table: "daily",
        day: "day",
        once: "1",
        of: "1",
    },
    Rollup {
        table: "hourly",
        day: "toDate(hour)",
        once: "1",
        of: "1",
    },
    Rollup {
        table: "splits",
        day: "day",
        once: "property = 'country'",
        of: "1",
    },
    Rollup {
        table: "organisations",
        day: "day",
        once: "1",
        of: "org_id != 0",
    },
];

/// Why rollups could not be compared or rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// A statement failed.
    #[error("cannot {doing}")]
    Sql {
        /// What was tried.
        doing: &'static str,
        /// ClickHouse's words.
        #[source]
        source: clickhouse::error::Error,
    },
    /// A statement did not end.
    #[error("ClickHouse took too long to {0}")]
    Slow(&'static str),
    /// Events came in for the months that were rebuilt, each time again.
    #[error(
        "events of these months keep coming in, so `{0}` could not be rebuilt: \
         stop the gateways, or wait until their spools are empty, and run it again"
    )]
    Busy(&'static str),
}

/// A day on which a rollup has another number of events than there are of those that it counts.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct Difference {
    /// Days since 1970.
    pub day: u32,
    /// The same as `YYYY-MM-DD`.
    pub date: String,
    /// How many events there are.
    pub events: u64,
    /// How many of them the rollup has.
    pub counted: u64,
}

/// The days from `first` (days since 1970) on, on which `rollup` and the events differ. Earlier ones
/// must not be asked for than all events are kept of.
///
/// While events are being stored, the running day may differ for a moment.
pub async fn differences(
    access: &Access,
    layout: &Layout,
    rollup: Rollup,
    first: u32,
) -> Result<Vec<Difference>, RollupError> {
    let (events, table) = (layout.local("events"), layout.local(rollup.table));
    let Rollup { day, once, of, .. } = rollup;
    // The rollup first: what is stored in between makes it look behind, which a second look mends.
    let sql = format!(
        "SELECT toUInt32(on) AS day, toString(on) AS date, sum(raw) AS events, sum(rolled_up) AS counted
        FROM (
            SELECT {day} AS on, 0 AS raw, sum(requests) AS rolled_up
            FROM {table} WHERE {once} AND {day} >= toDate({first}) GROUP BY on
            UNION ALL
            SELECT toDate(time) AS on, count() AS raw, 0 AS rolled_up
            FROM {events} WHERE {of} AND toDate(time) >= toDate({first}) GROUP BY on
        )
        GROUP BY on HAVING events != counted ORDER BY on"
    );
    let asked = client(access).query(&sql).fetch_all();
    within("compare a rollup with the events", asked).await
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            date,
            events,
            counted,
            ..
        } = self;
        write!(f, "{date}: {counted} of {events} events")
    }
}

fn client(access: &Access) -> Client {
    Client::default()
        .with_url(&access.url)
        .with_user(&access.user)
        .with_password(&access.password)
        .with_database(&access.database)
}

async fn run(access: &Access, doing: &'static str, sql: &str) -> Result<(), RollupError> {
    within(doing, client(access).query_raw(sql).execute()).await
}

async fn within<T>(
    doing: &'static str,
    query: impl Future<Output = Result<T, clickhouse::error::Error>>,
) -> Result<T, RollupError> {
    match timeout(PATIENCE, query).await {
        Ok(outcome) => outcome.map_err(|source| RollupError::Sql { doing, source }),
        Err(_) => Err(RollupError::Slow(doing)),
    }
}

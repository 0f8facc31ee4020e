//! What was imported before, and what registries counted: the tables that only imports write.

use std::collections::HashSet;
use std::time::Duration;

use clickhouse::{Client, Row};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use weir_event::{Event, EventId};

use super::entry::{Span, Total};
use crate::engine::Access;

const DAY_SECONDS: u32 = 86_400;

/// Longest for one question or insert.
const PATIENCE: Duration = Duration::from_mins(2);

/// The ids of a chunk stand in the question.
const MOST_QUERY_BYTES: &str = "4000000";

/// Why the ledger gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// ClickHouse does not answer, or refuses.
    #[error(
        "cannot ask ClickHouse what was imported before; is it up, and has `weir migrate` run?"
    )]
    Failed(#[from] clickhouse::error::Error),
    /// No answer in time.
    #[error("ClickHouse takes too long to say what was imported before")]
    Slow,
}

/// An event in the ledger: its day, and 64 bits of its id. Two of a million events of one day share them with a
/// chance of one in thirty million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Row, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Days since 1970.
    day: u16,
    id: u64,
}

impl Mark {
    pub(super) fn new(id: EventId, time: u32) -> Self {
        let hash = blake3::hash(&id.as_u128().to_le_bytes());
        Self {
            day: (time / DAY_SECONDS) as u16,
            id: u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at])),
        }
    }
}

#[derive(Row, Deserialize)]
struct Found {
    number: u16,
    id: u64,
}

#[derive(Row, Deserialize)]
struct Stored {
    event_id: u128,
}

#[derive(Row, Serialize)]
struct TotalRow<'a> {
    source: &'a str,
    package: &'a str,
    version: &'a str,
    country: &'a str,
    day: u16,
    span: Span,
    downloads: u64,
}

impl<'a> TotalRow<'a> {
    fn new(source: &'a str, total: &'a Total) -> Self {
        Self {
            source,
            package: &total.package,
            version: &total.version,
            country: &total.country,
            day: total.day,
            span: total.span,
            downloads: total.downloads,
        }
    }
}

/// The tables.
#[derive(Clone)]
pub(super) struct Ledger {
    client: Client,
}

impl Ledger {
    pub(super) fn connect(access: &Access) -> Self {
        let client = Client::default()
            .with_url(&access.url)
            .with_user(&access.user)
            .with_password(&access.password)
            .with_database(&access.database)
            .with_setting("max_query_size", MOST_QUERY_BYTES);
        Self { client }
    }

    /// Which of these were imported and settled before.
    pub(super) async fn settled(&self, marks: &[Mark]) -> Result<HashSet<Mark>, LedgerError> {
        let days = || marks.iter().map(|mark| mark.day);
        let (Some(first), Some(last)) = (days().min(), days().max()) else {
            return Ok(HashSet::new());
        };
        let ids: Vec<u64> = marks.iter().map(|mark| mark.id).collect();
        let query = "SELECT toUInt16(day) AS number, id FROM imported_ids
            WHERE day >= toDate(?) AND day <= toDate(?) AND id IN ?";
        let query = self.client.query(query).bind(first).bind(last).bind(ids);
        let found = in_time(query.fetch_all::<Found>()).await?;
        let mark = |Found { number, id }| Mark { day: number, id };
        Ok(found.into_iter().map(mark).collect())
    }

    /// Which of these events the table has, whoever brought them.
    pub(super) async fn stored(&self, events: &[Event<'_>]) -> Result<HashSet<u128>, LedgerError> {
        let times = || events.iter().map(|event| event.time);
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return Ok(HashSet::new());
        };
        let packages: HashSet<&str> = events.iter().map(|event| &*event.package).collect();
        let packages: Vec<&str> = packages.into_iter().collect();
        let counters: Vec<u64> = events.iter().map(|event| event.event_id.counter).collect();
        // The package and the time keep it from reading more than the events' own part of the table.
        let query = "SELECT event_id FROM events
            WHERE package IN ? AND time >= toDateTime(?, 'UTC') AND time <= toDateTime(?, 'UTC')
            AND toUInt64(event_id) IN ?";
        let query = self
            .client
            .query(query)
            .bind(packages)
            .bind(first)
            .bind(last)
            .bind(counters);
        let found = in_time(query.fetch_all::<Stored>()).await?;
        Ok(found.into_iter().map(|row| row.event_id).collect())
    }

    /// Notes that these are imported for good.
    pub(super) async fn settle(&self, marks: &[Mark]) -> Result<(), LedgerError> {
        self.insert("imported_ids", marks.iter()).await
    }

    /// Takes totals over; a total of the same thing and day replaces the one before.
    pub(super) async fn put(&self, source: &str, totals: &[Total]) -> Result<(), LedgerError> {
        if totals.is_empty() {
            return Ok(());
        }
        let work = async {
            let mut insert = self
                .client
                .insert::<TotalRow<'_>>("imported_totals")
                .await?
                .with_setting("async_insert", "0");
            for total in totals {
                insert.write(&TotalRow::new(source, total)).await?;
            }
            insert.end().await
        };
        in_time(work).await
    }

    async fn insert<'m>(
        &self,
        table: &str,
        marks: impl Iterator<Item = &'m Mark>,
    ) -> Result<(), LedgerError> {
        let work = async {
            let mut insert = self
                .client
                .insert::<Mark>(table)
                .await?
                .with_setting("async_insert", "0");
            for mark in marks {
                insert.write(mark).await?;
            }
            insert.end().await
        };
        in_time(work).await
    }
}

async fn in_time<T>(
    work: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, LedgerError> {
    Ok(timeout(PATIENCE, work)
        .await
        .map_err(|_| LedgerError::Slow)??)
}

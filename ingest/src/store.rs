//! The only file that writes events to ClickHouse: a batch goes in whole, once, and can be read back.

mod failure;
mod partition;
mod row;

use std::collections::BTreeSet;
use std::time::Duration;

use clickhouse::{Client, Row};
use serde::Deserialize;
use tokio::time::timeout;
use weir_event::Event;

use crate::engine::Access;
use row::EventRow;

pub use failure::InsertError;
pub use partition::partition;

/// Longest that ClickHouse may take to accept the next piece of a batch, or to describe the table.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// Longest that it may take to store a batch and feed the rollups, or to count.
const END_PATIENCE: Duration = Duration::from_mins(1);

const DAY_SECONDS: u32 = 86_400;

/// Events that go in together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The batch that the events belong to; a part of it keeps its number.
    pub id: u64,
    /// Names exactly these events in this order, for ever.
    pub token: &'a str,
    /// At least one.
    pub events: &'a [Event<'a>],
}

/// What a look back found of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// None of it.
    Absent,
    /// Some of its rows.
    Partial,
    /// All of its rows, but the rollup has fewer events than the table.
    RollupBehind,
    /// All of it, in the rollup too.
    Whole,
    /// Rows of it more than once.
    Doubled {
        /// How many rows too many.
        surplus: u64,
    },
}

/// The tables that events go to. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    client: Client,
}

/// What the table has of a batch.
#[derive(Clone, Copy, Debug, Row, Deserialize)]
struct Counts {
    rows: u64,
    distinct: u64,
}

impl Store {
    /// A store that will speak to ClickHouse as `access` says; connects when it is first used.
    pub fn connect(access: &Access) -> Self {
        let client = Client::default()
            .with_url(&access.url)
            .with_user(&access.user)
            .with_password(&access.password)
            .with_database(&access.database);
        Self { client }
    }

    /// Stores a batch and everything that follows from it. To be repeated with the same batch until it is `Ok`.
    pub async fn insert(&self, batch: Batch<'_>) -> Result<(), InsertError> {
        let Err(error) = self.try_insert(batch).await else {
            return Ok(());
        };
        // The table may have changed since the client learned its columns, which it sends along; then
        // the rows are as good as before.
        self.client.clear_cached_metadata().await;
        match error {
            InsertError::Refused { .. } => self.try_insert(batch).await,
            other => Err(other),
        }
    }

    async fn try_insert(&self, batch: Batch<'_>) -> Result<(), InsertError> {
        let insert = timeout(SEND_PATIENCE, self.client.insert::<EventRow<'_>>("events"))
            .await
            .map_err(|_| InsertError::Unavailable("no answer in time".into()))?
            .map_err(|error| InsertError::before_sending(&error))?;
        let mut insert = insert
            .with_timeouts(Some(SEND_PATIENCE), Some(END_PATIENCE))
            .with_setting("async_insert", "0")
            .with_setting("insert_deduplicate", "1")
            .with_setting("insert_deduplication_token", batch.token)
            .with_setting("deduplicate_blocks_in_dependent_materialized_views", "1")
            .with_setting("wait_end_of_query", "1");
        for event in batch.events {
            if let Err(error) = insert.write(&EventRow::new(event, batch.id)).await {
                // A cut channel hides the server's own words, which the end of the request brings.
                let words = insert.end().await.err().unwrap_or(error);
                return Err(InsertError::while_sending(&words));
            }
        }
        insert
            .end()
            .await
            .map_err(|error| InsertError::while_sending(&error))
    }

    /// How many rows of a batch are there.
    pub async fn stored(&self, batch_id: u64) -> Result<u64, InsertError> {
        Ok(self.counts(batch_id).await?.rows)
    }

    /// Looks back at a batch that may have been sent before.
    ///
    /// The rollup has no batches in it, so it is taken as a whole: over the batch's days it must
    /// have as many events as the table. Where others write at the same moment it may seem to be
    /// behind, and then the batch is sent again, which is harmless.
    pub async fn settlement(&self, batch: Batch<'_>) -> Result<Settlement, InsertError> {
        let found = judge(self.counts(batch.id).await?, batch.events.len() as u64);
        match found {
            Settlement::Whole if self.rollup_is_behind(batch.events).await? => {
                Ok(Settlement::RollupBehind)
            }
            other => Ok(other),
        }
    }

    async fn counts(&self, batch_id: u64) -> Result<Counts, InsertError> {
        let query = "SELECT count() AS rows, uniqExact(event_id) AS distinct FROM events WHERE batch_id = ?";
        answered(self.client.query(query).bind(batch_id).fetch_one()).await
    }

    async fn rollup_is_behind(&self, events: &[Event<'_>]) -> Result<bool, InsertError> {
        let days: BTreeSet<u32> = events
            .iter()
            .map(|event| event.time / DAY_SECONDS)
            .collect();
        let days: Vec<u32> = days.into_iter().collect();
        let query = "SELECT
            ifNull((SELECT count() FROM events WHERE has(?, toUInt32(toDate(time)))), 0)
            > ifNull((SELECT sum(requests) FROM daily WHERE has(?, toUInt32(day))), 0)";
        let behind: u8 =
            answered(self.client.query(query).bind(&days).bind(&days).fetch_one()).await?;
        Ok(behind != 0)
    }
}

fn judge(Counts { rows, distinct }: Counts, sent: u64) -> Settlement {
    match rows {
        0 => Settlement::Absent,
        _ if rows > distinct => Settlement::Doubled {
            surplus: rows - distinct,
        },
        _ if rows < sent => Settlement::Partial,
        _ => Settlement::Whole,
    }
}

/// The answer to a question, within its time.
async fn answered<T>(
    question: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, InsertError> {
    match timeout(END_PATIENCE, question).await {
        Ok(outcome) => outcome.map_err(|error| InsertError::before_sending(&error)),
        Err(_) => Err(InsertError::Unavailable("no answer in time".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_tell_how_much_of_a_batch_is_there() {
        let judged = |rows, distinct| judge(Counts { rows, distinct }, 10);
        assert_eq!(judged(0, 0), Settlement::Absent);
        assert_eq!(judged(4, 4), Settlement::Partial);
        assert_eq!(judged(10, 10), Settlement::Whole);
        assert_eq!(judged(15, 10), Settlement::Doubled { surplus: 5 });
    }
}

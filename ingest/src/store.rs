//! The only file that writes events to ClickHouse: a batch goes in whole, once, and can be read back.

mod failure;
mod partition;
mod row;

use std::collections::HashSet;
use std::time::Duration;

use clickhouse::{Client, Row};
use serde::Deserialize;
use tokio::time::timeout;
use weir_event::Event;

use crate::engine::Access;
use row::EventRow;

pub use failure::InsertError;
pub use partition::partition;

/// The columns of an event's row, in order.
pub(crate) const COLUMNS: &[&str] = <EventRow<'_> as Row>::COLUMN_NAMES;

/// Longest that ClickHouse may take to accept the next piece of a batch, or to describe the table.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// Longest that it may take to store a batch and feed the rollups, or to count.
const END_PATIENCE: Duration = Duration::from_mins(1);

/// Rows and bytes of the largest block that an insert may form: ClickHouse's own defaults, many times
/// what a segment of the spool can hold.
const BLOCK_ROWS: &str = "1048576";
const BLOCK_BYTES: &str = "268435456";

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
            .with_setting("wait_end_of_query", "1")
            // On a cluster it is stored when the shard has it, not when it is queued for the shard.
            .with_setting("distributed_foreground_insert", "1")
            // A batch is one block. A profile with smaller ones would leave parts of it behind.
            .with_setting("max_insert_block_size", BLOCK_ROWS)
            .with_setting("min_insert_block_size_rows", BLOCK_ROWS)
            .with_setting("min_insert_block_size_bytes", BLOCK_BYTES);
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
        let query = "SELECT count() FROM events WHERE batch_id = ?";
        answered(self.client.query(query).bind(batch_id).fetch_one()).await
    }

    /// Looks back at a whole batch that may have been sent before.
    ///
    /// The rollup has no batches in it, so it is taken as a whole: over the batch's days it must
    /// have as many events as the table. Where others write at the same moment it may seem to be
    /// behind, and then the batch is sent again, which is harmless.
    pub async fn settlement(&self, batch: Batch<'_>) -> Result<Settlement, InsertError> {
        let query = "SELECT count() AS rows, uniqExact(event_id) AS distinct FROM events
            WHERE batch_id = ? AND time >= toDateTime(?) AND time <= toDateTime(?)";
        let (first, last) = span(batch.events);
        let query = self.client.query(query).bind(batch.id);
        let counts = answered(query.bind(first).bind(last).fetch_one()).await?;
        self.with_rollup(judge(counts, batch.events.len()), batch.events)
            .await
    }

    /// Looks back at a piece of a batch. The other pieces' rows have the same number, so its own are
    /// told by their ids.
    pub async fn settlement_of_piece(&self, piece: Batch<'_>) -> Result<Settlement, InsertError> {
        let query = "SELECT event_id FROM events
            WHERE batch_id = ? AND time >= toDateTime(?) AND time <= toDateTime(?)";
        let (first, last) = span(piece.events);
        let query = self.client.query(query).bind(piece.id);
        let stored: Vec<u128> = answered(query.bind(first).bind(last).fetch_all()).await?;
        let counts = among(piece.events, &stored);
        self.with_rollup(judge(counts, piece.events.len()), piece.events)
            .await
    }

    /// For how long the server has been running, and its name: behind one address may be several.
    pub async fn uptime(&self) -> Result<(String, Duration), InsertError> {
        let query = "SELECT hostName(), toUInt64(uptime())";
        let question = self.client.query(query).fetch_one::<(String, u64)>();
        let (host, seconds) = within(SEND_PATIENCE, question).await?;
        Ok((host, Duration::from_secs(seconds)))
    }

    async fn with_rollup(
        &self,
        found: Settlement,
        events: &[Event<'_>],
    ) -> Result<Settlement, InsertError> {
        match found {
            Settlement::Whole if self.rollup_is_behind(events).await? => {
                Ok(Settlement::RollupBehind)
            }
            other => Ok(other),
        }
    }

    async fn rollup_is_behind(&self, events: &[Event<'_>]) -> Result<bool, InsertError> {
        let (first, last) = span(events);
        let (first, last) = (first / DAY_SECONDS, last / DAY_SECONDS);
        let query = "SELECT
            ifNull((SELECT count() FROM events WHERE time >= toDateTime(?) AND time < toDateTime(?)), 0)
            > ifNull((SELECT sum(requests) FROM daily WHERE day >= toDate(?) AND day <= toDate(?)), 0)";
        let query = self.client.query(query);
        let query = query
            .bind(first * DAY_SECONDS)
            .bind((last + 1) * DAY_SECONDS);
        let behind: u8 = answered(query.bind(first).bind(last).fetch_one()).await?;
        Ok(behind != 0)
    }
}

/// The first and the last moment of events, of which there is at least one.
fn span(events: &[Event<'_>]) -> (u32, u32) {
    let times = events.iter().map(|event| event.time);
    (times.clone().min().unwrap_or(0), times.max().unwrap_or(0))
}

/// How many of `stored` are ids of `events`.
fn among(events: &[Event<'_>], stored: &[u128]) -> Counts {
    let sent: HashSet<u128> = events
        .iter()
        .map(|event| event.event_id.as_u128())
        .collect();
    let found = stored.iter().filter(|id| sent.contains(id));
    Counts {
        rows: found.clone().count() as u64,
        distinct: found.collect::<HashSet<_>>().len() as u64,
    }
}

/// What is missing counts before what is there too often: it can still be sent.
fn judge(Counts { rows, distinct }: Counts, sent: usize) -> Settlement {
    match rows {
        0 => Settlement::Absent,
        _ if distinct < sent as u64 => Settlement::Partial,
        _ if rows > distinct => Settlement::Doubled {
            surplus: rows - distinct,
        },
        _ => Settlement::Whole,
    }
}

/// The answer to a question, within its time.
async fn answered<T>(
    question: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, InsertError> {
    within(END_PATIENCE, question).await
}

async fn within<T>(
    patience: Duration,
    question: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, InsertError> {
    match timeout(patience, question).await {
        Ok(outcome) => outcome.map_err(|error| InsertError::before_sending(&error)),
        Err(_) => Err(InsertError::Unavailable("no answer in time".into())),
    }
}

#[cfg(test)]
mod tests {
    use weir_event::{EventId, Kind};

    use super::*;

    #[test]
    fn rows_tell_how_much_of_a_batch_is_there() {
        let judged = |rows, distinct| judge(Counts { rows, distinct }, 10);
        assert_eq!(judged(0, 0), Settlement::Absent);
        assert_eq!(judged(4, 4), Settlement::Partial);
        assert_eq!(judged(10, 10), Settlement::Whole);
        assert_eq!(judged(15, 10), Settlement::Doubled { surplus: 5 });
        assert_eq!(judged(15, 9), Settlement::Partial);
    }

    #[test]
    fn a_piece_is_told_from_the_other_pieces_by_its_ids() {
        let event = |counter| {
            let (node, boot) = (1, 1);
            let id = EventId {
                node,
                boot,
                counter,
            };
            Event::new(id, Kind::Download, 60 * counter as u32)
        };
        let piece = [event(3), event(4), event(5)];
        let id = |counter| event(counter).event_id.as_u128();
        let Counts { rows, distinct } = among(&piece, &[id(1), id(4), id(5), id(4), id(9)]);
        assert_eq!((rows, distinct), (3, 2));
        assert_eq!(span(&piece), (180, 300));
    }
}

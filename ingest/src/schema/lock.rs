//! One process migrates at a time: a lock that cannot outlive its holder.
//!
//! ClickHouse has no locks, but it refuses a query whose id is that of a running one. The holder runs
//! a query under a fixed id that only waits; it ends with its connection, so nothing is left behind
//! when the holder is killed. Nodes of a cluster do not know each other's queries: all who migrate
//! one must speak to the same node.

use std::time::{Duration, Instant};

use clickhouse::query::BytesCursor;
use clickhouse::{Client, Compression};
use tokio::time::{sleep, timeout};

use super::{MigrateError, client};
use crate::engine::Access;

/// Longest wait for another process, and longest time that a lock is held.
const PATIENCE: Duration = Duration::from_mins(30);

/// How often a taken lock is asked for again.
const AGAIN: Duration = Duration::from_millis(250);

/// Longest that the holder's query may say nothing; it has a word every tenth of a second.
const SILENCE: Duration = Duration::from_secs(30);

/// `Query with id = … is already running`.
const TAKEN: &str = "Code: 216.";

/// Does `work` while no other process does its own on this database.
pub(crate) async fn alone<T, E: From<MigrateError>>(
    access: &Access,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut lock = Lock::take(access).await?;
    tokio::select! {
        biased;
        outcome = work => outcome,
        error = lock.lost() => Err(error.into()),
    }
}

/// Held until dropped.
struct Lock(BytesCursor);

impl Lock {
    async fn take(access: &Access) -> Result<Self, MigrateError> {
        let since = Instant::now();
        loop {
            match Self::try_take(access).await? {
                Some(lock) => return Ok(lock),
                None if since.elapsed() > PATIENCE => return Err(MigrateError::Locked),
                None => sleep(AGAIN).await,
            }
        }
    }

    async fn try_take(access: &Access) -> Result<Option<Self>, MigrateError> {
        let failed = |source| MigrateError::Sql {
            doing: "take the lock".into(),
            source,
        };
        let cursor = holder(access).query_raw(HOLD).fetch_bytes("RowBinary");
        let mut lock = Self(cursor.map_err(failed)?);
        match timeout(SILENCE, lock.0.next()).await {
            Ok(Ok(Some(_))) => Ok(Some(lock)),
            Ok(Err(error)) if error.to_string().contains(TAKEN) => Ok(None),
            Ok(Err(error)) => Err(failed(error)),
            Ok(Ok(None)) | Err(_) => Err(MigrateError::LostLock),
        }
    }

    /// Returns when the lock is no longer ours.
    async fn lost(&mut self) -> MigrateError {
        while let Ok(Ok(Some(_))) = timeout(SILENCE, self.0.next()).await {}
        MigrateError::LostLock
    }
}

/// Answers a byte each tenth of a second for as long as somebody listens.
const HOLD: &str = "SELECT sleepEachRow(0.1) FROM system.numbers";

fn holder(access: &Access) -> Client {
    client(access)
        .with_compression(Compression::None)
        .with_setting("query_id", format!("weir-migrate-{}", access.database))
        // One row at a time, each sent at once.
        .with_setting("max_block_size", "1")
        .with_setting("buffer_size", "1")
        // A query that only reads is cancelled with its connection.
        .with_setting("readonly", "2")
        .with_setting("cancel_http_readonly_queries_on_client_close", "1")
        .with_setting("max_execution_time", PATIENCE.as_secs().to_string())
}

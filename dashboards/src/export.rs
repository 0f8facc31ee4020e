//! Rows by the million: to a reader, into a file or a bucket, once or by the clock.
//!
//! | module | what it does |
//! |---|---|
//! | `stream` | rows to whoever reads, at the reader's pace |
//! | `compression` | rows made smaller on their way |
//! | `file` | rows into a file that is there whole or not at all |
//! | `job` | one export by the clock, as configured |
//! | `jobs` | all of them, as time passes |
//! | `calendar` | which of its periods are due; pure |
//! | `ledger` | up to when each was done |
//! | `bucket` | the statement by which ClickHouse writes to a bucket itself |
//!
//! ClickHouse formats the rows; nothing here holds more than one piece of them.

mod bucket;
mod calendar;
mod compression;
mod file;
mod job;
mod jobs;
mod ledger;
mod stream;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::query::{Export, Invalid, count};
use crate::store::{Connect, Store, StoreError};

pub use calendar::Every;
pub use compression::Compression;
pub use file::FileError;
pub use job::{Bucket, Destination, Job, JobError, Wanted};
pub use jobs::{Jobs, Waiting};
pub(crate) use stream::BodyError;
pub use stream::{Passed, Rows};

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What is wanted makes no sense.
    #[error("{0}")]
    Wanted(String),
    /// ClickHouse did not deliver, or not to the end.
    #[error(transparent)]
    Store(#[from] Broken),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// ClickHouse did not deliver, or not to the end.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Broken(#[from] pub(crate) StoreError);

impl From<Invalid> for ExportError {
    fn from(invalid: Invalid) -> Self {
        Self::Wanted(invalid.to_string())
    }
}

/// Exports at the same time: each has a core of the engine busy.
const SLOTS: usize = 2;

/// Where rows come from.
pub struct Exporter {
    store: Store,
    /// Days that single events are kept for.
    pub(crate) event_days: u16,
    slots: Arc<Semaphore>,
}

impl Exporter {
    /// Reads from wherever `connect` says, where single events are kept for `event_days`.
    pub fn new(connect: Connect, event_days: u16) -> Self {
        Self {
            store: Store::new(connect),
            event_days,
            slots: Arc::new(Semaphore::new(SLOTS)),
        }
    }

    /// Checks what is wanted, without asking for it.
    pub fn check(wanted: &Value, now: Timestamp, event_days: u16) -> Result<(), ExportError> {
        Export::read(wanted)?.statement(now, event_days)?;
        Ok(())
    }

    /// Begins what `wanted` describes, as `POST /api/v2/export` takes it, as of `now`.
    pub async fn begin(&self, wanted: &Value, now: Timestamp) -> Result<Rows, ExportError> {
        let export = Export::read(wanted)?;
        let sql = export.statement(now, self.event_days)?;
        let flow = self.store.begin(&sql, export.format.sql()).await;
        Ok(Rows::new(flow.map_err(Broken)?))
    }

    /// How many lines there will be of what `wanted` describes, where a question can tell before.
    pub async fn count(&self, wanted: &Value, now: Timestamp) -> Result<Option<u64>, ExportError> {
        let Some(sql) = Export::read(wanted)?.count(now) else {
            return Ok(None);
        };
        let rows = self.store.ask(&sql).await.map_err(Broken)?;
        Ok(rows.cells.first().and_then(|row| count(row.first()?)))
    }
}

impl Rows {
    /// Writes the rows into a file, which is there when all of it is; `note` is told how far it is. Answers how many
    /// bytes the file has.
    pub async fn write(
        mut self,
        path: &Path,
        note: &mut (dyn FnMut(Passed) + Send),
    ) -> Result<u64, ExportError> {
        file::write(&mut self, path, note).await
    }
}

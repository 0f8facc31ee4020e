//! Rows to whoever reads, at the reader's pace.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::compression::{Compression, Compressor};
use super::{Broken, Exporter};
use crate::query::Sql;
use crate::store::{Flow, StoreError};

/// Longest that a reader may take for a piece. ClickHouse gives up on us after as long.
const READER_PATIENCE: Duration = Duration::from_secs(30);

/// Why an answer does not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// As many exports run as may.
    #[error("other exports are running; wait for one to end")]
    Running,
    /// ClickHouse does not deliver.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Rows on their way, as bytes of a format.
pub struct Rows {
    /// None after the last piece.
    flow: Option<Flow>,
    compressor: Compressor,
    passed: Passed,
}

/// How much has come, before it was compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Bytes.
    pub bytes: u64,
    /// Line ends: of formats that are text, about as many as rows.
    pub lines: u64,
}

impl Rows {
    pub(super) fn new(flow: Flow) -> Self {
        Self {
            flow: Some(flow),
            compressor: Compressor::None,
            passed: Passed::default(),
        }
    }

    /// The same rows, compressed.
    #[must_use]
    pub fn compressed(mut self, compression: Compression) -> Self {
        self.compressor = Compressor::new(compression);
        self
    }

    /// How much has come.
    pub fn passed(&self) -> Passed {
        self.passed
    }

    /// The next piece; none after the last. Without an error the rows are whole.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Broken> {
        while let Some(flow) = &mut self.flow {
            let written = if let Some(piece) = flow.next().await? {
                self.passed.bytes += piece.len() as u64;
                self.passed.lines += memchr::memchr_iter(b'\n', &piece).count() as u64;
                self.compressor.piece(piece)
            } else {
                self.flow = None;
                self.compressor.end()
            };
            if !written.is_empty() {
                return Ok(Some(written));
            }
        }
        Ok(None)
    }
}

impl Exporter {
    /// The rows of a statement as the body of an answer, if a place is free. A body that breaks off
    /// breaks the connection, so that no reader takes a part for the whole.
    pub(crate) async fn body(&self, sql: &Sql, format: &'static str) -> Result<Body, BodyError> {
        let slot = Arc::clone(&self.slots).try_acquire_owned();
        let slot = slot.map_err(|_| BodyError::Running)?;
        let flow = self.store.begin(sql, format).await?;
        let (pieces, mut read) = mpsc::channel(1);
        tokio::spawn(pump(Rows::new(flow), pieces, slot));
        let pieces = futures::stream::poll_fn(move |context| read.poll_recv(context));
        Ok(Body::from_stream(pieces))
    }
}

/// Passes pieces on until there are none, or nobody takes them.
async fn pump(
    mut rows: Rows,
    pieces: mpsc::Sender<Result<Bytes, Broken>>,
    slot: OwnedSemaphorePermit,
) {
    let error = loop {
        match rows.next().await {
            Ok(None) => return,
            Err(error) => break error,
            Ok(Some(piece)) => {
                if pieces
                    .send_timeout(Ok(piece), READER_PATIENCE)
                    .await
                    .is_err()
                {
                    break Broken(StoreError::Timeout);
                }
            }
        }
    };
    tracing::warn!(%error, "an export broke off");
    drop((rows, slot));
    // Without this the body would end as if it were whole, whenever the reader goes on.
    let _ = pieces.send(Err(error)).await;
}

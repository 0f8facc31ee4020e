//! What the page says about everything behind its numbers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::watch;
use weir_dashboards::{DocumentStatus, EngineState, EngineStatus, SpoolStatus, Status};
use weir_gateway::{DocumentCounts, Gateway};
use weir_ingest::Ingest;
use weir_ingest::engine::{self, Engine};
use weir_ingest::ship::ShipState;
use weir_spool::Dropped;

/// Events that have waited longer than this are a backlog, not a batch on its way.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// A source of the current state. Without the downloading half, only the engine's is known.
pub(super) fn source(
    engine: &Arc<Engine>,
    downloads: Option<(&Gateway, &Arc<Ingest>, watch::Receiver<ShipState>)>,
) -> Arc<dyn Fn() -> Status + Send + Sync> {
    let engine = engine.state();
    let downloads = downloads
        .map(|(gateway, ingest, shipping)| (gateway.clone(), Arc::clone(ingest), shipping));
    Arc::new(move || {
        let engine = engine_status(&engine.borrow());
        match &downloads {
            Some((gateway, ingest, shipping)) => Status {
                documents: documents(gateway.documents()),
                ..status(engine, ingest, &shipping.borrow())
            },
            None => Status {
                engine,
                ..Status::default()
            },
        }
    })
}

fn engine_status(state: &engine::EngineState) -> EngineStatus {
    let known = |state, since, message| EngineStatus {
        state,
        since,
        message,
    };
    match state {
        engine::EngineState::Starting => known(EngineState::Starting, None, None),
        engine::EngineState::Ready => known(EngineState::Ready, None, None),
        engine::EngineState::External => known(EngineState::External, None, None),
        engine::EngineState::Down { since, reason } => {
            known(EngineState::Down, timestamp(*since), Some(reason.clone()))
        }
    }
}

fn status(engine: EngineStatus, ingest: &Ingest, shipping: &ShipState) -> Status {
    let backlog = ingest.spool().backlog();
    let counters = ingest.spool().counters();
    let dropped: BTreeMap<String, u64> = Dropped::ALL
        .iter()
        .map(|&why| (why.as_str().to_owned(), counters.dropped(why)))
        .filter(|(_, count)| *count > 0)
        .collect();
    Status {
        engine,
        spool: SpoolStatus {
            pending_batches: backlog.batches as u64,
            pending_bytes: backlog.bytes,
            oldest_s: backlog.oldest.map(|oldest| oldest.as_secs()),
        },
        catching_up: backlog.oldest.is_some_and(|oldest| oldest > ON_ITS_WAY),
        dropped,
        documents: DocumentStatus::default(),
        stored_until: shipping.last_success.and_then(timestamp),
    }
}

fn documents(counts: DocumentCounts) -> DocumentStatus {
    let DocumentCounts {
        hits,
        misses,
        unchanged,
        stale,
    } = counts;
    DocumentStatus {
        hits,
        misses,
        unchanged,
        stale,
    }
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

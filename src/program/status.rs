//! What the page says about everything behind its numbers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::watch;
use weir_dashboards::{DocumentStatus, EngineState, EngineStatus, PlaceData, SpoolStatus, Status};
use weir_gateway::{DocumentCounts, Gateway};
use weir_ingest::Ingest;
use weir_ingest::engine::{self, Engine};
use weir_ingest::geo::DataFile;
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
        salt_failures: ingest.salt_failures(),
        opted_out_today: ingest.optout_total(),
        documents: DocumentStatus::default(),
        place_data: credits(&ingest.places().files()),
        stored_until: shipping.last_success.and_then(timestamp),
    }
}

/// Each source once, whatever it gives.
fn credits(files: &[DataFile]) -> Vec<PlaceData> {
    let mut credits: Vec<PlaceData> = Vec::new();
    for file in files {
        let credit = PlaceData {
            name: file.name.clone(),
            licence: file.licence.clone(),
            attribution: file.attribution.clone(),
            link: file.link.clone(),
            made: file
                .made
                .and_then(|made| Timestamp::from_second(i64::try_from(made).ok()?).ok()),
        };
        if !credits.iter().any(|known| known.name == credit.name) {
            credits.push(credit);
        }
    }
    credits
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, made: Option<u64>) -> DataFile {
        DataFile {
            name: name.to_owned(),
            attribution: "Acme".to_owned(),
            made,
            ..DataFile::default()
        }
    }

    #[test]
    fn a_source_of_two_files_is_credited_once() {
        let files = [
            file("four-and-six", Some(86_400)),
            file("four-and-six", None),
            file("other", None),
        ];
        let credits = credits(&files);
        let names: Vec<_> = credits.iter().map(|credit| credit.name.as_str()).collect();
        assert_eq!(names, ["four-and-six", "other"]);
        let made = credits[0].made.map(|made| made.to_string());
        assert_eq!(made.as_deref(), Some("1970-01-02T00:00:00Z"));
    }
}

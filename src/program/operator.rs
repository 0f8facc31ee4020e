//! The operator's listener: metrics, and health for whoever restarts or balances this process.
//!
//! It answers until the process is gone, so that its end can be watched, and has nothing to do with ClickHouse: what is
//! stored later must not keep a balancer from sending downloads here.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use weir_gateway::Gateway;
use weir_ingest::Ingest;
use weir_ingest::engine::Engine;
use weir_ingest::ship::ShipState;

use super::reload::Serving;
use crate::metrics::{self, Reading, System};

/// Where what is told comes from.
pub(super) struct Sources {
    pub(super) engine: Arc<Engine>,
    pub(super) serving: Arc<Serving>,
    /// None where this process answers no downloads.
    pub(super) downloads: Option<Downloads>,
    /// True from the moment on that no new requests are wanted.
    pub(super) ending: watch::Receiver<bool>,
}

/// The same of the half that answers downloads.
pub(super) struct Downloads {
    pub(super) gateway: Gateway,
    pub(super) ingest: Arc<Ingest>,
    pub(super) shipping: watch::Receiver<ShipState>,
    pub(super) wrong_days: Arc<AtomicU64>,
    pub(super) spool_quota_bytes: u64,
}

/// Answers on `listener` for as long as `background` runs.
pub(super) fn start(
    listener: TcpListener,
    sources: Sources,
    background: &Runtime,
) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let listener = {
        let _inside = background.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    tracing::info!(%address, "operator listens");
    background.spawn(async move {
        // Serving fails with the listener alone, which cannot be.
        let _ = axum::serve(listener, router(sources)).await;
    });
    Ok(())
}

fn router(sources: Sources) -> Router {
    Router::new()
        .route("/metrics", get(scrape))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Arc::new(sources))
}

async fn scrape(State(sources): State<Arc<Sources>>) -> impl IntoResponse {
    // Looking at /proc takes as long as the kernel does.
    let told = tokio::task::spawn_blocking(move || metrics::answer(sources.read())).await;
    let answer = told.map(|told| ([(header::CONTENT_TYPE, metrics::OPENMETRICS)], told));
    // Without numbers the scrape has failed, which an alert notices; an empty answer would be a success.
    answer.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn ready(State(sources): State<Arc<Sources>>) -> (StatusCode, &'static str) {
    if sources.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "ending\n")
    }
}

impl Sources {
    fn is_ready(&self) -> bool {
        !*self.ending.borrow()
    }

    fn read(&self) -> Reading {
        Reading {
            downloads: self.downloads.as_ref().map(Downloads::read),
            engine: self.engine.state().borrow().clone(),
            engine_restarts: self.engine.restarts(),
            reloads: self.serving.reloads(),
            traces: weir_traces::counts(),
            is_ready: self.is_ready(),
            system: System::look(),
        }
    }
}

impl Downloads {
    fn read(&self) -> metrics::Downloads {
        let spool = self.ingest.spool();
        let files = self.ingest.places().files();
        let made = files
            .iter()
            .filter_map(|file| Some((file.name.clone(), file.made?)));
        let mut place_data: Vec<_> = made.collect();
        // A source of several files is as old as its oldest.
        place_data.sort_unstable();
        place_data.dedup_by(|later, first| later.0 == first.0);
        metrics::Downloads {
            traffic: self.gateway.traffic(),
            load: self.gateway.load(),
            documents: self.gateway.documents(),
            spool: spool.counters(),
            backlog: spool.backlog(),
            spool_used_bytes: spool.used_bytes(),
            spool_quota_bytes: self.spool_quota_bytes,
            shipping: self.shipping.borrow().clone(),
            salt_failures: self.ingest.salt_failures(),
            wrong_days: self.wrong_days.load(Ordering::Relaxed),
            place_data,
        }
    }
}

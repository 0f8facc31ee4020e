//! Accepts connections: so many at once, and none for long that says nothing.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;
use weir_config::limit::Network;

use crate::api::limits::Peer;

/// Why serving ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the dashboard's listener failed")]
    Listener(#[from] std::io::Error),
}

/// Connections at once; more wait to be accepted.
const MOST_CONNECTIONS: usize = 512;
/// Longest that a head may take to arrive, and that a connection may idle between two requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a head, cookies and all.
const MOST_HEAD_BYTES: usize = 16 << 10;
/// How long running requests may go on after shutdown began.
const DRAIN: Duration = Duration::from_secs(5);
/// Pause after a failure to accept, such as too many open files, which others may end.
const RECOVERY: Duration = Duration::from_millis(100);

/// Serves until `shutdown` completes, then lets running requests finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    listener.local_addr()?; // a listener that is none fails here and not in every accept
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &router, &connections) => {}
        () = shutdown => {}
    }
    drop(listener);
    let drained = tokio::time::timeout(DRAIN, connections.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("requests were still running and have been cut off");
    }
    Ok(())
}

async fn accept(listener: &TcpListener, router: &Router, connections: &GracefulShutdown) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let peer = Peer(Network::of(peer.ip()));
                let watcher = connections.watcher();
                tokio::spawn(speak(stream, peer, router.clone(), watcher, place));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(RECOVERY).await;
            }
        }
    }
}

async fn speak(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    watcher: Watcher,
    place: OwnedSemaphorePermit,
) {
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
    drop(place);
}

//! How often one network may ask: many requests, and few tries to come in.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use weir_config::limit::{Limit, Network, TooOften};

use super::failure::{ErrorCode, Failure};

/// Requests at once and in a minute. A page with all its panels is some dozen of them.
const REQUESTS: (u32, u32) = (600, 1_200);
/// Tries to come in, whatever the name: those of one name have a closer limit.
const TRIES: (u32, u32) = (20, 20);

/// Where somebody shows who they are, by something that could be guessed.
const WAYS_IN: [&str; 4] = [
    "/api/v2/session",
    "/api/v2/session/code",
    "/api/v2/setup",
    "/api/v2/invitation/accept",
];

/// Whose connection a request came by; none of a proxy's, which tells it, and of this machine's.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) Option<Network>);

/// What each network has asked lately.
pub(crate) struct Limits {
    requests: Limit,
    tries: Limit,
    begun: Instant,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: Limit::new(REQUESTS.0, REQUESTS.1),
            tries: Limit::new(TRIES.0, TRIES.1),
            begun: Instant::now(),
        }
    }
}

impl Limits {
    fn count(&self, request: &Request) -> Result<(), TooOften> {
        let path = request.uri().path();
        let Some(network) = network(request).filter(|_| path.starts_with("/api/")) else {
            return Ok(());
        };
        let now = self.begun.elapsed();
        if request.method() == Method::POST && WAYS_IN.contains(&path) {
            self.tries.count(network, now)?;
        }
        self.requests.count(network, now)
    }
}

/// Lets a request through if its network did not ask too often.
pub(crate) async fn within(
    State(limits): State<Arc<Limits>>,
    request: Request,
    next: Next,
) -> Response {
    match limits.count(&request) {
        Ok(()) => next.run(request).await,
        Err(often) => {
            Failure::later(ErrorCode::TooManyRequests, &often, often.seconds()).into_response()
        }
    }
}

/// Whoever is told of by a peer that is no client evades or uses up no limit but their own: a proxy adds whom it saw
/// behind what the client wrote.
fn network(request: &Request) -> Option<Network> {
    let Peer(peer) = request.extensions().get::<Peer>()?;
    peer.or_else(|| forwarded(request.headers()))
}

fn forwarded(headers: &HeaderMap) -> Option<Network> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    Network::last_of(last.to_str().ok()?)
}

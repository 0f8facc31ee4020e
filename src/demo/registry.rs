//! The stand-in registry as a server: two loopback hosts, one router, a record of what was asked.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};

use super::seen::{Journal, Seen};
use super::{
    apt, composer, conda, crates, files, go, helm, hex, homebrew, maven, npm, nuget, oci, pypi,
    rpm, rubygems, scripts, terraform,
};

/// The host of artifact storage. Real registries keep artifacts apart from their index, and clients
/// treat the two differently: they drop credentials on the way from one to the other.
const STORAGE_HOST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Where the registry can be reached, as absolute URLs without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Indexes, manifests, tokens and release archives.
    pub registry: String,
    /// Wheels and image layers.
    pub storage: String,
}

/// A running or mountable stand-in registry. Clones share what they have seen.
#[derive(Clone)]
pub struct Registry {
    addresses: Addresses,
    journal: Arc<Journal>,
}

/// Why the stand-in registry could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The given listener has no address.
    #[error("cannot read the address of the stand-in registry's listener")]
    Address(#[source] io::Error),
    /// The second loopback host is not to be had.
    #[error(
        "cannot listen on {STORAGE_HOST} for the stand-in registry's storage; it needs the whole loopback range 127.0.0.0/8"
    )]
    Storage(#[source] io::Error),
}

impl Registry {
    /// A registry that names itself by `addresses` in links, challenges and redirects.
    pub fn new(addresses: Addresses) -> Self {
        Self {
            addresses,
            journal: Arc::default(),
        }
    }

    /// Serves on `listener`, and storage on a port of its own on another loopback host, until
    /// `shutdown` completes. Returns as soon as both accept connections.
    pub async fn start(
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Self, StartError> {
        let address = listener.local_addr().map_err(StartError::Address)?;
        let storage = TcpListener::bind((STORAGE_HOST, 0))
            .await
            .map_err(StartError::Storage)?;
        let storage_address = storage.local_addr().map_err(StartError::Storage)?;
        let registry = Self::new(Addresses {
            registry: format!("http://{address}"),
            storage: format!("http://{storage_address}"),
        });
        let server = axum::serve(Both(listener, storage), registry.router());
        tokio::spawn(async move {
            if let Err(error) = server.with_graceful_shutdown(shutdown).await {
                tracing::error!(%error, "the stand-in registry stopped");
            }
        });
        Ok(registry)
    }

    /// Everything the registry answers, for either host.
    pub fn router(&self) -> Router {
        Router::new()
            .merge(files::router())
            .merge(pypi::router(&self.addresses))
            .merge(npm::router(&self.addresses))
            .merge(crates::router(&self.addresses))
            .merge(oci::router(&self.addresses))
            .merge(apt::router(&self.addresses))
            .merge(composer::router(&self.addresses))
            .merge(conda::router(&self.addresses))
            .merge(go::router(&self.addresses))
            .merge(helm::router(&self.addresses))
            .merge(hex::router(&self.addresses))
            .merge(homebrew::router(&self.addresses))
            .merge(maven::router(&self.addresses))
            .merge(nuget::router(&self.addresses))
            .merge(rpm::router(&self.addresses))
            .merge(rubygems::router(&self.addresses))
            .merge(scripts::router(&self.addresses))
            .merge(terraform::router(&self.addresses))
            .layer(middleware::from_fn_with_state(
                Arc::clone(&self.journal),
                record,
            ))
    }

    /// Where this registry can be reached.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The newest requests, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.journal.all()
    }
}

async fn record(State(journal): State<Arc<Journal>>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let headers = request.headers().clone();
    let response = next.run(request).await;
    journal.push(Seen::new(&method, &uri, &headers, response.status()));
    response
}

/// Two listeners served as one.
struct Both(TcpListener, TcpListener);

impl Listener for Both {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        tokio::select! {
            connection = Listener::accept(&mut self.0) => connection,
            connection = Listener::accept(&mut self.1) => connection,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

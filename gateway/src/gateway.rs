//! The gateway as a whole: what all connections share, the listeners, and a graceful end.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use pingora::protocols::l4::stream::Stream as L4Stream;
use pingora::protocols::{GetSocketDigest as _, SocketDigest, Stream};
use pingora::proxy::http_proxy;
use pingora::server::ShutdownWatch;
use pingora::server::configuration::ServerConf;
use tokio::sync::Semaphore;
use weir_config::Catalogue;
use weir_config::settings::Gateway as Settings;
use weir_ingest::Ingest;

use crate::door::Door;
use crate::fulfil::Upstreams;
use crate::proxy::Proxy;
use crate::recorder::Recorder;
use crate::routes::Routes;
use crate::upstream::counters::DocumentCounts;

/// Connections served at a time; more wait in the kernel's queue.
const MAX_CONNECTIONS: u32 = 50_000;
/// How long a graceful end waits for answers under way.
const DRAIN: Duration = Duration::from_secs(20);

/// Why the gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}; choose another in [gateway] http")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// No client for upstreams can be made.
    #[error("cannot set up TLS for upstreams: {0}")]
    Tls(#[from] reqwest::Error),
}

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) routes: ArcSwap<Routes>,
    pub(crate) recorder: Recorder,
    pub(crate) upstreams: Upstreams,
    pub(crate) settings: Settings,
}

/// A gateway that is ready to serve.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

/// Opens the addresses of `[gateway] http`.
pub fn listen(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, StartError> {
    let open = |&address: &SocketAddr| {
        let listener =
            TcpListener::bind(address).map_err(|source| StartError::Listen { address, source })?;
        listener
            .set_nonblocking(true)
            .map_err(|source| StartError::Listen { address, source })?;
        Ok(listener)
    };
    addresses.iter().map(open).collect()
}

impl Gateway {
    /// Sets up the gateway with what it serves and where events go.
    pub fn new(
        settings: Settings,
        catalogue: Arc<Catalogue>,
        ingest: Arc<Ingest>,
    ) -> Result<Self, StartError> {
        let shared = Shared {
            routes: ArcSwap::from_pointee(Routes::new(catalogue)),
            recorder: Recorder::new(ingest),
            upstreams: Upstreams::new(&settings)?,
            settings,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Serves another catalogue from the next request on. Requests under way keep theirs.
    pub fn reload(&self, catalogue: Arc<Catalogue>) {
        self.shared.routes.store(Arc::new(Routes::new(catalogue)));
    }

    /// How documents of upstreams were come by since the start.
    pub fn documents(&self) -> DocumentCounts {
        self.shared.upstreams.documents.counters.read()
    }

    /// Serves `listeners` until `shutdown` turns true, then lets answers under way finish.
    pub async fn serve(
        &self,
        listeners: Vec<TcpListener>,
        shutdown: ShutdownWatch,
    ) -> std::io::Result<()> {
        let conf = Arc::new(ServerConf {
            threads: self.shared.settings.threads,
            ..ServerConf::default()
        });
        let proxy = Arc::new(http_proxy(&conf, Proxy::new(Arc::clone(&self.shared))));
        let door = Arc::new(Door::new(Arc::clone(&self.shared), proxy));
        let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
        let mut loops = tokio::task::JoinSet::new();
        for listener in listeners {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            loops.spawn(accept(
                listener,
                Arc::clone(&door),
                Arc::clone(&slots),
                shutdown.clone(),
            ));
        }
        while loops.join_next().await.is_some() {}
        if tokio::time::timeout(DRAIN, slots.acquire_many(MAX_CONNECTIONS))
            .await
            .is_err()
        {
            tracing::warn!(
                open = MAX_CONNECTIONS as usize - slots.available_permits(),
                "connections were still busy at the end"
            );
        }
        Ok(())
    }
}

async fn accept(
    listener: tokio::net::TcpListener,
    door: Arc<Door>,
    slots: Arc<Semaphore>,
    mut shutdown: ShutdownWatch,
) {
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ended(&mut shutdown) => return,
        };
        match accepted {
            Ok((socket, peer)) => {
                let (door, shutdown) = (Arc::clone(&door), shutdown.clone());
                tokio::spawn(async move {
                    door.serve(stream(socket, peer), peer.ip(), &shutdown).await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Out of descriptors, most likely: let some connections end first.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Waits for the end of serving, asked for or because nobody can ask any more.
pub(crate) async fn ended(shutdown: &mut ShutdownWatch) {
    let _ = shutdown.wait_for(|down| *down).await;
}

/// A socket as Pingora wants it, with the peer's address noted.
fn stream(socket: tokio::net::TcpStream, peer: SocketAddr) -> Stream {
    use std::os::fd::AsRawFd as _;
    let _ = socket.set_nodelay(true);
    let digest = SocketDigest::from_raw_fd(socket.as_raw_fd());
    let _ = digest.peer_addr.set(Some(peer.into()));
    let mut stream = L4Stream::from(socket);
    stream.set_socket_digest(digest);
    Box::new(stream)
}

#[cfg(test)]
mod tests;

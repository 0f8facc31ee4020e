//! The gateway as a whole: what all connections share, the listeners, and a graceful end.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use pingora::proxy::http_proxy;
use pingora::server::ShutdownWatch;
use pingora::server::configuration::ServerConf;
use tokio::sync::Notify;
use weir_config::settings::{Acme, CertificateFiles, Gateway as Settings};
use weir_config::{Catalogue, Controller};
use weir_ingest::Ingest;

use crate::acme::Keeper;
use crate::acme::store::{Store, StoreError};
use crate::answer::Reply;
use crate::crowd::{self, Caps, Crowd, Origin};
use crate::date::Now;
use crate::door::{Door, Line};
use crate::ecosystem::Decision;
use crate::ecosystem::badge::Badges;
use crate::ending::Ending;
use crate::fulfil::Upstreams;
use crate::head::Head;
use crate::listeners::Listeners;
use crate::moment::Moment;
use crate::ownership::Ownership;
use crate::privacy::{Form, Kept, Told};
use crate::proxy::Proxy;
use crate::recorder::Recorder;
use crate::routes::Routes;
use crate::taken::Taken;
use crate::telemetry::Telemetry;
use crate::tls::Tls;
use crate::tls::certificates::Certificates;
use crate::traffic::{Connection, Traffic, TrafficCounts};
use crate::upstream::counters::DocumentCounts;

/// Why the gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}; choose another in [gateway] http or https")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// No client for upstreams can be made.
    #[error("cannot set up TLS for upstreams: {0}")]
    Tls(#[from] reqwest::Error),
    /// There is no randomness to make keys of.
    #[error("cannot set up TLS for clients: {0}")]
    Handshakes(#[from] rustls::Error),
}

/// Why certificates that an authority makes cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("certificates cannot be kept: {0}")]
pub struct KeepError(#[from] StoreError);

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) routes: ArcSwap<Routes>,
    pub(crate) recorder: Recorder,
    pub(crate) upstreams: Upstreams,
    pub(crate) settings: Settings,
    pub(crate) tls: Tls,
    pub(crate) ending: Ending,
    pub(crate) taken: Taken,
    telemetry: Telemetry,
    pub(crate) ownership: Ownership,
    pub(crate) crowd: Arc<Crowd>,
    pub(crate) traffic: Arc<Traffic>,
    /// Where https is, once we listen for it.
    pub(crate) https_port: OnceLock<u16>,
    controller: ArcSwap<Controller>,
    kept: Kept,
    badges: ArcSwap<Badges>,
}

impl Shared {
    /// Decides about a request as things are.
    pub(crate) fn decide<'a>(
        &self,
        routes: &'a Routes,
        head: &Head<'a>,
        now: &Now,
    ) -> Box<Decision<'a>> {
        let class = |agent: &str| self.recorder.class_of_reader(agent);
        let badges = || self.badges.load_full();
        let moment = Moment {
            now,
            class: &class,
            badges: &badges,
        };
        if self.ownership.withholds(&head.host) {
            return Routes::on_no_host(head);
        }
        routes.decide(head, moment)
    }

    /// `decision` as it is for whoever tells much. To be asked once of a request.
    pub(crate) fn within_limit<'a>(
        &self,
        decision: Box<Decision<'a>>,
        head: &Head<'_>,
        peer: IpAddr,
    ) -> Box<Decision<'a>> {
        self.telemetry
            .judge(decision, || self.recorder.network(head, peer))
    }

    /// What is kept of a request, in `form`; `base` is scheme and authority of this host as the client knows it.
    pub(crate) fn tell(&self, form: Form, head: &Head<'_>, base: &str, routes: &Routes) -> Reply {
        let mut practice = self.recorder.practice();
        practice
            .fields
            .extend(routes.keep_pages().then_some("page"));
        let told = Told {
            controller: &self.controller.load(),
            kept: self.kept,
            practice: &practice,
            traces: weir_traces::options(),
        };
        told.reply(form, head, base, &routes.served(&head.host))
    }
}

/// A gateway that is ready to serve.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
    /// There may be other names to have certificates for.
    changed: Arc<Notify>,
    /// There may be other owners to ask for.
    reowned: Arc<Notify>,
}

/// What a gateway has in hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Connections that are open.
    pub connections: usize,
    /// As many as there may be.
    pub most_connections: usize,
    /// Connections that ended since the start because they only waited, and others came.
    pub displaced: u64,
    /// When the first of the certificates that are shown ends, in seconds since 1970.
    pub first_expiry: Option<i64>,
    /// Domains on which nothing is served, because their owners have not shown that they are theirs.
    pub withheld_domains: usize,
    /// Domains of the TLS listeners that no certificate is there for.
    pub without_certificate: usize,
}

impl Gateway {
    /// Sets up the gateway with what it serves, what it tells of that, and where events go.
    pub fn new(
        settings: Settings,
        certificates: &[CertificateFiles],
        controller: Controller,
        kept: Kept,
        catalogue: Arc<Catalogue>,
        ingest: Arc<Ingest>,
    ) -> Result<Self, StartError> {
        let ownership = Ownership::default();
        ownership.follow(&catalogue.owned);
        let held = Arc::new(Certificates::default());
        held.read(certificates);
        let traffic = Arc::new(Traffic::new());
        let shared = Shared {
            tls: Tls::new(held)?,
            ending: Ending::default(),
            taken: Taken::new(),
            telemetry: Telemetry::new(settings.telemetry_per_minute),
            ownership,
            crowd: Arc::new(Crowd::new(Caps::within(crowd::descriptors()))),
            https_port: OnceLock::new(),
            routes: ArcSwap::from_pointee(Routes::new(catalogue)),
            recorder: Recorder::new(ingest),
            upstreams: Upstreams::new(&settings, Arc::clone(&traffic))?,
            traffic,
            settings,
            controller: ArcSwap::from_pointee(controller),
            kept,
            badges: ArcSwap::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            changed: Arc::default(),
            reowned: Arc::default(),
        })
    }

    /// Serves another catalogue, and says who answers for it, from the next request on, with what the files of
    /// `certificates` hold now. Requests under way keep theirs.
    pub fn reload(
        &self,
        catalogue: Arc<Catalogue>,
        controller: Controller,
        certificates: &[CertificateFiles],
    ) {
        self.shared.tls.certificates.read(certificates);
        self.shared.controller.store(Arc::new(controller));
        self.shared.ownership.follow(&catalogue.owned);
        self.shared.routes.store(Arc::new(Routes::new(catalogue)));
        self.changed.notify_one();
        self.reowned.notify_one();
    }

    /// Shows the certificates that an authority made in earlier runs, which `data_dir` has. What this gives has others
    /// made and renews all, for as long as it is polled.
    pub fn keep_certificates(
        &self,
        acme: Acme,
        data_dir: &Path,
    ) -> Result<impl Future<Output = ()> + use<>, KeepError> {
        let store = Store::within(data_dir, &acme.directory);
        let keeper = Keeper::new(acme, store, Arc::clone(&self.shared))?;
        Ok(keeper.run(Arc::clone(&self.changed)))
    }

    /// Serves the domains that were shown to be their owners' in earlier runs, which `data_dir` tells. What this gives
    /// looks for the owners' records, and looks again, for as long as it is polled.
    pub fn keep_owners(&self, data_dir: &Path) -> impl Future<Output = ()> + use<> {
        let Self {
            shared,
            changed,
            reowned,
        } = self.clone();
        shared.ownership.remember(data_dir);
        async move {
            let Shared {
                ownership,
                upstreams,
                ..
            } = &*shared;
            loop {
                if ownership.look(&upstreams.addresses).await {
                    // Certificates are ordered for what is served.
                    changed.notify_one();
                }
                tokio::select! {
                    () = tokio::time::sleep(ownership.wait()) => {}
                    () = reowned.notified() => {}
                }
            }
        }
    }

    /// Lets badges say this from now on.
    pub fn show(&self, badges: Badges) {
        self.shared.badges.store(Arc::new(badges));
    }

    /// Whether a certificate is there to show for `domain`.
    pub fn has_certificate(&self, domain: &str) -> bool {
        self.shared.tls.certificates.find(Some(domain)).is_some()
    }

    /// How documents of upstreams were come by since the start.
    pub fn documents(&self) -> DocumentCounts {
        self.shared.upstreams.documents.counters.read()
    }

    /// What passed since the start.
    pub fn traffic(&self) -> TrafficCounts {
        self.shared.traffic.counts()
    }

    /// What it has in hand at this moment.
    pub fn load(&self) -> Load {
        let Shared {
            crowd, tls, routes, ..
        } = &*self.shared;
        let shows = |domain: &&String| tls.certificates.find(Some(domain)).is_none();
        let listens = self.shared.https_port.get().is_some();
        let bare = || routes.load().domains().iter().filter(shows).count();
        Load {
            connections: crowd.count(),
            most_connections: crowd.most(),
            displaced: crowd.displaced(),
            withheld_domains: self.shared.ownership.withheld(),
            first_expiry: tls.certificates.first_expiry(),
            without_certificate: if listens { bare() } else { 0 },
        }
    }

    /// Notes that another process accepts connections at the same sockets from here on. The end that follows
    /// is then one that no client notices.
    pub fn is_succeeded(&self) {
        self.shared.ending.is_succeeded();
    }

    /// Serves `listeners` until `shutdown` turns true, then lets answers under way finish.
    pub async fn serve(
        &self,
        listeners: Listeners,
        shutdown: ShutdownWatch,
    ) -> std::io::Result<()> {
        let conf = Arc::new(ServerConf {
            threads: self.shared.settings.threads,
            ..ServerConf::default()
        });
        let proxy = Arc::new(http_proxy(&conf, Proxy::new(Arc::clone(&self.shared))));
        let door = Arc::new(Door::new(Arc::clone(&self.shared), proxy));
        let mut loops = tokio::task::JoinSet::new();
        let Listeners { http, https } = listeners;
        if let Some(listener) = https.first() {
            let port = listener.local_addr()?.port();
            self.shared.https_port.get_or_init(|| port);
        }
        let http = http.into_iter().map(|listener| (listener, None));
        let tls = Some(self.shared.tls.clone());
        let https = https.into_iter().map(|listener| (listener, tls.clone()));
        for (listener, tls) in http.chain(https) {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            loops.spawn(accept(
                listener,
                tls,
                Arc::clone(&door),
                Arc::clone(&self.shared),
                shutdown.clone(),
            ));
        }
        while loops.join_next().await.is_some() {}
        let crowd = &self.shared.crowd;
        let drain = self.shared.ending.drain();
        if tokio::time::timeout(drain, crowd.left()).await.is_err() {
            tracing::warn!(
                open = crowd.count(),
                "connections were still busy at the end"
            );
        }
        Ok(())
    }
}

async fn accept(
    listener: tokio::net::TcpListener,
    tls: Option<Tls>,
    door: Arc<Door>,
    shared: Arc<Shared>,
    mut shutdown: ShutdownWatch,
) {
    loop {
        let place = tokio::select! {
            place = shared.crowd.enter() => place,
            () = ended(&mut shutdown) => return,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ended(&mut shutdown) => return,
        };
        match accepted {
            Ok((socket, peer)) => {
                let origin = Origin::of(peer.ip(), &shared.settings);
                if origin.is_some_and(|origin| !place.come_from(origin)) {
                    shared.traffic.connected(Connection::Crowded);
                    continue;
                }
                let (door, tls, shutdown) = (Arc::clone(&door), tls.clone(), shutdown.clone());
                tokio::spawn(async move {
                    let (line, tls) = (Line::new(socket, peer), tls.as_ref());
                    door.serve(line, peer.ip(), &place, tls, &shutdown).await;
                });
            }
            Err(error) => {
                // Out of descriptors, most likely: let some connections end first.
                shared.traffic.connected(Connection::NotAccepted);
                tracing::warn!(%error, "cannot accept a connection");
                shared.crowd.make_room();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Waits for the end of serving, asked for or because nobody can ask any more.
pub(crate) async fn ended(shutdown: &mut ShutdownWatch) {
    let _ = shutdown.wait_for(|down| *down).await;
}

#[cfg(test)]
mod tests;

//! The event path as the gateway sees it: an observation goes in, and when the call returns the
//! event is the kernel's.

use std::cell::RefCell;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_config::Settings;
use weir_event::{EventId, MissedKey};
use weir_spool::Spool;

use crate::address::{ClientIp, TrustedProxies, client_ip};
use crate::enrich::{Agents, Enricher, Places};
use crate::observation::Observation;
use crate::salt::{NoRandomness, ProcessKey};
use crate::store::partition;

/// Why events cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The spool's threads cannot be started.
    #[error(transparent)]
    Spool(#[from] weir_spool::OpenError),
    /// No keys can be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Takes observations; shared by all requests.
pub struct Ingest {
    enricher: Enricher,
    spool: Arc<Spool>,
    trusted: TrustedProxies,
    key: ProcessKey,
    node: u32,
    boot: u32,
    /// Events given an id in this boot.
    given: AtomicU64,
}

/// What one thread keeps between requests.
struct Desk {
    record: Vec<u8>,
    agents: Agents,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk { record: Vec::with_capacity(1024), agents: Agents::new() });
}

impl Ingest {
    /// Opens the spool under `data_dir` and loads the place data. Missing place data means unknown
    /// places, never a stop.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let options = weir_spool::Options {
            quota_bytes: settings.spool.quota_bytes,
            ..weir_spool::Options::default()
        };
        let spool = Spool::open(settings.data_dir.join("spool"), options)?;
        let (node, boot) = spool.node();
        Ok(Self {
            enricher: Enricher::new(places(settings), now())?,
            spool: Arc::new(spool),
            trusted: TrustedProxies::new(settings.gateway.trusted_proxies.clone()),
            key: ProcessKey::new()?,
            node,
            boot,
            given: AtomicU64::new(0),
        })
    }

    /// Records one answered request. Never waits for more than the spool's deadline; what cannot be
    /// kept is counted there by reason.
    pub fn record(&self, observation: &Observation<'_>, address: ClientIp) {
        if self.enricher.opts_out(observation) {
            return;
        }
        let counter = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        let id = EventId {
            node: self.node,
            boot: self.boot,
            counter,
        };
        DESK.with_borrow_mut(|Desk { record, agents }| {
            let client = agents.read(observation.user_agent, observation.ecosystem);
            let event = self
                .enricher
                .enrich_as(client.borrowed(), observation, address, id, now());
            record.clear();
            event.encode(record);
            // A drop is counted and logged by the spool; the download goes on.
            if let Err(why) = self.spool.append(partition(event.time), record) {
                let key = MissedKey::of(&event, why.as_str()).encode();
                self.spool.account(partition(event.time), &key);
            }
        });
    }

    /// The client behind a connection, by the trusted proxies' word where there are any.
    pub fn client(&self, peer: IpAddr, forwarded_for: Option<&str>) -> ClientIp {
        client_ip(peer, forwarded_for, &self.trusted)
    }

    /// A number for one client within this process.
    pub fn session(&self, client: &ClientIp, agent: &str) -> u64 {
        client.session(&self.key, agent)
    }

    /// Lets yesterday's visitor keys go, and what is known of earlier downloads, even when nobody
    /// comes. To be called every minute or so.
    pub fn forget(&self) {
        self.enricher.forget(now());
    }

    /// The spool, for the shipper and for what the page says about it.
    pub fn spool(&self) -> &Arc<Spool> {
        &self.spool
    }
}

/// Country databases: those named, or every `*.mmdb` under `data_dir/geo`.
pub(crate) fn places(settings: &Settings) -> Places {
    let paths = country_files(settings);
    if paths.is_empty() {
        tracing::warn!("no country data: places stay unknown; run `make geo` or set [geo] country");
    }
    let places = Places::default();
    for error in places.reload(&paths) {
        tracing::warn!(%error, "country data skipped");
    }
    match &settings.geo.local_country {
        Some(country) => places.with_local_country(country),
        None => places,
    }
}

fn country_files(settings: &Settings) -> Vec<PathBuf> {
    if !settings.geo.country.is_empty() {
        return settings.geo.country.clone();
    }
    let entries = std::fs::read_dir(settings.data_dir.join("geo"))
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "mmdb"))
        .collect();
    files.sort();
    files
}

/// Seconds since 1970. A clock before that counts as its beginning, one after 2106 as its end.
pub(crate) fn now() -> u32 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}

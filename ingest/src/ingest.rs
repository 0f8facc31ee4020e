//! The event path as the gateway sees it: an observation goes in, and when the call returns the
//! event is the kernel's.

use std::cell::RefCell;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_config::Settings;
use weir_config::settings::SaltPlace;
use weir_event::{Audience, EventId, MissedKey};
use weir_spool::Spool;

use crate::address::{ClientIp, TrustedProxies, client_ip};
use crate::enrich::{Agents, Class, ClientRules, Enricher, LiveRules, Moment, Places, RulesError};
use crate::observation::Observation;
use crate::organisation::Organisations;
use crate::practice::Practice;
use crate::salt::{HandedSalt, Keeper, NoRandomness, ProcessKey, StoreError};
use crate::store::partition;
use crate::strangers::Strangers;

/// Why events cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The spool's threads cannot be started.
    #[error(transparent)]
    Spool(#[from] weir_spool::OpenError),
    /// No keys can be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The salt may not be kept where the settings say.
    #[error("the salt cannot be kept as [privacy] says")]
    Salt(#[from] StoreError),
}

/// Takes observations; shared by all requests.
pub struct Ingest {
    enricher: Enricher,
    /// Where the salt of the day is, in a word.
    salt_kept: &'static str,
    strangers: Strangers,
    spool: Arc<Spool>,
    trusted: TrustedProxies,
    key: ProcessKey,
    keeper: Option<Keeper>,
    node: u32,
    boot: u32,
    /// Events given an id in this boot.
    given: AtomicU64,
}

/// What one thread keeps between requests.
struct Desk {
    record: Vec<u8>,
    agents: Agents,
    rules: Option<Arc<ClientRules>>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk { record: Vec::with_capacity(1024), agents: Agents::default(), rules: None });
}

impl Ingest {
    /// Opens the spool under `data_dir` and loads the place data. Missing place data means unknown
    /// places, never a stop.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        Self::open_with(settings, None)
    }

    /// The same, counting visitors under the salt of a process that this one takes the place of.
    pub fn open_with(settings: &Settings, handed: Option<&HandedSalt>) -> Result<Self, OpenError> {
        let options = weir_spool::Options {
            quota_bytes: settings.spool.quota_bytes,
            ..weir_spool::Options::default()
        };
        let spool = Spool::open(settings.data_dir.join("spool"), options)?;
        let (node, boot) = spool.node();
        let enricher = Enricher::new(places(settings), now())?;
        if let Some(handed) = handed {
            enricher.salts().inherit(handed, now());
        }
        Ok(Self {
            keeper: Keeper::start(&settings.privacy.salt, enricher.salts(), now)?,
            enricher: enricher
                .with_clients(clients(settings))
                .with_organisations(Organisations::open(&settings.organisations)),
            salt_kept: match settings.privacy.salt {
                SaltPlace::Memory => "memory",
                SaltPlace::File(_) => "tmpfs",
                SaltPlace::Shared(_) => "a shared store, in memory",
            },
            strangers: Strangers::open(&settings.data_dir),
            spool: Arc::new(spool),
            trusted: TrustedProxies::new(
                &settings.gateway.trusted_proxies,
                settings.gateway.forwarded_header,
            ),
            key: ProcessKey::new()?,
            node,
            boot,
            given: AtomicU64::new(0),
        })
    }

    /// Records one answered request. Never waits for more than the spool's deadline; what cannot be
    /// kept is counted there by reason.
    pub fn record(&self, observation: &Observation<'_>, address: &ClientIp) {
        self.record_at(observation, address, now());
    }

    /// The same for who knows the time: seconds since 1970.
    pub fn record_at(&self, observation: &Observation<'_>, address: &ClientIp, now: u32) {
        if self.enricher.opts_out(observation, now) {
            return;
        }
        let counter = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        let id = EventId {
            node: self.node,
            boot: self.boot,
            counter,
        };
        DESK.with_borrow_mut(|desk| {
            let Desk {
                record,
                agents,
                rules,
            } = desk;
            let rules = self.enricher.clients().again(rules);
            let client = agents.read(rules, observation.user_agent, observation.ecosystem);
            let moment = Moment {
                now,
                rules,
                salt: &self.enricher.salts().at(now),
            };
            let event =
                self.enricher
                    .enrich_at(moment, client.borrowed(), observation, address, id);
            if client.class == Class::Unknown {
                self.strangers.count(&event.client, now);
            }
            record.clear();
            event.encode(record);
            // A drop is counted and logged by the spool; the download goes on.
            if let Err(why) = self.spool.append(partition(event.time), record) {
                let key = MissedKey::of(&event, why.as_str()).encode();
                self.spool.account(partition(event.time), &key);
            }
        });
    }

    /// What sort of program sends `agent` where something of `ecosystem` is asked for.
    pub fn class(&self, agent: &str, ecosystem: &'static str) -> Class {
        DESK.with_borrow_mut(|Desk { agents, rules, .. }| {
            let rules = self.enricher.clients().again(rules);
            agents.read(rules, agent, ecosystem).class
        })
    }

    /// The client behind a connection, by the trusted proxies' word where there are any: the value of
    /// [`Ingest::forwarded_header`], several lines joined by commas.
    pub fn client(&self, peer: IpAddr, forwarded: &str) -> ClientIp {
        client_ip(peer, forwarded, &self.trusted)
    }

    /// Name of the header that trusted proxies name the client in, in lower case.
    pub fn forwarded_header(&self) -> &'static str {
        self.trusted.header()
    }

    /// A number for one client within this process.
    pub fn session(&self, client: &ClientIp, agent: &str) -> u64 {
        client.session(&self.key, agent)
    }

    /// Lets yesterday's visitor keys go, and what is known of earlier downloads, even when nobody
    /// comes; writes down the names of unknown clients. To be called every minute or so, and at the end.
    pub fn forget(&self) {
        self.enricher.forget(now());
        if let Err(error) = self.strangers.save() {
            tracing::warn!(%error, "the names of unknown clients are not kept");
        }
    }

    /// Reads the operator's rules about clients again. Where one is wrong, those in use stay.
    pub fn reload_clients(&self) -> Result<(), RulesError> {
        self.enricher.clients().reload()
    }

    /// The files of those rules.
    pub fn client_files(&self) -> &[PathBuf] {
        self.enricher.clients().files()
    }

    /// The rules about audiences that are in force: see [`crate::ClientRules::audiences`].
    pub fn audience_rules(&self) -> Vec<(&'static str, Audience)> {
        self.enricher.clients().load().audiences().collect()
    }

    /// Requests since midnight (UTC) whose sender asked not to be counted.
    pub fn optout_total(&self) -> u32 {
        self.enricher.optout_total(now())
    }

    /// What is done with a request's data at this moment.
    pub fn practice(&self) -> Practice {
        Practice::of(&self.enricher, self.salt_kept)
    }

    /// The salt of the day, for the process that takes this one's place.
    pub fn hand_salt(&self) -> HandedSalt {
        self.enricher.salts().hand(now())
    }

    /// How often the store of salts gave none since the start.
    pub fn salt_failures(&self) -> u64 {
        self.keeper.as_ref().map_or(0, Keeper::failures)
    }

    /// The place data in use.
    pub fn places(&self) -> &Places {
        self.enricher.places()
    }

    /// The spool, for the shipper and for what the page says about it.
    pub fn spool(&self) -> &Arc<Spool> {
        &self.spool
    }
}

/// The operator's rules about clients before the program's own; a file that is wrong leaves those alone.
pub(crate) fn clients(settings: &Settings) -> LiveRules {
    let rules = LiveRules::new(settings.clients.rules.clone());
    if let Err(error) = rules.reload() {
        tracing::error!(%error, "client rules not loaded, only the program's own count");
    }
    rules
}

/// The place data that the settings speak of. Missing data means unknown places, never a stop.
pub(crate) fn places(settings: &Settings) -> Places {
    let (places, errors) = match Places::open(settings, now().into()) {
        Ok(opened) => opened,
        Err(error) => {
            tracing::error!(%error, "place data is not used");
            return Places::default();
        }
    };
    for error in errors {
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::warn!(error, "place data skipped");
    }
    if places.files().is_empty() {
        tracing::warn!("no place data: places stay unknown; fetch some with `weir geo update`");
    }
    places
}

/// Seconds since 1970. A clock before that counts as its beginning, one after 2106 as its end.
pub(crate) fn now() -> u32 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}

//! From what the gateway saw to what a row says, in named steps.
//!
//! The address comes in, answers the last three steps and is gone: [`Event`] has no place for one,
//! and every text that enters it has been scrubbed of addresses.

mod agents;
mod audience;
pub(crate) mod client;
mod disguises;
pub(crate) mod literals;
mod network;
mod optouts;
mod place;
mod platform;
mod scrub;
mod source;
mod version;
mod words;

use std::mem;
use std::sync::Arc;

use weir_event::{Audience, Channel, Event, EventId, Kind, Text};

pub use client::{
    Class, Client, ClientRule, ClientRules, LiveRules, RulesError, list_named, load_open_data,
    network_named,
};
pub use network::{Lists, Network, NetworkType};
pub use place::Places;
use place::Whereabouts;
pub use platform::{processor, system};

use crate::address::Visitor;
use crate::bursts::Bursts;
use crate::organisation::{Organisation, Organisations};
use crate::repeats::{Asked, Number, Repeats};
use crate::salt::{DaySalt, NoRandomness, Salts};
use crate::sweeps::Sweeps;
use crate::{ClientIp, Observation};
pub use agents::Agents;
pub use audience::{Lately, Seen, judge};
use optouts::Optouts;
use source::{SourceRules, Way};

/// Longest texts of a row, in bytes.
mod longest {
    pub(super) const NAME: usize = 255;
    pub(super) const VERSION: usize = 128;
    pub(super) const DIGEST: usize = 140;
    pub(super) const PAGE: usize = 512;
    pub(super) const KEY: usize = 64;
    pub(super) const VALUE: usize = 512;
}

/// Most properties that one event keeps.
const MOST_PROPS: usize = 32;

/// What an event is made by besides what was seen.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'m> {
    /// Seconds since 1970.
    pub(crate) now: u32,
    pub(crate) rules: &'m ClientRules,
    /// Of the day that the event counts for, which need not be today.
    pub(crate) salt: &'m DaySalt,
}

/// Turns observations into events; shared by all requests.
pub struct Enricher {
    clients: LiveRules,
    places: Places,
    organisations: Organisations,
    salts: Arc<Salts>,
    repeats: Repeats,
    sweeps: Sweeps,
    bursts: Bursts,
    optouts: Optouts,
}

impl Enricher {
    /// Starts with the day that `now` (seconds since 1970, UTC) lies in.
    pub fn new(places: Places, now: u32) -> Result<Self, NoRandomness> {
        Ok(Self {
            clients: LiveRules::default(),
            places,
            organisations: Organisations::off(),
            salts: Arc::new(Salts::new(now)?),
            repeats: Repeats::new(),
            sweeps: Sweeps::new(),
            bursts: Bursts::new(),
            optouts: Optouts::default(),
        })
    }

    /// Names the organisations that requests come from.
    #[must_use]
    pub fn with_organisations(self, organisations: Organisations) -> Self {
        Self {
            organisations,
            ..self
        }
    }

    /// Reads agents by these rules.
    #[must_use]
    pub fn with_clients(self, clients: LiveRules) -> Self {
        Self { clients, ..self }
    }

    /// The event of an observation, or nothing where the sender asked not to be counted.
    ///
    /// The address is taken by value and wiped before this returns.
    #[allow(clippy::needless_pass_by_value)] // it is to end here
    pub fn enrich<'a>(
        &self,
        observation: &'a Observation<'a>,
        address: ClientIp,
        event_id: EventId,
        now: u32,
    ) -> Option<Event<'a>> {
        if self.opts_out(observation, now) {
            return None;
        }
        let rules = self.clients.load();
        let moment = Moment {
            now,
            rules: &rules,
            salt: &self.salts.at(now),
        };
        let client = rules.read(observation.user_agent, observation.ecosystem);
        Some(self.enrich_at(moment, client, observation, &address, event_id))
    }

    /// The same for a sender who did not opt out and whose agent is read already.
    pub(crate) fn enrich_at<'a>(
        &self,
        moment: Moment<'_>,
        mut client: Client<'a>,
        observation: &'a Observation<'a>,
        address: &ClientIp,
        event_id: EventId,
    ) -> Event<'a> {
        let Moment { now, rules, salt } = moment;
        let (class, tag) = (client.class, client.tag);
        let data = self.places.data();
        let found = self.places.find(&data, address);
        let network = found.network();
        let words = known_by(&mut client, observation, address);
        let visitor = address.visitor(salt, &words.package, &words.client, &words.os);
        // Both ask memory for what is looked at further below, since the tables are too large for the cache.
        let sweeper = self.sweeper(observation, address, visitor);
        let asked = self.asked(observation, &client, visitor, salt);
        let mut event = told(event_id, words, client, observation, address, now);
        // An address of a proxy that reads for others is nobody's.
        if class != Class::ImageProxy {
            put_place(&mut event, &found);
            let organisation = self.organisations.of(address, network, found.country);
            put_organisation(&mut event, organisation);
            event.visitor = visitor.id;
        }
        event.salt_epoch = salt.epoch();
        let sweeper = sweeper.filter(|_| !event.version.is_empty());
        let lately = Lately {
            versions: sweeper.map_or(0, |client| self.sweeps.take(client, &event.version, now)),
            events: self.events(&event, address, salt, now),
        };
        put_audience(&mut event, rules, (class, tag), network, lately);
        put_source(&mut event, observation, address);
        if asked.is_some_and(|asked| self.repeats.is_repeat(asked, salt.second(now))) {
            event.kind = Kind::Repeat;
        }
        event
    }

    /// The rules that agents are read by.
    pub fn clients(&self) -> &LiveRules {
        &self.clients
    }

    /// Where places come from, for loading the files again.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Where organisations come from, for reloading the overrides.
    pub fn organisations(&self) -> &Organisations {
        &self.organisations
    }

    /// The salts, for whoever keeps them the ones of a store.
    pub(crate) fn salts(&self) -> &Arc<Salts> {
        &self.salts
    }

    /// Requests since midnight (UTC) whose sender asked not to be counted.
    pub fn optout_total(&self, now: u32) -> u32 {
        self.optouts.on_day_of(now)
    }

    /// Wipes yesterday's salt when a new day has begun, and what is known of earlier downloads when it
    /// is some minutes old. Requests do both too; a timer that calls this makes a quiet gateway forget
    /// in time.
    pub fn forget(&self, now: u32) {
        let salt = self.salts.at(now);
        self.repeats.forget(salt.second(now));
        self.sweeps.forget(now);
        self.bursts.forget(now);
    }

    /// Whether the sender asked not to be counted, which is all that is counted then.
    pub(crate) fn opts_out(&self, observation: &Observation<'_>, now: u32) -> bool {
        if observation.opted_out {
            self.optouts.count(now);
        }
        observation.opted_out
    }

    /// The client whose versions of the package are counted, if the event is a download.
    fn sweeper(&self, seen: &Observation<'_>, address: &ClientIp, visitor: Visitor) -> Option<u64> {
        // A log without addresses is about many clients, who would all be one here.
        let is_nobody = address.net_key().is_unspecified();
        if !is_download(seen) || is_nobody {
            return None;
        }
        self.sweeps.prepare(visitor.source);
        Some(visitor.source)
    }

    /// How many events and views of the package its address sent within a minute, if the event is one. What a client
    /// calls itself is its own choice, so addresses alone are told apart.
    fn events(&self, event: &Event<'_>, address: &ClientIp, salt: &DaySalt, now: u32) -> u32 {
        let is_told = matches!(event.kind, Kind::Custom | Kind::View);
        if !is_told || address.net_key().is_unspecified() {
            return 0;
        }
        let sender = address.visitor(salt, &event.package, "", "").source;
        self.bursts.take(sender, now)
    }

    /// What was asked for, where asking for it again is a repeat: a client's download. A pull is none: the gateway
    /// makes one of many requests, and makes it once.
    fn asked(
        &self,
        seen: &Observation<'_>,
        client: &Client<'_>,
        visitor: Visitor,
        salt: &DaySalt,
    ) -> Option<Number> {
        if !is_download(seen) || seen.ecosystem == "oci" || seen.target.is_empty() {
            return None;
        }
        let asked = Asked::new(seen, client, visitor.source, salt.day());
        Some(self.repeats.number(&asked))
    }
}

fn is_download(seen: &Observation<'_>) -> bool {
    seen.kind == Kind::Download && seen.status < 400
}

/// A column's text that somebody else made, without addresses and no longer than it may be.
pub(crate) fn scrubbed<'a>(text: &'a str, address: &ClientIp) -> Text<'a> {
    scrub::prose(text, longest::NAME, address)
}

fn put_place(event: &mut Event<'_>, found: &Whereabouts<'_>) {
    event.country = found.country.into();
    event.region = Text::Owned(found.region.to_owned());
    event.asn = found.network().kept_asn();
    event.net_type = found.network().word().into();
}

fn put_organisation(event: &mut Event<'_>, organisation: Option<Organisation>) {
    let Some(organisation) = organisation else {
        return;
    };
    event.org_id = organisation.id;
    event.org_name = Text::Owned((*organisation.name).to_owned());
    event.org_domain = Text::Owned((*organisation.domain).to_owned());
    event.org_type = organisation.kind.as_str().into();
    event.org_confidence = organisation.confidence;
    event.org_evidence = organisation.evidence.words().into();
}

/// What a visitor is known by beside the address.
struct KnownBy<'a> {
    package: Text<'a>,
    client: Text<'a>,
    os: Text<'a>,
}

/// Takes it off what the agent says. What the artifact is for wins over what the client runs on.
fn known_by<'a>(
    client: &mut Client<'a>,
    seen: &'a Observation<'a>,
    address: &ClientIp,
) -> KnownBy<'a> {
    let os = mem::take(&mut client.os);
    let name = mem::take(&mut client.name);
    KnownBy {
        package: scrub::label(seen.package, longest::NAME, address),
        client: own(client.is_harmless, name, address),
        os: platform::prefer(seen.os, platform::system, os, longest::KEY, address),
    }
}

/// A word or version of the agent. They hold no common spelling of an address; the client's own is looked for in the
/// rarer ones as well, unless they can be nobody's.
fn own<'a>(is_harmless: bool, text: Text<'a>, address: &ClientIp) -> Text<'a> {
    if is_harmless {
        text
    } else {
        scrub::prose_of(text, longest::KEY, address)
    }
}

/// What the request and its agent say. In one piece, since moving a row's texts one by one costs more than making them.
fn told<'a>(
    event_id: EventId,
    words: KnownBy<'a>,
    client: Client<'a>,
    seen: &'a Observation<'a>,
    address: &ClientIp,
    now: u32,
) -> Event<'a> {
    let label = |text, longest| scrub::label(text, longest, address);
    let own = |text| own(client.is_harmless, text, address);
    let version = label(seen.version, longest::VERSION);
    let (version_major, channel) = version_parts(&version, seen.ecosystem);
    let arch = client.arch;
    Event {
        package: words.package,
        ecosystem: seen.ecosystem.into(),
        domain: scrub::prose(seen.domain, longest::NAME, address),
        route: label(seen.route, longest::NAME),
        version,
        version_major,
        channel,
        artifact: label(seen.artifact, longest::NAME),
        digest: label(seen.digest, longest::DIGEST),
        method: seen.method.into(),
        status: seen.status,
        answer: seen.answer,
        bytes: seen.bytes,
        client: words.client,
        client_version: own(client.version),
        runtime: own(client.runtime),
        runtime_version: own(client.runtime_version),
        os: words.os,
        os_version: own(client.os_version),
        arch: platform::prefer(seen.arch, platform::processor, arch, longest::KEY, address),
        libc: client.libc,
        ci: client.ci,
        ci_name: client.ci_name,
        page: scrub::path(seen.page, longest::PAGE, address),
        referrer_host: scrub::host(seen.referrer, address),
        props: props(seen, address),
        ..Event::new(event_id, seen.kind, now)
    }
}

fn version_parts<'a>(version: &Text<'a>, ecosystem: &str) -> (Text<'a>, Channel) {
    match version {
        Text::Borrowed(version) => {
            let (major, channel) = version::read(version, ecosystem);
            (Text::Borrowed(major), channel)
        }
        Text::Owned(version) => {
            let (major, channel) = version::read(version, ecosystem);
            (Text::Owned(major.to_owned()), channel)
        }
    }
}

fn put_audience(
    event: &mut Event<'_>,
    rules: &ClientRules,
    (class, tag): (Class, &str),
    network: &Network,
    lately: Lately,
) {
    let seen = Seen {
        client: &event.client,
        class,
        ci: event.ci,
        network,
        lately,
    };
    let (audience, rule) = judge(rules, &seen);
    event.audience = audience;
    event.audience_reasons = match tag {
        "" => rule.into(),
        tag => format!("{rule},tag:{tag}").into(),
    };
}

/// Of views alone: what leads to a download is a lock file or a command.
fn put_source(event: &mut Event<'_>, seen: &Observation<'_>, address: &ClientIp) {
    if seen.kind != Kind::View {
        return;
    }
    let way = Way {
        query: seen.query,
        referrer: seen.referrer,
        referrer_host: &event.referrer_host,
        is_own: seen.referrer_is_own,
        is_hidden: event.audience == Audience::Proxy,
    };
    let source = source::source(SourceRules::builtin(), way, address);
    event.campaign = source::campaign(seen.query, address);
    event.source = source;
}

fn props<'a>(seen: &'a Observation<'a>, address: &ClientIp) -> Vec<(Text<'a>, Text<'a>)> {
    let scrubbed = |(key, value): &'a (Text<'a>, Text<'a>)| {
        (
            scrub::data(key, longest::KEY, address),
            scrub::data(value, longest::VALUE, address),
        )
    };
    seen.props.iter().take(MOST_PROPS).map(scrubbed).collect()
}

#[cfg(test)]
mod tests;

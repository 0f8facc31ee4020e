//! From what the gateway saw to what a row says, in named steps.
//!
//! The address comes in, answers the last three steps and is gone: [`Event`] has no place for one,
//! and every text that enters it has been scrubbed of addresses.

mod agents;
mod audience;
mod client;
mod literals;
mod place;
mod platform;
mod scrub;
mod version;
mod words;

use std::sync::atomic::{AtomicU64, Ordering};

use weir_event::{Event, EventId, Kind, Text};

pub use place::{DatabaseError, Places};
pub use platform::{processor, system};

use crate::address::Visitor;
use crate::repeats::{Asked, Repeats};
use crate::salt::{DaySalt, NoRandomness, Salts};
use crate::{ClientIp, Observation};
pub(crate) use agents::Agents;
use client::Client;
pub(crate) use client::read as read_agent;

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

/// Turns observations into events; shared by all requests.
pub struct Enricher {
    places: Places,
    salts: Salts,
    repeats: Repeats,
    optouts: AtomicU64,
}

impl Enricher {
    /// Starts with the day that `now` (seconds since 1970, UTC) lies in.
    pub fn new(places: Places, now: u32) -> Result<Self, NoRandomness> {
        Ok(Self {
            places,
            salts: Salts::new(now)?,
            repeats: Repeats::new(),
            optouts: AtomicU64::new(0),
        })
    }

    /// The event of an observation, or nothing where the sender asked not to be counted.
    ///
    /// The address is taken by value and wiped before this returns.
    pub fn enrich<'a>(
        &self,
        observation: &'a Observation<'a>,
        address: ClientIp,
        event_id: EventId,
        now: u32,
    ) -> Option<Event<'a>> {
        if self.opts_out(observation) {
            return None;
        }
        let client = client::read(observation.user_agent, observation.ecosystem);
        Some(self.enrich_as(client, observation, address, event_id, now))
    }

    /// The same for a sender who did not opt out and whose agent is read already.
    #[allow(clippy::needless_pass_by_value)] // the address is to end here
    pub(crate) fn enrich_as<'a>(
        &self,
        client: Client<'a>,
        observation: &'a Observation<'a>,
        address: ClientIp,
        event_id: EventId,
        now: u32,
    ) -> Event<'a> {
        let salt = self.salts.at(now);
        self.enrich_on(client, observation, &address, event_id, now, &salt)
    }

    /// The same under the salt of a day that need not be today.
    pub(crate) fn enrich_on<'a>(
        &self,
        client: Client<'a>,
        observation: &'a Observation<'a>,
        address: &ClientIp,
        event_id: EventId,
        now: u32,
        salt: &DaySalt,
    ) -> Event<'a> {
        let mut event = Event::new(event_id, observation.kind, now);
        put_facts(&mut event, observation, address);
        put_audience(&mut event, &client);
        put_client(&mut event, client, address);
        put_platform(&mut event, observation, address);
        put_version_parts(&mut event);
        put_page(&mut event, observation, address);
        put_props(&mut event, observation, address);
        event.country = self.places.country(address).into();
        let visitor = put_visitor(&mut event, address, salt);
        self.put_repeat(&mut event, observation, visitor, salt, now);
        event
    }

    /// Where countries come from, for reloading the files.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Requests since the start whose sender asked not to be counted.
    pub fn optout_total(&self) -> u64 {
        self.optouts.load(Ordering::Relaxed)
    }

    /// Wipes yesterday's salt when a new day has begun, and what is known of earlier downloads when it
    /// is some minutes old. Requests do both too; a timer that calls this makes a quiet gateway forget
    /// in time.
    pub fn forget(&self, now: u32) {
        let salt = self.salts.at(now);
        self.repeats.forget(salt.second(now));
    }

    /// Whether the sender asked not to be counted, which is all that is counted then.
    pub(crate) fn opts_out(&self, observation: &Observation<'_>) -> bool {
        if observation.opted_out {
            self.optouts.fetch_add(1, Ordering::Relaxed);
        }
        observation.opted_out
    }

    /// A client's download that it asks for again is a repeat. A pull is none: the gateway makes one
    /// of many requests, and makes it once.
    fn put_repeat(
        &self,
        event: &mut Event<'_>,
        seen: &Observation<'_>,
        visitor: Visitor,
        salt: &DaySalt,
        now: u32,
    ) {
        let is_download = seen.kind == Kind::Download && seen.status < 400;
        if !is_download || seen.ecosystem == "oci" || seen.target.is_empty() {
            return;
        }
        let asked = Asked::new(seen, event, visitor.source, salt.day());
        let is_repeat = self.repeats.is_repeat(&asked, salt.second(now));
        if is_repeat {
            event.kind = Kind::Repeat;
        }
    }
}

/// A column's text that somebody else made, without addresses and no longer than it may be.
pub(crate) fn scrubbed<'a>(text: &'a str, address: &ClientIp) -> Text<'a> {
    scrub::prose(text, longest::NAME, address)
}

fn put_visitor(event: &mut Event<'_>, address: &ClientIp, salt: &DaySalt) -> Visitor {
    let visitor = address.visitor(salt, &event.package, &event.client, &event.os);
    event.visitor = visitor.id;
    event.salt_epoch = salt.epoch();
    visitor
}

fn put_facts<'a>(event: &mut Event<'a>, seen: &'a Observation<'a>, address: &ClientIp) {
    let label = |text, longest| scrub::label(text, longest, address);
    event.package = label(seen.package, longest::NAME);
    event.ecosystem = seen.ecosystem.into();
    event.domain = scrub::prose(seen.domain, longest::NAME, address);
    event.route = label(seen.route, longest::NAME);
    event.version = label(seen.version, longest::VERSION);
    event.artifact = label(seen.artifact, longest::NAME);
    event.digest = label(seen.digest, longest::DIGEST);
    event.method = seen.method.into();
    event.status = seen.status;
    event.answer = seen.answer;
    event.bytes = seen.bytes;
}

fn put_audience(event: &mut Event<'_>, client: &Client<'_>) {
    let (audience, reason) = audience::judge(client);
    event.audience = audience;
    event.audience_reasons = reason.into();
}

/// Words and versions of the agent hold no common spelling of an address; the client's own is looked
/// for in the rarer ones as well.
fn put_client<'a>(event: &mut Event<'a>, client: Client<'a>, address: &ClientIp) {
    let own = |text: Text<'a>| scrub::prose_of(text, longest::KEY, address);
    event.client = own(client.name);
    event.client_version = own(client.version);
    event.runtime = own(client.runtime);
    event.runtime_version = own(client.runtime_version);
    event.os = client.os;
    event.os_version = own(client.os_version);
    event.arch = client.arch;
    event.libc = client.libc;
    event.ci = client.ci;
    event.ci_name = client.ci_name;
}

/// What the artifact is for wins over what the client runs on.
fn put_platform<'a>(event: &mut Event<'a>, seen: &'a Observation<'a>, address: &ClientIp) {
    let os = platform::prefer(seen.os, platform::system, std::mem::take(&mut event.os));
    let arch = platform::prefer(
        seen.arch,
        platform::processor,
        std::mem::take(&mut event.arch),
    );
    event.os = scrub::prose_of(os, longest::KEY, address);
    event.arch = scrub::prose_of(arch, longest::KEY, address);
}

fn put_version_parts(event: &mut Event<'_>) {
    let (major, channel) = match &event.version {
        Text::Borrowed(version) => {
            let (major, channel) = version::read(version, &event.ecosystem);
            (Text::Borrowed(major), channel)
        }
        Text::Owned(version) => {
            let (major, channel) = version::read(version, &event.ecosystem);
            (Text::Owned(major.to_owned()), channel)
        }
    };
    event.version_major = major;
    event.channel = channel;
}

fn put_page<'a>(event: &mut Event<'a>, seen: &'a Observation<'a>, address: &ClientIp) {
    event.page = scrub::path(seen.page, longest::PAGE, address);
    event.referrer_host = scrub::host(seen.referrer, address);
}

fn put_props<'a>(event: &mut Event<'a>, seen: &'a Observation<'a>, address: &ClientIp) {
    let scrubbed = |(key, value): &'a (Text<'a>, Text<'a>)| {
        (
            scrub::prose(key, longest::KEY, address),
            scrub::prose(value, longest::VALUE, address),
        )
    };
    event.props = seen.props.iter().take(MOST_PROPS).map(scrubbed).collect();
}

#[cfg(test)]
mod tests;

//! The event: what happened, once, with nobody's address in it, and its versioned encoding.
//!
//! An [`Event`] is one fact as a row in ClickHouse will hold it. Field names here, column names in
//! SQL and dimension names in the query API are the same words. The encoding is one version byte
//! followed by the fields in order; a reader understands every version it has ever written, so a
//! spool outlives an upgrade.

mod encoding;
mod kinds;
mod missed;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use encoding::{DecodeError, VERSION};
pub use kinds::{Answer, Audience, Channel, Ci, Kind};
pub use missed::{Missed, MissedKey};

/// A piece of text that is borrowed where it can be: from the request, from a table, from a batch.
pub type Text<'a> = Cow<'a, str>;

/// Which event this is, for ever: node, boot of that node, and a counter within the boot.
///
/// It is given when the event is made and never again, so a record that is read, sent or recovered
/// twice is still one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId {
    /// Random number of the data folder that made the event.
    pub node: u32,
    /// How many times that folder has been opened.
    pub boot: u32,
    /// Position within the boot, from 1.
    pub counter: u64,
}

impl EventId {
    /// The id as the one number that the `event_id` column holds.
    pub fn as_u128(self) -> u128 {
        (u128::from(self.node) << 96) | (u128::from(self.boot) << 64) | u128::from(self.counter)
    }
}

/// One fact, as a row holds it. Empty text means "unknown" or "does not apply".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // fields named as their columns; docs/ARCHITECTURE.md and the schema describe them
pub struct Event<'a> {
    pub event_id: EventId,
    /// Seconds since 1970, UTC, cut to the minute.
    pub time: u32,
    pub kind: Kind,

    #[serde(borrow)]
    pub package: Cow<'a, str>,
    #[serde(borrow)]
    pub ecosystem: Cow<'a, str>,
    #[serde(borrow)]
    pub domain: Cow<'a, str>,
    /// Name of the route that matched, as `weir explain` prints it.
    #[serde(borrow)]
    pub route: Cow<'a, str>,
    #[serde(borrow)]
    pub version: Cow<'a, str>,
    #[serde(borrow)]
    pub version_major: Cow<'a, str>,
    pub channel: Channel,
    /// File name, or image reference.
    #[serde(borrow)]
    pub artifact: Cow<'a, str>,
    #[serde(borrow)]
    pub digest: Cow<'a, str>,

    #[serde(borrow)]
    pub method: Cow<'a, str>,
    pub status: u16,
    pub answer: Answer,
    pub bytes: u64,

    #[serde(borrow)]
    pub client: Cow<'a, str>,
    #[serde(borrow)]
    pub client_version: Cow<'a, str>,
    #[serde(borrow)]
    pub runtime: Cow<'a, str>,
    #[serde(borrow)]
    pub runtime_version: Cow<'a, str>,
    #[serde(borrow)]
    pub os: Cow<'a, str>,
    #[serde(borrow)]
    pub os_version: Cow<'a, str>,
    #[serde(borrow)]
    pub arch: Cow<'a, str>,
    #[serde(borrow)]
    pub libc: Cow<'a, str>,
    pub ci: Ci,
    #[serde(borrow)]
    pub ci_name: Cow<'a, str>,

    pub audience: Audience,
    /// Short codes of the rules that set the audience, space-separated.
    #[serde(borrow)]
    pub audience_reasons: Cow<'a, str>,

    /// ISO 3166-1 alpha-2, upper case.
    #[serde(borrow)]
    pub country: Cow<'a, str>,
    #[serde(borrow)]
    pub region: Cow<'a, str>,
    pub asn: u32,
    #[serde(borrow)]
    pub net_type: Cow<'a, str>,

    pub org_id: u32,
    #[serde(borrow)]
    pub org_name: Cow<'a, str>,
    #[serde(borrow)]
    pub org_domain: Cow<'a, str>,
    #[serde(borrow)]
    pub org_type: Cow<'a, str>,
    /// 0 to 100.
    pub org_confidence: u8,
    #[serde(borrow)]
    pub org_evidence: Cow<'a, str>,

    /// Keyed hash of the source for this package and this day; 0 is "none". Erased after two days.
    pub visitor: u32,
    /// Which salt made `visitor`; more than one in a day makes that day's people approximate.
    pub salt_epoch: u16,

    #[serde(borrow)]
    pub page: Cow<'a, str>,
    #[serde(borrow)]
    pub referrer_host: Cow<'a, str>,
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    #[serde(borrow)]
    pub campaign: Cow<'a, str>,

    /// The sender's own data, key and value.
    #[serde(borrow)]
    pub props: Vec<(Text<'a>, Text<'a>)>,
}

impl Event<'_> {
    /// An event of `kind` at `time` (seconds, cut to the minute) with every other field unknown.
    #[inline]
    pub fn new(event_id: EventId, kind: Kind, time: u32) -> Self {
        Self {
            event_id,
            time: time - time % 60,
            kind,
            package: Text::default(),
            ecosystem: Text::default(),
            domain: Text::default(),
            route: Text::default(),
            version: Text::default(),
            version_major: Text::default(),
            channel: Channel::Unknown,
            artifact: Text::default(),
            digest: Text::default(),
            method: Text::default(),
            status: 0,
            answer: Answer::None,
            bytes: 0,
            client: Text::default(),
            client_version: Text::default(),
            runtime: Text::default(),
            runtime_version: Text::default(),
            os: Text::default(),
            os_version: Text::default(),
            arch: Text::default(),
            libc: Text::default(),
            ci: Ci::Unknown,
            ci_name: Text::default(),
            audience: Audience::Unknown,
            audience_reasons: Text::default(),
            country: Text::default(),
            region: Text::default(),
            asn: 0,
            net_type: Text::default(),
            org_id: 0,
            org_name: Text::default(),
            org_domain: Text::default(),
            org_type: Text::default(),
            org_confidence: 0,
            org_evidence: Text::default(),
            visitor: 0,
            salt_epoch: 0,
            page: Text::default(),
            referrer_host: Text::default(),
            source: Text::default(),
            campaign: Text::default(),
            props: Vec::new(),
        }
    }
}

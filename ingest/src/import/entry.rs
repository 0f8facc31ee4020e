//! What one line of an import says, before anything is looked up or stored.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use weir_event::{Answer, Kind};

use crate::{ClientIp, Observation};

/// Why a line is not imported. Says what is wrong and never what stands in the line, where addresses are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More than a line may have.
    #[error("longer than {} KiB", super::records::LONGEST_LINE / 1024)]
    TooLong,
    /// Bytes that are no text.
    #[error("not UTF-8")]
    NotText,
    /// JSON was expected.
    #[error("not a JSON object")]
    NotJson,
    /// Something that every line of the format has is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Something is there and cannot be read.
    #[error("{0} cannot be read")]
    Malformed(&'static str),
    /// A clock was wrong, or a unit is.
    #[error("its time lies in the future")]
    Future,
    /// The gateway would not take such a request.
    #[error("no request that a gateway would take")]
    NoRequest,
    /// The configuration has nothing at this address.
    #[error("no route of the configuration has this address")]
    NoRoute,
    /// One pull is many requests, and which of them is the download stands in manifests.
    #[error(
        "a container pull cannot be told from its requests; import the registry's counter instead"
    )]
    Pull,
    /// The request is not ours to count, such as one for a package that an index only passes through.
    #[error("not counted by the configuration")]
    Uncounted,
    /// It was given up, so it is neither a download nor a broken link.
    #[error("the client left before there was an answer")]
    NoAnswer,
    /// A single download where a count of many is expected.
    #[error("no count; group the rows by day, project and version first")]
    NotGrouped,
    /// ClickHouse does not take what the line became, in its words: an event has no address any more.
    #[error("not stored: {0}")]
    Stored(Arc<str>),
}

/// What a line says.
#[derive(Debug)]
pub enum Entry {
    /// Something that happened, in words of our own.
    Told(Box<Told>),
    /// A request that some server answered; routes say what it was.
    Logged(Box<Logged>),
    /// How many downloads a registry counted.
    Total(Total),
}

/// A request in an access log.
#[derive(Debug, Default)]
pub struct Logged {
    /// The log's own name for the request, if it has one.
    pub id: Option<String>,
    /// Seconds since 1970.
    pub time: u32,
    /// Who asked.
    pub address: Option<IpAddr>,
    /// As sent; empty where the log does not say.
    pub host: String,
    /// As sent.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// What was answered.
    pub status: u16,
    /// Size of what was answered.
    pub bytes: u64,
    /// As sent.
    pub user_agent: String,
    /// As sent.
    pub referrer: String,
    /// The sender asked not to be counted, in fields that the log has.
    pub opted_out: bool,
}

/// Something that happened, as its source tells it.
#[derive(Debug)]
#[allow(missing_docs)] // named as the event's columns
pub struct Told {
    /// What the source calls it, if it does: the same name is the same event for ever.
    pub id: Option<String>,
    /// Seconds since 1970.
    pub time: u32,
    /// Who asked; used for look-ups and never kept.
    pub address: Option<IpAddr>,
    pub kind: Kind,
    pub package: String,
    pub ecosystem: &'static str,
    pub domain: String,
    pub route: String,
    pub version: String,
    pub artifact: String,
    pub digest: String,
    pub os: String,
    pub arch: String,
    pub method: &'static str,
    pub status: u16,
    pub answer: Answer,
    pub bytes: u64,
    /// Path and query, for telling repeats; go no further.
    pub target: String,
    pub user_agent: String,
    pub referrer: String,
    pub page: String,
    pub opted_out: bool,
    pub props: Vec<(String, String)>,
    /// Columns that the source knows better than any look-up, by name.
    pub given: Vec<(&'static str, String)>,
}

impl Told {
    /// An event of `kind` at `time` with everything else unknown.
    pub fn new(kind: Kind, time: u32) -> Self {
        Self {
            id: None,
            time,
            address: None,
            kind,
            package: String::new(),
            ecosystem: "",
            domain: String::new(),
            route: String::new(),
            version: String::new(),
            artifact: String::new(),
            digest: String::new(),
            os: String::new(),
            arch: String::new(),
            method: "",
            status: 0,
            answer: Answer::None,
            bytes: 0,
            target: String::new(),
            user_agent: String::new(),
            referrer: String::new(),
            page: String::new(),
            opted_out: false,
            props: Vec::new(),
            given: Vec::new(),
        }
    }

    pub(super) fn observation(&self) -> Observation<'_> {
        let prop = |(key, value): &'_ (String, String)| -> (Cow<'static, str>, Cow<'static, str>) {
            (key.clone().into(), value.clone().into())
        };
        Observation {
            package: &self.package,
            ecosystem: self.ecosystem,
            domain: &self.domain,
            route: &self.route,
            version: &self.version,
            artifact: &self.artifact,
            digest: &self.digest,
            os: &self.os,
            arch: &self.arch,
            method: self.method,
            status: self.status,
            answer: self.answer,
            bytes: self.bytes,
            target: &self.target,
            user_agent: &self.user_agent,
            referrer: &self.referrer,
            page: &self.page,
            opted_out: self.opted_out,
            props: self.props.iter().map(prop).collect(),
            ..Observation::new(self.kind)
        }
    }

    /// The sender, or nobody in particular.
    pub(super) fn sender(&self) -> ClientIp {
        let nobody = std::net::Ipv4Addr::UNSPECIFIED.into();
        ClientIp::new(self.address.unwrap_or(nobody))
    }
}

/// How many downloads a registry counted of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// Name of the package.
    pub package: String,
    /// Version, where the registry tells them apart.
    pub version: String,
    /// ISO 3166-1 alpha-2, where it tells.
    pub country: String,
    /// Days since 1970.
    pub day: u16,
    /// Whether it counted on that day alone or ever until then.
    pub span: Span,
    /// How many.
    pub downloads: u64,
}

/// What a total is of. Numbers are the column's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde_repr::Serialize_repr)]
#[repr(i8)]
pub enum Span {
    /// One day (UTC).
    Day = 1,
    /// From the beginning until that day.
    Ever = 2,
}

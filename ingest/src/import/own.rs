//! Our own events, one JSON object a line: what `weir export` writes, or what anybody writes who has
//! events of their own. Fields are named as the columns; `time` alone is needed.
//!
//! Three more are for those who have raw requests: `address`, `user_agent` and `referrer` are looked up
//! as a request's are, and go no further. A column that is there wins over what was looked up.

use std::str::FromStr;

use weir_event::{Answer, Audience, Channel, Ci, Event, Kind, Text};

use super::entry::{Entry, Refusal, Told};
use super::format::Known;
use super::json::{self, Object};
use crate::ClientIp;
use crate::enrich::scrubbed;

/// Columns that are copied, beyond those that [`Told`] has fields for.
const COLUMNS: [&str; 31] = [
    "ecosystem",
    "version_major",
    "channel",
    "method",
    "client",
    "client_version",
    "runtime",
    "runtime_version",
    "os",
    "os_version",
    "arch",
    "libc",
    "ci",
    "ci_name",
    "audience",
    "audience_reasons",
    "country",
    "region",
    "asn",
    "net_type",
    "org_id",
    "org_name",
    "org_domain",
    "org_type",
    "org_confidence",
    "org_evidence",
    "visitor",
    "salt_epoch",
    "referrer_host",
    "source",
    "campaign",
];

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let object = Object::parse(text)?;
    let kind = word(&object, "kind")?.unwrap_or(Kind::Download);
    let mut told = Told::new(kind, object.time("time")?);
    let id = object.any_text(&["event_id", "id"]);
    told.id = (!id.is_empty()).then_some(id);
    told.address = object.address("address")?;
    told.package = known
        .package
        .clone()
        .unwrap_or_else(|| object.text("package"));
    told.domain = object.text("domain");
    told.route = object.text("route");
    told.version = object.text("version");
    told.artifact = object.text("artifact");
    told.digest = object.text("digest");
    told.status = number(&object, "status")?;
    told.bytes = number(&object, "bytes")?;
    told.answer = word(&object, "answer")?.unwrap_or(Answer::None);
    told.page = object.text("page");
    told.user_agent = object.text("user_agent");
    told.referrer = object.text("referrer");
    if let Some(props) = object.get("props") {
        json::flat("", props, &mut told.props);
    }
    for name in COLUMNS {
        let value = object.text(name);
        if !value.is_empty() {
            told.given.push((name, value));
        }
    }
    // Proves that they can be put, so that nothing is refused later.
    let mut trial = Event::new(
        weir_event::EventId {
            node: 0,
            boot: 0,
            counter: 0,
        },
        kind,
        0,
    );
    let nobody = told.sender();
    for (name, value) in &told.given {
        put(&mut trial, name, value, &nobody).ok_or(Refusal::Malformed(name))?;
    }
    if told.package.is_empty() && kind != Kind::BrokenLink {
        return Err(Refusal::Missing("package"));
    }
    Ok(Entry::Told(Box::new(told)))
}

fn word<W: FromStr>(object: &Object, name: &'static str) -> Result<Option<W>, Refusal> {
    match object.text(name) {
        text if text.is_empty() => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::Malformed(name)),
    }
}

fn number<N: TryFrom<u64>>(object: &Object, name: &'static str) -> Result<N, Refusal> {
    let number = match object.get(name) {
        None => 0,
        Some(value) => json::number_of(value).ok_or(Refusal::Malformed(name))?,
    };
    N::try_from(number).map_err(|_| Refusal::Malformed(name))
}

/// Puts a column that the source knows better; `None` if its value is none of the column's.
pub(super) fn put<'a>(
    event: &mut Event<'a>,
    name: &str,
    value: &'a str,
    sender: &ClientIp,
) -> Option<()> {
    if let Some(text) = text_column(event, name) {
        *text = scrubbed(value, sender);
        return Some(());
    }
    match name {
        "channel" => event.channel = Channel::from_str(value).ok()?,
        "ci" => event.ci = Ci::from_str(value).ok()?,
        "audience" => event.audience = Audience::from_str(value).ok()?,
        "asn" => event.asn = value.parse().ok()?,
        "org_id" => event.org_id = value.parse().ok()?,
        "org_confidence" => event.org_confidence = value.parse().ok().filter(|&c| c <= 100)?,
        "visitor" => event.visitor = value.parse().ok()?,
        "salt_epoch" => event.salt_epoch = value.parse().ok()?,
        _ => return None,
    }
    Some(())
}

fn text_column<'e, 'a>(event: &'e mut Event<'a>, name: &str) -> Option<&'e mut Text<'a>> {
    Some(match name {
        "ecosystem" => &mut event.ecosystem,
        "version_major" => &mut event.version_major,
        "method" => &mut event.method,
        "client" => &mut event.client,
        "client_version" => &mut event.client_version,
        "runtime" => &mut event.runtime,
        "runtime_version" => &mut event.runtime_version,
        "os" => &mut event.os,
        "os_version" => &mut event.os_version,
        "arch" => &mut event.arch,
        "libc" => &mut event.libc,
        "ci_name" => &mut event.ci_name,
        "audience_reasons" => &mut event.audience_reasons,
        "country" => &mut event.country,
        "region" => &mut event.region,
        "net_type" => &mut event.net_type,
        "org_name" => &mut event.org_name,
        "org_domain" => &mut event.org_domain,
        "org_type" => &mut event.org_type,
        "org_evidence" => &mut event.org_evidence,
        "referrer_host" => &mut event.referrer_host,
        "source" => &mut event.source,
        "campaign" => &mut event.campaign,
        _ => return None,
    })
}

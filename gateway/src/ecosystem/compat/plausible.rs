//! Plausible's events: `POST /api/event`, JSON whatever its content type says.

use serde_json::{Map, Value, json};
use weir_config::catalogue::Protocol;

use super::{Message, Sender, Sites, Visit, bad, body, put_simple, text};
use crate::answer::Reply;
use crate::ecosystem::{Decision, event};
use crate::fact::Fact;
use crate::head::Head;
use crate::moment::Moment;

const PROTOCOL: Protocol = Protocol::Plausible;
/// Longest name of an event and longest path of a page, in characters.
const LONGEST_NAME: usize = 120;
const LONGEST_PATH: usize = 2000;

pub(super) fn decide<'a>(
    head: &Head<'a>,
    sites: &Sites,
    moment: Moment<'_>,
) -> Option<Decision<'a>> {
    if head.path != "/api/event" || !sites.speak(PROTOCOL) {
        return None;
    }
    let message = Message::Plausible {
        sites: sites.clone(),
        sender: Sender::of(head, moment),
    };
    body(head, PROTOCOL, message)
}

pub(super) fn read(
    sites: &Sites,
    sender: Sender,
    base: &Fact<'static>,
    body: &[u8],
) -> (Vec<Fact<'static>>, Reply) {
    let Ok(message) = serde_json::from_slice::<Value>(body) else {
        return bad(&json!({ "request": "Unable to parse request body as json" }));
    };
    match Told::of(&message) {
        Ok(told) => {
            let taken = told.taken(sites, base, &message);
            if sender.only_asks {
                (Vec::new(), taken.explained(sender))
            } else {
                let reply = taken.acknowledged(sender);
                (taken.facts, reply)
            }
        }
        Err((field, problem)) => bad(&json!({ field: [problem] })),
    }
}

/// What must be there.
struct Told<'m> {
    name: &'m str,
    url: url::Url,
    domains: &'m str,
}

impl<'m> Told<'m> {
    /// Which field is wrong, and how.
    fn of(message: &'m Value) -> Result<Self, (&'static str, String)> {
        let blank = |field| (field, "can't be blank".to_owned());
        let long = |most| format!("should be at most {most} character(s)");
        let name = text(message, &["n", "name"]).ok_or(blank("event_name"))?;
        let domains = text(message, &["d", "domain"]).ok_or(blank("domain"))?;
        let url = text(message, &["u", "url"]).ok_or(blank("url"))?;
        let url = url::Url::parse(url).map_err(|_| ("url", "must be a valid url".to_owned()))?;
        if url.scheme() == "data" {
            return Err(("url", "scheme is not allowed".to_owned()));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(("event_name", long(LONGEST_NAME)));
        }
        if url.path().chars().count() > LONGEST_PATH {
            return Err(("pathname", long(LONGEST_PATH)));
        }
        Ok(Self { name, url, domains })
    }

    /// What becomes of it, on top of `base`.
    fn taken(mut self, sites: &Sites, base: &Fact<'static>, message: &Value) -> Taken {
        let domains = self.domains.split(',').map(str::trim);
        let (known, unknown): (Vec<_>, Vec<_>) = domains
            .map(|domain| sites.find(PROTOCOL, domain))
            .partition(Option::is_some);
        let dropped = unknown.len();
        // How long a page was looked at is told of views that were counted already.
        if self.name == "engagement" {
            let facts = Vec::new();
            return Taken { facts, dropped };
        }
        if is_on(message, &["h", "hashMode"]) {
            self.route_by_hash();
        }
        let visit = Visit {
            name: Some(self.name).filter(|name| *name != "pageview"),
            page: self.url.as_str(),
            referrer: text(message, &["r", "referrer"]).unwrap_or_default(),
        };
        let facts = known.into_iter().flatten().map(|site| {
            let mut fact = visit.fact(base, site);
            put_own(&mut fact, message);
            fact
        });
        Taken {
            facts: facts.collect(),
            dropped,
        }
    }

    /// Of a site whose pages are told apart behind the `#`, what stands there is the path.
    fn route_by_hash(&mut self) {
        let fragment = self.url.fragment().unwrap_or_default();
        let fragment = fragment.trim_start_matches('!').to_owned();
        if fragment.starts_with('/') {
            self.url.set_path(&fragment);
        }
    }
}

/// What becomes of a message.
struct Taken {
    /// One a site that is known.
    facts: Vec<Fact<'static>>,
    /// Sites that are not.
    dropped: usize,
}

impl Taken {
    /// As Plausible acknowledges it, which keeps nothing of bots; here they are counted as such.
    fn acknowledged(&self, sender: Sender) -> Reply {
        let of_bots = if sender.is_bot { self.facts.len() } else { 0 };
        let reply = Reply::text(202, "ok");
        match self.dropped + of_bots {
            0 => reply,
            count => reply.with("x-plausible-dropped", count.to_string()),
        }
    }

    /// The answer to `X-Debug-Request: true`: what would be counted. Plausible tells the sender's address there, which is
    /// told to nobody here; the rest the sender has said itself, or sees from any answer.
    fn explained(&self, sender: Sender) -> Reply {
        let events = self.facts.iter().map(|fact| {
            let props = fact.props.iter();
            let props: Map<String, Value> = props
                .map(|(name, value)| (name.to_string(), value.as_ref().into()))
                .collect();
            json!({
                "domain": fact.artifact,
                "kind": fact.kind.as_str(),
                "page": fact.page,
                "from_own_page": fact.own_page,
                "props": props,
            })
        });
        let explained = json!({
            "counted": false,
            "as": sender.counts_as(),
            "events": events.collect::<Vec<_>>(),
            "dropped": self.dropped,
        });
        Reply::json(200, &explained).with("cache-control", "no-store")
    }
}

fn put_own(fact: &mut Fact<'static>, message: &Value) {
    let names = ["p", "props", "m", "meta"];
    let props = names.iter().find_map(|name| message.get(name));
    // Older scripts send an object as text.
    let parsed = props
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str(text).ok());
    if let Some(props) = parsed.as_ref().or(props) {
        put_simple(fact, props);
    }
    let revenue = message.get("$").or_else(|| message.get("revenue"));
    if let Some(revenue @ Value::Object(_)) = revenue {
        event::flatten(fact, "revenue".to_owned(), revenue, 0);
    }
}

fn is_on(message: &Value, names: &[&str]) -> bool {
    let mut values = names.iter().filter_map(|name| message.get(name));
    values.any(|value| *value == json!(1) || *value == json!(true))
}

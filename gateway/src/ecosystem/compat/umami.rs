//! Umami's events, `POST /api/send`, and its pictures, `GET /p/ID`.

use serde_json::{Value, json};
use weir_config::catalogue::Protocol;
use weir_event::Kind;

use super::{Message, Sender, Sites, Visit, body, event, picture, text};
use crate::answer::Reply;
use crate::ecosystem::pixel::{Picture, page, viewer};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::moment::Moment;

const PROTOCOL: Protocol = Protocol::Umami;
/// Longest name and tag of an event, in characters.
const LONGEST_NAME: usize = 50;
/// Given to everybody in the place of a session's and a visit's id: nobody is followed by one.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

pub(super) fn decide<'a>(
    head: &Head<'a>,
    sites: &'a Sites,
    moment: Moment<'_>,
) -> Option<Decision<'a>> {
    if head.path == "/api/send" && sites.speak(PROTOCOL) {
        let message = Message::Umami {
            sites: sites.clone(),
            sender: Sender::of(head, moment),
        };
        return body(head, PROTOCOL, message);
    }
    let site = sites.find(PROTOCOL, head.path.strip_prefix("/p/")?)?;
    let kind = match head.method {
        Method::Get => Kind::View,
        Method::Head => Kind::Check,
        Method::Post | Method::Options => return None,
    };
    let mut fact = Fact::new(kind, "docs", &site.package, PROTOCOL.as_str());
    fact.artifact = site.id.as_str().into();
    let page = head.text("referer");
    let path = page::path(page, &site.pages);
    fact.own_page = path.is_some();
    fact.page = path.unwrap_or_default().into();
    fact.query = page::query(page).into();
    let reply = Plan::Reply(picture(200, Picture::Gif));
    if viewer::is_prefetch(head) {
        return Some(Decision::uncounted(reply));
    }
    Some(Decision::new(reply, fact))
}

pub(super) fn read(
    sites: &Sites,
    sender: Sender,
    base: &Fact<'static>,
    body: &[u8],
) -> (Vec<Fact<'static>>, Reply) {
    let message = serde_json::from_slice(body).unwrap_or(Value::Null);
    match fact(sites, base, &message) {
        Ok(fact) => (fact.into_iter().collect(), thanks(sender)),
        Err(problem) => (Vec::new(), refused(problem)),
    }
}

/// The event that a message tells of; none for what is told of a person or of the page's speed.
fn fact(
    sites: &Sites,
    base: &Fact<'static>,
    message: &Value,
) -> Result<Option<Fact<'static>>, &'static str> {
    let payload = message.get("payload").filter(|payload| payload.is_object());
    let (Some(kind), Some(payload)) = (text(message, &["type"]), payload) else {
        return Err("Bad request");
    };
    let named = ["website", "link", "pixel"].map(|key| text(payload, &[key]));
    let mut named = named.into_iter().flatten();
    let (Some(id), None) = (named.next(), named.next()) else {
        return Err("Exactly one of website, link and pixel is needed");
    };
    let name = text(payload, &["name"]);
    let tag = text(payload, &["tag"]);
    let is_long = |text: Option<&str>| text.is_some_and(|it| it.chars().count() > LONGEST_NAME);
    if is_long(name) || is_long(tag) {
        return Err("Names and tags have at most 50 characters");
    }
    let site = sites.find(PROTOCOL, id).ok_or("Website not found")?;
    match kind {
        "event" => {}
        "identify" | "performance" => return Ok(None),
        _ => return Err("Bad request"),
    }
    let page = address(payload);
    let visit = Visit {
        name,
        page: &page,
        referrer: text(payload, &["referrer"]).unwrap_or_default(),
    };
    let mut fact = visit.fact(base, site);
    if let Some(tag) = tag {
        event::put(&mut fact, "tag".into(), tag.to_owned().into());
    }
    if let Some(data @ Value::Object(_)) = payload.get("data") {
        event::flatten(&mut fact, String::new(), data, 0);
    }
    Ok(Some(fact))
}

/// The page's address: scripts send the path, and the host beside it.
fn address(payload: &Value) -> String {
    let url = text(payload, &["url"]).unwrap_or_default();
    if url.starts_with('/') {
        let host = text(payload, &["hostname"]).unwrap_or_default();
        return format!("https://{host}{url}");
    }
    url.to_owned()
}

fn thanks(sender: Sender) -> Reply {
    let thanks = if sender.is_bot {
        json!({ "beep": "boop" })
    } else {
        json!({ "cache": "", "sessionId": NOBODY, "visitId": NOBODY })
    };
    Reply::json(200, &thanks).with("cache-control", "no-store")
}

fn refused(problem: &str) -> Reply {
    let error = json!({ "message": problem, "code": "bad-request", "status": 400 });
    Reply::json(400, &json!({ "error": error }))
}

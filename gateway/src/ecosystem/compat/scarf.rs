//! Scarf's picture, `/a.png?x-pxid=ID`, and what its npm package sends, `POST /package-event/install`.
//!
//! Events that programs send to Scarf are routes of kind `event`: see [`crate::ecosystem::event`].

use std::borrow::Cow;

use serde_json::Value;
use weir_config::catalogue::Protocol;
use weir_event::Kind;

use super::{Message, Sites, Visit, body, parameter, parameters, picture, text};
use crate::answer::Reply;
use crate::ecosystem::pixel::{Picture, page, viewer};
use crate::ecosystem::{Decision, Plan, event};
use crate::fact::Fact;
use crate::head::{Head, Method};

const PROTOCOL: Protocol = Protocol::Scarf;
/// Where installs are told, with or without a package's id behind it.
const INSTALL: &str = "/package-event/install";

pub(super) fn decide<'a>(head: &Head<'a>, sites: &'a Sites) -> Option<Decision<'a>> {
    if !sites.speak(PROTOCOL) {
        return None;
    }
    if let Some(id) = below(head.path, INSTALL) {
        return install(head, sites, id);
    }
    below(head.path, "/a.png")?;
    let kind = match head.method {
        Method::Get => Kind::View,
        Method::Head => Kind::Check,
        Method::Post | Method::Options => return None,
    };
    Some(view(head, sites, kind))
}

/// What stands behind `start` and a slash, or nothing where the path ends.
fn below<'p>(path: &'p str, start: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(start)?;
    match rest.strip_prefix('/') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(""),
    }
}

fn view<'a>(head: &Head<'a>, sites: &Sites, kind: Kind) -> Decision<'a> {
    let reply = Plan::Reply(picture(200, Picture::Png));
    let told = parameters(head.query);
    let Some(site) = sites.find(PROTOCOL, parameter(&told, "x-pxid")) else {
        return Decision::new(
            reply,
            Fact::new(Kind::BrokenLink, "docs", "", PROTOCOL.as_str()),
        );
    };
    if viewer::is_prefetch(head) {
        return Decision::uncounted(reply);
    }
    let page = match parameter(&told, "page") {
        "" => head.text("referer"),
        page => page,
    };
    let visit = Visit {
        page,
        ..Visit::default()
    };
    let base = Fact::new(kind, "docs", "", PROTOCOL.as_str());
    let mut fact = visit.fact(&base, site);
    // A picture's own page led nobody there, and what did is not told.
    fact.own_page = true;
    let own = head.query.unwrap_or_default();
    fact.query = Cow::Owned(page::queries(page::query(page), own).into_owned());
    let own = told.into_iter();
    for (name, value) in own.filter(|(name, _)| !is_known(name)) {
        event::put(
            &mut fact,
            Cow::Owned(name.into_owned()),
            Cow::Owned(value.into_owned()),
        );
    }
    Decision::new(reply, fact)
}

fn is_known(parameter: &str) -> bool {
    let known = ["x-pxid", "page"];
    known.iter().any(|one| parameter.eq_ignore_ascii_case(one)) || parameter.starts_with("utm_")
}

/// Without a body that is JSON it is a 422, before the method is looked at.
fn install<'a>(head: &Head<'a>, sites: &Sites, id: &str) -> Option<Decision<'a>> {
    let message = Message::Install {
        sites: sites.clone(),
        id: id.to_owned(),
    };
    let empty = Decision::uncounted(Plan::Reply(Reply::new(422, "", "")));
    body(head, PROTOCOL, message).or(Some(empty))
}

/// The install of a package of ours, unless somebody in its chain of dependents wants none told.
///
/// The names of those dependents, hashed without a key, are not kept: whoever knows a name finds it.
pub(super) fn read_install(
    sites: &Sites,
    id: &str,
    base: &Fact<'static>,
    body: &[u8],
) -> (Vec<Fact<'static>>, Reply) {
    let Ok(message) = serde_json::from_slice::<Value>(body) else {
        return (Vec::new(), Reply::new(422, "", ""));
    };
    let fact = installed(sites, id, base, &message);
    (
        fact.into_iter().collect(),
        Reply::new(200, "application/json", ""),
    )
}

fn installed(
    sites: &Sites,
    id: &str,
    base: &Fact<'static>,
    message: &Value,
) -> Option<Fact<'static>> {
    let chain = message.get("dependencyInfo")?;
    if chain.get("anyInChainDisabled") == Some(&Value::Bool(true)) {
        return None;
    }
    let parent = chain.get("parent")?;
    let name = text(parent, &["name"])?;
    let site = sites
        .find(PROTOCOL, id)
        .or_else(|| sites.find(PROTOCOL, name))?;
    let own = |value: &Value, names: &[&str]| text(value, names).unwrap_or_default().to_owned();
    let mut fact = Fact {
        kind: Kind::InstallPing,
        ecosystem: "npm",
        package: Cow::Owned(site.package.clone()),
        version: own(parent, &["version"]).into(),
        os: own(message, &["rawPlatform"]).into(),
        arch: own(message, &["rawArch"]).into(),
        ..base.clone()
    };
    if let Some(node) = text(message, &["nodeVersion"]) {
        event::put(&mut fact, "node".into(), Cow::Owned(node.to_owned()));
    }
    Some(fact)
}

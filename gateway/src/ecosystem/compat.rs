//! What snippets of other products send, answered as those products answer: one file a product.
//!
//! A view of a page becomes a view, anything else that a snippet tells becomes an event of its own.

pub(crate) mod goatcounter;
pub(crate) mod plausible;
pub(crate) mod scarf;
pub(crate) mod umami;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};
use weir_config::catalogue::{Protocol, Site};
use weir_event::Kind;

use crate::answer::Reply;
use crate::cors::{self, Page};
use crate::ecosystem::collector::Collector;
use crate::ecosystem::pixel::viewer::Viewer;
use crate::ecosystem::pixel::{Picture, page};
use crate::ecosystem::{Decision, Plan, event};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::moment::Moment;

/// The sites on one host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sites(Arc<Vec<Arc<Site>>>);

impl Sites {
    pub(crate) fn push(&mut self, site: Arc<Site>) {
        Arc::make_mut(&mut self.0).push(site);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose snippets speak `protocol`.
    fn speaking(&self, protocol: Protocol) -> impl Iterator<Item = &Site> {
        let sites = self.0.iter().map(Arc::as_ref);
        sites.filter(move |site| site.protocols.contains(&protocol))
    }

    /// The one that the snippet calls `id`.
    fn find(&self, protocol: Protocol, id: &str) -> Option<&Site> {
        self.speaking(protocol).find(|site| site.id == id)
    }

    fn speak(&self, protocol: Protocol) -> bool {
        self.speaking(protocol).next().is_some()
    }
}

/// Who sends a message, as far as the answer differs. What is recorded does not: ingest tells audiences apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    /// A crawler, or a browser that nobody looks at: those products keep nothing of it and say so.
    is_bot: bool,
    /// Asked not to be counted.
    opted_out: bool,
    /// Wants to know what would be counted, and nothing to be.
    only_asks: bool,
}

impl Sender {
    fn of(head: &Head<'_>, moment: Moment<'_>) -> Self {
        Self {
            is_bot: Viewer::of(head, moment) == Viewer::Bot,
            opted_out: head.opted_out,
            only_asks: head.text("x-debug-request") == "true",
        }
    }

    /// What an event of it is, in one word.
    fn counts_as(self) -> &'static str {
        match self {
            Self {
                opted_out: true, ..
            } => "nobody",
            Self { is_bot: true, .. } => "bot",
            _ => "reader",
        }
    }
}

/// What a body is.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Plausible {
        sites: Sites,
        sender: Sender,
    },
    Umami {
        sites: Sites,
        sender: Sender,
    },
    /// What npm has installed; `id` is the package that the address names, if it does.
    Install {
        sites: Sites,
        id: String,
    },
}

impl Message {
    /// The status of what was taken.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Plausible { .. } => 202,
            Self::Umami { .. } | Self::Install { .. } => 200,
        }
    }

    /// What `body` tells, each on top of `base`, and the answer.
    pub(crate) fn read(&self, base: &Fact<'static>, body: &[u8]) -> (Vec<Fact<'static>>, Reply) {
        match self {
            Self::Plausible { sites, sender } => plausible::read(sites, *sender, base, body),
            Self::Umami { sites, sender } => umami::read(sites, *sender, base, body),
            Self::Install { sites, id } => scarf::read_install(sites, id, base, body),
        }
    }
}

/// Decides a request that a snippet of one of `sites` may have sent. `None` leaves it to what else is served here.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    sites: &'a Sites,
    moment: Moment<'_>,
) -> Option<Decision<'a>> {
    if sites.is_empty() {
        return None;
    }
    let decision = plausible::decide(head, sites, moment)
        .or_else(|| umami::decide(head, sites, moment))
        .or_else(|| goatcounter::decide(head, sites))
        .or_else(|| scarf::decide(head, sites))?;
    // Those products let every page send and read.
    let page = head
        .field("origin")
        .map_or(Page::Unnamed, |_| Page::Welcome(Cow::Borrowed("*")));
    Some(decision.for_page(page))
}

/// What is decided about an address that takes bodies: `None` for methods that it does not know.
fn body<'a>(head: &Head<'a>, protocol: Protocol, message: Message) -> Option<Decision<'a>> {
    match head.method {
        Method::Post => {
            let base = Fact::new(Kind::View, "docs", "", protocol.as_str());
            let collector = Collector::Compat(message);
            Some(Decision::new(Plan::Collect(collector), base))
        }
        Method::Options => Some(Decision::uncounted(Plan::Reply(cors::preflight(
            "POST", "*",
        )))),
        Method::Get | Method::Head => None,
    }
}

/// Where a snippet stands: what it says of the page and of what led there.
#[derive(Clone, Copy, Default)]
struct Visit<'m> {
    /// The event's name, if it is no view of the page.
    name: Option<&'m str>,
    /// The page's address.
    page: &'m str,
    /// The address that led there.
    referrer: &'m str,
}

impl Visit<'_> {
    /// The visit to `site` on top of `base`.
    fn fact(self, base: &Fact<'static>, site: &Site) -> Fact<'static> {
        let mut fact = base.clone();
        fact.package = Cow::Owned(site.package.clone());
        fact.artifact = Cow::Owned(site.id.clone());
        fact.page = Cow::Owned(page::path(self.page, &site.pages).unwrap_or("").to_owned());
        fact.query = Cow::Owned(page::query(self.page).to_owned());
        fact.referrer = Some(Cow::Owned(self.referrer.to_owned()));
        fact.own_page = self.is_own(site);
        if let Some(name) = self.name {
            fact.kind = Kind::Custom;
            fact.ecosystem = "event";
            event::put(&mut fact, "event".into(), Cow::Owned(name.to_owned()));
        }
        fact
    }

    /// Whoever goes from page to page of one site was led there before.
    fn is_own(self, site: &Site) -> bool {
        let from = host(self.referrer);
        from.is_some() && from == host(self.page)
            || page::path(self.referrer, &site.pages).is_some()
    }
}

fn host(address: &str) -> Option<Cow<'_, str>> {
    let (_, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    weir_config::host_name(&rest[..end])
}

/// The first of `names` that is there and says something.
fn text<'v>(value: &'v Value, names: &[&str]) -> Option<&'v str> {
    let values = names.iter().filter_map(|name| value.get(name)?.as_str());
    values.into_iter().find(|text| !text.is_empty())
}

/// The values of a flat object. What is not simple is left out, as those products leave it out.
fn put_simple(fact: &mut Fact<'static>, values: &Value) {
    for (name, value) in values.as_object().into_iter().flatten() {
        if !value.is_object() && !value.is_array() {
            event::flatten(fact, name.clone(), value, 0);
        }
    }
}

/// The parameters of a query, decoded.
fn parameters(query: Option<&str>) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let query = query.unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).collect()
}

/// The first of `parameters` that is called `name`, or nothing.
fn parameter<'p>(parameters: &'p [(Cow<'_, str>, Cow<'_, str>)], name: &str) -> &'p str {
    let mut all = parameters.iter();
    let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value)
}

/// The picture, which nobody may keep.
fn picture(status: u16, picture: Picture) -> Reply {
    let picture = picture
        .reply()
        .with("cache-control", "no-cache, no-store, must-revalidate");
    Reply { status, ..picture }
}

fn bad(errors: &Value) -> (Vec<Fact<'static>>, Reply) {
    let reply = Reply::json(400, &json!({ "errors": errors }));
    (Vec::new(), reply)
}

#[cfg(test)]
mod tests;

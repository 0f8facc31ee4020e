//! `GoatCounter`'s count: `GET` or `POST /count`, told by the query alone.

use weir_config::catalogue::Protocol;
use weir_event::Kind;

use super::{Sites, Visit, parameter, parameters, picture};
use crate::ecosystem::pixel::{Picture, page, viewer};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method};

const PROTOCOL: Protocol = Protocol::GoatCounter;
/// The numbers by which the script says that a program drives the browser begin here.
const DRIVEN: u32 = 150;
/// Longest path, in bytes.
const LONGEST_PATH: usize = 2048;

pub(super) fn decide<'a>(head: &Head<'a>, sites: &'a Sites) -> Option<Decision<'a>> {
    if head.path != "/count" || head.method == Method::Options {
        return None;
    }
    let site = sites.speaking(PROTOCOL).next()?;
    let told = parameters(head.query);
    let path = parameter(&told, "p");
    if path.is_empty() || path.len() > LONGEST_PATH {
        let picture = picture(400, Picture::Gif);
        let reply = picture.with("x-goatcounter", "p is missing or longer than 2048 bytes");
        return Some(Decision::uncounted(Plan::Reply(reply)));
    }
    let reply = Plan::Reply(picture(200, Picture::Gif));
    let is_driven = parameter(&told, "b").parse().unwrap_or(0) >= DRIVEN;
    if is_driven || viewer::is_prefetch(head) || head.method == Method::Head {
        return Some(Decision::uncounted(reply));
    }
    // The path comes without its host, which only the browser tells then.
    let on = super::host(head.text("referer")).unwrap_or_default();
    let is_event = matches!(parameter(&told, "e"), "true" | "1" | "t");
    // A path may have a query of its own, in which a campaign can stand as well.
    let (path_alone, own_query) = path.split_once('?').unwrap_or((path, ""));
    let query = parameter(&told, "q").trim_start_matches('?');
    let page = if is_event {
        String::new()
    } else {
        let path = path_alone.trim_start_matches('/');
        format!("https://{on}/{path}?{}", page::queries(own_query, query))
    };
    let visit = Visit {
        name: is_event.then_some(path),
        page: &page,
        referrer: parameter(&told, "r"),
    };
    let base = Fact::new(Kind::View, "docs", "", PROTOCOL.as_str());
    Some(Decision::new(reply, visit.fact(&base, site)))
}

//! The script for docs, `/-/s.js?id=PIXEL`, and what it tells: pages seen and commands copied, at `/-/e?id=PIXEL`.
//!
//! It sees what a picture cannot: pages that an application changes to without loading, and what led to them.

mod told;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use weir_config::catalogue::Pixel;
use weir_event::Kind;

use crate::answer::{Dialect, Failure, Reply};
use crate::ecosystem::collector::Collector;
use crate::ecosystem::pixel::viewer::DROPPED;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;
use told::Told;

/// Where the script is on every domain of a pixel.
pub(crate) const SCRIPT: &str = "/-/s.js";
/// Where it tells.
pub(crate) const EVENTS: &str = "/-/e";

/// The route of views that a pixel on the same page counts: what it has more of, blockers took from the script.
const BESIDE_PIXEL: &str = "script beside pixel";

/// How long browsers use the script that they have, in seconds: as long as a mistake in it may live.
const MAX_AGE: u32 = 3600;

const PLAIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/s.js"));
const BROTLI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/s.js.br"));
const GZIP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/s.js.gz"));

/// Of whom a body tells, and how to read its pages.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Hosts whose pages are told apart.
    pages: Vec<String>,
    /// The page is what stands behind `#`.
    by_fragment: bool,
}

/// The pixel's id in a query.
pub(crate) fn id(query: Option<&str>) -> &str {
    let mut pairs = query.unwrap_or_default().split('&');
    let id = pairs.find_map(|pair| pair.strip_prefix("id="));
    id.unwrap_or_default()
}

/// Decides a request for the script itself, which is the same for every pixel.
pub(crate) fn script<'a>(head: &Head<'a>) -> Decision<'a> {
    onward::unless_reading(head).unwrap_or_else(|| {
        let plan = if PLAIN.is_empty() {
            Plan::Fail(Failure::UnknownPath)
        } else {
            Plan::Reply(file(head))
        };
        Decision::uncounted(plan)
    })
}

fn file(head: &Head<'_>) -> Reply {
    let coding = coding(&head.list("accept-encoding"));
    let (coding, body) = match coding {
        Some("br") => (Some("br"), BROTLI),
        Some(coding) => (Some(coding), GZIP),
        None => (None, PLAIN),
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(body)[..8]));
    let has_it = head.list("if-none-match").contains(&tag);
    let reply = if has_it {
        Reply::new(304, "", "")
    } else {
        Reply::new(200, "text/javascript; charset=utf-8", body)
    };
    let reply = match coding {
        Some(coding) if !has_it => reply.with("content-encoding", coding),
        _ => reply,
    };
    open(reply)
        .with("etag", tag)
        .with("vary", "accept-encoding")
        .with("cache-control", format!("public, max-age={MAX_AGE}"))
}

/// The best coding that is accepted (RFC 9110 §12.5.3).
fn coding(accepted: &str) -> Option<&'static str> {
    let accepts = |coding: &str| {
        accepted.split(',').any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case(coding) && weight != Some(Ok(0.0))
        })
    };
    ["br", "gzip"].into_iter().find(|coding| accepts(coding))
}

/// Decides what the script of the pixel `id` tells, if that is a `known` one.
pub(crate) fn event<'a>(head: &Head<'a>, id: &'a str, known: Option<&'a Pixel>) -> Decision<'a> {
    let Some(pixel) = known else {
        // The reader of somebody's docs can do nothing about it.
        let fact = Fact::new(Kind::BrokenLink, "docs", "", "script");
        let collector = Collector::Page(None);
        return Decision::new(Plan::Collect(collector), fact).in_dialect(Dialect::Json);
    };
    let mut fact = Fact::new(Kind::View, "docs", &pixel.package, "script");
    fact.artifact = id.into();
    let mut flags = head.query.unwrap_or_default().split('&');
    let site = Site {
        pages: pixel.pages.clone(),
        by_fragment: flags.any(|flag| flag == "hash"),
    };
    Decision::new(Plan::Collect(Collector::Page(Some(site))), fact).in_dialect(Dialect::Json)
}

/// What `body` tells on top of `base`, and the answer; of no site it is a broken link whatever it tells.
pub(crate) fn read(
    site: Option<&Site>,
    base: &Fact<'static>,
    body: &[u8],
) -> (Vec<Fact<'static>>, Reply) {
    let Some(site) = site else {
        return (vec![base.clone()], taken().with(DROPPED, "unknown-pixel"));
    };
    match Told::read(body) {
        Ok(told) => (vec![told.fact(site, base)], taken()),
        Err(error) => {
            let error = json!({ "error": error.to_string() });
            (Vec::new(), open(Reply::json(400, &error)))
        }
    }
}

/// The answer to a body that did not arrive whole.
pub(crate) fn unread(failure: Failure) -> Reply {
    open(Dialect::Json.reply(&failure))
}

fn taken() -> Reply {
    open(Reply::new(204, "", "")).with("cache-control", "no-store")
}

/// For pages of every site: nothing here depends on who asks.
fn open(reply: Reply) -> Reply {
    reply
        .with("access-control-allow-origin", "*")
        .with("cross-origin-resource-policy", "cross-origin")
        .with("x-content-type-options", "nosniff")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_coding_that_is_accepted_is_sent() {
        assert_eq!(coding("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(coding("GZIP;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(coding("identity"), None);
        assert_eq!(coding(""), None);
    }

    #[test]
    fn the_pixel_is_named_by_the_query() {
        assert_eq!(id(Some("id=docs&hash")), "docs");
        assert_eq!(id(Some("hash")), "");
        assert_eq!(id(None), "");
    }

    /// A page of docs loads it before anything else of ours, on whatever connection.
    #[test]
    fn the_script_is_at_most_700_bytes_as_browsers_load_it() {
        assert!(!PLAIN.is_empty(), "run `make web`, which makes it");
        assert!(
            BROTLI.len() <= 700,
            "{} bytes as brotli: see script/page.ts",
            BROTLI.len()
        );
    }
}

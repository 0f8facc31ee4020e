//! Where a reader came from: one name for the page, the search or the campaign that led to a page of the docs.
//!
//! What the owner wrote into a link beats what the browser tells: `utm_source`, then `source`, then `ref`, then the
//! referring page. Nothing else of a query is read, and nothing of it is kept but these words and `utm_campaign`.

mod rules;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_event::Text;

use super::scrub;
use super::words;
use crate::ClientIp;
pub(super) use rules::SourceRules;

/// What `source` says where no page, no link and no campaign led to the view.
const DIRECT: &str = "direct";

/// Longest names of a source and of a campaign, in bytes.
const LONGEST: usize = 100;

/// Parameters that name a source, the one that counts most first.
const TAGS: [&str; 3] = ["utm_source", "source", "ref"];

/// What a view tells of the way to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    /// Query of the page that is viewed, without the question mark.
    pub(super) query: &'a str,
    /// Address of the referring page.
    pub(super) referrer: &'a str,
    /// Its host, scrubbed.
    pub(super) referrer_host: &'a str,
    /// The referring page is one of the owner's own: nobody was led here by it.
    pub(super) is_own: bool,
    /// Who asked hides what led there: a proxy of pictures.
    pub(super) is_hidden: bool,
}

/// The source of a view; empty where nothing is told of it.
pub(super) fn source(rules: &'static SourceRules, way: Way<'_>, own: &ClientIp) -> Text<'static> {
    if let Some(tag) = TAGS.iter().find_map(|name| value(way.query, name)) {
        return tagged(rules, &tag, own);
    }
    if way.is_hidden || way.is_own {
        return Cow::Borrowed("");
    }
    if way.referrer.is_empty() {
        return Cow::Borrowed(DIRECT);
    }
    referred(rules, way)
}

/// The campaign that the link names; empty where it names none.
pub(super) fn campaign(query: &str, own: &ClientIp) -> Text<'static> {
    let Some(name) = value(query, "utm_campaign") else {
        return Cow::Borrowed("");
    };
    kept(&name, own)
}

/// The source that a tag names: a known one by its own name, or else as it is written.
fn tagged(rules: &'static SourceRules, tag: &str, own: &ClientIp) -> Text<'static> {
    let tag = words::lower(tag);
    let known = rules.of_tag(&tag).or_else(|| rules.of_host(&tag));
    known.map_or_else(|| kept(&tag, own), Cow::Borrowed)
}

/// The source that the referring page is: a known one by its own name, or else its host.
fn referred(rules: &'static SourceRules, way: Way<'_>) -> Text<'static> {
    let scheme = way.referrer.split_once("://").map_or("", |(it, _)| it);
    let is_page = ["http", "https", "android-app"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let host = way.referrer_host;
    let host = host.strip_prefix("www.").unwrap_or(host);
    // `(ip)` stands for an address, and what has no dot is a machine's name in somebody's network.
    let (_, ending) = host.rsplit_once('.').unwrap_or_default();
    let is_local = matches!(ending, "" | "localhost" | "local");
    if !is_page || is_local {
        return Cow::Borrowed("");
    }
    let known = rules.of_host(host);
    known.map_or_else(|| Cow::Owned(host.to_owned()), Cow::Borrowed)
}

/// A word of the link, without addresses of machines. What looks like somebody's mail address is not kept.
fn kept(word: &str, own: &ClientIp) -> Text<'static> {
    if word.contains('@') {
        return Cow::Borrowed("");
    }
    Cow::Owned(scrub::data(word, LONGEST, own).into_owned())
}

/// The first value of a parameter that says something, decoded as forms are (WHATWG URL, section 5.1).
fn value<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    named
        .map(|(_, value)| decoded(value))
        .find(|value| !value.is_empty())
}

fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains(['+', '%']) {
        return Cow::Borrowed(value.trim());
    }
    let spaced = value.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8_lossy();
    Cow::Owned(text.trim().to_owned())
}

#[cfg(test)]
mod tests;

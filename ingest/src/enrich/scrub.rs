//! What text may enter a row: no address, no control character, no more than its share.

mod glance;
mod known;

use std::borrow::Cow;
use std::ops::Range;

use weir_event::Text;

use super::disguises;
use super::literals::{self, Dots};
use super::words;
use crate::ClientIp;
use crate::address::without_traces;

/// Bytes of stack that a search for the client's address may leave it in.
const STACK: usize = 4 * 1024;

/// Stands where an address stood.
const GONE: &str = "(ip)";

/// Layers of percent-encoding that are looked through.
const LAYERS: usize = 3;

/// Text as people and programs write it, for a row: at most `longest` bytes.
#[inline]
pub(crate) fn prose<'a>(text: &'a str, longest: usize, own: &ClientIp) -> Text<'a> {
    scrub(text, longest, Dots::Address, own)
}

/// Names, versions and files, for a row: four small numbers are a version here.
#[inline]
pub(crate) fn label<'a>(text: &'a str, longest: usize, own: &ClientIp) -> Text<'a> {
    scrub(text, longest, Dots::Version, own)
}

/// A sender's own data, for a row: looked through for base64 as well.
pub(crate) fn data<'a>(text: &'a str, longest: usize, own: &ClientIp) -> Text<'a> {
    let is_hidden = || disguises::in_base64(text, own);
    if !text.is_empty() && without_traces::<STACK, _>(is_hidden) {
        return Cow::Borrowed(GONE);
    }
    prose(text, longest, own)
}

/// Whether text of at most `longest` bytes is left as it is, whoever asks.
pub(crate) fn leaves(text: &str, longest: usize) -> bool {
    text.len() <= longest && glance::is_harmless(text)
}

/// Scrubs what may be owned already.
pub(crate) fn prose_of<'a>(text: Text<'a>, longest: usize, own: &ClientIp) -> Text<'a> {
    match text {
        Cow::Borrowed(text) => prose(text, longest, own),
        Cow::Owned(text) => Cow::Owned(prose(&text, longest, own).into_owned()),
    }
}

/// The path of a page, without query and fragment.
pub(crate) fn path<'a>(page: &'a str, longest: usize, own: &ClientIp) -> Text<'a> {
    let end = page.find(['?', '#']).unwrap_or(page.len());
    prose(&page[..end], longest, own)
}

/// The host of a referring page; nothing where there is none, `(ip)` where it is an address.
pub(crate) fn host<'a>(referrer: &'a str, own: &ClientIp) -> Text<'a> {
    const LONGEST: usize = 253;
    // Searching even nothing for a mark of three bytes takes hundreds of instructions.
    if referrer.is_empty() {
        return Cow::Borrowed("");
    }
    let Some((_, rest)) = referrer.split_once("://") else {
        return Cow::Borrowed("");
    };
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return Cow::Borrowed(GONE);
    }
    let host = host
        .split_once(':')
        .map_or(host, |(host, _)| host)
        .trim_end_matches('.');
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if !plain || host.len() > LONGEST {
        return Cow::Borrowed("");
    }
    let is_address = || {
        is_number(host)
            || literals::find(host, Dots::Address, Some(own))
                .next()
                .is_some()
            || disguises::in_text(host, own)
    };
    if without_traces::<STACK, _>(is_address) {
        return Cow::Borrowed(GONE);
    }
    words::lower(host)
}

/// Hosts whose last label is a number are addresses to a browser, in octal, hexadecimal or one piece.
fn is_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let digits = hex.map_or_else(
        || last.bytes().all(|byte| byte.is_ascii_digit()),
        |hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
    );
    digits && !last.is_empty()
}

/// Most texts are left as they are, and stay in the registers of whoever asks.
#[inline]
fn scrub<'a>(text: &'a str, longest: usize, dots: Dots, own: &ClientIp) -> Text<'a> {
    if text.is_empty() || known::is_harmless(text) {
        return Cow::Borrowed(cut(text, longest));
    }
    without_traces::<STACK, _>(|| scrub_closely(text, longest, dots, own))
}

fn scrub_closely<'a>(text: &'a str, longest: usize, dots: Dots, own: &ClientIp) -> Text<'a> {
    let text = without_controls(text);
    if hides_address(&text, dots, own) {
        return Cow::Borrowed(GONE);
    }
    let found: Vec<_> = literals::find(&text, dots, Some(own)).collect();
    let clean = without(text, found);
    if disguises::in_text(&clean, own) {
        return Cow::Borrowed(GONE);
    }
    shortened(clean, longest)
}

/// The text with a mark in the place of each of `found`.
fn without(text: Text<'_>, found: Vec<Range<usize>>) -> Text<'_> {
    if found.is_empty() {
        return text;
    }
    let mut clean = text.into_owned();
    for run in found.into_iter().rev() {
        clean.replace_range(run, GONE);
    }
    Cow::Owned(clean)
}

/// Cut last: half an address is one that nothing recognises.
fn shortened(text: Text<'_>, longest: usize) -> Text<'_> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text, longest)),
        Cow::Owned(mut text) => {
            text.truncate(text.floor_char_boundary(longest));
            Cow::Owned(text)
        }
    }
}

/// At most `longest` bytes, ending where a character ends.
fn cut(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

fn without_controls(text: &str) -> Text<'_> {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) || !text.chars().any(char::is_control)
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|letter| !letter.is_control()).collect())
}

/// Whether an address shows once percent-encoding is taken off; such text is dropped whole, since
/// no one can say which of its bytes are the address.
fn hides_address(text: &str, dots: Dots, own: &ClientIp) -> bool {
    let mut layer = Cow::Borrowed(text.as_bytes());
    for _ in 0..LAYERS {
        if !layer.contains(&b'%') {
            return false;
        }
        layer = Cow::Owned(percent_decoded(&layer));
        let text = String::from_utf8_lossy(&layer);
        let is_found = literals::find(&text, dots, Some(own)).next().is_some();
        if is_found || disguises::in_text(&text, own) {
            return true;
        }
    }
    false
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let pair = digit(tail.first()).zip(digit(tail.get(1)));
        if let (b'%', Some((high, low))) = (first, pair) {
            decoded.push((high << 4 | low) as u8);
            rest = &tail[2..];
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    decoded
}

#[cfg(test)]
mod tests;

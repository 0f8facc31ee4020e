//! The head of one request: what the router, the ecosystems and the recorder look at.
//!
//! A [`Head`] borrows from the bytes at the front door or from Pingora's parsed header, so both
//! ways through the gateway ask the same questions of the same type. [`check_raw`] and [`Head::new`]
//! refuse what no download client sends and attackers do (RFC 9112 §2.2, §3.2, §6.3).

use std::borrow::Cow;

use weir_config::catalogue::Index;

pub(crate) use crate::fields::Fields;
use crate::fields::bits;
use crate::optout;

/// Longest request target, in bytes.
pub(crate) const MAX_TARGET: usize = 8 * 1024;

/// Why a request is not even looked at. No event is written and nothing is routed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The head breaks HTTP, or only an attack looks like it.
    #[error("{0}")]
    Bad(&'static str),
    /// A method that downloads do not use.
    #[error("this server answers GET and HEAD")]
    Method,
    /// The target is longer than [`MAX_TARGET`].
    #[error("request target too long")]
    TargetTooLong,
    /// The head is larger than the door lets in.
    #[error("request head too large")]
    HeadTooLarge,
}

impl Refusal {
    /// The one table from refusal to status.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Bad(_) => 400,
            Self::Method => 405,
            Self::TargetTooLong => 414,
            Self::HeadTooLarge => 431,
        }
    }
}

/// Methods that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Head,
    Post,
    Options,
}

impl Method {
    fn parse(method: &str) -> Result<Self, Refusal> {
        match method {
            "GET" => Ok(Self::Get),
            "HEAD" => Ok(Self::Head),
            "POST" => Ok(Self::Post),
            "OPTIONS" => Ok(Self::Options),
            _ => Err(Refusal::Method),
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Options => "OPTIONS",
        }
    }
}

/// One request's head, checked.
pub(crate) struct Head<'a> {
    pub(crate) method: Method,
    /// Path and query as they came, behind `prefix`.
    pub(crate) target: &'a str,
    /// Raw, begins with a slash, safe to route and to repeat in a `Location`.
    pub(crate) path: &'a str,
    /// Raw, without the question mark.
    pub(crate) query: Option<&'a str>,
    /// Lower case, without port or final dot, and without the word that makes a domain's uncounted name.
    pub(crate) host: Cow<'a, str>,
    /// What stood before the path and stands before every address here that this client is given: nothing, or
    /// [`optout::PREFIX`].
    pub(crate) prefix: &'static str,
    /// The sender asked not to be counted.
    pub(crate) opted_out: bool,
    /// The `Host` field as it came, port included.
    pub(crate) authority: &'a str,
    pub(crate) fields: Fields<'a>,
}

impl<'a> Head<'a> {
    /// Checks method, target, host and framing.
    pub(crate) fn new(method: &str, target: &'a str, fields: Fields<'a>) -> Result<Self, Refusal> {
        let method = Method::parse(method)?;
        if target.len() > MAX_TARGET {
            return Err(Refusal::TargetTooLong);
        }
        if !target.starts_with('/') {
            return Err(Refusal::Bad("the request target must be a path"));
        }
        let uncounted = optout::behind_prefix(target);
        let target = uncounted.unwrap_or(target);
        let (path, query) = match memchr::memchr(b'?', target.as_bytes()) {
            Some(mark) => (&target[..mark], Some(&target[mark + 1..])),
            None => (target, None),
        };
        check_path(path)?;
        query.map_or(Ok(()), check_query)?;
        check_framing(method, fields)?;
        let authority = sole_host(fields)?;
        let host = weir_config::host_name(authority).ok_or(Refusal::Bad("malformed Host"))?;
        let (host, on_uncounted_host) = without_uncounted(host);
        Ok(Self {
            method,
            target,
            path,
            query,
            host,
            prefix: uncounted.map_or("", |_| optout::PREFIX),
            opted_out: uncounted.is_some() || on_uncounted_host || optout::by_field(fields),
            authority,
            fields,
        })
    }

    /// The first field called `name`, if it is text.
    pub(crate) fn field(&self, name: &'static str) -> Option<&'a str> {
        self.fields.first(name)
    }

    /// A field's text, or nothing.
    pub(crate) fn text(&self, name: &'static str) -> &'a str {
        self.field(name).unwrap_or_default()
    }

    /// Tells `with` each field, in their order.
    pub(crate) fn each_field(&self, with: impl FnMut(&'a str, &'a [u8])) {
        self.fields.each(with);
    }

    /// The values of every field called `name` as the one list they are (RFC 9110 §5.3).
    pub(crate) fn list(&self, name: &'static str) -> Cow<'a, str> {
        if !self.fields.may_repeat(name) {
            return Cow::Borrowed(self.text(name));
        }
        let mut values = self
            .fields
            .all(name)
            .filter_map(|value| std::str::from_utf8(value).ok());
        let first = values.next().unwrap_or_default();
        values.fold(Cow::Borrowed(first), |list, value| {
            Cow::Owned(format!("{list}, {value}"))
        })
    }

    /// The path at which `index` is served to this client, without a slash at its end.
    pub(crate) fn mount(&self, index: &Index) -> String {
        format!("{}{}", self.prefix, index.path.trim_end_matches('/'))
    }

    /// The client has a copy and wants the thing only if it changed (RFC 9110 §13.1).
    pub(crate) fn is_conditional(&self) -> bool {
        self.field("if-none-match").is_some() || self.field("if-modified-since").is_some()
    }

    /// The request asks for the beginning of the thing, not for a later piece of it (RFC 9110 §14.2).
    pub(crate) fn wants_start(&self) -> bool {
        self.field("range")
            .is_none_or(|range| range.trim().starts_with("bytes=0-"))
    }
}

/// Refuses bytes that must not stand in a head: bare CR or LF, NUL and other controls.
pub(crate) fn check_raw(head: &[u8]) -> Result<(), Refusal> {
    let is_control =
        |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n') || byte == 0x7f;
    let controls = head
        .iter()
        .fold(0, |found, &byte| found | u8::from(is_control(byte)));
    // A return and a feed are always side by side, within and at both ends.
    let pairs = head.iter().zip(head.iter().skip(1));
    let parted = pairs.fold(0, |found, (&first, &second)| {
        found | u8::from((first == b'\r') != (second == b'\n'))
    });
    let parted_at_end = head.first() == Some(&b'\n') || head.last() == Some(&b'\r');
    if controls | parted != 0 || parted_at_end {
        return Err(Refusal::Bad("control character in the request head"));
    }
    Ok(())
}

fn sole_host(fields: Fields<'_>) -> Result<&str, Refusal> {
    if fields.may_repeat("host") && fields.all("host").count() > 1 {
        return Err(Refusal::Bad("exactly one Host is needed"));
    }
    match fields.first("host") {
        Some(host) => Ok(host),
        None if fields.all("host").next().is_some() => Err(Refusal::Bad("malformed Host")),
        None => Err(Refusal::Bad("exactly one Host is needed")),
    }
}

/// The domain that is meant, and whether it was asked for by its uncounted name.
fn without_uncounted(host: Cow<'_, str>) -> (Cow<'_, str>, bool) {
    match host {
        Cow::Borrowed(host) => match optout::behind_host(host) {
            Some(domain) => (Cow::Borrowed(domain), true),
            None => (Cow::Borrowed(host), false),
        },
        Cow::Owned(host) => match optout::behind_host(&host) {
            Some(domain) => (Cow::Owned(domain.to_owned()), true),
            None => (Cow::Owned(host), false),
        },
    }
}

/// Message framing that two servers could read differently (RFC 9112 §6.1, §6.3).
fn check_framing(method: Method, fields: Fields<'_>) -> Result<(), Refusal> {
    const CODING: &str = "transfer-encoding";
    const LENGTH: &str = "content-length";
    if !fields.may_have_any(const { bits(&[CODING, LENGTH]) }) {
        return Ok(());
    }
    let mut codings = fields.all(CODING);
    let coding = codings.next();
    let mut lengths = fields.all(LENGTH);
    let length = lengths.next();
    if lengths.next().is_some() {
        return Err(Refusal::Bad("more than one Content-Length"));
    }
    if length.is_some_and(|length| length.is_empty() || !length.iter().all(u8::is_ascii_digit)) {
        return Err(Refusal::Bad("malformed Content-Length"));
    }
    if coding.is_some() && (length.is_some() || method != Method::Post) {
        return Err(Refusal::Bad("unexpected Transfer-Encoding"));
    }
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"chunked"))
        || codings.next().is_some()
    {
        return Err(Refusal::Bad("unknown Transfer-Encoding"));
    }
    if method != Method::Post
        && length.is_some_and(|length| length.iter().any(|&digit| digit != b'0'))
    {
        return Err(Refusal::Bad("unexpected body"));
    }
    Ok(())
}

/// Refuses paths that mean something else after one more reading: dot segments, backslashes,
/// controls, broken or doubled percent-encoding of any of these.
pub(crate) fn check_path(path: &str) -> Result<(), Refusal> {
    // Without a branch: most paths are through with this.
    let is_ordinary = |byte: u8| matches!(byte, 0x21..0x7f) && byte != b'%' && byte != b'\\';
    let strange = path
        .bytes()
        .fold(0, |found, byte| found | u8::from(!is_ordinary(byte)));
    let has_encoded_slash = strange != 0 && check_escapes(path.as_bytes())?;
    // An encoded slash parts segments too: an upstream may decode it before it resolves dots.
    let is_climb = has_dot_segment(path)
        || has_encoded_slash && has_dot_segment(&path.replace("%2F", "/").replace("%2f", "/"));
    if is_climb {
        return Err(Refusal::Bad("dot segment in the path"));
    }
    Ok(())
}

/// Checks each character, raw or percent-encoded; whether a slash is encoded.
fn check_escapes(bytes: &[u8]) -> Result<bool, Refusal> {
    let mut has_encoded_slash = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' | 0..=0x20 | 0x7f.. => {
                return Err(Refusal::Bad("character not allowed in a path"));
            }
            b'%' => {
                let byte =
                    encoded_byte(&bytes[at..]).ok_or(Refusal::Bad("broken percent-encoding"))?;
                if matches!(byte, 0..=0x1f | 0x7f | b'\\') {
                    return Err(Refusal::Bad("character not allowed in a path"));
                }
                if byte == b'%' && doubly_encoded(&bytes[at + 3..]) {
                    return Err(Refusal::Bad("doubled percent-encoding"));
                }
                has_encoded_slash |= byte == b'/';
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(has_encoded_slash)
}

fn check_query(query: &str) -> Result<(), Refusal> {
    let bad = |byte: u8| matches!(byte, 0..=0x20 | 0x7f..);
    let encoded_control = query
        .as_bytes()
        .windows(3)
        .any(|window| window[0] == b'%' && matches!(encoded_byte(window), Some(0 | b'\r' | b'\n')));
    if query.bytes().any(bad) || encoded_control {
        return Err(Refusal::Bad("character not allowed in a query"));
    }
    Ok(())
}

/// The byte that `%XX` at the start of `bytes` stands for.
fn encoded_byte(bytes: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*bytes.get(1)?)? << 4 | digit(*bytes.get(2)?)?) as u8)
}

/// What follows `%25` would, decoded a second time, be a dot, a slash, a backslash or a control.
fn doubly_encoded(rest: &[u8]) -> bool {
    let digit = |at: usize| rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    match (digit(0), digit(1)) {
        (Some(high), Some(low)) => {
            matches!((high << 4 | low) as u8, 0..=0x1f | b'.' | b'/' | b'\\')
        }
        _ => false,
    }
}

fn has_dot_segment(path: &str) -> bool {
    may_have_dot_segment(path.as_bytes()) && path.split(['/', ';']).any(is_dot_segment)
}

/// Whether a segment begins as one of dots does: few paths have one. Without a branch, so that many bytes are looked
/// at together.
fn may_have_dot_segment(path: &[u8]) -> bool {
    let parts = |byte: u8| u8::from(byte == b'/') | u8::from(byte == b';');
    let is_dot = |byte: u8| u8::from(byte == b'.') | u8::from(byte == b'%');
    let behind = path.get(1..).unwrap_or_default();
    let begins = path.iter().zip(behind);
    let begins = begins.fold(0, |found, (&byte, &next)| {
        found | parts(byte) & is_dot(next)
    });
    begins != 0 || path.first().is_some_and(|&first| is_dot(first) != 0)
}

fn is_dot_segment(segment: &str) -> bool {
    let mut rest = segment.as_bytes();
    let mut dots = 0;
    while let [first, tail @ ..] = rest {
        rest = match first {
            b'.' => tail,
            b'%' if encoded_byte(rest) == Some(b'.') => &rest[3..],
            _ => return false,
        };
        dots += 1;
    }
    matches!(dots, 1 | 2)
}

#[cfg(test)]
mod tests;

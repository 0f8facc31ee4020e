//! The head of one request: what the router, the ecosystems and the recorder look at.
//!
//! A [`Head`] borrows from the bytes at the front door or from Pingora's parsed header, so both
//! ways through the gateway ask the same questions of the same type. [`check_raw`] and [`Head::new`]
//! refuse what no download client sends and attackers do (RFC 9112 §2.2, §3.2, §6.3).

use std::borrow::Cow;

use http::HeaderMap;

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

/// Header fields, wherever they lie.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'a> {
    /// As the front door parsed them.
    Raw(&'a [httparse::Header<'a>]),
    /// As Pingora holds them.
    Map(&'a HeaderMap),
}

impl<'a> Fields<'a> {
    /// The values of every field called `name` that are text.
    fn all(self, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
        let (raw, map) = match self {
            Self::Raw(fields) => (Some(fields), None),
            Self::Map(map) => (None, Some(map)),
        };
        let raw = raw
            .unwrap_or_default()
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value);
        let map = map
            .into_iter()
            .flat_map(move |map| map.get_all(name))
            .map(http::HeaderValue::as_bytes);
        raw.chain(map)
    }
}

/// One request's head, checked.
pub(crate) struct Head<'a> {
    pub(crate) method: Method,
    /// Path and query as they came.
    pub(crate) target: &'a str,
    /// Raw, begins with a slash, safe to route and to repeat in a `Location`.
    pub(crate) path: &'a str,
    /// Raw, without the question mark.
    pub(crate) query: Option<&'a str>,
    /// Lower case, without port or final dot.
    pub(crate) host: Cow<'a, str>,
    /// The `Host` field as it came, port included.
    pub(crate) authority: &'a str,
    fields: Fields<'a>,
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
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        check_path(path)?;
        query.map_or(Ok(()), check_query)?;
        check_framing(method, fields)?;
        let authority = sole_host(fields)?;
        let host = weir_config::host_name(authority).ok_or(Refusal::Bad("malformed Host"))?;
        Ok(Self {
            method,
            target,
            path,
            query,
            host,
            authority,
            fields,
        })
    }

    /// The first field called `name`, if it is text.
    pub(crate) fn field(&self, name: &'static str) -> Option<&'a str> {
        self.fields
            .all(name)
            .next()
            .and_then(|value| std::str::from_utf8(value).ok())
    }

    /// A field's text, or nothing.
    pub(crate) fn text(&self, name: &'static str) -> &'a str {
        self.field(name).unwrap_or_default()
    }

    /// The values of every field called `name` as the one list they are (RFC 9110 §5.3).
    pub(crate) fn list(&self, name: &'static str) -> Cow<'a, str> {
        let mut values = self
            .fields
            .all(name)
            .filter_map(|value| std::str::from_utf8(value).ok());
        let first = values.next().unwrap_or_default();
        values.fold(Cow::Borrowed(first), |list, value| {
            Cow::Owned(format!("{list}, {value}"))
        })
    }

    /// The sender asked not to be counted (Tracking Preference Expression; Global Privacy Control).
    pub(crate) fn opted_out(&self) -> bool {
        self.field("dnt") == Some("1") || self.field("sec-gpc") == Some("1")
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
///
/// Controls are looked for in one pass that the compiler can do many bytes at a time; line ends, of
/// which there are few, after that.
pub(crate) fn check_raw(head: &[u8]) -> Result<(), Refusal> {
    let is_control =
        |&byte: &u8| byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n') || byte == 0x7f;
    let controls = head
        .iter()
        .map(|byte| u32::from(is_control(byte)))
        .sum::<u32>();
    let bare_feed = |at: usize| at == 0 || head[at - 1] != b'\r';
    let bare_return = |at: usize| head.get(at + 1) != Some(&b'\n');
    if controls > 0
        || memchr::memchr_iter(b'\n', head).any(bare_feed)
        || memchr::memchr_iter(b'\r', head).any(bare_return)
    {
        return Err(Refusal::Bad("control character in the request head"));
    }
    Ok(())
}

fn sole_host(fields: Fields<'_>) -> Result<&str, Refusal> {
    let mut hosts = fields.all("host");
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => std::str::from_utf8(host).map_err(|_| Refusal::Bad("malformed Host")),
        _ => Err(Refusal::Bad("exactly one Host is needed")),
    }
}

/// Message framing that two servers could read differently (RFC 9112 §6.1, §6.3).
fn check_framing(method: Method, fields: Fields<'_>) -> Result<(), Refusal> {
    let mut codings = fields.all("transfer-encoding");
    let coding = codings.next();
    let mut lengths = fields.all("content-length");
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
    let bytes = path.as_bytes();
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
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    if path
        .split('/')
        .flat_map(|segment| segment.split(';'))
        .any(is_dot_segment)
    {
        return Err(Refusal::Bad("dot segment in the path"));
    }
    Ok(())
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
mod tests {
    use super::*;

    fn head<'a>(
        method: &str,
        target: &'a str,
        fields: &'a [httparse::Header<'a>],
    ) -> Result<Head<'a>, Refusal> {
        Head::new(method, target, Fields::Raw(fields))
    }

    fn field<'a>(name: &'a str, value: &'a str) -> httparse::Header<'a> {
        httparse::Header {
            name,
            value: value.as_bytes(),
        }
    }

    #[test]
    fn ordinary_paths_pass_as_they_came() {
        for path in [
            "/",
            "/a/b.tar.gz",
            "/@scope%2fname",
            "/x/1.0%2B2",
            "/a//b",
            "/100%25.txt",
            "/a/.hidden",
            "/a...b",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn paths_that_change_meaning_are_refused() {
        for path in [
            "/../x",
            "/a/..",
            "/a/./b",
            "/%2e%2e/x",
            "/.%2E/x",
            "/a;..;/b",
            "/%252e%252e/x",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%0d%0aX",
            "/a%7f",
            "/a%zz",
            "/a%2",
            "/a b",
            "/ä",
        ] {
            assert!(check_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn one_host_and_a_path_are_required() {
        let host = [field("Host", "Get.Acme.Example:8080")];
        let ok = head("GET", "/x?y", &host).expect("an ordinary request");
        assert_eq!(
            (ok.host.as_ref(), ok.path, ok.query),
            ("get.acme.example", "/x", Some("y"))
        );
        assert!(head("GET", "/x", &[]).is_err());
        assert!(head("GET", "/x", &[field("host", "a"), field("host", "a")]).is_err());
        assert!(head("GET", "http://a/x", &host).is_err());
        assert!(head("GET", "/x", &[field("host", "a b")]).is_err());
        assert!(head("GET", "/x", &[field("host", "a/x")]).is_err());
        assert!(head("GET", "/x", &[field("host", "a@b")]).is_err());
        assert_eq!(head("TRACE", "/x", &host).err(), Some(Refusal::Method));
    }

    #[test]
    fn ambiguous_framing_is_refused() {
        let host = field("host", "a");
        for fields in [
            vec![host, field("transfer-encoding", "chunked")],
            vec![
                host,
                field("content-length", "1"),
                field("content-length", "1"),
            ],
            vec![host, field("content-length", "+5")],
            vec![host, field("content-length", "5")],
        ] {
            assert!(head("GET", "/x", &fields).is_err());
        }
        let both = [
            host,
            field("content-length", "5"),
            field("transfer-encoding", "chunked"),
        ];
        assert!(head("POST", "/x", &both).is_err());
        let coded =
            |coding| head("POST", "/x", &[host, field("transfer-encoding", coding)]).map(|_| ());
        assert_eq!(coded("Chunked"), Ok(()));
        assert!(
            coded("xchunked").is_err()
                && coded("chunked, identity").is_err()
                && coded("identity, chunked").is_err()
        );
        assert!(head("GET", "/x", &[host, field("content-length", "0")]).is_ok());
    }

    #[test]
    fn bare_line_ends_and_controls_are_refused() {
        assert_eq!(
            check_raw(b"GET / HTTP/1.1\r\nHost: a\r\nX:\ty\r\n\r\n"),
            Ok(())
        );
        for raw in [
            &b"GET / HTTP/1.1\nHost: a\r\n\r\n"[..],
            b"GET / HTTP/1.1\rHost: a\r\n\r\n",
            b"GET /\0 HTTP/1.1\r\n\r\n",
        ] {
            assert!(check_raw(raw).is_err());
        }
    }
}

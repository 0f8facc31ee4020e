//! What an upstream says before its body.

use std::mem::MaybeUninit;

use httparse::{Header, ParserConfig, Response, Status};

use super::body::Body;
use super::chunks::Chunks;
use crate::head::Method;
use crate::passing;

/// Largest head of an answer, in bytes, and most fields of one: more than any file needs, and what Pingora reads.
pub(super) const MAX_HEAD: usize = 1024 * 1024;
const MAX_FIELDS: usize = 256;

/// The head of an answer.
pub(super) struct Heard<'a> {
    /// How many bytes it takes.
    pub(super) size: usize,
    pub(super) status: u16,
    pub(super) reason: &'a str,
    pub(super) fields: &'a [Header<'a>],
    pub(super) body: Body,
    /// As the answer says, also where there is no body.
    pub(super) length: Option<u64>,
    /// The connection may be used again.
    pub(super) lasts: bool,
    /// A value may come in several lines (RFC 9112 §5.2).
    pub(super) folded: bool,
}

/// Why an answer cannot be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unclear {
    #[error("InvalidHTTPHeader")]
    Malformed,
    /// Two readers could find its end in different places (RFC 9112 §6.3).
    #[error("InvalidHTTPHeader")]
    Framing,
}

/// Reads the head at the start of `bytes`, an answer to `method`, `with` it; nothing as long as it is not whole.
pub(super) fn read<T>(
    bytes: &[u8],
    method: Method,
    with: impl FnOnce(Heard<'_>) -> T,
) -> Result<Option<T>, Unclear> {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut response = Response::new(&mut []);
    let parser = ParserConfig::default();
    let mut parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    let folded = parsed.is_err();
    if folded {
        response = Response::new(&mut []);
        parsed = forgiving().parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    }
    let size = match parsed {
        Ok(Status::Complete(size)) => size,
        Ok(Status::Partial) if bytes.len() < MAX_HEAD => return Ok(None),
        Ok(Status::Partial) | Err(_) => return Err(Unclear::Malformed),
    };
    let (status, minor) = (response.code.unwrap_or(0), response.version.unwrap_or(0));
    let heard = Heard {
        size,
        status,
        reason: response.reason.unwrap_or_default(),
        fields: response.headers,
        body: Body::EMPTY,
        length: None,
        lasts: false,
        folded,
    };
    // There is none to be had of those that would upgrade, since nobody asked for it.
    if !matches!(status, 100 | 102..1000) {
        return Err(Unclear::Malformed);
    }
    Ok(Some(with(heard.framed(method, minor)?)))
}

/// What upstreams are forgiven is what Pingora forgives them.
fn forgiving() -> ParserConfig {
    let mut parser = ParserConfig::default();
    parser.allow_spaces_after_header_name_in_responses(true);
    parser.allow_obsolete_multiline_headers_in_responses(true);
    parser
}

impl<'a> Heard<'a> {
    /// The values of all fields called `name`.
    pub(super) fn all(&self, name: &'static str) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let fields = self.fields.iter();
        fields
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    }

    /// More is to come: this is no answer yet (RFC 9110 §15.2). No client of downloads asks for it or waits for it, so it
    /// goes no further.
    pub(super) fn is_interim(&self) -> bool {
        self.status < 200
    }

    fn framed(self, method: Method, minor: u8) -> Result<Self, Unclear> {
        let chunked = passing::is_chunked(self.all("transfer-encoding")).ok_or(Unclear::Framing)?;
        // A coding has precedence, and the length is not passed on (RFC 9112 §6.3).
        let length = if chunked {
            None
        } else {
            length(self.all("content-length"))?
        };
        let body = match length {
            _ if method == Method::Head || matches!(self.status, ..200 | 204 | 304) => Body::EMPTY,
            _ if chunked => Body::Chunked(Chunks::default()),
            Some(length) => Body::Length(length),
            None => Body::UntilClose,
        };
        Ok(Self {
            // A coding within HTTP/1.0 is a sign of one who passes on what they do not understand (RFC 9112 §6.1).
            lasts: minor == 1 && body != Body::UntilClose && !self.says_close(),
            body,
            length,
            ..self
        })
    }

    fn says_close(&self) -> bool {
        let mut options = self
            .all("connection")
            .flat_map(|list| list.split(|&byte| byte == b','));
        options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    }
}

/// What all of `lengths` say, if they say the same.
fn length<'a>(lengths: impl Iterator<Item = &'a [u8]>) -> Result<Option<u64>, Unclear> {
    let mut said = None;
    for length in lengths.flat_map(|list| list.split(|&byte| byte == b',')) {
        let length = length.trim_ascii();
        let digits = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(length).ok().filter(|_| digits);
        let number = number.and_then(|digits| digits.parse::<u64>().ok());
        if number.is_none() || said.is_some_and(|said| Some(said) != number) {
            return Err(Unclear::Framing);
        }
        said = number;
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framing(method: Method, head: &str) -> Result<Option<(Body, Option<u64>, bool)>, Unclear> {
        let head = format!("{head}\r\n\r\n").replace('|', "\r\n");
        read(head.as_bytes(), method, |heard| {
            (heard.body, heard.length, heard.lasts)
        })
    }

    #[test]
    fn the_end_of_an_answer_is_where_the_protocol_says() {
        let chunks = Body::Chunked(Chunks::default());
        for (head, body, length, lasts) in [
            (
                "HTTP/1.1 200 OK|Content-Length: 5",
                Body::Length(5),
                Some(5),
                true,
            ),
            (
                "HTTP/1.1 404|content-length:5,5",
                Body::Length(5),
                Some(5),
                true,
            ),
            (
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5",
                Body::Length(5),
                Some(5),
                true,
            ),
            (
                "HTTP/1.1 200 OK|Transfer-Encoding: Chunked",
                chunks,
                None,
                true,
            ),
            (
                "HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: chunked",
                chunks,
                None,
                true,
            ),
            ("HTTP/1.1 200 OK", Body::UntilClose, None, false),
            (
                "HTTP/1.0 200 OK|Content-Length: 5",
                Body::Length(5),
                Some(5),
                false,
            ),
            (
                "HTTP/1.1 200 OK|Content-Length: 5|Connection: x, Close",
                Body::Length(5),
                Some(5),
                false,
            ),
            (
                "HTTP/1.1 304 Not Modified|Content-Length: 5",
                Body::EMPTY,
                Some(5),
                true,
            ),
            ("HTTP/1.1 204 No Content", Body::EMPTY, None, true),
        ] {
            assert_eq!(
                framing(Method::Get, head),
                Ok(Some((body, length, lasts))),
                "{head}"
            );
        }
        let head = "HTTP/1.1 200 OK|Content-Length: 5";
        assert_eq!(
            framing(Method::Head, head),
            Ok(Some((Body::EMPTY, Some(5), true)))
        );
    }

    #[test]
    fn what_two_readers_could_end_in_different_places_is_no_answer() {
        for field in [
            "Content-Length: 5|Content-Length: 6",
            "Content-Length: 5, 6",
            "Content-Length: +5",
            "Content-Length: 5 5",
            "Content-Length:",
            "Content-Length: 99999999999999999999",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
            "Transfer-Encoding: xchunked|Content-Length: 5",
        ] {
            let head = format!("HTTP/1.1 200 OK|{field}");
            assert_eq!(
                framing(Method::Get, &head),
                Err(Unclear::Framing),
                "{field}"
            );
        }
        for head in [
            "HTTP/1.1 101 Switching Protocols",
            "HTTP/1.1 0 x",
            "SSH-2.0-x",
        ] {
            assert_eq!(
                framing(Method::Get, head),
                Err(Unclear::Malformed),
                "{head}"
            );
        }
    }

    #[test]
    fn a_head_is_waited_for_and_has_an_end() {
        let part = b"HTTP/1.1 200 OK\r\nServer: x";
        assert!(matches!(read(part, Method::Get, |_| ()), Ok(None)));
        let endless = [&part[..], &vec![b'x'; MAX_HEAD]].concat();
        assert_eq!(read(&endless, Method::Get, |_| ()), Err(Unclear::Malformed));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes, Method::Get, |_| ());
            let _ = read(&[b"HTTP/1.1 200 OK\r\n", &bytes[..]].concat(), Method::Get, |_| ());
        }
    }
}

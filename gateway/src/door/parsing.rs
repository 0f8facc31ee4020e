//! A head's bytes as a request line and fields.

use std::mem::MaybeUninit;

use super::MAX_FIELDS;
use super::usual::{self, TextFields};
use crate::head::{Fields, Refusal, check_raw};

/// A request line, and where the head ends.
#[derive(Clone, Copy)]
pub(super) struct Parsed<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    /// The minor one.
    pub(super) version: u8,
    /// Bytes of the head, the empty line included.
    pub(super) length: usize,
}

/// Runs `with` what the head at the start of `bytes`, which is there whole, says.
pub(super) fn read<T>(
    bytes: &[u8],
    with: impl FnOnce(Result<Parsed<'_>, Refusal>, Fields<'_>) -> T,
) -> T {
    let mut fields = TextFields::new();
    match usual::read(bytes, &mut fields) {
        Some(parsed) => with(Ok(parsed), Fields::text(&fields)),
        None => closer(bytes, with),
    }
}

/// The same for a head that is not as usual.
#[cold]
fn closer<T>(bytes: &[u8], with: impl FnOnce(Result<Parsed<'_>, Refusal>, Fields<'_>) -> T) -> T {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut request = httparse::Request::new(&mut []);
    let parsed = parse(&mut request, &mut fields, bytes);
    with(parsed, Fields::raw(request.headers))
}

/// Reads the head at the start of `bytes`, which is there whole, and its fields into `request`.
pub(super) fn parse<'h, 'a>(
    request: &mut httparse::Request<'h, 'a>,
    fields: &'h mut [MaybeUninit<httparse::Header<'a>>],
    bytes: &'a [u8],
) -> Result<Parsed<'a>, Refusal> {
    let parsed = request.parse_with_uninit_headers(bytes, fields);
    let bytes = match parsed {
        Ok(httparse::Status::Complete(length)) => &bytes[..length],
        Ok(httparse::Status::Partial) | Err(_) => bytes,
    };
    check_raw(bytes)?;
    match parsed {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::HeadTooLarge),
        Ok(httparse::Status::Partial) | Err(_) => {
            return Err(Refusal::Bad("malformed request head"));
        }
    }
    match (request.method, request.path, request.version) {
        (Some(method), Some(target), Some(version)) => Ok(Parsed {
            method,
            target,
            version,
            length: bytes.len(),
        }),
        _ => Err(Refusal::Bad("malformed request head")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::door::MAX_FIELDS;

    /// What the parser makes of `bytes`, and what it would after a look at every byte.
    fn both_ways(bytes: &[u8]) -> [Result<(String, String, u8, usize), Refusal>; 2] {
        let parsed = |checked: bool| {
            let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
            let mut request = httparse::Request::new(&mut []);
            let parsed = parse(&mut request, &mut fields, bytes);
            if checked {
                // What stands behind a head is none of its own.
                let length = parsed.map_or(bytes.len(), |parsed| parsed.length);
                check_raw(&bytes[..length])?;
            }
            let Parsed {
                method,
                target,
                version,
                length,
            } = parsed?;
            Ok((method.to_owned(), target.to_owned(), version, length))
        };
        [parsed(false), parsed(true)]
    }

    #[test]
    fn a_feed_alone_is_refused_wherever_the_parser_would_take_it() {
        for bytes in [
            &b"GET / HTTP/1.1\nHost: a\r\n\r\n"[..],
            b"GET / HTTP/1.1\r\nHost: a\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\n",
            b"GET / HTTP/1.1\n\nHost: a\r\n\r\n",
            b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\r\nGET / HTTP/1.1\r\nHost: a\n\r\n",
            b"GET / HTTP/1.1\r\nHost: \n\r\n",
            b"GET / HTTP/1.1\r\nHost: a \n\r\n",
            b"GET / HTTP/1.1\r\nHost:\nAccept: a\r\n\r\n",
        ] {
            let refusal = Refusal::Bad("control character in the request head");
            assert_eq!(
                both_ways(bytes)[0],
                Err(refusal),
                "{}",
                bytes.escape_ascii()
            );
        }
    }

    #[test]
    fn a_head_ends_where_the_next_begins() {
        let head = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
        let parsed = Ok(("GET".to_owned(), "/a".to_owned(), 1, head.len()));
        for next in [
            &b""[..],
            b"GET /b HTTP/1.1\r\nHost: b\r\n\r\n",
            b"\0\n\r\n\r\n",
        ] {
            assert_eq!(both_ways(&[&head[..], next].concat())[0], parsed);
        }
    }

    /// Heads with something wrong here and there.
    fn head() -> impl Strategy<Value = Vec<u8>> {
        let end = || prop_oneof![8 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r"), 1 => Just("\r\n\r\n")];
        let value = prop_oneof![8 => Just("a"), 1 => Just("\t"), 1 => Just("\0"), 1 => Just("\x7f"), 1 => Just("\u{e9}")];
        let field = ("[a-z]{1,3}:", value, end());
        let fields = proptest::collection::vec(field, 0..4);
        (end(), fields, end()).prop_map(|(line, fields, last)| {
            let fields = fields
                .into_iter()
                .map(|(name, value, end)| format!("{name} {value}{end}"));
            format!("GET /a HTTP/1.1{line}{}{last}", fields.collect::<String>()).into_bytes()
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes: Vec<u8>) {
            let [parsed, checked] = both_ways(&bytes);
            prop_assert_eq!(parsed, checked);
        }

        #[test]
        fn what_a_look_at_every_byte_refuses_is_refused_and_nothing_else(head in head()) {
            let [parsed, checked] = both_ways(&head);
            prop_assert_eq!(parsed, checked);
        }
    }
}

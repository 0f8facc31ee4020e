//! Heads as nearly all clients write them, in one pass: GET or HEAD, fields of one line, printable ASCII throughout.
//!
//! Nothing is refused here. What is not read is left to the parser, which finds out what is wrong with it, if anything is.

use smallvec::SmallVec;

use super::MAX_FIELDS;
use super::parsing::Parsed;
use crate::fields::TextField;

/// Fields in their order; those of a usual head fit without a place of their own in memory.
pub(super) type TextFields<'a> = SmallVec<[TextField<'a>; 12]>;

/// Longest head that is read here, in bytes: what stands behind one is looked at in vain.
const LONGEST: usize = 2048;

/// Reads the head at the start of `bytes` as the parser would, and its fields into `fields`.
pub(super) fn read<'a>(bytes: &'a [u8], fields: &mut TextFields<'a>) -> Option<Parsed<'a>> {
    let text = std::str::from_utf8(&bytes[..bytes.len().min(LONGEST)]).ok()?;
    let (request_line, mut rest) = line(text)?;
    let (method, behind) = method(request_line)?;
    let (target, version) = version(behind)?;
    if has_blank(target) {
        return None;
    }
    loop {
        let (line, behind) = line(rest)?;
        rest = behind;
        if line.is_empty() {
            return Some(Parsed {
                method,
                target,
                version,
                length: text.len() - rest.len(),
            });
        }
        if fields.len() == MAX_FIELDS {
            return None;
        }
        fields.push(field(line)?);
    }
}

/// The first line, and what stands behind its end.
fn line(text: &str) -> Option<(&str, &str)> {
    let (line, behind) = text.split_at(printable(text.as_bytes()));
    Some((line, behind.strip_prefix("\r\n")?))
}

/// How many bytes at the start are printable ASCII, looking at eight at a time.
fn printable(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let others = others(u64::from_le_bytes(*word));
        if others != 0 {
            return at * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    let is_printable = |byte: &&u8| matches!(byte, b' '..=b'~');
    words.len() * 8 + rest.iter().take_while(is_printable).count()
}

/// The highest bit of each byte that is not printable, up to the first of these: behind it there may be more.
fn others(word: u64) -> u64 {
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let below_blank = word.wrapping_sub(each(b' ')) & !word;
    let above_tilde = word.wrapping_add(each(1)) | word;
    (below_blank | above_tilde) & each(0x80)
}

/// Without a branch, so that many bytes are looked at together.
fn has_blank(text: &str) -> bool {
    let found = text
        .bytes()
        .fold(0, |found, byte| found | u8::from(byte == b' '));
    found != 0
}

/// The method, and what stands behind it and its blank.
fn method(line: &str) -> Option<(&str, &str)> {
    let get = line.strip_prefix("GET ").map(|behind| ("GET", behind));
    get.or_else(|| line.strip_prefix("HEAD ").map(|behind| ("HEAD", behind)))
}

/// What stands before the version, and the minor one.
fn version(behind: &str) -> Option<(&str, u8)> {
    let latest = behind.strip_suffix(" HTTP/1.1").map(|target| (target, 1));
    latest.or_else(|| behind.strip_suffix(" HTTP/1.0").map(|target| (target, 0)))
}

/// A name and a value, of which blanks at both ends are no part (RFC 9112 §5).
fn field(line: &str) -> Option<TextField<'_>> {
    let colon = line.bytes().position(|byte| !IN_NAMES[usize::from(byte)])?;
    let value = line[colon..].strip_prefix(':')?;
    let value = value.strip_prefix(' ').unwrap_or(value);
    let has_blanks = value.starts_with(' ') || value.ends_with(' ');
    (colon > 0 && !has_blanks).then_some((&line[..colon], value))
}

/// What names of fields are made of in practice: all that RFC 9110 §5.6.2 allows but rare signs.
const IN_NAMES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;

    use proptest::prelude::*;

    use super::*;
    use crate::door::parsing::parse;

    type Read = (String, String, u8, usize, Vec<(String, Vec<u8>)>);

    fn here(bytes: &[u8]) -> Option<Read> {
        let mut fields = TextFields::new();
        let parsed = read(bytes, &mut fields)?;
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Some(all(parsed, fields.collect()))
    }

    fn by_the_parser(bytes: &[u8]) -> Option<Read> {
        let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut []);
        let parsed = parse(&mut request, &mut fields, bytes).ok()?;
        let fields = request.headers.iter();
        let fields = fields.map(|field| (field.name.to_owned(), field.value.to_vec()));
        Some(all(parsed, fields.collect()))
    }

    fn all(parsed: Parsed<'_>, fields: Vec<(String, Vec<u8>)>) -> Read {
        let Parsed {
            method,
            target,
            version,
            length,
        } = parsed;
        (
            method.to_owned(),
            target.to_owned(),
            version,
            length,
            fields,
        )
    }

    #[test]
    fn what_clients_send_is_read_here() {
        for head in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HEAD /a?b=c HTTP/1.0\r\nHost:a\r\nAccept: */*\r\nX-Empty:\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: get.acme.example:80\r\nUser-Agent: Wget/1.21.4 (linux-gnu; \"x\")\r\n\r\nGET",
        ] {
            assert!(here(head.as_bytes()).is_some(), "{head}");
            assert_eq!(here(head.as_bytes()), by_the_parser(head.as_bytes()));
        }
    }

    #[test]
    fn more_fields_than_there_may_be_are_left_to_the_parser() {
        let head =
            |fields: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "Accept: a\r\n".repeat(fields));
        assert!(here(head(MAX_FIELDS).as_bytes()).is_some());
        assert_eq!(here(head(MAX_FIELDS + 1).as_bytes()), None);
    }

    /// Heads with something unusual here and there.
    fn head() -> impl Strategy<Value = Vec<u8>> {
        let end = || prop_oneof![12 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r"), 1 => Just("\r\n\r\n")];
        let odd = || prop_oneof![8 => Just(""), 1 => Just(" "), 1 => Just("\t"), 1 => Just("\0"), 1 => Just("\u{e9}"), 1 => Just("\x7f"), 1 => Just("@")];
        let method = prop_oneof![6 => Just("GET"), 2 => Just("HEAD"), 1 => Just("POST"), 1 => Just("GE T"), 1 => Just("")];
        let version = prop_oneof![6 => Just("HTTP/1.1"), 1 => Just("HTTP/1.0"), 1 => Just("HTTP/2.0"), 1 => Just("")];
        let field = (
            odd(),
            "[a-zA-Z_!-]{0,3}",
            odd(),
            " {0,2}",
            "[a-z]{0,2}",
            odd(),
            "[a-z ]{0,2}",
            end(),
        )
            .prop_map(|(first, name, second, blank, value, third, more, end)| {
                format!("{first}{name}{second}:{blank}{value}{third}{more}{end}")
            });
        let fields = proptest::collection::vec(field, 0..4);
        (method, odd(), version, end(), fields, end()).prop_map(
            |(method, odd, version, end, fields, last)| {
                format!("{method} /a{odd} {version}{end}{}{last}", fields.concat()).into_bytes()
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_is_read_here_the_parser_reads_alike(head in head(), more in "[\\x00-\\xff]{0,4}") {
            let bytes = [head, more.into_bytes()].concat();
            if let Some(read) = here(&bytes) {
                prop_assert_eq!(Some(read), by_the_parser(&bytes));
            }
        }
    }
}

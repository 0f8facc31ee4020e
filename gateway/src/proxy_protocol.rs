//! The PROXY protocol, versions 1 and 2: who a proxy says is at the other end of what it passes on.
//!
//! It stands before the first request of a connection and says nothing of the later ones. Which peers
//! must send it is a setting, since the specification forbids to guess: whoever may choose to send it
//! may choose their address. Section numbers are those of the specification that comes with `HAProxy`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::head::Refusal;

/// What version 2 begins with; no request does (§2.2).
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// What version 1 begins with (§2.1).
const WORD: &[u8] = b"PROXY ";
/// Longest line of version 1, its end included (§2.1).
const LONGEST_LINE: usize = 107;
/// Bytes of version 2 before the addresses: signature, command, family and length.
const FIXED: usize = 16;
/// Most bytes of version 2; what proxies add, a certificate's name and the like, takes a few hundred.
const LONGEST: usize = 4096;
/// Bytes of both addresses and ports, by family.
const INET: usize = 12;
const INET6: usize = 36;
const UNIX: usize = 216;
/// Type of the field with a checksum (§2.2.3).
const CRC32C: u8 = 0x03;

const MISSING: Refusal = Refusal::Bad("a PROXY protocol header must come first from this peer");
const MALFORMED: Refusal = Refusal::Bad("malformed PROXY protocol header");
/// For peers that send one and need not, and for a second one.
pub(crate) const UNEXPECTED: Refusal = Refusal::Bad(
    "a PROXY protocol header where none may be: [gateway] proxy_protocol lists the peers that begin with one",
);

/// A header that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its bytes.
    pub(crate) length: usize,
    /// Who is at the other end; nobody else than the peer where the proxy speaks for itself, such as in
    /// a health check, or does not know.
    pub(crate) source: Option<IpAddr>,
}

/// Whether the bytes begin as a header does, as far as they go and far enough to tell.
pub(crate) fn begins(input: &[u8]) -> bool {
    input.starts_with(WORD) || input.starts_with(&SIGNATURE[..5])
}

/// Reads the header at the start of `input`; `None` while it is not whole.
pub(crate) fn read(input: &[u8]) -> Result<Option<Header>, Refusal> {
    if agree(input, WORD) {
        return line(input);
    }
    if agree(input, &SIGNATURE) {
        return binary(input);
    }
    Err(MISSING)
}

/// Whether one is the beginning of the other.
fn agree(input: &[u8], expected: &[u8]) -> bool {
    input.iter().zip(expected).all(|(one, other)| one == other)
}

/// Version 1: one line of text.
fn line(input: &[u8]) -> Result<Option<Header>, Refusal> {
    let bounded = &input[..input.len().min(LONGEST_LINE)];
    let Some(end) = memchr::memchr(b'\n', bounded) else {
        return if input.len() < LONGEST_LINE {
            Ok(None)
        } else {
            Err(MALFORMED)
        };
    };
    let words = bounded[..end].strip_suffix(b"\r").ok_or(MALFORMED)?;
    let words = std::str::from_utf8(&words[WORD.len()..]).map_err(|_| MALFORMED)?;
    Ok(Some(Header {
        length: end + 1,
        source: source(words)?,
    }))
}

/// The source that the words after `PROXY` name.
fn source(words: &str) -> Result<Option<IpAddr>, Refusal> {
    if words == "UNKNOWN" || words.starts_with("UNKNOWN ") {
        // What follows is to be ignored (§2.1).
        return Ok(None);
    }
    let words: Vec<&str> = words.splitn(6, ' ').collect();
    let [family, source, destination, source_port, destination_port] = words[..] else {
        return Err(MALFORMED);
    };
    let source = address(family, source).ok_or(MALFORMED)?;
    address(family, destination).ok_or(MALFORMED)?;
    if is_port(source_port) && is_port(destination_port) {
        Ok(Some(source))
    } else {
        Err(MALFORMED)
    }
}

fn address(family: &str, word: &str) -> Option<IpAddr> {
    match family {
        "TCP4" => word.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        "TCP6" => word.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        _ => None,
    }
}

/// Whether it is a number from 0 to 65535, written in the one way allowed (§2.1).
fn is_port(word: &str) -> bool {
    let canonical = word == "0" || !word.starts_with(['0', '+']);
    canonical && word.parse::<u16>().is_ok()
}

/// Version 2: fixed fields, addresses, and typed fields behind them.
fn binary(input: &[u8]) -> Result<Option<Header>, Refusal> {
    let Some((fixed, rest)) = input.split_first_chunk::<FIXED>() else {
        return Ok(None);
    };
    let [.., version_command, family, high, low] = *fixed;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if version_command >> 4 != 2 || FIXED + length > LONGEST {
        return Err(MALFORMED);
    }
    let Some(block) = rest.get(..length) else {
        return Ok(None);
    };
    let source = match version_command & 0x0f {
        // The proxy speaks for itself; whatever it adds is to be ignored (§2.2).
        0 => None,
        1 => passed_on(family, block, &input[..FIXED + length])?,
        _ => return Err(MALFORMED),
    };
    Ok(Some(Header {
        length: FIXED + length,
        source,
    }))
}

/// The source of a connection that is passed on. Datagrams are no connection.
fn passed_on(family: u8, block: &[u8], whole: &[u8]) -> Result<Option<IpAddr>, Refusal> {
    let (source, length) = match family {
        0x00 => return Ok(None),
        0x11 => (v4(block).map(Some), INET),
        0x21 => (v6(block).map(Some), INET6),
        0x31 => (Some(None), UNIX),
        _ => return Err(MALFORMED),
    };
    let source = source.ok_or(MALFORMED)?;
    let fields = block.get(length..).ok_or(MALFORMED)?;
    check_fields(fields, whole).ok_or(MALFORMED)?;
    Ok(source)
}

fn v4(block: &[u8]) -> Option<IpAddr> {
    block.first_chunk::<4>().map(|bytes| (*bytes).into())
}

fn v6(block: &[u8]) -> Option<IpAddr> {
    block.first_chunk::<16>().map(|bytes| (*bytes).into())
}

/// Goes through the typed fields: they fill the block exactly, and a checksum among them is right.
fn check_fields(mut fields: &[u8], whole: &[u8]) -> Option<()> {
    while let [kind, high, low, rest @ ..] = fields {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let value = rest.get(..length)?;
        fields = &rest[length..];
        if *kind == CRC32C && !is_sum(value, whole, whole.len() - fields.len()) {
            return None;
        }
    }
    fields.is_empty().then_some(())
}

/// Whether `value`, which ends at `end`, is the CRC-32C of the whole header with zeros in its place (§2.2.3).
fn is_sum(value: &[u8], whole: &[u8], end: usize) -> bool {
    let Ok(sum) = <[u8; 4]>::try_from(value) else {
        return false;
    };
    let before = crc32c::crc32c(&whole[..end - 4]);
    let with_zeros = crc32c::crc32c_append(before, &[0; 4]);
    crc32c::crc32c_append(with_zeros, &whole[end..]) == u32::from_be_bytes(sum)
}

#[cfg(test)]
mod tests;

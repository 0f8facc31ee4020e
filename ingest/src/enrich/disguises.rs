//! The client's own address in spellings that are none of text's usual ones: what an address parser would take
//! (`0xcb.0.0x71.0x4d`, `0313.0.0161.0115`, `203.0.29005`), groups joined by dashes, and base64.
//!
//! Only the own address is looked for, so that a match is no chance. Text that holds one is dropped whole, since where
//! such a spelling begins and ends is anybody's guess.

use std::net::Ipv6Addr;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::literals::{self, Dots};
use crate::ClientIp;

/// Shorter text in base64 holds no address.
const SHORTEST_BASE64: usize = 6;

/// Cut short anywhere, and with or without `=`.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const ENGINES: [GeneralPurpose; 2] = [
    GeneralPurpose::new(&STANDARD, LENIENT),
    GeneralPurpose::new(&URL_SAFE, LENIENT),
];

/// Whether `own` stands in `text` as a number that address parsers take, or as an IPv6 address joined by dashes.
pub(crate) fn in_text(text: &str, own: &ClientIp) -> bool {
    numbers(text).any(|number| own.is_number(number)) || dashed(text, own)
}

/// Whether `own` stands in `text` in base64: its bytes, or any address written out.
pub(crate) fn in_base64(text: &str, own: &ClientIp) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    text.as_bytes()
        .split(|&byte| !is_digit(byte))
        .filter(|run| run.len() >= SHORTEST_BASE64)
        .flat_map(|run| {
            ENGINES
                .iter()
                .filter_map(move |engine| engine.decode(run).ok())
        })
        .any(|bytes| own.is_bytes(&bytes) || is_address(&bytes, own))
}

fn is_address(bytes: &[u8], own: &ClientIp) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    literals::find(text, Dots::Address, Some(own))
        .next()
        .is_some()
}

/// What an address parser reads at each place where a number begins (POSIX `inet_addr`): one to four parts, each
/// decimal, octal or hexadecimal, the last of which fills what is left.
fn numbers(text: &str) -> impl Iterator<Item = u32> {
    let bytes = text.as_bytes();
    let begins = move |at: &usize| {
        let inside = *at > 0 && bytes[*at - 1].is_ascii_digit();
        bytes[*at].is_ascii_digit() && !inside
    };
    (0..bytes.len())
        .filter(begins)
        .flat_map(move |at| readings(&text[at..]).filter_map(number))
}

/// What may be meant to be the number that `text` begins with: letters behind a hexadecimal one may be its digits or
/// another word's first.
fn readings(text: &str) -> impl Iterator<Item = &str> {
    /// `0xcb.0x00.0x71.0x4d`
    const LONGEST: usize = 19;
    let is_hex = text.starts_with("0x") || text.starts_with("0X");
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    let written = text.bytes().take_while(is_part).count();
    let shorter = if is_hex {
        3..written.min(LONGEST + 1)
    } else {
        0..0
    };
    shorter.map(|end| &text[..end]).chain(std::iter::once(text))
}

fn number(text: &str) -> Option<u32> {
    let mut parts = [0_u32; 4];
    let (mut count, mut rest) = (0, text);
    while count < 4 {
        let (part, after) = part(rest)?;
        parts[count] = part;
        count += 1;
        match after.strip_prefix('.') {
            Some(next) if count < 4 && next.starts_with(|c: char| c.is_ascii_digit()) => {
                rest = next;
            }
            _ => break,
        }
    }
    let (last, bytes) = parts[..count].split_last()?;
    let left = 8 * (4 - bytes.len() as u32);
    let fits = bytes.iter().all(|&byte| byte < 256) && (left == 32 || *last < 1 << left);
    // Fewer parts than four with a small last one are versions: 10.0.1 is not 10.0.0.1.
    let is_short = count > 1 && count < 4 && *last < 256;
    let high = bytes.iter().fold(0, |high, byte| high << 8 | byte);
    (fits && !is_short).then(|| high.checked_shl(left).unwrap_or_default() | last)
}

/// One part, in the base that its beginning tells, and what follows it.
fn part(text: &str) -> Option<(u32, &str)> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, base) = match hex {
        Some(digits) => (digits, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let end = digits
        .find(|c: char| !c.is_digit(base))
        .unwrap_or(digits.len());
    let number = u32::from_str_radix(&digits[..end], base).ok()?;
    Some((number, &digits[end..]))
}

/// IPv6 as names of hosts have it, with dashes or underscores for colons.
fn dashed(text: &str, own: &ClientIp) -> bool {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '-' | '_');
    text.split(|c| !is_part(c))
        .filter(|run| run.len() >= literals::SHORTEST)
        .map(|run| run.replace(['-', '_'], ":"))
        .any(|run| groups(&run).any(|address| own.is_v6(address)))
}

/// The addresses that `run` ends with, from each of its groups on.
fn groups(run: &str) -> impl Iterator<Item = Ipv6Addr> {
    let whole = run.trim_matches(':');
    let later = whole.match_indices(':').map(|(at, _)| &whole[at + 1..]);
    std::iter::once(whole)
        .chain(later)
        .filter_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(address: &str) -> ClientIp {
        ClientIp::new(address.parse().expect("an address"))
    }

    #[test]
    fn what_an_address_parser_takes_is_found() {
        let own = own("203.0.113.77");
        for text in [
            "0xcb.0x0.0x71.0x4d",
            "0XCB.0.0X71.77",
            "0313.0.0161.0115",
            "031300070515",
            "203.0.29005",
            "203.29005",
            "3405803853",
            "0xcb00714d",
            "from-0xcb.0.113.77/",
            "0xcb.0x0.0x71.0x4dbot",
            "0xcb00714dead",
        ] {
            assert!(in_text(text, &own), "{text}");
        }
        for text in [
            "203.0.113.78",
            "203.0.113",
            "0xcb.0x0",
            "cb.0.71.4d",
            "9999999999999",
        ] {
            assert!(!in_text(text, &own), "{text}");
        }
    }

    #[test]
    fn a_version_of_three_parts_is_nobodys_address() {
        assert!(!in_text("10.0.1", &own("10.0.0.1")));
        assert!(!in_text("127.1", &own("127.0.0.1")));
    }

    #[test]
    fn ipv6_in_a_hosts_name_is_found() {
        let own = own("2a02:8109::77");
        for text in [
            "2a02-8109--77.ipv6.example",
            "ip-2a02-8109--77",
            "2a02_8109__77",
            "2a02-8109-0-0-0-0-0-77",
        ] {
            assert!(in_text(text, &own), "{text}");
        }
        assert!(!in_text("2a02-8109--78", &own));
    }

    #[test]
    fn base64_is_looked_through() {
        let own = own("203.0.113.77");
        for text in [
            "MjAzLjAuMTEzLjc3",
            "id:MjAzLjAuMTEzLjc3;",
            "ywBxTQ==",
            "ywBxTQ",
            "ZnJvbSAxOTguNTEuMTAwLjc=",
        ] {
            assert!(in_base64(text, &own), "{text}");
        }
        for text in [
            "manylinux_2_17_x86_64",
            "ywBxTg",
            "a-long-word/and_another+one",
            "",
        ] {
            assert!(!in_base64(text, &own), "{text}");
        }
    }
}

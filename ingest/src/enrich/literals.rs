//! Finds addresses written out in text.
//!
//! Two questions: where does *any* address stand (dotted, dashed or IPv6), and where does the
//! *client's own* stand, which is looked for in more spellings (hexadecimal, decimal, reversed)
//! because there a match cannot be chance.

use std::ops::Range;

use crate::ClientIp;

/// What numbers with dots mean in a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dots {
    /// An address: text that people and programs write.
    Address,
    /// A version, unless the first number is one that versions do not reach: names and files.
    Version,
}

/// Versions of four small parts begin below this; most addresses do not.
const HIGHEST_VERSION: u8 = 31;

/// Whether any address stands in `text`.
pub(crate) fn any(text: &str) -> bool {
    find(text, Dots::Address, None).next().is_some()
}

/// The stretches of `text` that are addresses. Without `own` only the common spellings count.
pub(crate) fn find(
    text: &str,
    dots: Dots,
    own: Option<&ClientIp>,
) -> impl Iterator<Item = Range<usize>> {
    runs(text).filter(move |run| {
        let run = &text[run.clone()];
        is_v6(run) || has_quad(run.as_bytes(), dots, own) || own.is_some_and(|own| spells(run, own))
    })
}

/// Shorter stretches are left out: only unspecified and loopback addresses are, and they tell nothing.
pub(crate) const SHORTEST: usize = 6;

/// Stretches of hexadecimal digits and of the marks that may stand between them.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            at += bytes[start..]
                .iter()
                .take_while(|byte| in_literal(**byte))
                .count();
            let run = start..at;
            at += 1;
            if run.len() >= SHORTEST {
                return Some(run);
            }
        }
        None
    })
}

/// Whether addresses are written in this byte.
pub(crate) const fn in_literal(byte: u8) -> bool {
    IN_LITERAL[byte as usize]
}

/// A table, because every byte of every text is asked for.
const IN_LITERAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] =
            byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'-' | b'_');
        byte += 1;
    }
    table
};

/// IPv6, and hardware addresses with it. Every global address begins with a decimal digit, which
/// tells them from the `::` of programs' names.
fn is_v6(run: &str) -> bool {
    let colons = run.bytes().filter(|byte| *byte == b':').count();
    (colons >= 5 || colons >= 2 && run.contains("::"))
        && run.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether four numbers up to 255 stand side by side, joined by one and the same mark.
fn has_quad(run: &[u8], dots: Dots, own: Option<&ClientIp>) -> bool {
    let starts = (0..run.len()).filter(|at| *at == 0 || !run[at - 1].is_ascii_digit());
    starts
        .filter_map(|at| quad(&run[at..]))
        .any(|(quad, mark)| {
            let surely = mark == b'.' && dots == Dots::Address;
            surely || quad[0] > HIGHEST_VERSION || own.is_some_and(|own| own.is_quad(quad))
        })
}

/// The four numbers that `text` begins with, and the mark between them.
fn quad(text: &[u8]) -> Option<([u8; 4], u8)> {
    let (first, mut rest) = octet(text)?;
    let mark = *rest.first().filter(|byte| !byte.is_ascii_hexdigit())?;
    let mut quad = [first, 0, 0, 0];
    for number in &mut quad[1..] {
        (*number, rest) = octet(rest.strip_prefix(&[mark])?)?;
    }
    Some((quad, mark))
}

/// The number up to 255 that `text` begins with, in at most three digits, and what follows it.
fn octet(text: &[u8]) -> Option<(u8, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    if !(1..=3).contains(&length) {
        return None;
    }
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
    Some((u8::try_from(number).ok()?, rest))
}

/// Whether the client's own address stands in the run as one number or in hexadecimal digits.
fn spells(run: &str, own: &ClientIp) -> bool {
    let number = |part: &str| part.parse().is_ok_and(|number| own.is_number(number));
    let digits = || run.chars().filter_map(|digit| digit.to_digit(16));
    run.split(|mark: char| !mark.is_ascii_digit()).any(number)
        || own.is_within_hex(digits())
        // As names below ip6.arpa have them (RFC 3596 §2.5).
        || own.is_within_hex(digits().rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, dots: Dots) -> String {
        let own = ClientIp::new([203, 0, 113, 77].into());
        let mut out = text.to_owned();
        let found: Vec<_> = find(text, dots, Some(&own)).collect();
        found
            .into_iter()
            .rev()
            .for_each(|run| out.replace_range(run, "#"));
        out
    }

    #[test]
    fn addresses_are_found_in_the_spellings_of_people_and_programs() {
        for text in [
            "198.51.100.7",
            "x=198.51.100.7;",
            "a198.51.100.7b",
            "1.198.51.100.7",
            "198.051.100.007",
            "ip-198-51-100-7.ec2",
            "198_51_100_7",
            "2001:db8::7",
            "[2001:db8:0:0:0:0:0:7]:80",
            "::ffff:c633:6407",
            "00:1b:63:84:45:e6",
        ] {
            assert!(any(text), "{text}");
        }
    }

    #[test]
    fn the_clients_own_address_is_found_in_every_spelling() {
        for text in [
            "cb00714d",
            "CB00714D",
            "cb:00:71:4d",
            "0xcb00714d",
            "3405803853",
            "77.113.0.203.in-addr.arpa",
            "x-3405803853-y",
            "idcb00714dcafe",
        ] {
            assert_ne!(marked(text, Dots::Version), text, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_an_address_is_left() {
        for text in [
            "1.2.3",
            "120.0.6099.109",
            "2024-01-02",
            "12:34:56",
            "std::fmt",
            "DBD::SQLite",
            "deadbeefcafe",
            "198.51.100",
            "1-2-3-4",
            "3405803854",
        ] {
            assert_eq!(marked(text, Dots::Address), text);
        }
    }

    #[test]
    fn a_version_of_four_small_parts_is_a_version_where_versions_stand() {
        assert_eq!(
            marked("rails-6.1.7.10.gem", Dots::Version),
            "rails-6.1.7.10.gem"
        );
        assert_eq!(marked("rails-6.1.7.10.gem", Dots::Address), "rails#gem");
        assert_eq!(marked("rocket-198.51.100.7-1", Dots::Version), "rocket#");
    }
}

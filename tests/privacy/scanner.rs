//! Looks for addresses in bytes, in every spelling at once. Pure.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use aho_corasick::AhoCorasick;

use crate::spelling::spellings;

/// An address that stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trace {
    pub(crate) place: String,
    pub(crate) address: IpAddr,
    pub(crate) spelling: String,
    /// What stands there, with what is around it.
    pub(crate) excerpt: String,
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            address,
            spelling,
            excerpt,
        } = self;
        write!(f, "{place}: {address} as {spelling}: {excerpt}")
    }
}

/// Knows every spelling of some addresses.
pub(crate) struct Scanner {
    automaton: AhoCorasick,
    /// By pattern of the automaton.
    wanted: Vec<Wanted>,
}

struct Wanted {
    address: IpAddr,
    spelling: String,
    weak: bool,
}

/// Bytes on both sides of what was found that are shown.
const AROUND: usize = 24;

impl Scanner {
    pub(crate) fn new(addresses: &[IpAddr]) -> Self {
        let mut patterns = Vec::new();
        let mut wanted = Vec::new();
        for &address in addresses {
            for spelling in spellings(address) {
                patterns.push(spelling.bytes);
                wanted.push(Wanted {
                    address,
                    spelling: spelling.name,
                    weak: spelling.weak,
                });
            }
        }
        Self {
            automaton: AhoCorasick::new(&patterns).expect("patterns of a few bytes"),
            wanted,
        }
    }

    /// Every address in `bytes`, once a spelling.
    ///
    /// What is so short that it stands there by chance counts only where two addresses stand in the
    /// same spelling: a program that writes one client's address writes the other's as well.
    pub(crate) fn scan(&self, place: &str, bytes: &[u8]) -> Vec<Trace> {
        let mut seen = BTreeSet::new();
        let mut traces = Vec::new();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let wanted = &self.wanted[found.pattern()];
            if seen.insert((wanted.address, &wanted.spelling)) {
                let trace = Trace {
                    place: place.to_owned(),
                    address: wanted.address,
                    spelling: wanted.spelling.clone(),
                    excerpt: excerpt(bytes, found.start(), found.end()),
                };
                traces.push((wanted.weak, trace));
            }
        }
        let agreed = |trace: &Trace| {
            let same = |(_, spelling): &&(IpAddr, &String)| **spelling == trace.spelling;
            seen.iter().filter(same).count() > 1
        };
        let mut traces: Vec<_> = traces
            .into_iter()
            .filter(|(weak, trace)| !weak || agreed(trace))
            .map(|(_, trace)| trace)
            .collect();
        traces.sort();
        traces
    }
}

fn excerpt(bytes: &[u8], start: usize, end: usize) -> String {
    let around = &bytes[start.saturating_sub(AROUND)..(end + AROUND).min(bytes.len())];
    around.escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn addresses() -> [IpAddr; 3] {
        [
            "198.51.100.7",
            "203.0.113.201",
            "2001:db8:5eed:cafe:b00c:7a1e:fade:1dea",
        ]
        .map(|text| text.parse().expect("an address"))
    }

    fn text(traces: &[Trace]) -> String {
        traces
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_trace_says_where_who_how_and_what_stands_around() {
        let scanner = Scanner::new(&addresses());
        let traces = scanner.scan("events", b"\x01{\"peer\":\"198.51.100.7\",\n\"x\":1}");
        insta::assert_snapshot!(text(&traces), @r#"
        events: 198.51.100.7 as /24 prefix: \x01{\"peer\":\"198.51.100.7\",\n\"x\":1}
        events: 198.51.100.7 as text: \x01{\"peer\":\"198.51.100.7\",\n\"x\":1}
        "#);
    }

    #[test]
    fn four_bytes_of_one_address_are_chance_and_of_two_are_not() {
        let scanner = Scanner::new(&addresses());
        let one = [b"before".as_slice(), &[198, 51, 100, 7], b"after"].concat();
        assert_eq!(text(&scanner.scan("a file", &one)), "");
        let two = [one.as_slice(), &[203, 0, 113, 201], b"end"].concat();
        insta::assert_snapshot!(text(&scanner.scan("a file", &two)), @r#"
        a file: 198.51.100.7 as four bytes: before\xc63d\x07after\xcb\x00q\xc9end
        a file: 203.0.113.201 as four bytes: before\xc63d\x07after\xcb\x00q\xc9end
        "#);
    }

    #[test]
    fn other_addresses_are_none_of_ours() {
        let scanner = Scanner::new(&addresses());
        let others = "198.51.101.7 203.0.114.201 2001:db8:5eee:cafe::1 127.0.0.1 1.198.51.10";
        assert_eq!(text(&scanner.scan("a file", others.as_bytes())), "");
    }

    proptest! {
        /// Every spelling, wherever it stands and whatever stands around.
        #[test]
        fn no_spelling_is_overlooked(
            before in prop::collection::vec(any::<u8>(), 0..40),
            after in prop::collection::vec(any::<u8>(), 0..40),
            addresses in prop::array::uniform2(any::<u32>()),
            network in any::<u128>(),
        ) {
            let mut clients: Vec<IpAddr> = addresses.map(|bits| std::net::Ipv4Addr::from_bits(bits).into()).to_vec();
            clients.push(std::net::Ipv6Addr::from_bits(network).into());
            let scanner = Scanner::new(&clients);
            for address in clients {
                for spelling in spellings(address) {
                    if spelling.weak {
                        continue;
                    }
                    let bytes = [&before[..], &spelling.bytes, &after].concat();
                    let found = scanner.scan("", &bytes);
                    prop_assert!(
                        found.iter().any(|trace| trace.address == address && trace.spelling == spelling.name),
                        "{}", spelling.name
                    );
                }
            }
        }
    }
}

//! The id of an imported event: the same line gives the same one, in whatever file and whenever.
//!
//! What its source has named is known by that name. What has none is known by its own text and by how many
//! equal lines came before it, not by its place in the file: a log that has grown, was rotated or joined
//! with another is recognised line by line.
//!
//! Addresses in that text are passed over: an id is kept for ever, and whoever has the rest of a line could try
//! all of them. So equal requests of one second are told apart by their number alone.
//!
//! A gateway counts its boots from 1, so an id with boot 0 is an imported one; its other 96 bits are of a hash.

use std::collections::HashMap;

use weir_event::EventId;

use crate::enrich::literals::{self, Dots};

/// Different lines after which equal ones are taken as a file that holds itself twice. Equal requests, time
/// and all, stand within a second of each other in a log.
const REMEMBERED: usize = 200_000;

/// Gives ids to the lines of one file.
pub(super) struct Identities {
    source: &'static str,
    /// How often each line came, by hash: of the latest lines, and of those before them.
    latest: HashMap<u128, u32>,
    before: HashMap<u128, u32>,
}

impl Identities {
    /// For lines of the format called `source`.
    pub(super) fn new(source: &'static str) -> Self {
        Self {
            source,
            latest: HashMap::new(),
            before: HashMap::new(),
        }
    }

    /// The id of what the source calls `name`. Our own ids stay what they are.
    pub(super) fn named(&self, name: &str) -> EventId {
        match name.parse::<u128>() {
            Ok(number) if self.source == "weir" && number != 0 => EventId {
                node: (number >> 96) as u32,
                boot: (number >> 64) as u32,
                counter: number as u64,
            },
            _ => self.hashed(&[b"name", name.as_bytes()]),
        }
    }

    /// The id of a line that has no name.
    pub(super) fn unnamed(&mut self, line: &[u8]) -> EventId {
        let hash = hash_without_addresses(line);
        let key = u128::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at]));
        let earlier = self.count(key);
        self.hashed(&[b"line", &earlier.to_le_bytes(), hash.as_bytes()])
    }

    /// Counts a line; how many equal ones came before.
    fn count(&mut self, key: u128) -> u32 {
        if self.latest.len() >= REMEMBERED {
            self.before = std::mem::take(&mut self.latest);
        }
        let before = self.before.get(&key).copied().unwrap_or(0);
        let count = self.latest.entry(key).or_insert(before);
        *count += 1;
        *count - 1
    }

    fn hashed(&self, parts: &[&[u8]]) -> EventId {
        let mut hasher = blake3::Hasher::new();
        for part in [self.source.as_bytes()].iter().chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let hash = hasher.finalize();
        let bytes = hash.as_bytes();
        EventId {
            node: u32::from_le_bytes(std::array::from_fn(|at| bytes[at])),
            boot: 0,
            counter: u64::from_le_bytes(std::array::from_fn(|at| bytes[4 + at])),
        }
    }
}

fn hash_without_addresses(line: &[u8]) -> blake3::Hash {
    let text = String::from_utf8_lossy(line);
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    for address in literals::find(&text, Dots::Address, None) {
        hasher.update(&text.as_bytes()[at..address.start]);
        // No text has this byte: where an address stood counts.
        hasher.update(&[0xff]);
        at = address.end;
    }
    hasher.update(&text.as_bytes()[at..]);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(lines: &[&str]) -> Vec<EventId> {
        let mut identities = Identities::new("nginx");
        let id = |line: &&str| identities.unnamed(line.as_bytes());
        lines.iter().map(id).collect()
    }

    #[test]
    fn a_line_keeps_its_id_wherever_it_stands() {
        let grown = ids(&["new", "a", "b", "a"]);
        assert_eq!(grown[1..], ids(&["a", "b", "a"]));
    }

    #[test]
    fn equal_lines_are_as_many_events() {
        let ids = ids(&["a", "a", "a"]);
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    }

    #[test]
    fn an_id_does_not_tell_who_asked() {
        let log = |one: &str, two: &str| {
            let caddy = format!(
                r#"{{"ts":1790000000.5,"request":{{"remote_ip":"{two}","uri":"/a","headers":{{"X-Forwarded-For":["{one}, {two}"]}}}}}}"#
            );
            ids(&[
                &format!("{one} - - [21/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 302 0"),
                &format!("{two} - - [21/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 302 0"),
                &format!("{two} - - [21/Nov/2026:10:00:01 +0000] \"GET /a HTTP/1.1\" 302 0"),
                &format!("2026-11-21\t10:00:00\t{one}\t/a"),
                &format!("2026-11-21\t10:00:01\t{one}\t/a"),
                &caddy,
            ])
        };
        let all = log("198.51.100.7", "203.0.113.9");
        assert_eq!(all, log("192.0.2.1", "2001:db8::7"));
        let different: std::collections::HashSet<_> = all.iter().map(|id| id.as_u128()).collect();
        assert_eq!(
            different.len(),
            all.len(),
            "times and numbers tell lines apart"
        );
    }

    #[test]
    fn names_of_two_formats_are_two_events() {
        let [scarf, cloudfront] = ["scarf", "cloudfront"].map(Identities::new);
        assert_eq!(scarf.named("7"), scarf.named("7"));
        assert_ne!(scarf.named("7"), cloudfront.named("7"));
        assert_eq!(scarf.named("7").boot, 0);
    }

    #[test]
    fn our_own_ids_stay() {
        let id = EventId {
            node: 7,
            boot: 3,
            counter: u64::MAX,
        };
        let named = Identities::new("weir").named(&id.as_u128().to_string());
        assert_eq!(named, id);
    }

    #[test]
    fn memory_of_lines_is_bounded() {
        let mut identities = Identities::new("nginx");
        for line in 0..3 * REMEMBERED as u64 {
            identities.unnamed(&line.to_le_bytes());
        }
        assert!(identities.latest.len() + identities.before.len() <= 2 * REMEMBERED);
    }
}

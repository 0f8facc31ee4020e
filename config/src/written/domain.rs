//! `[[domain]]` as written.

use super::{Item, Reading, Table, index};
use crate::catalogue::Owned;

/// Longest name of an owner, which has to fit into a TXT record's first string (RFC 1035 §3.3.14).
const MAX_OWNER: usize = 64;

/// Reads one domain that belongs to somebody else.
pub(super) fn domain(mut table: Table<'_>, reading: &mut Reading) -> Option<Owned> {
    let written = table.require("name", "\"get.acme.example\"", reading);
    let place = written.as_ref().map_or_else(|| table.place(), Item::place);
    let name = written.and_then(|item| name(&item, reading));
    let owner = table.require("owner", "\"acme\"", reading);
    let owner = owner.and_then(|item| owner_of(&item, reading));
    table.finish(reading);
    Some(Owned {
        domain: name?,
        owner: owner?,
        place,
    })
}

fn name(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let name = index::domain(item, reading)?;
    let problem = item.problem(format!("nothing is served on {name:?}"));
    reading.named_domains.push((name.clone(), problem));
    Some(name)
}

fn owner_of(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
    };
    if (1..=MAX_OWNER).contains(&text.len()) && text.bytes().all(known) {
        return Some(text.to_owned());
    }
    let problem = item.problem(format!("{text:?} cannot name an owner"));
    reading.error(problem.help("use 1 to 64 small letters, digits, \"-\", \"_\" and \".\""));
    None
}

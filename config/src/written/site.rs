//! `[[site]]` as written.

use super::{Item, Reading, Table, index, package, pixel};
use crate::catalogue::{Protocol, Site};

/// Longest id, in characters: Umami's are UUIDs, Plausible's host names.
const LONGEST_ID: usize = 253;

/// Reads one site.
pub(super) fn site(mut table: Table<'_>, reading: &mut Reading) -> Option<Site> {
    let written_id = table.require("id", "\"docs.acme.example\"", reading);
    let place = written_id
        .as_ref()
        .map_or_else(|| table.place(), Item::place);
    let id = written_id.and_then(|item| id(&item, reading));
    let domains = index::domains(&mut table, reading);
    let protocols = table.require("compat", "[\"plausible\"]", reading);
    let protocols = protocols.map(|item| protocols_of(&item, reading));
    let package = table.require("package", "\"acme/rocket\"", reading);
    let package = package.and_then(|item| package::name(&item, reading));
    let pages = table.take("pages").map(|item| pixel::pages(&item, reading));
    table.finish(reading);
    Some(Site {
        id: id?.to_owned(),
        domains,
        protocols: protocols?,
        package: package?.to_owned(),
        pages: pages.unwrap_or_default(),
        place,
    })
}

fn protocols_of(written: &Item<'_>, reading: &mut Reading) -> Vec<Protocol> {
    let items = written.list(reading);
    if items.is_empty() && written.value().is_array() {
        let problem = written.problem("without a protocol nothing reaches this");
        reading.error(problem.help("name at least one, such as [\"plausible\"]"));
    }
    let known = Protocol::ALL.map(|protocol| (protocol.as_str(), protocol));
    items
        .iter()
        .filter_map(|item| item.kind(&known, reading))
        .collect()
}

fn id<'s>(item: &Item<'s>, reading: &mut Reading) -> Option<&'s str> {
    let text = item.string(reading)?;
    if (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(text);
    }
    let problem = item.problem(format!("{text:?} cannot be a site's id"));
    reading.error(problem.help("write what the site's snippet says, without spaces"));
    None
}

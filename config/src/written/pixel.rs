//! `[[pixel]]` as written.

use super::{Item, Reading, Table, index, package};
use crate::catalogue::Pixel;

/// Reads one pixel.
pub(super) fn pixel(mut table: Table<'_>, reading: &mut Reading) -> Option<Pixel> {
    let written_id = table.require("id", "\"docs\"", reading);
    let place = written_id
        .as_ref()
        .map_or_else(|| table.place(), Item::place);
    let id = written_id.and_then(|item| id(&item, reading));
    let domains = index::domains(&mut table, reading);
    let package = table.require("package", "\"acme/rocket\"", reading);
    let package = package.and_then(|item| package::name(&item, reading));
    let badge = table.take("badge").and_then(|item| item.boolean(reading));
    let pages = table.take("pages").map(|item| pages(&item, reading));
    table.finish(reading);
    Some(Pixel {
        id: id?.to_owned(),
        domains,
        package: package?.to_owned(),
        pages: pages.unwrap_or_default(),
        badge: badge.unwrap_or(false),
        place,
    })
}

/// Reads the hosts that the pages are on.
pub(super) fn pages(written: &Item<'_>, reading: &mut Reading) -> Vec<String> {
    let items = written.list(reading);
    items
        .iter()
        .filter_map(|item| index::domain(item, reading))
        .collect()
}

fn id<'s>(item: &Item<'s>, reading: &mut Reading) -> Option<&'s str> {
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=64).contains(&text.len()) && text.bytes().all(known) {
        return Some(text);
    }
    let problem = item.problem(format!("{text:?} cannot be a pixel's id"));
    reading.error(problem.help("use 1 to 64 letters, digits, \"-\" and \"_\""));
    None
}

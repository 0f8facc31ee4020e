//! `[[index]]` as written, and the domains that all entries have.

use super::{Item, Reading, Table, url as address};
use crate::catalogue::{Index, IndexKind, Pattern};
use crate::host::host_name;

const KINDS: [(&str, IndexKind); 3] = [
    ("pypi", IndexKind::Pypi),
    ("npm", IndexKind::Npm),
    ("cargo", IndexKind::Cargo),
];

/// Reads one index.
pub(super) fn index(mut table: Table<'_>, reading: &mut Reading) -> Option<Index> {
    let place = table.place();
    let domains = domains(&mut table, reading);
    let kind = table
        .require("kind", "\"pypi\"", reading)?
        .kind(&KINDS, reading)?;
    let upstream = table.require("upstream", "\"https://registry/simple/\"", reading);
    let upstream = upstream.and_then(|item| address::upstream(&item, reading));
    let packages = table.require("packages", "[\"rocket*\"]", reading);
    let packages = packages.map(|item| item.list(reading)).unwrap_or_default();
    let packages = packages
        .iter()
        .filter_map(|item| pattern(kind, item, reading))
        .collect();
    table.finish(reading);
    let mut upstream = upstream?;
    if !upstream.path().ends_with('/') {
        upstream.set_path(&format!("{}/", upstream.path()));
    }
    Some(Index {
        kind,
        domains,
        upstream,
        packages,
        place,
    })
}

/// Reads the host names of a package, an index or a pixel.
pub(super) fn domains(table: &mut Table<'_>, reading: &mut Reading) -> Vec<String> {
    let Some(written) = table.require("domains", "[\"get.acme.example\"]", reading) else {
        return Vec::new();
    };
    let items = written.list(reading);
    if items.is_empty() && written.value().is_array() {
        let problem = written.problem("without a domain nothing reaches this");
        reading.error(problem.help("name at least one, such as [\"get.acme.example\"]"));
    }
    let mut domains: Vec<String> = Vec::new();
    for item in items {
        let Some(domain) = domain(&item, reading) else {
            continue;
        };
        if domains.contains(&domain) {
            reading.error(
                item.problem(format!("{domain:?} stands here twice"))
                    .help("leave one out"),
            );
        } else {
            domains.push(domain);
        }
    }
    domains
}

/// Reads one host name.
pub(super) fn domain(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let help = if text.contains("://") || text.contains('/') {
        "write the host name alone, without scheme and path"
    } else if text.contains(':') {
        "leave out the port: a domain is served on every port that the gateway listens on"
    } else if text.contains('*') {
        "name each domain: there are no wildcards here"
    } else if !text.is_ascii() {
        "write it as DNS has it, with xn-- before the encoded part"
    } else {
        match host_name(text).filter(|name| name.split('.').all(is_label)) {
            Some(name) => return Some(name.into_owned()),
            None => "use letters, digits and \"-\", parted by \".\"",
        }
    };
    reading.error(
        item.problem(format!("{text:?} is not a host name"))
            .help(help),
    );
    None
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

/// Reads a pattern. Python's are put into the normal form of names: lower case, one `-` for each run of `-`, `_` and `.`.
fn pattern(kind: IndexKind, item: &Item<'_>, reading: &mut Reading) -> Option<Pattern> {
    let text = item.string(reading)?;
    let (marks, allowed) = match kind {
        IndexKind::Pypi => ("-_.*", "\".\", \"_\" and \"-\""),
        IndexKind::Npm => ("-_.~@/*", "\"@\", \"/\", \".\", \"_\", \"~\" and \"-\""),
        IndexKind::Cargo => ("-_*", "\"_\" and \"-\""),
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || marks.as_bytes().contains(&byte);
    if text.is_empty() || !text.bytes().all(known) {
        let problem = item.problem(format!("{text:?} fits no package name"));
        reading.error(problem.help(format!(
            "use letters, digits, {allowed}, and \"*\" for any run of them"
        )));
        return None;
    }
    Some(Pattern(match kind {
        IndexKind::Pypi => normal_python_name(text),
        IndexKind::Npm | IndexKind::Cargo => text.to_owned(),
    }))
}

fn normal_python_name(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for character in text.chars() {
        let character = if "_.".contains(character) {
            '-'
        } else {
            character.to_ascii_lowercase()
        };
        if character != '-' || !normal.ends_with('-') {
            normal.push(character);
        }
    }
    normal
}

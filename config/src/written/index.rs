//! `[[index]]` as written, and the domains that all entries have.

use super::{Item, Reading, Table, package, pattern, url as address};
use crate::catalogue::{Index, IndexKind, Pattern};
use crate::host::{UNCOUNTED, host_name};

/// Reads one index.
pub(super) fn index(mut table: Table<'_>, reading: &mut Reading) -> Option<Index> {
    let place = table.place();
    let domains = domains(&mut table, reading);
    let kinds = IndexKind::ALL.map(|kind| (kind.as_str(), kind));
    let kind = table
        .require("kind", "\"pypi\"", reading)?
        .kind(&kinds, reading)?;
    let path = match table.take("path") {
        Some(item) => mount(&item, reading),
        None => Some("/".to_owned()),
    };
    let upstream = table.require("upstream", "\"https://registry/simple/\"", reading);
    let upstream = upstream.and_then(|item| address::upstream(&item, reading));
    let packages = table.require("packages", "[\"rocket*\"]", reading);
    let packages = packages.map(|item| item.list(reading)).unwrap_or_default();
    let packages = packages
        .iter()
        .filter_map(|item| pattern::pattern(kind, item, reading))
        .collect::<Vec<_>>();
    let public = table
        .take("public")
        .map(|item| item.list(reading))
        .unwrap_or_default();
    let public = public
        .iter()
        .filter_map(|item| public_name(kind, &packages, item, reading))
        .collect();
    let proxy = table.take("proxy").and_then(|item| item.boolean(reading));
    let credentials = table
        .take("credentials_file")
        .and_then(|item| package::credentials(&item, reading));
    table.finish(reading);
    let mut upstream = upstream?;
    if !upstream.path().ends_with('/') {
        upstream.set_path(&format!("{}/", upstream.path()));
    }
    Some(Index {
        kind,
        domains,
        path: path?,
        upstream,
        packages,
        public,
        // Clients do not have the account that the files are behind.
        proxy: proxy.unwrap_or(false) || credentials.is_some(),
        credentials,
        place,
    })
}

/// Reads the name of a package that is counted here: what a pattern will match is not known.
fn public_name(
    kind: IndexKind,
    packages: &[Pattern],
    item: &Item<'_>,
    reading: &mut Reading,
) -> Option<String> {
    let Pattern(name) = pattern::pattern(kind, item, reading)?;
    if !name.contains('*') && packages.iter().any(|pattern| pattern.matches(&name)) {
        return Some(name);
    }
    let problem = item.problem(format!("{name:?} is no name that `packages` has"));
    reading.error(problem.help("write names of packages of this index, without \"*\""));
    None
}

/// Reads where an index is served, for domains that serve several.
fn mount(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let inner = text.trim_matches('/');
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    let help = if !text.starts_with('/') || !inner.split('/').all(is_segment) {
        "write a path of letters, digits, \"-\", \"_\", \".\" and \"~\", such as \"/python/\"; without one, the index is at \"/\""
    } else if matches!(inner.split('/').next(), Some("-" | "v2")) {
        "choose another: \"/-/\" is Weir's own, and \"/v2/\" belongs to container images"
    } else {
        return Some(format!("/{inner}/"));
    };
    reading.error(
        item.problem(format!("an index cannot be served at {text:?}"))
            .help(help),
    );
    None
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
            Some(name) if name.starts_with(UNCOUNTED) => {
                let problem = item.problem(format!("{text:?} is a domain's uncounted name"));
                reading.error(problem.help(
                    "leave it out: each domain is served under this name too, to those who do not want to be counted",
                ));
                return None;
            }
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

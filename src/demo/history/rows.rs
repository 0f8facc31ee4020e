//! The statement that makes the rows of one month: `rows.sql` with its numbers and tables filled in.

use std::fmt::Write as _;

use super::calendar::{Cell, RELEASES, Stream};
use super::crowd::{self, Client};
use super::organisations::{self, Organisation};
use super::{Ecosystem, ROUTE, Subject};

const TEMPLATE: &str = include_str!("rows.sql");

/// Node number of every made-up event's id and upper half of every batch's: `made` in ASCII. Real
/// nodes draw theirs at random.
pub(super) const NODE: u32 = 0x6d61_6465;

/// The statement that writes `cells`, which must lie in one month. `number` tells it from the
/// others of the same history.
pub(super) fn insert(
    number: usize,
    subject: &Subject<'_>,
    cells: &[Cell],
    today: u32,
    database: &str,
) -> String {
    let clients = crowd::clients(subject.ecosystem);
    let of_clients = |field: fn(&Client) -> &str| list(clients.iter().map(field));
    let countries = crowd::COUNTRIES;
    let organisations = organisations::organisations();
    let of_organisations = |field: fn(&Organisation) -> &str| list(organisations.iter().map(field));
    // 0 is today, and what begins today has no history.
    let since = |age: fn(&Organisation) -> u32| {
        numbers(organisations.iter().map(|it| today.saturating_sub(age(it))))
    };
    fill(&[
        ("database", database.to_owned()),
        ("node", NODE.to_string()),
        (
            "batch",
            ((u64::from(NODE) << 32) + number as u64 + 1).to_string(),
        ),
        ("package", escape(subject.package)),
        ("domain", escape(subject.domain)),
        ("route", ROUTE.to_owned()),
        ("ecosystem", word(subject.ecosystem).to_owned()),
        ("artifact", artifact(subject)),
        ("status", status(subject.ecosystem).to_owned()),
        ("cells", cell_list(cells)),
        ("client_bounds", client_bounds(&clients)),
        ("clients", of_clients(|client| client.name)),
        ("client_versions", of_clients(|client| client.version)),
        ("oses", of_clients(|client| client.os)),
        ("arches", of_clients(|client| client.arch)),
        ("ci_names", of_clients(|client| client.ci_name)),
        ("country_bounds", bounds(countries.iter().map(|it| it.1))),
        ("countries", list(countries.iter().map(|it| it.0))),
        ("country_offsets", numbers(countries.iter().map(|it| it.2))),
        ("org_names", of_organisations(|it| &it.name)),
        ("org_domains", of_organisations(|it| &it.domain)),
        ("org_types", of_organisations(|it| it.kind)),
        (
            "org_confidences",
            numbers(organisations.iter().map(|it| it.confidence)),
        ),
        ("org_evidence", of_organisations(|it| it.evidence)),
        ("org_reads", since(|it| it.reads)),
        ("org_downloads", since(|it| it.downloads)),
        ("org_builds", since(|it| it.builds)),
        ("org_leaves", since(|it| it.leaves)),
        ("page_bounds", bounds(crowd::PAGES.iter().map(|it| it.1))),
        ("pages", list(crowd::PAGES.iter().map(|it| it.0))),
        (
            "referrer_bounds",
            bounds(crowd::REFERRERS.iter().map(|it| it.1)),
        ),
        ("referrers", list(crowd::REFERRERS.iter().map(|it| it.0))),
        ("sources", list(crowd::REFERRERS.iter().map(|it| it.2))),
        ("versions", versions(subject.ecosystem)),
        (
            "release_days",
            numbers(RELEASES.iter().map(|it| today.saturating_sub(it.age))),
        ),
        (
            "release_appeals",
            numbers(RELEASES.iter().map(|it| it.appeal)),
        ),
    ])
}

/// The template with each `{name}` replaced. What is put in is not looked at again.
fn fill(values: &[(&str, String)]) -> String {
    filled(TEMPLATE, values)
}

/// The same for another template.
pub(super) fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut sql = String::with_capacity(2 * template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .expect("the template closes every brace");
        let (_, value) = values
            .iter()
            .find(|(known, _)| *known == name)
            .expect("the template asks for nothing that is not given");
        sql.push_str(before);
        sql.push_str(value);
        rest = after;
    }
    sql + rest
}

/// The ecosystem as the `ecosystem` column holds it.
pub(super) fn word(ecosystem: Ecosystem) -> &'static str {
    match ecosystem {
        Ecosystem::File => "file",
        Ecosystem::Oci => "oci",
        Ecosystem::Pypi => "pypi",
    }
}

/// Status of a download: images redirect with 307, the others with 302.
pub(super) fn status(ecosystem: Ecosystem) -> &'static str {
    match ecosystem {
        Ecosystem::Oci => "307",
        Ecosystem::File | Ecosystem::Pypi => "302",
    }
}

/// The SQL expression for the artifact's name.
pub(super) fn artifact(subject: &Subject<'_>) -> String {
    let name = subject.package.rsplit('/').next().unwrap_or_default();
    match subject.ecosystem {
        Ecosystem::File => format!(
            "concat('{}-', artifact_os, '-', artifact_arch, '.tar.gz')",
            escape(name)
        ),
        Ecosystem::Oci => format!("concat('{}:', release)", escape(name)),
        Ecosystem::Pypi => format!(
            "concat('{}-', release, '-py3-none-any.whl')",
            escape(&name.replace('-', "_"))
        ),
    }
}

/// The releases as the ecosystem spells them: Python writes pre-releases without punctuation.
pub(super) fn versions(ecosystem: Ecosystem) -> String {
    let spelled = RELEASES.iter().map(|release| match ecosystem {
        Ecosystem::Pypi => release.version.replace("-rc.", "rc"),
        Ecosystem::File | Ecosystem::Oci => release.version.to_owned(),
    });
    list(spelled)
}

/// For each client the upper bound of its place: the streams before its own, plus what has been
/// shared out within it.
fn client_bounds(clients: &[Client]) -> String {
    let bounds = Stream::ALL
        .into_iter()
        .enumerate()
        .flat_map(|(at, stream)| {
            let weights = clients.iter().filter(move |client| client.stream == stream);
            let weights: Vec<_> = weights.map(|client| client.weight).collect();
            let base = f64::from(u8::try_from(at).expect("there are a handful of streams"));
            upper_bounds(&weights)
                .into_iter()
                .map(move |bound| base + bound)
        });
    numbers(bounds)
}

fn bounds(weights: impl Iterator<Item = u32>) -> String {
    numbers(upper_bounds(&weights.collect::<Vec<_>>()).into_iter())
}

/// Cumulative shares of `weights`; the last is 1.
fn upper_bounds(weights: &[u32]) -> Vec<f64> {
    let sum: u32 = weights.iter().sum();
    let mut so_far = 0;
    let mut bound = |weight: &u32| {
        so_far += weight;
        f64::from(so_far) / f64::from(sum)
    };
    weights.iter().map(&mut bound).collect()
}

fn cell_list(cells: &[Cell]) -> String {
    let mut text = String::new();
    for cell in cells {
        let separator = if text.is_empty() { '[' } else { ',' };
        let stream = cell.stream as usize + 1;
        write!(text, "{separator}({},{stream},{})", cell.day, cell.count)
            .expect("strings take every write");
    }
    text + "]"
}

pub(super) fn list(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let quoted: Vec<_> = texts
        .map(|text| format!("'{}'", escape(text.as_ref())))
        .collect();
    format!("[{}]", quoted.join(","))
}

pub(super) fn numbers(numbers: impl Iterator<Item = impl ToString>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// `text` as it stands between single quotes in SQL.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

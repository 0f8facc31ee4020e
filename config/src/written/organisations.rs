//! `[organisations]`: whether companies, universities and administrations are named, and which.

use super::setting::{country_code, name_servers};
use super::{Item, Reading, Table, nearest};
use crate::settings::Organisations;

/// Reads the section.
pub(super) fn organisations(
    mut table: Table<'_>,
    default: Organisations,
    reading: &mut Reading,
) -> Organisations {
    let enabled = table.take("enabled").and_then(|item| item.boolean(reading));
    let overrides = table.take("overrides").and_then(|item| item.path(reading));
    let countries = table
        .take("exclude_countries")
        .map(|item| each(&item, country, reading));
    let types = table
        .take("exclude_types")
        .map(|item| each(&item, kind, reading));
    let least = table
        .take("least_confidence")
        .and_then(|item| item.integer(0..=100, reading));
    let stages = table.take("stages").and_then(|item| item.path(reading));
    let written = table.take("ptr");
    let ptr = written
        .as_ref()
        .and_then(|item| item.boolean(reading))
        .unwrap_or(default.ptr);
    let resolvers = table
        .take("resolvers")
        .map(|item| name_servers(&item, reading))
        .unwrap_or(default.resolvers);
    if let Some(item) = written.filter(|_| ptr && resolvers.is_empty()) {
        let problem = item.problem("nobody is named who may be asked for names of addresses");
        reading.error(problem.help(
            "add resolvers with a resolver of your own, such as [\"127.0.0.1\"]: the question tells it your clients' addresses",
        ));
    }
    table.finish(reading);
    Organisations {
        enabled: enabled.unwrap_or(default.enabled),
        overrides: overrides.or(default.overrides),
        exclude_countries: countries.unwrap_or(default.exclude_countries),
        exclude_types: types.unwrap_or(default.exclude_types),
        least_confidence: least.map_or(default.least_confidence, |least| least as u8),
        stages: stages.or(default.stages),
        ptr,
        resolvers,
    }
}

fn each(
    written: &Item<'_>,
    read: impl Fn(&Item<'_>, &mut Reading) -> Option<String>,
    reading: &mut Reading,
) -> Vec<String> {
    let items = written.list(reading);
    items
        .iter()
        .filter_map(|item| read(item, reading))
        .collect()
}

/// A country, or the European Economic Area as one.
fn country(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    match item.value().as_str() {
        Some(text) if text.eq_ignore_ascii_case("EEA") => Some("EEA".to_owned()),
        _ => country_code(item, reading),
    }
}

fn kind(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = Organisations::TYPES;
    if known.contains(&text) {
        return Some(text.to_owned());
    }
    let help = match nearest(text, &known) {
        Some(word) => format!("did you mean {word:?}?"),
        None => format!("known: {}", known.join(", ")),
    };
    reading.error(item.problem(format!("unknown type {text:?}")).help(help));
    None
}

//! `[geo]` as written, with the sources of place data.

use super::setting::{country_code, paths};
use super::{Item, Reading, Table, package};
use crate::settings::{Geo, GeoFormat, GeoSource};

/// Lists that networks can be on.
const LISTS: [(&str, &str); 7] = [
    ("cloud", "cloud"),
    ("ci", "ci"),
    ("tor", "tor"),
    ("relay", "relay"),
    ("vpn", "vpn"),
    ("cdn", "cdn"),
    ("gateway", "gateway"),
];

/// Reads the section. Which names of sources there are is known where the data is used.
pub(super) fn geo(mut table: Table<'_>, default: Geo, reading: &mut Reading) -> Geo {
    let country = table.take("country").map(|item| paths(&item, reading));
    let local_country = table
        .take("local_country")
        .and_then(|item| country_code(&item, reading));
    let region = table.take("region").and_then(|item| item.boolean(reading));
    let update = table.take("update").and_then(|item| item.boolean(reading));
    let sources = table.take("sources").map(|item| texts(&item, reading));
    let mut own_sources: Vec<GeoSource> = Vec::new();
    for table in table.tables("source", reading) {
        let source = source(table, &own_sources, reading);
        own_sources.extend(source);
    }
    table.finish(reading);
    Geo {
        country: country.unwrap_or(default.country),
        local_country,
        region: region.unwrap_or(default.region),
        update: update.unwrap_or(default.update),
        sources: sources.unwrap_or(default.sources),
        own_sources,
    }
}

fn source(mut table: Table<'_>, taken: &[GeoSource], reading: &mut Reading) -> Option<GeoSource> {
    let name = table.require("name", "\"office-vpn\"", reading);
    let name = name.and_then(|item| self::name(&item, taken, reading));
    let format = table
        .take("format")
        .and_then(|item| item.kind(&GeoFormat::WORDS, reading));
    let list = table
        .take("list")
        .and_then(|item| item.kind(&LISTS, reading));
    let within = text(&mut table, "within", reading);
    let urls = table.take("urls").map(|item| urls(&item, reading));
    let npm = text(&mut table, "npm", reading);
    let files = table.take("files").map(|item| texts(&item, reading));
    let paths = table.take("paths").map(|item| paths(&item, reading));
    let credentials = table
        .take("credentials_file")
        .and_then(|item| package::credentials(&item, reading));
    let sha256 = table.take("sha256").and_then(|item| sha256(&item, reading));
    let licence = text(&mut table, "licence", reading);
    let attribution = text(&mut table, "attribution", reading);
    let link = text(&mut table, "link", reading);
    let refresh_hours = table
        .take("refresh_hours")
        .and_then(|item| item.integer(1..=8760, reading));
    let expires_days = table
        .take("expires_days")
        .and_then(|item| item.integer(1..=3660, reading));
    table.finish(reading);
    Some(GeoSource {
        name: name?,
        format,
        list: list.map(str::to_owned),
        within,
        urls: urls.unwrap_or_default(),
        npm,
        files: files.unwrap_or_default(),
        paths: paths.unwrap_or_default(),
        credentials,
        sha256,
        licence,
        attribution,
        link,
        refresh_hours,
        expires_days,
    })
}

/// It becomes a part of file names.
fn name(item: &Item<'_>, taken: &[GeoSource], reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let problem = if !(1..=64).contains(&text.len()) || !text.bytes().all(known) {
        item.problem(format!("{text:?} cannot name a source"))
            .help("use 1 to 64 small letters, digits and \"-\"")
    } else if taken.iter().any(|source| source.name == text) {
        item.problem(format!("another source is called {text:?}"))
            .help("give each a name of its own")
    } else {
        return Some(text.to_owned());
    };
    reading.error(problem);
    None
}

fn text(table: &mut Table<'_>, key: &'static str, reading: &mut Reading) -> Option<String> {
    let item = table.take(key)?;
    item.string(reading).map(str::to_owned)
}

fn texts(written: &Item<'_>, reading: &mut Reading) -> Vec<String> {
    let items = written.list(reading);
    let texts = items.iter().filter_map(|item| item.string(reading));
    texts.map(str::to_owned).collect()
}

/// Addresses may have `{year}` and `{month}` in them, so they are kept as written.
fn urls(written: &Item<'_>, reading: &mut Reading) -> Vec<String> {
    const HELP: &str = "write an address such as \"https://data.acme.example/networks.txt\"";
    let items = written.list(reading);
    let read = |text: &str| match url::Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(text.to_owned()),
        Ok(_) => Err("neither http nor https".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    let texts = items
        .iter()
        .filter_map(|item| item.parse(read, HELP, reading));
    texts.collect()
}

fn sha256(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    let problem = item.problem("not the SHA-256 of a file");
    reading.error(problem.help("write the 64 digits that sha256sum prints"));
    None
}

//! What routes for events have besides a path: how they answer, who may send, and what values must be.

use ::url::Url;
use sha2::{Digest as _, Sha256};

use super::{Item, Reading, Table, secret};
use crate::catalogue::{Intake, Origins, Tokens, ValueType};

/// Before the digest of a token that the file does not hold itself.
const HASHED: &str = "sha256:";

/// Reads how senders of events are told that theirs were taken.
pub(super) fn status(table: &mut Table<'_>, reading: &mut Reading) -> u16 {
    let Some(item) = table.take("status") else {
        return 202;
    };
    match item.integer(0..=999, reading) {
        Some(200) => 200,
        Some(202) | None => 202,
        Some(other) => {
            let problem = item.problem(format!("a route for events cannot answer {other}"));
            reading.error(problem.help("write 202, or 200 for senders that know no other"));
            202
        }
    }
}

/// Reads what else is said of the events that a route takes.
pub(super) fn intake(table: &mut Table<'_>, reading: &mut Reading) -> Intake {
    let post_only = table.take("post_only");
    let tokens = table.take("tokens_file");
    let origins = table.take("origins");
    let values = table.take("values");
    Intake {
        post_only: post_only
            .and_then(|item| item.boolean(reading))
            .unwrap_or(false),
        tokens: tokens.and_then(|item| self::tokens(&item, reading)),
        origins: origins.map_or_else(Origins::default, |item| self::origins(&item, reading)),
        values: values
            .map(|item| self::values(&item, reading))
            .unwrap_or_default()
            .into(),
    }
}

/// Reads a file with one token a line, or its digest.
pub(super) fn tokens(item: &Item<'_>, reading: &mut Reading) -> Option<Tokens> {
    let text = secret(item, reading)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let digests: Option<Vec<_>> = lines.map(digest).collect();
    if digests.is_none() {
        let problem = item.problem("a line of this file is no digest");
        reading.error(problem.help("write sha256: and 64 hex digits, or the token itself"));
    }
    digests.map(Tokens)
}

fn digest(line: &str) -> Option<[u8; 32]> {
    let Some(hex) = line.strip_prefix(HASHED) else {
        return Some(Sha256::digest(line).into());
    };
    let digits = hex.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(digest)
}

/// Reads the pages from which browsers may send.
fn origins(written: &Item<'_>, reading: &mut Reading) -> Origins {
    let items = written.list(reading);
    if items.len() == 1 && items[0].value().as_str() == Some("*") {
        return Origins::Any;
    }
    let origins = items.iter().filter_map(|item| origin(item, reading));
    Origins::Listed(origins.collect())
}

fn origin(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let origin = url.map(|url| url.origin().ascii_serialization());
    if origin.as_deref() == Some(text) {
        return origin;
    }
    let problem = item.problem(format!("{text:?} is no origin of a page"));
    reading.error(problem.help(match origin {
        Some(origin) => format!("write {origin:?}"),
        None => {
            "write scheme and host, such as \"https://docs.acme.example\", or \"*\" alone".into()
        }
    }));
    None
}

/// Reads the types of values, by name.
fn values(written: &Item<'_>, reading: &mut Reading) -> Vec<(String, ValueType)> {
    let types = [ValueType::Text, ValueType::Number, ValueType::Boolean];
    let types = types.map(|one| (one.as_str(), one));
    let entries = written.table(reading).map(Table::entries);
    let entries = entries.unwrap_or_default().into_iter();
    entries
        .filter_map(|(name, item)| Some((name.to_owned(), item.kind(&types, reading)?)))
        .collect()
}

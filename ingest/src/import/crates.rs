//! The crates registry's downloads of one crate by day: its API's answer, with the versions' names where it was
//! asked to include them. Days of versions that it lists no more are in `meta.extra_downloads`.

use std::collections::HashMap;

use serde_json::{Deserializer, Map, Value};

use super::entry::{Entry, Refusal, Span, Total};
use super::format::{Known, Said};
use super::json::{self, Object};
use super::time;

pub(super) fn read(text: &str, known: &Known) -> Said {
    let mut said = Said::new();
    for document in Deserializer::from_str(text).into_iter::<Map<String, Value>>() {
        match document {
            Err(_) => said.push(Err(Refusal::NotJson)),
            Ok(document) => read_one(&document, known, &mut said),
        }
    }
    said
}

fn read_one(document: &Map<String, Value>, known: &Known, said: &mut Said) {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let versions = list(document.get("versions"));
    let names: HashMap<u64, String> = versions
        .iter()
        .filter_map(|version| {
            let id = json::number_of(version.get("id")?)?;
            Some((id, json::text_of(version.get("num")?)))
        })
        .collect();
    let of_versions = versions
        .iter()
        .find_map(|version| version.get("crate"))
        .map(json::text_of);
    let Some(package) = known.package.clone().or(of_versions) else {
        return said.push(Err(Refusal::Missing(
            "the crate's name (name it with --package)",
        )));
    };
    let extra = document
        .get("meta")
        .and_then(|meta| meta.get("extra_downloads"));
    let rows = list(document.get("version_downloads"));
    let all = rows
        .iter()
        .chain(extra.and_then(Value::as_array).into_iter().flatten());
    said.extend(all.map(|row| total(row, &package, &names)));
}

fn total(row: &Value, package: &str, names: &HashMap<u64, String>) -> Result<Entry, Refusal> {
    let row = Object(row.as_object().cloned().ok_or(Refusal::NotJson)?);
    let version = match row.number("version") {
        // Without the list of names the number has to do: days of two versions must not run together.
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| format!("#{id}")),
        None => String::new(),
    };
    Ok(Entry::Total(Total {
        package: package.to_owned(),
        version,
        country: String::new(),
        day: time::day(&row.text("date")).ok_or(Refusal::Malformed("date"))?,
        span: Span::Day,
        downloads: row
            .number("downloads")
            .ok_or(Refusal::Missing("downloads"))?,
    }))
}

//! npm's downloads by day: the answers of its counts API for a range of days, of one package or, in bulk,
//! of several, one after the other.

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
            Ok(one) if one.contains_key("downloads") => read_one(&one, known, &mut said),
            Ok(bulk) => {
                for (_, one) in bulk {
                    match one {
                        Value::Object(one) => read_one(&one, known, &mut said),
                        // Bulk answers have null for a package that there is not.
                        Value::Null => {}
                        _ => said.push(Err(Refusal::Missing("downloads"))),
                    }
                }
            }
        }
    }
    said
}

fn read_one(one: &Map<String, Value>, known: &Known, said: &mut Said) {
    let name = one.get("package").map(json::text_of).unwrap_or_default();
    let package = known.package.clone().unwrap_or(name);
    let Some(days) = one.get("downloads").and_then(Value::as_array) else {
        return said.push(Err(Refusal::Malformed("downloads")));
    };
    said.extend(days.iter().map(|day| total(day, &package)));
}

fn total(day: &Value, package: &str) -> Result<Entry, Refusal> {
    let day = Object(
        day.as_object()
            .cloned()
            .ok_or(Refusal::Malformed("downloads"))?,
    );
    if package.is_empty() {
        return Err(Refusal::Missing("package"));
    }
    Ok(Entry::Total(Total {
        package: package.to_owned(),
        version: String::new(),
        country: String::new(),
        day: time::day(&day.text("day")).ok_or(Refusal::Malformed("day"))?,
        span: Span::Day,
        downloads: day
            .number("downloads")
            .ok_or(Refusal::Missing("downloads"))?,
    }))
}

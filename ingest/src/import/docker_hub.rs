//! Docker Hub's pull counter of a repository, or of a page of them. It counts from the beginning, and says
//! nothing of when; the day is the importer's.

use serde_json::{Deserializer, Map, Value};

use super::entry::{Entry, Refusal, Span, Total};
use super::format::{Known, Said};
use super::json::Object;

pub(super) fn read(text: &str, known: &Known) -> Said {
    let mut said = Said::new();
    for document in Deserializer::from_str(text).into_iter::<Map<String, Value>>() {
        let Ok(document) = document else {
            said.push(Err(Refusal::NotJson));
            continue;
        };
        match document.get("results").and_then(Value::as_array) {
            None => said.push(total(document, known)),
            Some(results) => said.extend(results.iter().map(|one| {
                let one = one.as_object().cloned().ok_or(Refusal::NotJson)?;
                total(one, known)
            })),
        }
    }
    said
}

fn total(repository: Map<String, Value>, known: &Known) -> Result<Entry, Refusal> {
    let repository = Object(repository);
    let name = repository.text("name");
    let package = match known.package.clone() {
        Some(package) => package,
        None if name.is_empty() => return Err(Refusal::Missing("name")),
        None => match repository.text("namespace").as_str() {
            "" => name,
            namespace => format!("{namespace}/{name}"),
        },
    };
    Ok(Entry::Total(Total {
        package,
        version: String::new(),
        country: String::new(),
        day: known.day,
        span: Span::Ever,
        downloads: repository
            .number("pull_count")
            .ok_or(Refusal::Missing("pull_count"))?,
    }))
}

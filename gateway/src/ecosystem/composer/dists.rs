//! Where the archives of packages are, as a document of packages says.

use serde_json::Value;

use super::{normal, version};
use crate::ecosystem::document::address::{Address, Reader};
use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// Reads a package's document, which itself is never changed.
pub(super) fn listed(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let document: Value = serde_json::from_slice(source.body)
        .map_err(|_| Unreadable("a package's document is JSON"))?;
    Ok(Rewritten {
        body: source.body.to_vec(),
        files: in_packages(&document),
    })
}

/// The archives of everything in `packages` of `document`, by [`super::dist::Dist::file`].
pub(super) fn in_packages(document: &Value) -> Files {
    let minified = document.get("minified").is_some();
    let packages = document.get("packages").and_then(Value::as_object);
    let mut files = Files::default();
    let mut reader = Reader::default();
    for (name, versions) in packages.into_iter().flatten() {
        let Some(name) = normal(name) else { continue };
        let mut dist = None;
        for entry in entries(versions) {
            // A minified entry says only how it differs from the one before (composer/metadata-minifier).
            if !minified || entry.get("dist").is_some() {
                dist = entry.get("dist");
            }
            files.extend(dist.and_then(|dist| archive(&name, entry, dist, &mut reader)));
        }
    }
    files
}

/// The versions of a package: a list, or an object by version.
fn entries(versions: &Value) -> impl Iterator<Item = &Value> {
    let list = versions.as_array().into_iter().flatten();
    let object = versions.as_object().into_iter().flatten();
    list.chain(object.map(|(_, entry)| entry))
}

fn archive(
    name: &str,
    entry: &Value,
    dist: &Value,
    reader: &mut Reader,
) -> Option<(String, Address)> {
    let text = |value: &'_ Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let version =
        text(entry, "version_normalized").or_else(|| version::normal(&text(entry, "version")?))?;
    let reference = text(dist, "reference").unwrap_or_default();
    let kind = text(dist, "type")?;
    let address = reader.read(dist.get("url")?.as_str()?)?;
    Some((format!("{name}/{version}/{reference}.{kind}"), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(document: &str) -> String {
        let document = serde_json::from_str(document).expect("JSON");
        let mut lines: Vec<_> = in_packages(&document)
            .iter()
            .map(|(file, url)| format!("{file} -> {url}"))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn a_minified_version_has_the_archive_of_the_one_before_unless_it_says_otherwise() {
        let document = r#"{"minified":"composer/2.0","packages":{"acme/compass":[
            {"version":"2.1.0","version_normalized":"2.1.0.0","dist":{"type":"zip","url":"https://a.test/1.zip","reference":"aa"}},
            {"version":"2.0.9","version_normalized":"2.0.9.0"},
            {"version":"2.0.8","version_normalized":"2.0.8.0","dist":"__unset"},
            {"version":"2.0.7","version_normalized":"2.0.7.0"},
            {"version":"2.0.6","version_normalized":"2.0.6.0","dist":{"type":"tar","url":"https://a.test/6.tar","reference":""}}
        ]}}"#;
        insta::assert_snapshot!(names(document), @r"
        acme/compass/2.0.6.0/.tar -> https://a.test/6.tar
        acme/compass/2.0.9.0/aa.zip -> https://a.test/1.zip
        acme/compass/2.1.0.0/aa.zip -> https://a.test/1.zip
        ");
    }

    #[test]
    fn a_whole_version_without_an_archive_has_none() {
        let document = r#"{"packages":{"Acme/Compass":{
            "v2.1":{"version":"v2.1","dist":{"type":"zip","url":"https://a.test/1.zip","reference":"aa"}},
            "2.0":{"version":"2.0"},
            "1.0":{"version":"1.0","dist":{"type":"path","url":"../compass"}}
        },"no name":[{"version":"1.0.0","dist":{"type":"zip","url":"https://a.test/2.zip"}}]}}"#;
        insta::assert_snapshot!(names(document), @"acme/compass/2.1.0.0/aa.zip -> https://a.test/1.zip");
    }
}

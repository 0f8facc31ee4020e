//! `openapi.json` is what the page's client is generated from, so it must be what the API does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

#[test]
fn the_golden_description_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let current = weir_dashboards::openapi();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &current).expect("openapi.json can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == current,
        "run `UPDATE_OPENAPI=1 cargo test -p weir-dashboards --test openapi` and commit openapi.json"
    );
}

/// Of two types of one name the description would hold one, silently.
#[test]
fn every_described_type_has_a_name_of_its_own() {
    let described = Regex::new(
        r"(?s)#\[derive\([^)]*ToSchema[^)]*\)\]\s*((?:#\[[^\n]*\]\s*)*)(?:pub(?:\([a-z]+\))? )?(?:struct|enum) (\w+)",
    )
    .expect("a pattern");
    let renamed = Regex::new(r"schema\(as = (\w+)").expect("a pattern");
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).expect("a source");
        for found in described.captures_iter(&text) {
            let name = renamed
                .captures(&found[1])
                .map_or_else(|| found[2].to_owned(), |renamed| renamed[1].to_owned());
            places.entry(name).or_default().push(file.clone());
        }
    }
    assert!(places.len() > 50, "the pattern finds the types");
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

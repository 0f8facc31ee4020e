//! The example that an operator starts from.

use crate::site;

const EXAMPLE: &str = include_str!("../../weir.example.toml");

#[test]
fn the_example_loads_without_a_warning() {
    let site = site(EXAMPLE);
    assert_eq!(site.warnings(), "");
    let catalogue = site.config().catalogue;
    assert_eq!(
        (
            catalogue.packages.len(),
            catalogue.indexes.len(),
            catalogue.pixels.len(),
            catalogue.sites.len()
        ),
        (7, 3, 1, 1)
    );
}

/// A commented setting that is no longer one would mislead; each must be a key that the reader knows.
#[test]
fn every_commented_setting_is_known() {
    let is_setting = |line: &str| {
        line.split_once(" = ").is_some_and(|(key, _)| {
            key.bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        })
    };
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting) if is_setting(setting) => setting,
        _ => line,
    });
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    assert!(text.contains("\nthreads = 4\n"), "{text}");
    let errors = site(&text).errors();
    // The files of secrets do not exist here; nothing else may be wrong.
    let wrong = errors
        .split("\n\n")
        .filter(|error| !error.contains("cannot read"));
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&str>::new());
}

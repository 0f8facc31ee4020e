//! The book in `docs/`: what is generated in it is fresh, its pages are all listed, its links lead somewhere,
//! and what it shows is run or read (`examples.toml` says how).

#[path = "../world/mod.rs"]
mod world;

mod api;
mod commands;
mod examples;
mod followed;
mod generators;
mod needs;
mod pages;
mod reader;
mod settings;
mod site;
mod snippets;
mod start;
mod tables;
mod typed;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the book.
fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The page `name` says what `text` says; with `UPDATE_BOOK` set it is written.
fn assert_fresh(name: &str, text: &str) {
    let page = docs().join("reference").join(name);
    if std::env::var_os("UPDATE_BOOK").is_some() {
        fs::write(&page, text).expect("the page can be written");
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == text,
        "run `UPDATE_BOOK=1 cargo nextest run --test book` and commit docs/reference/{name}"
    );
}

//! Every page is in the table of contents, and every link leads to a file, and to a heading in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::docs;

/// What the book needs and nobody reads.
const NO_PAGES: [&str; 1] = ["SUMMARY.md"];

/// Every page of the book.
pub(crate) fn pages() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![docs()];
    while let Some(folder) = ahead.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                ahead.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.insert(path);
            }
        }
    }
    found
}

/// Where the links of a page lead, as written; code is no link.
fn links(text: &str) -> Vec<String> {
    let code = Regex::new(r"(?s)```.*?```|`[^`\n]*`").expect("a pattern");
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let text = code.replace_all(text, "");
    let found = link.captures_iter(&text).map(|found| found[1].to_owned());
    found.collect()
}

/// The marks of a page's headings, as the book and code forges make them.
fn headings(text: &str) -> BTreeSet<String> {
    let code = Regex::new(r"(?s)```.*?```").expect("a pattern");
    let text = code.replace_all(text, "");
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| mark(line.trim_start_matches('#').trim()))
        .collect()
}

fn mark(heading: &str) -> String {
    let heading = heading.to_lowercase();
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || "-_".contains(letter) => Some(letter),
        _ => None,
    });
    kept.collect()
}

#[test]
fn every_page_is_in_the_table_of_contents_once() {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("a table of contents");
    let mut listed: Vec<_> = links(&summary)
        .into_iter()
        .map(|link| docs().join(link))
        .collect();
    listed.sort();
    let mut pages: Vec<_> = pages().into_iter().collect();
    pages.retain(|page| !NO_PAGES.iter().any(|name| page.ends_with(name)));
    assert_eq!(listed, pages);
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root.join(name));
    for page in pages().into_iter().chain(beside) {
        let text = fs::read_to_string(&page).expect("a text");
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().expect("a folder").join(path),
            };
            let there = match heading {
                "" => target.exists(),
                heading => {
                    fs::read_to_string(&target).is_ok_and(|text| headings(&text).contains(heading))
                }
            };
            if !there {
                broken.push(format!(
                    "{}: {link}",
                    page.strip_prefix(root).expect("below").display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_heading_is_marked_as_it_is_read() {
    assert_eq!(mark("`weir serve`"), "weir-serve");
    assert_eq!(mark("Who's there, and why?"), "whos-there-and-why");
}

//! The table of `docs/CHAOS.md`: a row for each fault that was played, as it came out.
//!
//! Each test leaves its row in a file, since each runs in a process of its own; one more, which
//! `make chaos` runs last, makes the page from them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One fault and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) fault: String,
    pub(crate) seed: u64,
    /// Played at length.
    pub(crate) is_long: bool,
    pub(crate) answered: usize,
    /// Connections that broke before the answer: the client cannot know.
    pub(crate) broken: usize,
    /// Answers that were none.
    pub(crate) failed: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) invented: usize,
    pub(crate) p99_ms: u64,
    /// From the end of the last fault until all was stored.
    pub(crate) settled_ms: u64,
    pub(crate) note: String,
}

impl Row {
    /// Prints the row and leaves it where the page is made from.
    pub(crate) fn write(&self) {
        eprint!("{}", line(self));
        fs::create_dir_all(folder()).expect("target/ can be written");
        let words = self.fault.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let text = serde_json::to_string_pretty(self).expect("text is JSON");
        let file = folder().join(words.join("-").to_lowercase() + ".json");
        fs::write(file, text).expect("target/ can be written");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/chaos")
}

fn rows() -> Vec<Row> {
    let files = fs::read_dir(folder()).expect("the faults were played before");
    let mut rows: Vec<Row> = files
        .map(|file| fs::read(file.expect("target/ can be read").path()).expect("a row's file"))
        .map(|text| serde_json::from_slice(&text).expect("a row"))
        .collect();
    rows.sort();
    rows
}

fn page(rows: &[Row]) -> String {
    let mut page = include_str!("page.md").to_owned();
    page.extend(rows.iter().map(line));
    page
}

fn line(row: &Row) -> String {
    let Row {
        fault,
        answered,
        broken,
        failed,
        lost,
        doubled,
        invented,
        p99_ms,
        note,
        seed,
        ..
    } = row;
    let settled = format!(
        "{}.{} s",
        row.settled_ms / 1000,
        row.settled_ms % 1000 / 100
    );
    let form = if row.is_long { "" } else { "short run; " };
    let mut line = format!("| {fault} | {answered} | {broken} |");
    for count in [failed, lost, doubled, invented] {
        // What should not be stands out.
        let cell = if *count == 0 {
            " 0 |"
        } else {
            &format!(" **{count}** |")
        };
        line.push_str(cell);
    }
    writeln!(line, " {p99_ms} ms | {settled} | {form}{note} | {seed} |").expect("strings take it");
    line
}

#[test]
#[ignore = "make chaos, after every fault"]
fn the_page_is_made_from_the_rows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CHAOS.md");
    fs::write(path, page(&rows())).expect("docs/ can be written");
}

#[test]
fn what_should_not_be_stands_out() {
    let row = Row {
        fault: "killed".to_owned(),
        seed: 7,
        is_long: false,
        answered: 1000,
        broken: 3,
        failed: 0,
        lost: 2,
        doubled: 0,
        invented: 0,
        p99_ms: 12,
        settled_ms: 1250,
        note: "5 kills".to_owned(),
    };
    insta::assert_snapshot!(line(&row), @"| killed | 1000 | 3 | 0 | **2** | 0 | 0 | 12 ms | 1.2 s | short run; 5 kills | 7 |");
}

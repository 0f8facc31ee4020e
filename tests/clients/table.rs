//! `docs/CLIENTS.md`: what was to be proven, and a row for each scenario that was run, as it came out.
//!
//! `make test-clients` runs the test that makes it last.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, iter};

use crate::acceptance;
use crate::requirements::REQUIREMENTS;
use crate::world::row::{Row, folder};

fn rows() -> Vec<Row> {
    let files = fs::read_dir(folder()).expect("the scenarios were run before");
    let mut rows: Vec<Row> = files
        .map(|file| fs::read(file.expect("target/ can be read").path()).expect("a row's file"))
        .map(|text| serde_json::from_slice(&text).expect("a row"))
        .collect();
    rows.sort();
    rows
}

/// The whole page. `rows` are sorted.
fn page(rows: &[Row]) -> String {
    let mut page = include_str!("table.md").to_owned();
    page.push_str(&acceptance::section(REQUIREMENTS, rows));
    for of_one in rows.chunk_by(|one, other| one.ecosystem == other.ecosystem) {
        write!(
            page,
            "\n## {}\n\n| client | version | scenario | expected | seen |\n|---|---|---|---|---|\n",
            of_one[0].ecosystem
        )
        .expect("strings take every write");
        page.extend(of_one.iter().map(line));
    }
    page
}

fn line(row: &Row) -> String {
    let seen = match row.seen.as_slice() {
        [] => "nothing".to_owned(),
        seen => format!("{}: {}", count(seen), seen.join(", ")),
    };
    let seen = if row.holds() {
        seen
    } else {
        format!("**{seen}**")
    };
    let cells = [
        row.client.as_str(),
        &row.version,
        &row.scenario,
        &count(&row.expected),
        &seen,
    ];
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}

/// `2 downloads, 1 install_ping`.
fn count(events: &[String]) -> String {
    let kinds = ["install_ping", "mirror", "script"];
    let of_kind = |kind: &str| {
        let named = |event: &&String| event.split(' ').next() == Some(kind);
        events.iter().filter(named).count()
    };
    let others = kinds.map(|kind| (kind, of_kind(kind)));
    let downloads = events.len() - others.iter().map(|(_, count)| count).sum::<usize>();
    let parts = iter::once(("download", downloads)).chain(others);
    let parts: Vec<_> = parts
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join(", ")
}

#[test]
#[ignore = "make test-clients, after every scenario"]
fn the_page_is_made_from_the_rows() {
    let rows = rows();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CLIENTS.md");
    fs::write(path, page(&rows)).expect("docs/ can be written");
    let unproven = acceptance::unproven(REQUIREMENTS, &rows);
    assert!(unproven.is_empty(), "not proven:\n{}", unproven.join("\n"));
}

#[test]
fn a_row_says_what_was_expected_and_shows_a_difference_in_bold() {
    let row = |expected: &[&str], seen: &[&str]| Row {
        ecosystem: "PyPI".to_owned(),
        client: "pip".to_owned(),
        version: "26.3".to_owned(),
        scenario: "install a|b".to_owned(),
        expected: expected.iter().map(|&event| event.to_owned()).collect(),
        seen: seen.iter().map(|&event| event.to_owned()).collect(),
    };
    let lines = [
        row(&["a 1", "b 2"], &["a 1", "b 2"]),
        row(&[], &[]),
        row(&["a 1", "install_ping a 1"], &["install_ping a 1"]),
    ];
    insta::assert_snapshot!(lines.iter().map(line).collect::<String>(), @r"
    | pip | 26.3 | install a\|b | 2 downloads | 2 downloads: a 1, b 2 |
    | pip | 26.3 | install a\|b | nothing | nothing |
    | pip | 26.3 | install a\|b | 1 download, 1 install_ping | **1 install_ping: install_ping a 1** |
    ");
}

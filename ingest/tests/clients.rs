//! What is read from agents, field by field, against labelled cases in `clients/labelled.toml`.
//!
//! The table that comes out stands in `docs/audiences.md`; `UPDATE=1 cargo nextest run -p weir-ingest --test clients`
//! writes it there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use weir_event::{Audience, Event, EventId, Kind};
use weir_ingest::{Class, ClientIp, ClientRules, Enricher, Observation, Places, load_open_data};

/// Right answers that each field needs, in a hundred.
const NEEDED: f64 = 99.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    agent: String,
    #[serde(default)]
    ecosystem: String,
    #[serde(flatten)]
    expected: BTreeMap<String, String>,
}

/// How often a field was right, wrong, or empty where it should not be.
#[derive(Default)]
struct Score {
    right: u32,
    wrong: u32,
    unknown: u32,
}

fn cases() -> Vec<Case> {
    toml::from_str::<Cases>(include_str!("../clients/labelled.toml"))
        .unwrap_or_else(|error| panic!("clients/labelled.toml: {}", error.message()))
        .case
}

fn fields<'e>(event: &'e Event<'_>) -> [(&'static str, &'e str); 11] {
    let ci = event.ci.as_str();
    [
        ("client", &event.client),
        ("client_version", &event.client_version),
        ("runtime", &event.runtime),
        ("runtime_version", &event.runtime_version),
        ("os", &event.os),
        ("os_version", &event.os_version),
        ("arch", &event.arch),
        ("libc", &event.libc),
        ("ci", if ci == "unknown" { "" } else { ci }),
        ("ci_name", &event.ci_name),
        ("audience", event.audience.as_str()),
    ]
}

fn observation(case: &Case) -> Observation<'_> {
    Observation {
        // Kinds are the gateway's own words; only this one changes how an agent reads.
        ecosystem: if case.ecosystem == "npm" { "npm" } else { "" },
        user_agent: &case.agent,
        ..Observation::new(Kind::Download)
    }
}

/// The event that an agent's download leaves.
fn event<'a>(enricher: &Enricher, seen: &'a Observation<'a>) -> Event<'a> {
    let id = EventId {
        node: 1,
        boot: 1,
        counter: 1,
    };
    let nowhere = ClientIp::new([127, 0, 0, 1].into());
    enricher.enrich(seen, nowhere, id, 0).expect("an event")
}

#[test]
fn agents_are_read_as_labelled() {
    load_open_data();
    let enricher = Enricher::new(Places::default(), 0).expect("random bytes");
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut misses = Vec::new();
    for case in &cases() {
        let seen = observation(case);
        let event = event(&enricher, &seen);
        for (field, read) in fields(&event) {
            let expected = case.expected.get(field).map_or("", String::as_str);
            let score = scores.entry(field).or_default();
            match read {
                _ if read == expected => score.right += 1,
                "" => score.unknown += 1,
                _ => score.wrong += 1,
            }
            if read != expected {
                let agent = &case.agent;
                misses.push(format!(
                    "{field}: read {read:?}, expected {expected:?}: {agent}"
                ));
            }
        }
    }
    let table = table(&scores);
    let misses = misses.join("\n");
    eprintln!("{table}{misses}");
    for (field, score) in &scores {
        assert!(
            share(score) >= NEEDED,
            "{field}: {:.1} % right\n{misses}",
            share(score)
        );
    }
    is_in_the_book(&table);
}

#[test]
fn nobody_who_installs_or_reads_is_taken_for_a_bot() {
    load_open_data();
    let enricher = Enricher::new(Places::default(), 0).expect("random bytes");
    for case in &cases() {
        let seen = observation(case);
        let event = event(&enricher, &seen);
        let is_bot = case
            .expected
            .get("audience")
            .is_some_and(|audience| audience == "bot");
        assert_eq!(event.audience == Audience::Bot, is_bot, "{}", case.agent);
    }
}

#[test]
fn browsers_are_named_the_same_before_the_open_data_is_there() {
    let rules = ClientRules::builtin();
    let cases = cases();
    let browsers = || {
        cases
            .iter()
            .filter(|case| case.agent.starts_with("Mozilla/"))
    };
    let name = |case: &Case| rules.read(&case.agent, "").name.into_owned();
    let early: Vec<_> = browsers().map(name).collect();
    load_open_data();
    let late: Vec<_> = browsers().map(name).collect();
    assert_eq!(early, late);
}

/// The table for the book, in Markdown.
fn table(scores: &BTreeMap<&str, Score>) -> String {
    let line = |(field, score): (&&str, &Score)| {
        let Score {
            right,
            wrong,
            unknown,
        } = score;
        format!("| `{field}` | {right} | {wrong} | {unknown} |\n")
    };
    let lines: Vec<_> = scores.iter().map(line).collect();
    format!(
        "| field | right | wrong | unknown |\n|---|--:|--:|--:|\n{}",
        lines.concat()
    )
}

/// Compares the table with the one in the book, or puts it there where that is asked for.
fn is_in_the_book(table: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/audiences.md");
    let book = std::fs::read_to_string(file).expect("the page");
    let (before, rest) = book
        .split_once("<!-- accuracy -->\n")
        .expect("the table's beginning");
    let (written, after) = rest.split_once("<!-- end -->").expect("the table's end");
    if std::env::var_os("UPDATE").is_some() {
        let page = format!("{before}<!-- accuracy -->\n{table}<!-- end -->{after}");
        return std::fs::write(file, page).expect("the page can be written");
    }
    assert_eq!(
        written, table,
        "docs/audiences.md is older than the code: run with UPDATE=1"
    );
}

fn share(score: &Score) -> f64 {
    100.0 * f64::from(score.right) / f64::from(score.right + score.wrong + score.unknown)
}

#[test]
fn the_cases_cover_programs_enough_and_name_known_fields() {
    let cases = cases();
    let id = EventId {
        node: 1,
        boot: 1,
        counter: 1,
    };
    let blank = Event::new(id, Kind::Download, 0);
    let known: BTreeSet<_> = fields(&blank).map(|(field, _)| field).into();
    for field in cases.iter().flat_map(|case| case.expected.keys()) {
        assert!(known.contains(field.as_str()), "no field {field}");
    }
    let rules = ClientRules::builtin();
    let is_tool = |case: &&Case| {
        let rule = rules.rule(&case.agent, &case.ecosystem);
        rule.is_some_and(|rule| rule.class() == Class::Tool)
    };
    let tools: Vec<_> = cases.iter().filter(is_tool).collect();
    let clients: BTreeSet<_> = tools
        .iter()
        .filter_map(|case| case.expected.get("client"))
        .collect();
    assert!(
        tools.len() >= 200 && clients.len() >= 40,
        "{} agents of {} package managers and download tools",
        tools.len(),
        clients.len()
    );
}

//! What is read from agents, field by field, against labelled cases in `clients.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use weir_event::{Event, EventId, Kind};
use weir_ingest::{ClientIp, Enricher, Observation, Places};

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
    toml::from_str::<Cases>(include_str!("clients.toml"))
        .unwrap_or_else(|error| panic!("clients.toml: {}", error.message()))
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

#[test]
fn agents_are_read_as_labelled() {
    let enricher = Enricher::new(Places::default(), 0).expect("random bytes");
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut misses = Vec::new();
    for case in &cases() {
        let seen = observation(case);
        let id = EventId {
            node: 1,
            boot: 1,
            counter: 1,
        };
        let event = enricher
            .enrich(&seen, ClientIp::new([127, 0, 0, 1].into()), id, 0)
            .expect("an event");
        for (field, read) in fields(&event) {
            let expected = case.expected.get(field).map_or("", String::as_str);
            let score = scores.entry(field).or_default();
            match read {
                read if read == expected => score.right += 1,
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
    let table: String = scores
        .iter()
        .map(|(field, score)| line(field, score))
        .collect();
    let misses = misses.join("\n");
    eprintln!("field            right wrong unknown\n{table}{misses}");
    for (field, score) in &scores {
        assert!(
            share(score) >= NEEDED,
            "{field}: {:.1} % right\n{misses}",
            share(score)
        );
    }
}

fn line(field: &str, score: &Score) -> String {
    format!(
        "{field:16} {:5} {:5} {:7}\n",
        score.right, score.wrong, score.unknown
    )
}

fn share(score: &Score) -> f64 {
    100.0 * f64::from(score.right) / f64::from(score.right + score.wrong + score.unknown)
}

#[test]
fn the_cases_cover_programs_enough_and_name_known_fields() {
    let cases = cases();
    let blank = Event::new(
        EventId {
            node: 1,
            boot: 1,
            counter: 1,
        },
        Kind::Download,
        0,
    );
    let known: BTreeSet<_> = fields(&blank).map(|(field, _)| field).into();
    let clients: BTreeSet<_> = cases
        .iter()
        .filter_map(|case| case.expected.get("client"))
        .collect();
    for field in cases.iter().flat_map(|case| case.expected.keys()) {
        assert!(known.contains(field.as_str()), "no field {field}");
    }
    assert!(
        cases.len() >= 80 && clients.len() >= 30,
        "{} agents of {} programs",
        cases.len(),
        clients.len()
    );
}

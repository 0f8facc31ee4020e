//! Whether the rows prove what they have to: the first part of `docs/CLIENTS.md`.

use std::fmt::Write as _;

use crate::requirements::{KNOWN, Proof, Requirement};
use crate::world::row::Row;

/// The part of the page that says which rows prove what.
pub(crate) fn section(requirements: &[Requirement], rows: &[Row]) -> String {
    let mut section = "\n## What was to be proven\n\n| what | expected | proven by | holds |\n|---|---|---|---|\n".to_owned();
    for requirement in requirements {
        let holds = if missing(requirement, rows).is_empty() {
            "yes"
        } else {
            "**no**"
        };
        let Requirement { what, expected, .. } = requirement;
        let proofs = proofs(requirement);
        writeln!(section, "| {what} | {expected} | {proofs} | {holds} |")
            .expect("strings take every write");
    }
    section
}

/// What no row proves, as `CLIENT: SCENARIO`.
pub(crate) fn unproven(requirements: &[Requirement], rows: &[Row]) -> Vec<String> {
    let missing = |requirement| missing(requirement, rows);
    requirements.iter().flat_map(missing).collect()
}

fn proofs(requirement: &Requirement) -> String {
    let of_client = |(ecosystem, client, scenarios): &Proof| {
        let by = if *ecosystem == KNOWN {
            " (known requests)"
        } else {
            ""
        };
        format!("{client}{by}: {}", scenarios.join(" · "))
    };
    let rows = requirement.rows.iter().map(of_client);
    let tests = Some(requirement.tests.to_owned()).filter(|tests| !tests.is_empty());
    rows.chain(tests).collect::<Vec<_>>().join("; ")
}

/// Scenarios that were not run, or came out otherwise with some version of the client.
fn missing(requirement: &Requirement, rows: &[Row]) -> Vec<String> {
    let scenarios = requirement
        .rows
        .iter()
        .flat_map(|&(ecosystem, client, all)| {
            all.iter()
                .map(move |&scenario| (ecosystem, client, scenario))
        });
    let fails = |&(ecosystem, client, scenario): &(&str, &str, &str)| {
        let mut own = rows
            .iter()
            .filter(|row| {
                row.ecosystem == ecosystem && row.client == client && row.scenario == scenario
            })
            .peekable();
        own.peek().is_none() || !own.all(Row::holds)
    };
    let name = |(_, client, scenario)| format!("{client}: {scenario}");
    scenarios.filter(fails).map(name).collect()
}

#[test]
fn a_requirement_holds_when_each_of_its_scenarios_was_run_and_came_out() {
    let requirement = Requirement {
        what: "an installation",
        expected: "1 download",
        rows: &[("PyPI", "pip", &["`install`", "`download`"])],
        tests: "",
    };
    let row = |scenario: &str, version: &str, seen: &[&str]| Row {
        ecosystem: "PyPI".to_owned(),
        client: "pip".to_owned(),
        version: version.to_owned(),
        scenario: scenario.to_owned(),
        expected: vec!["a 1".to_owned()],
        seen: seen.iter().map(|&event| event.to_owned()).collect(),
    };
    let came_out = [
        row("`download`", "26", &["a 1"]),
        row("`install`", "23", &["a 1"]),
        row("`install`", "26", &["a 1"]),
    ];
    let requirements = [requirement];
    assert_eq!(unproven(&requirements, &came_out), [""; 0]);
    assert_eq!(unproven(&requirements, &came_out[1..]), ["pip: `download`"]);
    let mut one_did_not = came_out;
    one_did_not[2].seen.clear();
    assert_eq!(unproven(&requirements, &one_did_not), ["pip: `install`"]);
    insta::assert_snapshot!(section(&requirements, &one_did_not).lines().last().unwrap_or_default(), @"| an installation | 1 download | pip: `install` · `download` | **no** |");
}

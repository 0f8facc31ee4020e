//! How often organisations are named, and named rightly, over the labelled networks in `orgs.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use weir_ingest::organisation::{Explained, Organisations, Rule, explain};
use weir_ingest::{Network, NetworkType};

/// Right names among those of high confidence, in a hundred.
const NEEDED: f64 = 95.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Panel {
    network: Vec<Row>,
}

/// What the data says of a network, and what is true of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    asn: u32,
    name: String,
    #[serde(default)]
    domain: String,
    size: u64,
    #[serde(default)]
    category: String,
    /// What it is used for.
    r#type: String,
    /// Who runs it for itself; nobody where it carries or hosts others.
    #[serde(default)]
    organisation: String,
    /// What decides.
    rule: String,
}

/// How an answer compares with the truth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    Wrong,
    Missed,
}

fn rows() -> Vec<Row> {
    toml::from_str::<Panel>(include_str!("orgs.toml"))
        .unwrap_or_else(|error| panic!("orgs.toml: {error}"))
        .network
}

fn kind(word: &str) -> NetworkType {
    use NetworkType as Type;
    let all = [
        Type::Unknown,
        Type::Residential,
        Type::Mobile,
        Type::Business,
        Type::Education,
        Type::Government,
        Type::Hosting,
        Type::Cdn,
        Type::Carrier,
        Type::Nonprofit,
    ];
    let found = all.into_iter().find(|kind| kind.as_str() == word);
    found.unwrap_or_else(|| panic!("no type {word:?}"))
}

/// What is made of a row, with the data's category or without.
fn explained(row: &Row, with_category: bool) -> Explained {
    let network = Network {
        asn: row.asn,
        name: row.name.as_str().into(),
        domain: row.domain.as_str().into(),
        size: row.size,
        kind: kind(if with_category { &row.category } else { "" }),
        ..Network::default()
    };
    explain(&Organisations::off(), &network, None, "", None)
}

/// The name that was given at `least` confidence or more, against the truth; nothing where both say nobody.
fn outcome(row: &Row, explained: &Explained, least: u8) -> Option<Outcome> {
    let found = explained.found.as_ref();
    let named = found.filter(|found| found.confidence >= least);
    match named {
        Some(named) if *named.name == *row.organisation && named.kind.as_str() == row.r#type => {
            Some(Outcome::Right)
        }
        Some(_) => Some(Outcome::Wrong),
        None if row.organisation.is_empty() => None,
        None => Some(Outcome::Missed),
    }
}

/// Right, wrong and missed.
fn counted(rows: &[Row], with_category: bool, least: u8) -> [u32; 3] {
    let mut counts = [0; 3];
    for row in rows {
        if let Some(outcome) = outcome(row, &explained(row, with_category), least) {
            counts[outcome as usize] += 1;
        }
    }
    counts
}

/// How many networks are taken for what they are. Who carries and who hosts is told apart by the data alone, so all of
/// either count as one.
fn types_right(rows: &[Row], with_category: bool) -> u32 {
    let coarse = |kind: NetworkType| match kind {
        NetworkType::Mobile | NetworkType::Residential => NetworkType::Carrier,
        NetworkType::Cdn => NetworkType::Hosting,
        kind => kind,
    };
    let right =
        |row: &&Row| coarse(explained(row, with_category).kind) == coarse(kind(&row.r#type));
    rows.iter().filter(right).count() as u32
}

fn share(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}

/// The rows of the table for one form of the data.
fn lines(rows: &[Row], data: &str, with_category: bool) -> Vec<String> {
    let types = share(types_right(rows, with_category), rows.len() as u32);
    let buckets = [("high", 85), ("medium", 60), ("any", 0)].map(|(bucket, least)| {
        let [right, wrong, missed] = counted(rows, with_category, least);
        let precision = share(right, right + wrong);
        let recall = share(right, right + wrong + missed);
        format!(
            "{data:11} {bucket:10} {right:6} {wrong:5} {missed:6} {precision:8.1} % {recall:4.1} %"
        )
    });
    let types = format!("{data:11} type right {types:.1} %");
    std::iter::once(types).chain(buckets).collect()
}

#[test]
fn names_of_high_confidence_are_right() {
    let rows = rows();
    let table: Vec<String> = [("whole", true), ("no category", false)]
        .iter()
        .flat_map(|(data, with_category)| lines(&rows, data, *with_category))
        .collect();
    let table = table.join("\n");
    let misses: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let explained = explained(row, true);
            let outcome = outcome(row, &explained, 60)?;
            let Row { asn, name, .. } = row;
            let rule = explained.rule.as_str();
            match outcome {
                Outcome::Right => None,
                Outcome::Wrong => Some(format!("wrong  AS{asn} {name} by {rule}")),
                Outcome::Missed => Some(format!("missed AS{asn} {name} by {rule}")),
            }
        })
        .collect();
    eprintln!(
        "{} networks\ndata        confidence  right wrong missed  precision recall\n{table}\n{}",
        rows.len(),
        misses.join("\n")
    );
    for with_category in [true, false] {
        let [right, wrong, _] = counted(&rows, with_category, 85);
        assert!(right > 50, "too few to say anything: {right}");
        assert!(
            share(right, right + wrong) >= NEEDED,
            "high: {right} right, {wrong} wrong\n{table}"
        );
    }
}

#[test]
fn each_network_is_decided_by_the_rule_that_should() {
    let differing: Vec<String> = rows()
        .iter()
        .filter_map(|row| {
            let fired = explained(row, true).rule.as_str();
            let Row {
                asn, name, rule, ..
            } = row;
            (fired != rule).then(|| format!("AS{asn} {name}: {fired}, not {rule}"))
        })
        .collect();
    assert_eq!(differing, Vec::<String>::new());
}

#[test]
fn the_panel_covers_types_and_rules_enough() {
    let rows = rows();
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *types.entry(&row.r#type).or_default() += 1;
    }
    let rules: BTreeSet<&str> = rows.iter().map(|row| row.rule.as_str()).collect();
    let systems: BTreeSet<u32> = rows.iter().map(|row| row.asn).collect();
    assert_eq!(systems.len(), rows.len(), "a system is in it once");
    assert!(rows.len() >= 300, "{} networks", rows.len());
    assert!(types.len() >= 9 && rules.len() >= 12, "{types:?} {rules:?}");
    for rule in rules {
        assert!(
            Rule::ALL.iter().any(|known| known.as_str() == rule),
            "no rule {rule}"
        );
    }
}

//! What operators are given beside the program: alerts, a dashboard, and pages that say what to do.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use weir::metrics::{GROUPS, Kind};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the repository")
}

/// Series that a Prometheus has of Weir.
fn series() -> BTreeSet<String> {
    let metrics = GROUPS.iter().flat_map(|group| group.metrics);
    metrics
        .flat_map(|metric| {
            let name = metric.series();
            let of_histograms = ["_bucket", "_sum", "_count"].map(|end| format!("{name}{end}"));
            match metric.kind {
                Kind::Histogram => of_histograms.to_vec(),
                Kind::Counter | Kind::Gauge => vec![name],
            }
        })
        .collect()
}

/// Names in `text` that look like those of series.
fn named(text: &str) -> BTreeSet<&str> {
    let words =
        text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    words
        .filter(|word| word.starts_with("weir_") || word.starts_with("process_"))
        .collect()
}

fn promtool(arguments: &[&str]) -> Output {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(root())
        .output();
    output.expect("promtool of Debian's package prometheus: run `make setup`")
}

fn succeeds(arguments: &[&str]) {
    let output = promtool(arguments);
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}

#[test]
fn alerts_name_what_there_is_and_do_what_they_are_tested_for() {
    let unknown: Vec<_> = [
        read("config/prometheus/alerts.yml"),
        read("config/prometheus/alerts.test.yml"),
    ]
    .iter()
    .flat_map(|text| named(text))
    .filter(|name| !series().contains(*name))
    .map(str::to_owned)
    .collect();
    assert_eq!(unknown, Vec::<String>::new());
    succeeds(&["check", "rules", "config/prometheus/alerts.yml"]);
    succeeds(&["test", "rules", "config/prometheus/alerts.test.yml"]);
}

#[test]
fn each_alert_leads_to_a_heading_that_says_what_to_do() {
    let book = read("docs/operating.md");
    let headings: BTreeSet<_> = book
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::to_lowercase)
        .collect();
    let alerts = read("config/prometheus/alerts.yml");
    let runbooks = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("runbook: "));
    let anchors: Vec<_> = runbooks
        .map(|runbook| {
            runbook
                .strip_prefix("docs/operating.md#")
                .expect("of that page")
        })
        .collect();
    assert_eq!(anchors.len(), alerts.matches("- alert: ").count());
    let missing: Vec<_> = anchors
        .iter()
        .filter(|anchor| !headings.contains(**anchor))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// Every query of a dashboard, by the panel's title.
fn queries(dashboard: &Value) -> Vec<(String, String)> {
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut queries = Vec::new();
    for panel in panels {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            queries.push((text(&panel["title"]), text(&target["expr"])));
        }
    }
    queries
}

#[test]
fn the_dashboard_asks_for_what_there_is_in_words_that_prometheus_knows() {
    let text = read("config/grafana/weir.json");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let queries = queries(&dashboard);
    assert!(queries.len() > 30, "{} queries", queries.len());
    let asked: BTreeSet<_> = queries.iter().flat_map(|(_, query)| named(query)).collect();
    let known = series();
    let unknown: Vec<_> = asked
        .iter()
        .filter(|name| !known.contains(**name))
        .collect();
    assert_eq!(unknown, Vec::<&&str>::new());
    // As rules, which is what promtool reads; JSON is YAML.
    let rules: Vec<_> = queries
        .iter()
        .map(|(panel, query)| {
            let query = query
                .replace("$__rate_interval", "5m")
                .replace("$instance", ".*")
                .replace("$job", "weir");
            json!({ "record": "query", "expr": query, "labels": { "of": format!("{panel}: {query}") } })
        })
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("queries.yml");
    let groups = json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    fs::write(&path, groups.to_string()).expect("written");
    succeeds(&["check", "rules", path.to_str().expect("text")]);
}

#[test]
fn what_matters_most_is_on_the_dashboard_and_has_an_alert() {
    let dashboard = read("config/grafana/weir.json");
    let alerts = read("config/prometheus/alerts.yml");
    for name in [
        "weir_requests_total",
        "weir_request_duration_seconds_bucket",
        "weir_connections_open",
        "weir_upstream_requests_total",
        "weir_events_dropped_total",
        "weir_spool_used_bytes",
        "weir_spool_oldest_seconds",
        "weir_engine_state",
        "weir_certificate_first_expiry_timestamp_seconds",
        "process_open_fds",
    ] {
        assert!(named(&dashboard).contains(name), "{name} is on no panel");
        assert!(named(&alerts).contains(name), "{name} has no alert");
    }
}

use std::collections::BTreeSet;
use std::time::Duration;

use weir_gateway::{Durations, RequestCount, TrafficCounts};
use weir_ingest::engine::EngineState;
use weir_spool::Backlog;

use super::*;
use crate::program::Reloads;

fn reading(downloads: Option<Downloads>) -> Reading {
    Reading {
        downloads,
        engine: EngineState::Ready,
        engine_restarts: 2,
        reloads: Reloads::default(),
        traces: weir_traces::Counts::default(),
        is_ready: true,
        system: None,
    }
}

fn busy() -> Downloads {
    Downloads {
        traffic: TrafficCounts {
            requests: vec![RequestCount {
                ecosystem: "oci",
                kind: "download",
                outcome: "redirect",
                count: 7,
            }],
            door: Durations {
                buckets: vec![(0.005, 6), (f64::INFINITY, 1)],
                seconds: 0.25,
            },
            ..TrafficCounts::default()
        },
        backlog: Backlog {
            batches: 3,
            bytes: 4096,
            oldest: Some(Duration::from_millis(1500)),
        },
        place_data: vec![("a \"b\"\n".to_owned(), 86_400)],
        ..Downloads::default()
    }
}

/// Lines about the metric that is asked for by `name`, but what it says.
fn about(text: &str, name: &str) -> String {
    let lines = text.lines().filter(|line| line.contains(name));
    let lines = lines.filter(|line| !line.starts_with("# HELP "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_scrape_is_answered_in_open_metrics() {
    let text = answer(reading(Some(busy())));
    let names = [
        "weir_requests",
        "weir_request_duration_seconds",
        "weir_spool_oldest",
        "weir_engine_",
        "weir_place_data",
    ];
    let told = names.map(|name| about(&text, name)).join("\n\n");
    insta::assert_snapshot!(told, @r#"
    # TYPE weir_requests counter
    weir_requests_total{ecosystem="oci",kind="download",outcome="redirect"} 7

    # TYPE weir_request_duration_seconds histogram
    # UNIT weir_request_duration_seconds seconds
    weir_request_duration_seconds_sum{answered="door"} 0.25
    weir_request_duration_seconds_count{answered="door"} 7
    weir_request_duration_seconds_bucket{le="0.005",answered="door"} 6
    weir_request_duration_seconds_bucket{le="+Inf",answered="door"} 7
    weir_request_duration_seconds_sum{answered="behind"} 0.0
    weir_request_duration_seconds_count{answered="behind"} 0

    # TYPE weir_spool_oldest_seconds gauge
    # UNIT weir_spool_oldest_seconds seconds
    weir_spool_oldest_seconds 1.5

    # TYPE weir_engine_state gauge
    weir_engine_state{state="starting"} 0
    weir_engine_state{state="ready"} 1
    weir_engine_state{state="down"} 0
    weir_engine_state{state="external"} 0
    # TYPE weir_engine_restarts counter
    weir_engine_restarts_total 2

    # TYPE weir_place_data_timestamp_seconds gauge
    # UNIT weir_place_data_timestamp_seconds seconds
    weir_place_data_timestamp_seconds{source="a \"b\"\n"} 86400
    "#);
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn the_dashboard_alone_tells_nothing_of_downloads() {
    let text = answer(reading(None));
    assert!(text.contains("weir_ready 1\n"), "{text}");
    assert!(!text.contains("weir_events"), "{text}");
    assert!(!text.contains("weir_requests"), "{text}");
}

#[test]
fn every_metric_has_one_name_and_is_told() {
    let all: Vec<_> = GROUPS.iter().flat_map(|group| group.metrics).collect();
    let names: BTreeSet<_> = all.iter().map(|metric| metric.series()).collect();
    assert_eq!(names.len(), all.len());
    let mut downloads = busy();
    downloads.load.first_expiry = Some(1);
    downloads.shipping.last_success = Some(std::time::SystemTime::UNIX_EPOCH);
    let mut whole = reading(Some(downloads));
    whole.system = System::look();
    let text = answer(whole);
    let of_words = [
        "failures",
        "upstream_requests",
        "connections_total",
        "handshakes",
    ];
    for name in names {
        // These are empty in a reading that was made up.
        if of_words.iter().any(|word| name.contains(word)) && !name.contains("salt") {
            continue;
        }
        assert!(text.contains(&format!("\n{name}")), "{name} is not told");
    }
}

//! Metrics of what everything rests on: ClickHouse, certificates, data about networks, the configuration.

use std::borrow::Cow;

use weir_ingest::engine::EngineState;
use weir_traces::Dropped;

use super::requests::of;
use super::table::Kind::{Counter, Gauge};
use super::table::Unit::{None as Plain, Seconds};
use super::table::{Group, Metric, by, known, one};

pub(super) const GROUP: Group = Group {
    title: "State",
    about: "What the answers and their events rest on.",
    metrics: &[
        Metric {
            name: "weir_build_info",
            kind: Gauge,
            unit: Plain,
            labels: &["version"],
            help: "Always 1; the version is its label",
            read: |_| by([(env!("CARGO_PKG_VERSION"), 1_u64)]),
        },
        Metric {
            name: "weir_ready",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "1 until the process begins to end, as /readyz says it",
            read: |reading| one(reading.is_ready),
        },
        Metric {
            name: "weir_engine_state",
            kind: Gauge,
            unit: Plain,
            labels: &["state"],
            help: "1 for what ClickHouse is doing, 0 for the others: starting, ready, down, or external for a server that somebody else runs",
            read: |reading| {
                let state = word(&reading.engine);
                by(["starting", "ready", "down", "external"].map(|word| (word, word == state)))
            },
        },
        Metric {
            name: "weir_engine_restarts",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "How often the engine inside was started again",
            read: |reading| one(reading.engine_restarts),
        },
        Metric {
            name: "weir_tables_prepared",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "1 once the tables are those of this build; events wait in the spool until then",
            read: |reading| of(reading, |downloads| one(downloads.shipping.prepared)),
        },
        Metric {
            name: "weir_certificate_first_expiry_timestamp",
            kind: Gauge,
            unit: Seconds,
            labels: &[],
            help: "When the first of all certificates that are shown ends, since 1970; not there without any",
            read: |reading| {
                of(reading, |downloads| {
                    let expiry = downloads.load.first_expiry;
                    known(expiry.and_then(|seconds| u64::try_from(seconds).ok()))
                })
            },
        },
        Metric {
            name: "weir_domains_withheld",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Domains on which nothing is served because DNS does not say that they are their owners'; `weir domains` names them",
            read: |reading| of(reading, |downloads| one(downloads.load.withheld_domains)),
        },
        Metric {
            name: "weir_domains_without_certificate",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Domains that are served by TLS and have no certificate to show; `weir domains` names them",
            read: |reading| of(reading, |downloads| one(downloads.load.without_certificate)),
        },
        Metric {
            name: "weir_place_data_timestamp",
            kind: Gauge,
            unit: Seconds,
            labels: &["source"],
            help: "When data about networks was made or else fetched, since 1970, by its source's name in the configuration",
            read: |reading| {
                of(reading, |downloads| {
                    let data = downloads.place_data.iter();
                    by(data.map(|(source, made)| (Cow::Owned(source.clone()), *made)))
                })
            },
        },
        Metric {
            name: "weir_configuration_reloads",
            kind: Counter,
            unit: Plain,
            labels: &["result"],
            help: "How often the configuration was read again: taken, or refused whole because of an error in it",
            read: |reading| {
                let reloads = reading.reloads;
                by([("taken", reloads.taken), ("refused", reloads.refused)])
            },
        },
        Metric {
            name: "weir_configuration_behind",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "1 while the configuration in force is older than the one in the file, because that has an error",
            read: |reading| one(reading.reloads.is_behind),
        },
        Metric {
            name: "weir_traces_sent",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Spans of traces that the collector took",
            read: |reading| one(reading.traces.sent),
        },
        Metric {
            name: "weir_traces_dropped",
            kind: Counter,
            unit: Plain,
            labels: &["reason"],
            help: "Spans that it did not get: the queue was full, the collector unreachable, or it refused them. Nothing else is lost with them",
            read: |reading| by(Dropped::ALL.map(|why| (why.as_str(), reading.traces.dropped(why)))),
        },
    ],
};

fn word(state: &EngineState) -> &'static str {
    match state {
        EngineState::Starting => "starting",
        EngineState::Ready => "ready",
        EngineState::Down { .. } => "down",
        EngineState::External => "external",
    }
}

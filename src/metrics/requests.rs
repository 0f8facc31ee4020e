//! Metrics of requests and of what they need: three of the four golden signals (latency, traffic, errors), and
//! connections.

use super::reading::{Downloads, Reading};
use super::table::Kind::{Counter, Gauge, Histogram};
use super::table::Unit::{None as Plain, Seconds};
use super::table::{Group, Metric, Sample, Value, by, one};

pub(super) const GROUP: Group = Group {
    title: "Requests",
    about: "Of the half that answers downloads. A request counts once, when its answer begins to leave.",
    metrics: &[
        Metric {
            name: "weir_requests",
            kind: Counter,
            unit: Plain,
            labels: &["ecosystem", "kind", "outcome"],
            help: "Requests by ecosystem and by the kind of event recorded (none where there is none, or the sender asked not to be counted) and by how they ended: redirect, proxy, serve, client_error, upstream_error or error",
            read: |reading| of(reading, requests),
        },
        Metric {
            name: "weir_request_duration",
            kind: Histogram,
            unit: Seconds,
            labels: &["answered"],
            help: "From a whole head to the beginning of its answer: at the door where the head alone is enough, behind it where an upstream may have to be asked",
            read: |reading| {
                of(reading, |downloads| {
                    let traffic = &downloads.traffic;
                    let spread = [("door", &traffic.door), ("behind", &traffic.behind)];
                    by(spread.map(|(at, durations)| (at, Value::Spread(durations.clone()))))
                })
            },
        },
        Metric {
            name: "weir_request_failures",
            kind: Counter,
            unit: Plain,
            labels: &["reason"],
            help: "Requests that were answered with an error of the gateway's, by what went wrong",
            read: |reading| of(reading, |downloads| by(downloads.traffic.failures.clone())),
        },
        Metric {
            name: "weir_upstream_requests",
            kind: Counter,
            unit: Plain,
            labels: &["result"],
            help: "Requests to upstreams: answered whatever they said, failed without an answer, or spared because the upstream has been failing",
            read: |reading| of(reading, |downloads| by(downloads.traffic.upstreams.clone())),
        },
        Metric {
            name: "weir_upstream_duration",
            kind: Histogram,
            unit: Seconds,
            labels: &[],
            help: "From asking an upstream to the beginning of its answer, look-up of its name and connection included",
            read: |reading| {
                of(reading, |downloads| {
                    one(Value::Spread(downloads.traffic.upstream.clone()))
                })
            },
        },
        Metric {
            name: "weir_documents",
            kind: Counter,
            unit: Plain,
            labels: &["source"],
            help: "Documents that list files: from memory (hit), fetched whole (miss), confirmed by the upstream (unchanged), or past their time because the upstream failed (stale)",
            read: |reading| {
                of(reading, |downloads| {
                    let documents = downloads.documents;
                    by([
                        ("hit", documents.hits),
                        ("miss", documents.misses),
                        ("unchanged", documents.unchanged),
                        ("stale", documents.stale),
                    ])
                })
            },
        },
        Metric {
            name: "weir_connections",
            kind: Counter,
            unit: Plain,
            labels: &["result"],
            help: "Connections: accepted, crowded out because their sender has as many as one may have, or not_accepted because the system has no room",
            read: |reading| {
                of(reading, |downloads| {
                    by(downloads.traffic.connections.clone())
                })
            },
        },
        Metric {
            name: "weir_connections_displaced",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Connections that only waited for their client and were ended because others came and there was no room",
            read: |reading| of(reading, |downloads| one(downloads.load.displaced)),
        },
        Metric {
            name: "weir_connections_open",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Connections that are open",
            read: |reading| of(reading, |downloads| one(downloads.load.connections)),
        },
        Metric {
            name: "weir_connections_limit",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Connections that may be open; more wait in the kernel's queue",
            read: |reading| of(reading, |downloads| one(downloads.load.most_connections)),
        },
        Metric {
            name: "weir_tls_handshakes",
            kind: Counter,
            unit: Plain,
            labels: &["result"],
            help: "TLS handshakes: done, failed, or refused for an unknown_name that no certificate is for",
            read: |reading| {
                of(reading, |downloads| {
                    by(downloads.traffic.handshakes.clone())
                })
            },
        },
    ],
};

/// What `read` finds in the half that answers downloads, where this process has it.
pub(super) fn of(reading: &Reading, read: impl FnOnce(&Downloads) -> Vec<Sample>) -> Vec<Sample> {
    reading.downloads.as_ref().map(read).unwrap_or_default()
}

fn requests(downloads: &Downloads) -> Vec<Sample> {
    let requests = downloads.traffic.requests.iter();
    let samples = requests.map(|request| Sample {
        labels: [request.ecosystem, request.kind, request.outcome]
            .map(Into::into)
            .to_vec(),
        value: request.count.into(),
    });
    samples.collect()
}

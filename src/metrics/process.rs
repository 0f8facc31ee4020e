//! Metrics of the process, under the names that Prometheus's own clients use.

use super::reading::Reading;
use super::system::System;
use super::table::Kind::{Counter, Gauge};
use super::table::Unit::{Bytes, None as Plain, Seconds};
use super::table::{Group, Metric, Sample, Value, known};

pub(super) const GROUP: Group = Group {
    title: "The process",
    about: "As the kernel counts them, without ClickHouse, which is a process of its own.",
    metrics: &[
        Metric {
            name: "process_cpu",
            kind: Counter,
            unit: Seconds,
            labels: &[],
            help: "User and system time",
            read: |reading| of(reading, |system| system.cpu_seconds),
        },
        Metric {
            name: "process_resident_memory",
            kind: Gauge,
            unit: Bytes,
            labels: &[],
            help: "Memory that is in use",
            read: |reading| of(reading, |system| system.resident_bytes),
        },
        Metric {
            name: "process_virtual_memory",
            kind: Gauge,
            unit: Bytes,
            labels: &[],
            help: "Memory that is mapped",
            read: |reading| of(reading, |system| system.virtual_bytes),
        },
        Metric {
            name: "process_threads",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Threads",
            read: |reading| of(reading, |system| system.threads),
        },
        Metric {
            name: "process_open_fds",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Descriptors that are open: connections to both sides, files of the spool",
            read: |reading| of(reading, |system| system.open_descriptors),
        },
        Metric {
            name: "process_max_fds",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Descriptors that may be open",
            read: |reading| of(reading, |system| system.most_descriptors),
        },
        Metric {
            name: "process_start_time",
            kind: Gauge,
            unit: Seconds,
            labels: &[],
            help: "When the process began, since 1970",
            read: |reading| of(reading, |system| system.started),
        },
    ],
};

fn of<V: Into<Value>>(reading: &Reading, read: impl FnOnce(&System) -> V) -> Vec<Sample> {
    known(reading.system.as_ref().map(read))
}

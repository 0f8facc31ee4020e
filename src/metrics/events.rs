//! Metrics of events on their way: recorded, kept in the spool, stored.

use std::time::Duration;

use weir_spool::Dropped;

use super::reading::seconds_since_1970;
use super::requests::of;
use super::table::Kind::{Counter, Gauge};
use super::table::Unit::{Bytes, None as Plain, Seconds};
use super::table::{Group, Metric, by, known, one};

pub(super) const GROUP: Group = Group {
    title: "Events",
    about: "From the answer to ClickHouse. Recorded is shipped, dead, lost or waiting in the spool; what was dropped was never recorded.",
    metrics: &[
        Metric {
            name: "weir_events_recorded",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Events that the spool took",
            read: |reading| of(reading, |downloads| one(downloads.spool.appended)),
        },
        Metric {
            name: "weir_events_dropped",
            kind: Counter,
            unit: Plain,
            labels: &["reason"],
            help: "Events that the spool could not take; the download went on",
            read: |reading| {
                of(reading, |downloads| {
                    by(Dropped::ALL.map(|why| (why.as_str(), downloads.spool.dropped(why))))
                })
            },
        },
        Metric {
            name: "weir_events_unaccounted",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Dropped events that no sum will account for; all others are stored as numbers by package and day",
            read: |reading| of(reading, |downloads| one(downloads.spool.unaccounted)),
        },
        Metric {
            name: "weir_events_shipped",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Events that ClickHouse confirmed",
            read: |reading| of(reading, |downloads| one(downloads.shipping.rows)),
        },
        Metric {
            name: "weir_events_dead",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Events that ClickHouse refused and that were put aside in dead/",
            read: |reading| of(reading, |downloads| one(downloads.shipping.dead_rows)),
        },
        Metric {
            name: "weir_events_doubled",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Events found to be stored twice, because ClickHouse forgot a batch that it had confirmed",
            read: |reading| of(reading, |downloads| one(downloads.shipping.doubled_rows)),
        },
        Metric {
            name: "weir_events_lost",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Events that damaged files of the spool are known to have held",
            read: |reading| of(reading, |downloads| one(downloads.spool.lost_records)),
        },
        Metric {
            name: "weir_ship_batches",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Batches that were stored",
            read: |reading| of(reading, |downloads| one(downloads.shipping.batches)),
        },
        Metric {
            name: "weir_ship_retries",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Attempts to store a batch, or to look for one, that failed and were repeated",
            read: |reading| of(reading, |downloads| one(downloads.shipping.retries)),
        },
        Metric {
            name: "weir_ship_last_success_timestamp",
            kind: Gauge,
            unit: Seconds,
            labels: &[],
            help: "When a batch was last stored, since 1970",
            read: |reading| {
                of(reading, |downloads| {
                    known(downloads.shipping.last_success.map(seconds_since_1970))
                })
            },
        },
        Metric {
            name: "weir_spool_batches",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Sealed batches that wait to be stored",
            read: |reading| of(reading, |downloads| one(downloads.backlog.batches)),
        },
        Metric {
            name: "weir_spool_oldest",
            kind: Gauge,
            unit: Seconds,
            labels: &[],
            help: "How long the oldest sealed batch has been waiting; 0 where none is",
            read: |reading| {
                of(reading, |downloads| {
                    let oldest = downloads.backlog.oldest.unwrap_or(Duration::ZERO);
                    one(oldest.as_secs_f64())
                })
            },
        },
        Metric {
            name: "weir_spool_used",
            kind: Gauge,
            unit: Bytes,
            labels: &[],
            help: "Size of the spool on disk, as its quota counts it",
            read: |reading| of(reading, |downloads| one(downloads.spool_used_bytes)),
        },
        Metric {
            name: "weir_spool_quota",
            kind: Gauge,
            unit: Bytes,
            labels: &[],
            help: "Size from which on events are dropped: [spool] quota",
            read: |reading| of(reading, |downloads| one(downloads.spool_quota_bytes)),
        },
        Metric {
            name: "weir_spool_errors",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Errors of the disk while reserving, syncing, sealing, reading or cleaning",
            read: |reading| of(reading, |downloads| one(downloads.spool.io_errors)),
        },
        Metric {
            name: "weir_spool_quarantined_files",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Files of the spool that could not be read at all and lie in quarantine/",
            read: |reading| of(reading, |downloads| one(downloads.spool.quarantined)),
        },
        Metric {
            name: "weir_salt_failures",
            kind: Counter,
            unit: Plain,
            labels: &[],
            help: "Looks at the store of salts that gave none: this gateway counts people by itself until one does",
            read: |reading| of(reading, |downloads| one(downloads.salt_failures)),
        },
        Metric {
            name: "weir_rollup_wrong_days",
            kind: Gauge,
            unit: Plain,
            labels: &[],
            help: "Days of rollups that differed from the events at the last daily comparison and were left as they are",
            read: |reading| of(reading, |downloads| one(downloads.wrong_days)),
        },
    ],
};

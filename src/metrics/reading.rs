//! Everything that is told, at one moment.

use std::time::{SystemTime, UNIX_EPOCH};

use weir_gateway::{DocumentCounts, Load, TrafficCounts};
use weir_ingest::engine::EngineState;
use weir_ingest::ship::ShipState;
use weir_spool::{Backlog, Counters};

use super::system::System;
use crate::program::Reloads;

/// One look at the whole process.
#[derive(Debug)]
pub struct Reading {
    /// The half that answers downloads, where this process has it.
    pub downloads: Option<Downloads>,
    /// ClickHouse.
    pub engine: EngineState,
    /// How often it was started again.
    pub engine_restarts: u64,
    /// The configuration.
    pub reloads: Reloads,
    /// What became of traces.
    pub traces: weir_traces::Counts,
    /// Whether requests are still wanted.
    pub is_ready: bool,
    /// The process, where the kernel tells.
    pub system: Option<System>,
}

/// The half that answers downloads.
#[derive(Debug, Default)]
pub struct Downloads {
    /// What passed.
    pub traffic: TrafficCounts,
    /// What it has in hand.
    pub load: Load,
    /// How documents were come by.
    pub documents: DocumentCounts,
    /// What became of events.
    pub spool: Counters,
    /// What waits.
    pub backlog: Backlog,
    /// Size of the spool.
    pub spool_used_bytes: u64,
    /// The size that it may have.
    pub spool_quota_bytes: u64,
    /// How shipping goes.
    pub shipping: ShipState,
    /// How often there was no salt.
    pub salt_failures: u64,
    /// Days of rollups that are known to be wrong.
    pub wrong_days: u64,
    /// Sources of data about networks, each with when its data was made, in seconds since 1970.
    pub place_data: Vec<(String, u64)>,
}

/// A time as metrics tell it.
pub(super) fn seconds_since_1970(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}

//! What this process tells a Prometheus of itself.
//!
//! `table` says which metrics there are, once: name, kind, unit, labels and meaning, with the function that reads it. The
//! answer to a scrape and `docs/METRICS.md` are both made from it. Everything is read at the moment of a scrape from a
//! [`Reading`]; nothing that is counted for it is told apart by what clients, packages or hosts are called.

mod events;
mod page;
mod process;
mod reading;
mod requests;
mod state;
mod system;
mod table;

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::registry::Registry;

pub use page::page;
pub use reading::{Downloads, Reading};
pub use system::System;
pub use table::{GROUPS, Group, Kind, Metric};

use table::{Sample, Value};

/// The media type of [`answer`].
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The answer to a scrape (`OpenMetrics` 1.0, text format).
pub fn answer(reading: Reading) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(reading));
    let mut text = String::with_capacity(16 * 1024);
    // INVARIANT: a string takes all that is written to it.
    let _ = text::encode(&mut text, &registry);
    text
}

impl Collector for Reading {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for metric in GROUPS.iter().flat_map(|group| group.metrics) {
            let samples = (metric.read)(self);
            if samples.is_empty() {
                continue;
            }
            let unit = metric.unit.for_encoder();
            let kind = metric.kind.for_encoder();
            let mut of_metric =
                encoder.encode_descriptor(metric.name, metric.help, unit.as_ref(), kind)?;
            for Sample { labels, value } in &samples {
                if labels.is_empty() {
                    put(&mut of_metric, metric.kind, value)?;
                } else {
                    let labels: Vec<_> = metric
                        .labels
                        .iter()
                        .copied()
                        .zip(labels.iter().cloned())
                        .collect();
                    put(&mut of_metric.encode_family(&labels)?, metric.kind, value)?;
                }
            }
        }
        Ok(())
    }
}

fn put(encoder: &mut MetricEncoder<'_>, kind: Kind, value: &Value) -> fmt::Result {
    match (kind, value) {
        (Kind::Counter, Value::Whole(count)) => {
            encoder.encode_counter::<NoLabelSet, _, u64>(count, None)
        }
        (Kind::Counter, Value::Real(count)) => {
            encoder.encode_counter::<NoLabelSet, _, f64>(count, None)
        }
        (_, Value::Whole(level)) => encoder.encode_gauge(level),
        (_, Value::Real(level)) => encoder.encode_gauge(level),
        (_, Value::Spread(durations)) => {
            let (sum, count) = (durations.seconds, durations.count());
            encoder.encode_histogram::<NoLabelSet>(sum, count, &durations.buckets, None)
        }
    }
}

#[cfg(test)]
mod tests;

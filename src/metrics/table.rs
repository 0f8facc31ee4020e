//! What a metric is, and which there are.

use std::borrow::Cow;

use prometheus_client::metrics::MetricType;
use prometheus_client::registry;
use weir_gateway::Durations;

use super::reading::Reading;
use super::{events, process, requests, state};

/// All metrics, in the order in which they are told and written down.
pub const GROUPS: &[Group] = &[requests::GROUP, events::GROUP, state::GROUP, process::GROUP];

/// Metrics about one thing.
#[derive(Debug)]
pub struct Group {
    /// What about, as a heading.
    pub title: &'static str,
    /// More about all of them.
    pub about: &'static str,
    /// The metrics.
    pub metrics: &'static [Metric],
}

/// One metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name, without unit and without what its kind ends names with.
    pub(super) name: &'static str,
    /// How it behaves.
    pub kind: Kind,
    pub(super) unit: Unit,
    /// What it is told apart by.
    pub labels: &'static [&'static str],
    /// What it says, without a full stop.
    pub help: &'static str,
    /// Reads it; nothing where this process has none.
    pub(super) read: fn(&Reading) -> Vec<Sample>,
}

impl Metric {
    /// The name by which it is asked for. A histogram's series end in `_bucket`, `_sum` and `_count` besides.
    pub fn series(&self) -> String {
        let unit = match self.unit {
            Unit::None => "",
            Unit::Bytes => "_bytes",
            Unit::Seconds => "_seconds",
        };
        let end = match self.kind {
            Kind::Counter => "_total",
            Kind::Gauge | Kind::Histogram => "",
        };
        [self.name, unit, end].concat()
    }
}

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until the process ends.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often something was at most so large.
    Histogram,
}

impl Kind {
    /// The format's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }

    pub(super) fn for_encoder(self) -> MetricType {
        match self {
            Self::Counter => MetricType::Counter,
            Self::Gauge => MetricType::Gauge,
            Self::Histogram => MetricType::Histogram,
        }
    }
}

/// What a value is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    None,
    Bytes,
    Seconds,
}

impl Unit {
    pub(super) fn for_encoder(self) -> Option<registry::Unit> {
        match self {
            Self::None => None,
            Self::Bytes => Some(registry::Unit::Bytes),
            Self::Seconds => Some(registry::Unit::Seconds),
        }
    }
}

/// One number of a metric, with the values of its labels in their order.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) labels: Vec<Cow<'static, str>>,
    pub(super) value: Value,
}

/// What is measured.
#[derive(Debug)]
pub(super) enum Value {
    Whole(u64),
    Real(f64),
    Spread(Durations),
}

impl From<u64> for Value {
    fn from(whole: u64) -> Self {
        Self::Whole(whole)
    }
}

impl From<usize> for Value {
    fn from(whole: usize) -> Self {
        Self::Whole(whole as u64)
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Whole(is.into())
    }
}

impl From<f64> for Value {
    fn from(real: f64) -> Self {
        Self::Real(real)
    }
}

/// The one number of a metric without labels.
pub(super) fn one(value: impl Into<Value>) -> Vec<Sample> {
    vec![Sample {
        labels: Vec::new(),
        value: value.into(),
    }]
}

/// The same for a number that may not be known.
pub(super) fn known(value: Option<impl Into<Value>>) -> Vec<Sample> {
    value.map(one).unwrap_or_default()
}

/// A number for each value of one label.
pub(super) fn by<L: Into<Cow<'static, str>>, V: Into<Value>>(
    values: impl IntoIterator<Item = (L, V)>,
) -> Vec<Sample> {
    let samples = values.into_iter().map(|(label, value)| Sample {
        labels: vec![label.into()],
        value: value.into(),
    });
    samples.collect()
}

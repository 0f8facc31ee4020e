//! What a collector takes: `ExportTraceServiceRequest` of OTLP, and its answer.
//!
//! These are the parts of `opentelemetry/proto/trace/v1` and its neighbours that are said here, with the numbers of their
//! fields; whoever knows all of them reads it as it is meant, which a test with the specification's own messages shows.

use std::time::{Duration, SystemTime};

use prost::Message;

use crate::attribute::{Key, Value};
use crate::span::{Finished, Side};

/// Who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Version of the program.
    pub version: &'static str,
    /// Tells processes apart.
    pub instance: String,
}

impl Resource {
    /// The bytes that tell a collector of `spans`.
    pub fn message(&self, spans: &[Finished]) -> Vec<u8> {
        let scope = ScopeSpans {
            scope: Some(Scope {
                name: "weir".to_owned(),
                version: self.version.to_owned(),
            }),
            spans: spans.iter().map(SpanMessage::from).collect(),
        };
        let resource = ResourceMessage {
            attributes: vec![
                text("service.name", "weir"),
                text("service.version", self.version),
                text("service.instance.id", &self.instance),
            ],
        };
        let all = ExportRequest {
            resource_spans: vec![ResourceSpans {
                resource: Some(resource),
                scope_spans: vec![scope],
            }],
        };
        all.encode_to_vec()
    }
}

/// How many of the spans a collector did not take, by its answer; none where the answer cannot be read.
pub fn rejected(answer: &[u8]) -> u64 {
    let answer = ExportAnswer::decode(answer).unwrap_or_default();
    let rejected = answer.partial_success.unwrap_or_default().rejected_spans;
    u64::try_from(rejected).unwrap_or_default()
}

#[derive(Clone, PartialEq, Message)]
struct ExportRequest {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<ResourceMessage>,
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceMessage {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    spans: Vec<SpanMessage>,
}

#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    version: String,
}

#[derive(Clone, PartialEq, Message)]
struct SpanMessage {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
    #[prost(fixed32, tag = "16")]
    flags: u32,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Said", tags = "1, 3")]
    value: Option<Said>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum Said {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(int64, tag = "3")]
    Number(i64),
}

#[derive(Clone, PartialEq, Message)]
struct ExportAnswer {
    #[prost(message, optional, tag = "1")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialSuccess {
    #[prost(int64, tag = "1")]
    rejected_spans: i64,
}

/// `STATUS_CODE_ERROR`.
const ERROR: i32 = 2;
/// `sampled` of W3C's trace flags.
const SAMPLED: u32 = 1;

impl From<&Finished> for SpanMessage {
    fn from(span: &Finished) -> Self {
        let begun = span.begun.duration_since(SystemTime::UNIX_EPOCH);
        let begun = begun.unwrap_or_default();
        Self {
            trace_id: span.place.trace.to_vec(),
            span_id: span.place.span.to_vec(),
            parent_span_id: span.parent.map_or_else(Vec::new, |parent| parent.to_vec()),
            name: span.name.clone().into_owned(),
            kind: kind(span.side),
            start_time_unix_nano: nanoseconds(begun),
            end_time_unix_nano: nanoseconds(begun + span.took),
            attributes: span.attributes.iter().map(said).collect(),
            status: span.failed.then_some(Status { code: ERROR }),
            flags: SAMPLED,
        }
    }
}

/// `SpanKind`.
fn kind(side: Side) -> i32 {
    match side {
        Side::Internal => 1,
        Side::Server => 2,
        Side::Client => 3,
    }
}

/// Enough until the year 2554.
fn nanoseconds(since: Duration) -> u64 {
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

fn said((key, value): &(Key, Value)) -> KeyValue {
    let key = key.as_str();
    match value {
        Value::Word(word) => text(key, word),
        Value::Written(written) => text(key, written),
        Value::Number(number) => KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue {
                value: Some(Said::Number(i64::try_from(*number).unwrap_or(i64::MAX))),
            }),
        },
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue {
            value: Some(Said::Text(value.to_owned())),
        }),
    }
}

//! A collector: takes spans on a socket and reads them with the specification's own messages.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as Ended;
use prost::Message as _;

use crate::world::PATIENCE;

/// A running collector; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    spans: Vec<Span>,
    /// All that was ever sent, fields and bodies.
    bytes: Vec<u8>,
    /// What is answered next, before it takes anything.
    refusals: Vec<StatusCode>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("an address");
        let taken = Arc::<Mutex<Taken>>::default();
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&taken));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, taken }
    }

    /// Answers so to the next messages, and takes none of them.
    pub(crate) fn refuse(&self, refusals: &[StatusCode]) {
        self.taken().refusals = refusals.to_vec();
    }

    /// Waits until `done` says so of all spans, and gives them in the order in which they began.
    pub(crate) async fn wait_for(&self, done: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut spans = self.taken().spans.clone();
            if done(&spans) {
                spans.sort_by_key(|span| span.start_time_unix_nano);
                return spans;
            }
            assert!(Instant::now() < deadline, "not seen: {}", lines(&spans));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// All that was ever sent here.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.taken().bytes.clone()
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.taken.lock().expect("nobody panics with it")
    }
}

async fn take(
    State(taken): State<Arc<Mutex<Taken>>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Vec<u8>) {
    let mut taken = taken.lock().expect("nobody panics with it");
    for (name, value) in &headers {
        taken.bytes.extend(name.as_str().bytes());
        taken.bytes.extend(b": ");
        taken.bytes.extend(value.as_bytes());
        taken.bytes.extend(b"\n");
    }
    taken.bytes.extend(&body);
    if !taken.refusals.is_empty() {
        return (taken.refusals.remove(0), Vec::new());
    }
    let request = ExportTraceServiceRequest::decode(body).expect("a message of OTLP");
    let resources = request.resource_spans.into_iter();
    let scopes = resources.flat_map(|resource| resource.scope_spans);
    taken.spans.extend(scopes.flat_map(|scope| scope.spans));
    (StatusCode::OK, Vec::new())
}

/// Spans as they stand below each other, one a line.
pub(crate) fn lines(spans: &[Span]) -> String {
    let lines = spans.iter().map(|span| {
        let parent = spans.iter().find(|one| one.span_id == span.parent_span_id);
        let indent = match parent {
            Some(_) => "  ",
            None => "",
        };
        let failed = span.status.as_ref();
        let failed = failed.is_some_and(|status| status.code() == Ended::Error);
        let failed = if failed { " failed" } else { "" };
        format!(
            "{indent}{} {:?}: {}{failed}",
            span.name,
            span.kind(),
            attributes(&span.attributes)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What is said, without numbers that differ from run to run.
fn attributes(of: &[KeyValue]) -> String {
    let said = of.iter().map(|one| {
        let value = one.value.as_ref().and_then(|value| value.value.as_ref());
        match value {
            _ if ["server.port", "weir.rows", "weir.bytes", "weir.waited_ms"]
                .contains(&one.key.as_str()) =>
            {
                one.key.clone()
            }
            Some(any_value::Value::StringValue(text)) => format!("{}={text}", one.key),
            Some(any_value::Value::IntValue(number)) => format!("{}={number}", one.key),
            other => panic!("{}: {other:?}", one.key),
        }
    });
    said.collect::<Vec<_>>().join(" ")
}

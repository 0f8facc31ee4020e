//! Spans as a collector reads them, with the specification's own messages.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use prost::Message as _;
use tokio::sync::mpsc::Receiver;
use weir_traces::{Dropped, Finished, Joining, Key, Options, Remote, Request, Resource, Span};

/// All of one test: tracing is on once a process.
#[test]
fn a_collector_reads_what_was_done_and_in_which_order() {
    assert!(!Span::work("before").is_on());
    let mut finished = weir_traces::start(Options {
        share: 0.0,
        joining: Joining::Trusted,
    })
    .expect("the first start");
    assert!(
        weir_traces::start(Options {
            share: 1.0,
            joining: Joining::Never
        })
        .is_none(),
        "a second start changes nothing"
    );
    work_and_its_parts(&mut finished);
    a_request_of_a_trace_that_is_wanted(&mut finished);
    a_queue_that_is_full(&mut finished);
}

fn work_and_its_parts(finished: &mut Receiver<Finished>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    assert!(!Span::asking_now("to nobody").is_on());
    let mut batch = Span::work("batch");
    batch.note(Key::Rows, 3_usize);
    let mut insert = batch.asking("insert");
    insert.fail("unavailable");
    drop(insert);
    runtime.block_on(batch.around(async {
        let mut asked = Span::asking_now("GET");
        asked.answered(404);
        drop(Span::work("part"));
    }));
    drop(batch);
    insta::assert_snapshot!(told(finished), @"
    insert Client below 4: error.type=unavailable error
    part Internal below 4:
    GET Client below 4: http.response.status_code=404 error
    batch Internal: weir.rows=3
    ");
}

fn a_request_of_a_trace_that_is_wanted(finished: &mut Receiver<Finished>) {
    let request = || Request {
        method: "GET",
        scheme: "https",
        domain: Some("get.test"),
        route: Some(Cow::Borrowed("/rocket/{version}")),
    };
    let remote = |flags| {
        let field = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
        Remote::parse(&field)
    };
    let now = Instant::now();
    let begun = now
        .checked_sub(Duration::from_millis(250))
        .expect("a clock");
    assert!(
        !Span::request(begun, None, request).is_on(),
        "none by chance"
    );
    assert!(!Span::request(begun, remote("00"), request).is_on());
    let mut span = Span::request(begun, remote("01"), request);
    span.answered(404);
    drop(span);
    let spans = take(finished);
    let [span] = &spans[..] else {
        panic!("one span: {spans:?}")
    };
    assert_eq!(span.trace_id[..2], [0x0a, 0xf7]);
    assert_eq!(span.parent_span_id[..2], [0xb7, 0xad]);
    assert!(span.end_time_unix_nano - span.start_time_unix_nano >= 250_000_000);
    insta::assert_snapshot!(line(span, &spans), @"GET /rocket/{version} Server below somebody else: http.request.method=GET url.scheme=https http.route=/rocket/{version} server.address=get.test http.response.status_code=404");
}

fn a_queue_that_is_full(finished: &mut Receiver<Finished>) {
    for _ in 0..3000 {
        drop(Span::work("much"));
    }
    let dropped = weir_traces::counts().dropped(Dropped::Full);
    assert_eq!(take(finished).len() as u64 + dropped, 3000);
    assert!(dropped > 0, "the queue has an end");
}

/// What the collector would have.
fn take(finished: &mut Receiver<Finished>) -> Vec<otlp::Span> {
    let mut spans = Vec::new();
    while let Ok(span) = finished.try_recv() {
        spans.push(span);
    }
    let resource = Resource {
        version: "1.2.3",
        instance: "a".to_owned(),
    };
    let message = resource.message(&spans);
    let request = ExportTraceServiceRequest::decode(&message[..]).expect("a message");
    let [all] = &request.resource_spans[..] else {
        panic!("one resource: {request:?}")
    };
    let of = all.resource.as_ref().expect("a resource");
    assert_eq!(
        attributes(&of.attributes),
        "service.name=weir service.version=1.2.3 service.instance.id=a"
    );
    all.scope_spans[0].spans.clone()
}

fn told(finished: &mut Receiver<Finished>) -> String {
    let spans = take(finished);
    let lines: Vec<_> = spans.iter().map(|span| line(span, &spans)).collect();
    lines.join("\n")
}

fn line(span: &otlp::Span, all: &[otlp::Span]) -> String {
    let number = |id: &[u8]| all.iter().position(|one| one.span_id == id);
    let below = match (&span.parent_span_id[..], number(&span.parent_span_id)) {
        ([], _) => String::new(),
        (_, Some(number)) => format!(" below {}", number + 1),
        (_, None) => " below somebody else".to_owned(),
    };
    let kind = format!("{:?}", span.kind());
    let status = span.status.clone().unwrap_or_default();
    let error = if status.code() == otlp::status::StatusCode::Error {
        " error"
    } else {
        ""
    };
    let said = attributes(&span.attributes);
    format!("{} {kind}{below}: {said}{error}", span.name)
        .trim_end()
        .to_owned()
}

fn attributes(of: &[opentelemetry_proto::tonic::common::v1::KeyValue]) -> String {
    let said = of.iter().map(|one| {
        let value = one.value.as_ref().and_then(|value| value.value.as_ref());
        match value {
            Some(any_value::Value::StringValue(text)) => format!("{}={text}", one.key),
            Some(any_value::Value::IntValue(number)) => format!("{}={number}", one.key),
            other => panic!("{}: {other:?}", one.key),
        }
    });
    said.collect::<Vec<_>>().join(" ")
}

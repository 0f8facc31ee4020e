//! A request with a body that tells of something, as HTTP writes it: collectors, other products' snippets, the page's
//! script. Whatever it is, it is a bounded number of events and an answer that blames nobody but the sender; and where
//! the network cut the body makes no difference.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use weir_gateway::{Bodies, BodyExplanation, Sent};

/// Most events of a body that is taken line by line.
const MOST_EVENTS: usize = 10_000;
/// Columns that every event may have, and its own values.
const MOST_COLUMNS: usize = 11 + 33;
/// As small as no network cuts.
const PIECE: usize = 7;

static BODIES: LazyLock<Bodies> = LazyLock::new(|| Bodies::new(weir_fuzz::catalogue()));

fuzz_target!(|bytes: &[u8]| {
    let mut fields = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut fields);
    let Ok(httparse::Status::Complete(length)) = request.parse(bytes) else {
        return;
    };
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return;
    };
    let text = |value| std::str::from_utf8(value).ok();
    let fields: Option<Vec<_>> = request
        .headers
        .iter()
        .map(|field| Some((field.name, text(field.value)?)))
        .collect();
    let Some(fields) = fields else { return };
    let is_host = |name: &str| name.eq_ignore_ascii_case("host");
    let host = fields.iter().find(|(name, _)| is_host(name));
    let address = format!("http://{}{target}", host.map_or("", |(_, host)| host));
    let others: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !is_host(name))
        .copied()
        .collect();
    let sent = Sent {
        method,
        address: &address,
        fields: &others,
    };
    let body = &bytes[length..];
    let Ok(whole) = BODIES.explain(sent, [body]) else {
        return;
    };
    check(&whole);
    let in_pieces = BODIES.explain(sent, body.chunks(PIECE));
    assert_eq!(in_pieces.ok().as_ref(), Some(&whole));
});

fn check(told: &BodyExplanation) {
    let BodyExplanation {
        status,
        answer,
        events,
        ..
    } = told;
    assert!(
        matches!(status, 200 | 202 | 204 | 207 | 400 | 413 | 422),
        "{status} {answer}"
    );
    assert!(
        events.is_empty() || matches!(status, 200..=207 | 413),
        "{status} takes {} events",
        events.len()
    );
    assert!(events.len() <= MOST_EVENTS);
    assert!(!answer.contains("<html"));
    for event in events {
        assert!(event.len() <= MOST_COLUMNS, "{event:?}");
    }
}

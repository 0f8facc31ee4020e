//! The head of a request as bytes: what is let through is one request, whoever reads it next.
#![no_main]

#[allow(dead_code, reason = "the gateway finds fields in two places")]
#[path = "../../gateway/src/fields.rs"]
mod fields;
#[allow(dead_code, reason = "the gateway asks more of a head than this does")]
#[path = "../../gateway/src/head.rs"]
mod head;
#[allow(dead_code, reason = "the gateway asks more of it than the head's reader does")]
#[path = "../../gateway/src/optout.rs"]
mod optout;

use head::{Fields, Head, check_raw};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut fields);
    let Ok(httparse::Status::Complete(length)) = request.parse(bytes) else {
        return;
    };
    if check_raw(&bytes[..length]).is_err() {
        return;
    }
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return;
    };
    let Ok(head) = Head::new(method, target, Fields::raw(request.headers)) else {
        return;
    };
    assert!(head.path.starts_with('/'));
    assert!(!head.target.bytes().any(|byte| byte <= b' ' || byte >= 0x7f));
    assert_eq!(head.host, head.host.to_lowercase());
    assert!(!head.host.is_empty() && !head.host.contains(['/', '@', '\\', ' ']));
    let named = |name: &str| {
        let fields = request.headers.iter();
        fields
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .count()
    };
    assert_eq!(named("host"), 1);
    // RFC 9112, section 6.3: a message with both, or with two lengths, is read differently by different servers.
    assert!(named("content-length") + named("transfer-encoding") <= 1);
    // A range that begins elsewhere is no download (RFC 9110 §14.2), however it is written.
    let range = head.field("range");
    assert!(range.is_some() || head.wants_start());
    let decoded = weir_fuzz::decode(head.path);
    let is_climb = |segment: &[u8]| matches!(segment, b"." | b"..");
    assert!(
        !decoded
            .split(|byte| matches!(byte, b'/' | b'\\'))
            .any(is_climb),
        "{:?}",
        head.path
    );
});

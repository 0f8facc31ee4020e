//! A reply as HTTP/1.1 bytes, for the front door.

use http::StatusCode;

use crate::answer::Reply;

/// Appends `reply` to `out`; `head_only` leaves the body out and keeps its length.
pub(crate) fn write(
    reply: &Reply,
    date: &str,
    head_only: bool,
    keep_alive: bool,
    out: &mut Vec<u8>,
) {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Unknown");
    out.reserve(ROOM + reply.body.len());
    // What is written in the source is a store or two; only what is known later is copied.
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.extend_from_slice(b" ");
    out.extend_from_slice(reason.as_bytes());
    field(out, "date", date);
    for (name, value) in &reply.headers {
        field(out, name, value);
    }
    let bodiless = reply.status == 304 || reply.status == 204;
    if !bodiless {
        if !reply.content_type.is_empty() {
            field(out, "content-type", reply.content_type);
        }
        out.extend_from_slice(b"\r\ncontent-length: ");
        out.extend_from_slice(itoa(reply.body.len() as u64, &mut [0; 20]));
    }
    if !keep_alive {
        out.extend_from_slice(b"\r\nconnection: close");
    }
    out.extend_from_slice(b"\r\n\r\n");
    if !bodiless && !head_only {
        out.extend_from_slice(&reply.body);
    }
}

/// Room for a usual head.
const ROOM: usize = 512;

/// Appends a field behind the line before it.
#[inline]
fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
}

/// Decimal digits of `number` at the end of `buffer`.
pub(crate) fn itoa(mut number: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &buffer[at..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: &Reply, head_only: bool, keep_alive: bool) -> String {
        let mut out = Vec::new();
        write(
            reply,
            "Sat, 21 Nov 2026 00:00:00 GMT",
            head_only,
            keep_alive,
            &mut out,
        );
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_redirect_says_where_and_how_to_follow() {
        let reply = Reply::redirect(302, "https://files.example/a".into());
        insta::assert_snapshot!(text(&reply, false, true).replace("\r\n", "\n"), @r"
        HTTP/1.1 302 Found
        date: Sat, 21 Nov 2026 00:00:00 GMT
        location: https://files.example/a
        cache-control: no-store
        content-type: text/plain; charset=utf-8
        content-length: 43

        follow the redirect to download (curl: -L)
        ");
    }

    #[test]
    fn a_head_answer_keeps_the_length_and_a_304_has_none() {
        let reply = Reply::text(200, "abc");
        assert!(text(&reply, true, true).ends_with("content-length: 3\r\n\r\n"));
        assert!(!text(&Reply::new(304, "", ""), false, true).contains("content-length"));
        assert!(text(&reply, false, false).contains("connection: close\r\n\r\nabc"));
    }
}

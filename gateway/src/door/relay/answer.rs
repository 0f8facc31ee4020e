//! The head of an upstream's answer as the client gets it.

use super::body::Body;
use super::heard::Heard;
use crate::date::Now;
use crate::field_names::FieldNames;
use crate::fulfil::Forward;
use crate::passing;
use crate::wire::itoa;

/// Fields that every hop says for itself, and those that say where this answer ends.
static OURS: FieldNames<4> =
    FieldNames::new(["connection", "content-length", "date", "transfer-encoding"]);

/// Room for the fields that are ours.
const ROOM: usize = 256;

/// Appends the head of `heard`, an answer to `forward`, to `out`; `strict` is what browsers are told of https.
pub(super) fn write(
    heard: &Heard<'_>,
    forward: &Forward,
    strict: Option<&str>,
    keep_alive: bool,
    now: &Now,
    out: &mut Vec<u8>,
) {
    let location = heard.all("location").next();
    let location = location.and_then(|location| std::str::from_utf8(location).ok());
    let instead = passing::instead(heard.status, location, forward, strict);
    let is_replaced = |name: &str| {
        let mut names = instead.iter();
        OURS.have(name) || names.any(|(replaced, _)| replaced.eq_ignore_ascii_case(name))
    };
    out.reserve(heard.size + ROOM);
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(itoa(heard.status.into(), &mut [0; 20]));
    out.extend_from_slice(b" ");
    out.extend_from_slice(heard.reason.as_bytes());
    out.extend_from_slice(b"\r\n");
    for field in heard.fields {
        if is_replaced(field.name) || passing::ends_here(field.name) {
            continue;
        }
        if heard.folded {
            push(field.name, &unfolded(field.value), out);
        } else {
            push(field.name, field.value, out);
        }
    }
    for (name, value) in &instead {
        push(name, value.as_bytes(), out);
    }
    match (heard.length, heard.body) {
        (Some(length), _) => push("Content-Length", itoa(length, &mut [0; 20]), out),
        (None, Body::Chunked(_) | Body::UntilClose) => push("Transfer-Encoding", b"chunked", out),
        // What a GET would be answered with.
        (None, Body::Length(_)) => {
            for coding in heard.all("transfer-encoding") {
                push("Transfer-Encoding", coding, out);
            }
        }
    }
    push("Date", now.date.as_bytes(), out);
    let connection: &[u8] = if keep_alive { b"keep-alive" } else { b"close" };
    push("Connection", connection, out);
    out.extend_from_slice(b"\r\n");
}

/// Appends a field.
#[inline]
fn push(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// A value in one line, whatever it came in.
fn unfolded(value: &[u8]) -> Vec<u8> {
    let space = |&byte: &u8| {
        if matches!(byte, b'\r' | b'\n') {
            b' '
        } else {
            byte
        }
    };
    value.iter().map(space).collect()
}

#[cfg(test)]
mod tests {
    use super::super::heard;
    use super::*;
    use crate::head::Method;

    fn written(url: &str, method: Method, head: &str) -> String {
        let forward = Forward::to(url.parse().expect("an address"), None);
        let now = Now {
            date: "Sat, 21 Nov 2026 00:00:00 GMT".into(),
            ..Now::default()
        };
        let mut out = Vec::new();
        let head = head.replace('\n', "\r\n");
        heard::read(head.as_bytes(), method, |heard| {
            write(&heard, &forward, Some("max-age=1"), true, &now, &mut out);
        })
        .expect("an answer")
        .expect("a whole one");
        String::from_utf8(out).expect("text").replace("\r\n", "\n")
    }

    #[test]
    fn an_answer_does_not_act_on_our_host_and_ends_where_we_say() {
        let head = "HTTP/1.1 200 Fine\nServer: s\nSet-Cookie: a=b\nDate: x\nConnection: close\nContent-Length: 1, 1\n\
            STRICT-TRANSPORT-SECURITY: max-age=9\nETag : \"e\"\nX-Folded: a\n b\n\n";
        insta::assert_snapshot!(written("http://up.test/a", Method::Get, head), @r#"
        HTTP/1.1 200 Fine
        Server: s
        ETag: "e"
        X-Folded: a   b
        strict-transport-security: max-age=1
        Content-Length: 1
        Date: Sat, 21 Nov 2026 00:00:00 GMT
        Connection: keep-alive

        "#);
    }

    #[test]
    fn a_redirect_leads_to_where_the_upstream_meant_and_is_kept_by_nobody() {
        let head = "HTTP/1.1 302 Found\nLocation: ../b\nCache-Control: max-age=60\n\n";
        insta::assert_snapshot!(written("http://up.test/d/a", Method::Get, head), @r"
        HTTP/1.1 302 Found
        cache-control: no-store
        location: http://up.test/b
        strict-transport-security: max-age=1
        Transfer-Encoding: chunked
        Date: Sat, 21 Nov 2026 00:00:00 GMT
        Connection: keep-alive

        ");
    }

    #[test]
    fn the_answer_to_a_head_says_what_a_get_would_be_answered_with() {
        let head = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";
        let answer = written("http://up.test/a", Method::Head, head);
        assert!(
            answer.contains("\nTransfer-Encoding: chunked\n"),
            "{answer}"
        );
    }
}

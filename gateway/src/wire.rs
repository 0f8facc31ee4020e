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
    let reason = StatusCode::from_u16(reply.status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown");
    push(out, &["HTTP/1.1 "]);
    out.extend_from_slice(itoa(reply.status.into(), &mut [0; 20]));
    push(out, &[" ", reason, "\r\ndate: ", date, "\r\n"]);
    for (name, value) in &reply.headers {
        push(out, &[name, ": ", value, "\r\n"]);
    }
    let bodiless = reply.status == 304 || reply.status == 204;
    if !bodiless {
        if !reply.content_type.is_empty() {
            push(out, &["content-type: ", reply.content_type, "\r\n"]);
        }
        push(out, &["content-length: "]);
        out.extend_from_slice(itoa(reply.body.len() as u64, &mut [0; 20]));
        push(out, &["\r\n"]);
    }
    push(
        out,
        &[if keep_alive {
            "\r\n"
        } else {
            "connection: close\r\n\r\n"
        }],
    );
    if !bodiless && !head_only {
        out.extend_from_slice(&reply.body);
    }
}

fn push(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

/// Decimal digits of `number` at the end of `buffer`.
fn itoa(mut number: u64, buffer: &mut [u8; 20]) -> &[u8] {
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

//! Heads, right and wrong.

use super::*;

fn head<'a>(
    method: &str,
    target: &'a str,
    fields: &'a [httparse::Header<'a>],
) -> Result<Head<'a>, Refusal> {
    Head::new(method, target, Fields::raw(fields))
}

fn field<'a>(name: &'a str, value: &'a str) -> httparse::Header<'a> {
    httparse::Header {
        name,
        value: value.as_bytes(),
    }
}

#[test]
fn ordinary_paths_pass_as_they_came() {
    for path in [
        "/",
        "/a/b.tar.gz",
        "/@scope%2fname",
        "/x/1.0%2B2",
        "/a//b",
        "/100%25.txt",
        "/a/.hidden",
        "/a...b",
    ] {
        assert_eq!(check_path(path), Ok(()), "{path}");
    }
}

#[test]
fn paths_that_change_meaning_are_refused() {
    for path in [
        "/../x",
        "/a/..",
        "/a/./b",
        "/%2e%2e/x",
        "/.%2E/x",
        "/a;..;/b",
        "/a%2f..%2fb",
        "/..%2F..%2Fb",
        "/a/b%2F%2e",
        "/a%2f%2E./b",
        "/%252e%252e/x",
        "/a%5cb",
        "/a\\b",
        "/a%00",
        "/a%0d%0aX",
        "/a%7f",
        "/a%zz",
        "/a%2",
        "/a b",
        "/ä",
    ] {
        assert!(check_path(path).is_err(), "{path}");
    }
}

#[test]
fn one_host_and_a_path_are_required() {
    let host = [field("Host", "Get.Acme.Example:8080")];
    let ok = head("GET", "/x?y", &host).expect("an ordinary request");
    assert_eq!(
        (ok.host.as_ref(), ok.path, ok.query),
        ("get.acme.example", "/x", Some("y"))
    );
    let uncounted = [field("Host", "notrack..")];
    let nobodys = head("GET", "/x", &uncounted).expect("a name that nothing is served on");
    assert_eq!(nobodys.host, "notrack.");
    assert!(head("GET", "/x", &[]).is_err());
    assert!(head("GET", "/x", &[field("host", "a"), field("host", "a")]).is_err());
    assert!(head("GET", "http://a/x", &host).is_err());
    assert!(head("GET", "/x", &[field("host", "a b")]).is_err());
    assert!(head("GET", "/x", &[field("host", "a/x")]).is_err());
    assert!(head("GET", "/x", &[field("host", "a@b")]).is_err());
    assert_eq!(head("TRACE", "/x", &host).err(), Some(Refusal::Method));
}

#[test]
fn ambiguous_framing_is_refused() {
    let host = field("host", "a");
    for fields in [
        vec![host, field("transfer-encoding", "chunked")],
        vec![
            host,
            field("content-length", "1"),
            field("content-length", "1"),
        ],
        vec![host, field("content-length", "+5")],
        vec![host, field("content-length", "5")],
    ] {
        assert!(head("GET", "/x", &fields).is_err());
    }
    let both = [
        host,
        field("content-length", "5"),
        field("transfer-encoding", "chunked"),
    ];
    assert!(head("POST", "/x", &both).is_err());
    let coded =
        |coding| head("POST", "/x", &[host, field("transfer-encoding", coding)]).map(|_| ());
    assert_eq!(coded("Chunked"), Ok(()));
    assert!(
        coded("xchunked").is_err()
            && coded("chunked, identity").is_err()
            && coded("identity, chunked").is_err()
    );
    assert!(head("GET", "/x", &[host, field("content-length", "0")]).is_ok());
}

#[test]
fn bare_line_ends_and_controls_are_refused() {
    assert_eq!(
        check_raw(b"GET / HTTP/1.1\r\nHost: a\r\nX:\ty\r\n\r\n"),
        Ok(())
    );
    for raw in [
        &b"GET / HTTP/1.1\nHost: a\r\n\r\n"[..],
        b"GET / HTTP/1.1\rHost: a\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
    ] {
        assert!(check_raw(raw).is_err());
    }
}

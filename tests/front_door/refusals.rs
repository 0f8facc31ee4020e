//! What is refused: with which status, and that nothing comes of it.

use crate::world::{Event, World};
use crate::{CONFIG, FILE, get, with_fields};

fn with_hosts(hosts: &[&str]) -> String {
    let hosts = hosts.iter().fold(String::new(), |fields, host| {
        fields + "Host: " + host + "\r\n"
    });
    format!("GET /stream/1.2.3/{FILE} HTTP/1.1\r\n{hosts}\r\n")
}

/// What a request is, and its bytes.
type Case = (&'static str, Vec<u8>);

fn case(name: &'static str, text: impl Into<Vec<u8>>) -> Case {
    (name, text.into())
}

/// Sends each request on a connection of its own; one line of name and status each. Every answer
/// ends its connection and names no other place.
async fn refusals(world: &World, cases: Vec<Case>) -> String {
    let mut lines = Vec::new();
    for (name, bytes) in cases {
        let mut connection = world.connect().await;
        connection.send(&bytes).await;
        let answer = connection
            .answer()
            .await
            .unwrap_or_else(|| panic!("{name}: closed without an answer"));
        assert_eq!(answer.header("location"), None, "{name}");
        assert_eq!(answer.header("connection"), Some("close"), "{name}");
        assert_eq!(
            connection.rest().await,
            "",
            "{name}: one answer, then the end"
        );
        lines.push(format!(
            "{name}: {} {}",
            answer.status,
            answer.body.trim_end()
        ));
    }
    lines.join("\n")
}

/// Nothing went upstream and nothing was recorded.
pub(crate) async fn assert_untouched(world: &World) {
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
    assert_eq!(
        world.recorded().await,
        Vec::<Event>::new(),
        "nothing is recorded"
    );
}

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    let world = World::start(CONFIG).await;
    let cases = vec![
        case("none", with_hosts(&[])),
        case(
            "two",
            with_hosts(&["get.test.localhost", "get.test.localhost"]),
        ),
        case("empty", with_hosts(&[""])),
        case("space", with_hosts(&["get.test.localhost evil.test"])),
        case("slash", with_hosts(&["get.test.localhost/x"])),
        case("user", with_hosts(&["evil.test@get.test.localhost"])),
        case("user behind", with_hosts(&["get.test.localhost@evil.test"])),
        case(
            "port that is none",
            with_hosts(&["get.test.localhost:99999"]),
        ),
        case("list", with_hosts(&["get.test.localhost, evil.test"])),
    ];
    insta::assert_snapshot!(refusals(&world, cases).await, @r"
    none: 400 exactly one Host is needed
    two: 400 exactly one Host is needed
    empty: 400 malformed Host
    space: 400 malformed Host
    slash: 400 malformed Host
    user: 400 malformed Host
    user behind: 400 malformed Host
    port that is none: 400 malformed Host
    list: 400 malformed Host
    ");
    assert_untouched(&world).await;
}

#[tokio::test]
async fn a_method_or_target_of_another_trade_is_refused() {
    let world = World::start(CONFIG).await;
    let cases = vec![
        case(
            "absolute form",
            get(&format!("http://get.test.localhost/stream/1.2.3/{FILE}")),
        ),
        case("absolute form elsewhere", get("http://evil.test/")),
        case("asterisk", with_fields("OPTIONS *", "")),
        case(
            "CONNECT",
            "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n",
        ),
        case(
            "TRACE",
            with_fields(&format!("TRACE /stream/1.2.3/{FILE}"), ""),
        ),
        case(
            "PUT",
            with_fields(
                &format!("PUT /stream/1.2.3/{FILE}"),
                "Content-Length: 0\r\n",
            ),
        ),
        case(
            "DELETE",
            with_fields(&format!("DELETE /stream/1.2.3/{FILE}"), ""),
        ),
        case(
            "lower case",
            with_fields(&format!("get /stream/1.2.3/{FILE}"), ""),
        ),
        case("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        case(
            "HTTP/1.2",
            format!("GET /stream/1.2.3/{FILE} HTTP/1.2\r\nHost: get.test.localhost\r\n\r\n"),
        ),
        case(
            "TLS hello",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        ),
    ];
    insta::assert_snapshot!(refusals(&world, cases).await, @r"
    absolute form: 400 the request target must be a path
    absolute form elsewhere: 400 the request target must be a path
    asterisk: 400 the request target must be a path
    CONNECT: 405 this server answers GET and HEAD
    TRACE: 405 this server answers GET and HEAD
    PUT: 405 this server answers GET and HEAD
    DELETE: 405 this server answers GET and HEAD
    lower case: 405 this server answers GET and HEAD
    HTTP/2 preface: 400 malformed request head
    HTTP/1.2: 400 malformed request head
    TLS hello: 400 this port speaks plain HTTP
    ");
    assert_untouched(&world).await;
}

#[tokio::test]
async fn a_path_that_changes_its_meaning_is_refused() {
    let world = World::start(CONFIG).await;
    let cases = vec![
        case("dot segments", get("/stream/../../etc/passwd")),
        case("encoded dots", get("/stream/%2e%2e/x")),
        case("half encoded dots", get("/stream/.%2E/x")),
        case("twice encoded dots", get("/stream/%252e%252e/x")),
        case("dots with a parameter", get("/stream/..;a=b/x")),
        case("encoded line end", get("/any/a%0d%0aSet-Cookie:%20x=1")),
        case(
            "encoded request",
            get("/any/x%20HTTP/1.1%0d%0aHost:%20evil.test%0d%0a%0d%0aGET%20/y"),
        ),
        case("encoded NUL", get("/any/x%00.evil.test")),
        case("NUL", get("/any/x\0.evil.test")),
        case("backslash", get("/any/\\\\evil.test")),
        case(
            "encoded backslash in a variable",
            get("/stream/1.2.3/%5c%5cevil.test"),
        ),
        case("encoded backslash", get("/any/%5Cevil.test")),
        case("broken encoding", get("/any/%zz")),
        case("space", get("/any/a b")),
        case("not ASCII", get("/any/\u{e4}")),
        case(
            "encoded line end in the query",
            get("/any/x?a=%0d%0aSet-Cookie:%20x=1"),
        ),
    ];
    insta::assert_snapshot!(refusals(&world, cases).await, @r"
    dot segments: 400 dot segment in the path
    encoded dots: 400 dot segment in the path
    half encoded dots: 400 dot segment in the path
    twice encoded dots: 400 doubled percent-encoding
    dots with a parameter: 400 dot segment in the path
    encoded line end: 400 character not allowed in a path
    encoded request: 400 character not allowed in a path
    encoded NUL: 400 character not allowed in a path
    NUL: 400 control character in the request head
    backslash: 400 character not allowed in a path
    encoded backslash in a variable: 400 character not allowed in a path
    encoded backslash: 400 character not allowed in a path
    broken encoding: 400 broken percent-encoding
    space: 400 malformed request head
    not ASCII: 400 character not allowed in a path
    encoded line end in the query: 400 character not allowed in a query
    ");
    assert_untouched(&world).await;
}

#[tokio::test]
async fn framing_that_two_servers_could_read_differently_is_refused() {
    let world = World::start(CONFIG).await;
    let get = format!("GET /stream/1.2.3/{FILE}");
    let post = format!("POST /stream/1.2.3/{FILE}");
    let smuggled =
        format!("0\r\n\r\nGET /stream/2.0.0/{FILE} HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n");
    let with_body = |start: &str, fields: &str| with_fields(start, fields) + &smuggled;
    let cases = vec![
        case(
            "length and chunks",
            with_body(&post, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        ),
        case(
            "chunks and length",
            with_body(&post, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        ),
        case(
            "two lengths",
            with_body(&post, "Content-Length: 5\r\nContent-Length: 6\r\n"),
        ),
        case(
            "two equal lengths",
            with_body(&post, "Content-Length: 5\r\nContent-Length: 5\r\n"),
        ),
        case("signed length", with_body(&post, "Content-Length: +5\r\n")),
        case(
            "unknown coding",
            with_body(&post, "Transfer-Encoding: xchunked\r\n"),
        ),
        case(
            "two codings",
            with_body(&post, "Transfer-Encoding: chunked, identity\r\n"),
        ),
        case(
            "chunks on GET",
            with_body(&get, "Transfer-Encoding: chunked\r\n"),
        ),
        case("body on GET", with_body(&get, "Content-Length: 5\r\n")),
        case(
            "space before the colon",
            with_body(&post, "Transfer-Encoding : chunked\r\n"),
        ),
        case("folded line", with_fields(&get, "X-Note: a\r\n b\r\n")),
        case(
            "bare line feed in a field",
            with_fields(&get, "X-Note: a\nHost: evil.test\r\n"),
        ),
        case(
            "bare line feeds throughout",
            format!("{get} HTTP/1.1\nHost: get.test.localhost\n\n"),
        ),
        case(
            "bare carriage return",
            with_fields(&get, "X-Note: a\rb\r\n"),
        ),
        case("NUL in a field", with_fields(&get, "X-Note: a\0b\r\n")),
        case(
            "escape in a field",
            with_fields(&get, "User-Agent: x\x1b[2J\r\n"),
        ),
        case(
            "chunks on HTTP/1.0",
            format!(
                "{post} HTTP/1.0\r\nHost: get.test.localhost\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}"
            ),
        ),
    ];
    insta::assert_snapshot!(refusals(&world, cases).await, @r"
    length and chunks: 400 unexpected Transfer-Encoding
    chunks and length: 400 unexpected Transfer-Encoding
    two lengths: 400 more than one Content-Length
    two equal lengths: 400 more than one Content-Length
    signed length: 400 malformed Content-Length
    unknown coding: 400 unknown Transfer-Encoding
    two codings: 400 unknown Transfer-Encoding
    chunks on GET: 400 unexpected Transfer-Encoding
    body on GET: 400 unexpected body
    space before the colon: 400 malformed request head
    folded line: 400 malformed request head
    bare line feed in a field: 400 control character in the request head
    bare line feeds throughout: 400 bare line feed in the request head
    bare carriage return: 400 control character in the request head
    NUL in a field: 400 control character in the request head
    escape in a field: 400 control character in the request head
    chunks on HTTP/1.0: 400
    ");
    assert_untouched(&world).await;
}

#[tokio::test]
async fn a_head_larger_than_any_client_sends_is_refused() {
    let world = World::start(CONFIG).await;
    let get = format!("GET /stream/1.2.3/{FILE}");
    let cases = vec![
        case(
            "33 KiB of one field",
            with_fields(&get, &format!("X-Note: {}\r\n", "a".repeat(33 * 1024))),
        ),
        case("65 fields", with_fields(&get, &"X-Note: a\r\n".repeat(64))),
        case(
            "9 KiB of target",
            self::get(&format!("/any/{}", "a".repeat(9 * 1024))),
        ),
        case(
            "20 KiB of query",
            self::get(&format!("/any/x?{}", "a".repeat(20 * 1024))),
        ),
    ];
    insta::assert_snapshot!(refusals(&world, cases).await, @r"
    33 KiB of one field: 431 request head too large
    65 fields: 431 request head too large
    9 KiB of target: 414 request target too long
    20 KiB of query: 414 request target too long
    ");
    assert_untouched(&world).await;
}

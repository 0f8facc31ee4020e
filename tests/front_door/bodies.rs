//! Bodies, where one is taken: read within bounds of size and time, and never as another request.

use std::time::{Duration, Instant};

use crate::refusals::assert_untouched;
use crate::world::{World, of_kind};
use crate::{CONFIG, FILE, get, with_fields};

const COLLECTOR: &str = "POST /-/installed/1.0";

#[tokio::test]
async fn chunks_that_are_none_end_the_connection_and_what_follows_is_no_request() {
    let world = World::start(CONFIG).await;
    let chunked = with_fields(COLLECTOR, "Transfer-Encoding: chunked\r\n");
    let smuggled = get(&format!("/stream/1.2.3/{FILE}"));
    let mut lines = Vec::new();
    for (name, body) in [
        (
            "a size that overflows",
            "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        ),
        ("a size with a sign", "+2\r\n{}\r\n0\r\n\r\n"),
        ("a size with 0x", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("no size", ";a=b\r\n{}\r\n0\r\n\r\n"),
        ("a bare line feed behind the size", "2\n{}\r\n0\r\n\r\n"),
        (
            "a line end in an extension",
            "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n",
        ),
        (
            "a chunk that is longer than it says",
            "1\r\n{}\r\n0\r\n\r\n",
        ),
    ] {
        let mut connection = world.connect().await;
        let bytes = chunked.clone() + body + &smuggled;
        connection.send(bytes.as_bytes()).await;
        let status = connection.answer().await.map(|answer| answer.status);
        lines.push(format!("{name}: {status:?}"));
        assert_eq!(
            connection.rest().await,
            "",
            "{name}: one answer, then the end"
        );
    }
    // Of two the size is read as nothing, which ends the body, and so the connection.
    insta::assert_snapshot!(lines.join("\n"), @"
    a size that overflows: Some(400)
    a size with a sign: Some(400)
    a size with 0x: Some(400)
    no size: Some(202)
    a bare line feed behind the size: Some(400)
    a line end in an extension: Some(202)
    a chunk that is longer than it says: Some(400)
    ");
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
    let events = world.recorded().await;
    assert_eq!(of_kind(&events, "custom").len(), events.len());
}

#[tokio::test]
async fn an_extension_of_a_chunk_changes_nothing() {
    let world = World::start(CONFIG).await;
    let head = with_fields(COLLECTOR, "Transfer-Encoding: chunked\r\n");
    let mut connection = world.connect().await;
    let body = "2;name=value\r\n{}\r\n0\r\n\r\n";
    connection.send((head + body).as_bytes()).await;
    assert_eq!(connection.answer().await.expect("an answer").status, 202);
    connection.send(get("/any/x").as_bytes()).await;
    assert_eq!(connection.answer().await.expect("an answer").status, 302);
}

#[tokio::test]
async fn a_body_that_trickles_in_is_not_waited_for_longer_than_its_deadline() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    let begun = Instant::now();
    let head = with_fields(COLLECTOR, "Content-Length: 1000\r\n");
    connection.send(head.as_bytes()).await;
    connection.trickle(Duration::from_millis(500)).await;
    let status = connection.answer().await.map(|answer| answer.status);
    assert_eq!(status, Some(408));
    // Its bytes would take minutes.
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_untouched(&world).await;
}

#[tokio::test]
async fn an_upgrade_or_an_expectation_opens_nothing() {
    let world = World::start(CONFIG).await;
    for (name, fields) in [
        (
            "h2c",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
        ),
        (
            "websocket",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
        ),
        ("expectation", "Expect: 100-continue\r\n"),
    ] {
        for (path, status) in [
            ("/any/x".to_owned(), 302),
            (format!("/stream/1.2.3/{FILE}"), 200),
        ] {
            let mut connection = world.connect().await;
            connection
                .send(with_fields(&format!("GET {path}"), fields).as_bytes())
                .await;
            let answer = connection.answer().await.expect("an answer");
            assert_eq!(
                (answer.status, answer.header("upgrade")),
                (status, None),
                "{name} {path}"
            );
        }
    }
    let seen = world.registry.seen();
    assert_eq!(seen.len(), 3);
    for seen in seen {
        let seen = format!("{seen:?}").to_ascii_lowercase();
        assert!(
            !seen.contains("upgrade") && !seen.contains("expect"),
            "{seen}"
        );
    }
}

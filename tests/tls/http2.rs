//! HTTP/2 from clients: the same answers and events as over HTTP/1.1, and no more than its share.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use h2::client::SendRequest;
use http::Request;
use tokio::task::JoinHandle;

use crate::names::Authority;
use crate::world::{World, of_kind};
use crate::{DOMAIN, FILE, port, start, url};

/// A connection of HTTP/2, and what becomes of it.
async fn connect(
    world: &World,
    authority: &Authority,
) -> (SendRequest<Bytes>, JoinHandle<Result<(), h2::Error>>) {
    let ends = (Ipv4Addr::LOCALHOST, ([127, 0, 0, 1], port(world)).into());
    let stream = authority.connect(ends, DOMAIN, "h2", "").await;
    let stream = stream.expect("a handshake");
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    (client, tokio::spawn(connection))
}

fn get(world: &World, path: &str) -> Request<()> {
    let request = Request::get(url(world, path)).body(());
    request.expect("a request")
}

#[tokio::test]
async fn redirects_streams_documents_and_events_are_those_of_http_1() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let mut seen = Vec::new();
    for http1 in [true, false] {
        let client = authority.client(DOMAIN, port(&world));
        let client = if http1 { client.http1_only() } else { client };
        let client = client.build().expect("a client");
        for path in [
            format!("/rocket/1.2.3/{FILE}?v={http1}"),
            format!("/stream/1.2.3/{FILE}?v={http1}"),
            "/python/simple/compass/".to_owned(),
            "/nothing".to_owned(),
        ] {
            let agent = format!("curl/8.{}", u8::from(http1));
            let answer = client.get(url(&world, &path)).header("user-agent", agent);
            let answer = answer.send().await.expect("an answer");
            let (status, version) = (answer.status().as_u16(), answer.version());
            assert_eq!(version == http::Version::HTTP_2, !http1, "{path}");
            let mut names: Vec<_> = answer.headers().keys().map(ToString::to_string).collect();
            names.retain(|name| !["connection", "transfer-encoding"].contains(&name.as_str()));
            names.sort_unstable();
            let body = answer.bytes().await.expect("a body");
            seen.push((http1, format!("{status} {names:?} {}", body.len())));
        }
    }
    let (over_1, over_2): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(http1, _)| *http1);
    let answers = |seen: Vec<(bool, String)>| seen.into_iter().map(|(_, answer)| answer);
    let (over_1, over_2): (Vec<_>, Vec<_>) = (answers(over_1).collect(), answers(over_2).collect());
    assert_eq!(over_1, over_2);
    let events = world.recorded().await;
    let kinds = |client: &str| {
        let of = events
            .iter()
            .filter(|event| event["client_version"] == client);
        let mut kinds: Vec<_> = of.map(|event| event["kind"].to_string()).collect();
        kinds.sort_unstable();
        kinds
    };
    assert_eq!(kinds("8.1"), kinds("8.0"));
    assert_eq!(of_kind(&events, "download").len(), 4);
}

#[tokio::test]
async fn a_body_where_none_is_taken_and_a_head_that_is_too_large_end_their_own_request() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let (mut client, _connection) = connect(&world, &authority).await;
    let (answer, mut body) = client
        .send_request(get(&world, &format!("/stream/1.2.3/{FILE}")), false)
        .expect("sent");
    let _ = body.send_data(Bytes::from_static(b"x"), false);
    assert_eq!(answer.await.expect("an answer").status(), 400);
    let mut large = get(&world, "/rocket/1.2.3/x");
    let value = "x".repeat(20_000).parse().expect("text");
    large.headers_mut().insert("x-large", value);
    let (answer, _) = client.send_request(large, true).expect("sent");
    let refused = answer.await.map(|answer| answer.status().as_u16());
    assert!(
        refused.as_ref().map_or(true, |status| *status == 431),
        "{refused:?}"
    );
    let fine = get(&world, &format!("/rocket/1.2.3/{FILE}"));
    let (answer, _) = client.send_request(fine, true).expect("sent");
    assert_eq!(answer.await.expect("the connection lives").status(), 302);
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
}

#[tokio::test]
async fn what_is_no_download_over_http_1_is_none_over_http_2() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let (mut client, _connection) = connect(&world, &authority).await;
    for (method, target) in [
        ("CONNECT", "evil.test:443".to_owned()),
        ("TRACE", url(&world, &format!("/stream/1.2.3/{FILE}"))),
        ("PUT", url(&world, &format!("/stream/1.2.3/{FILE}"))),
    ] {
        let request = Request::builder().method(method).uri(target).body(());
        let request = request.expect("a request");
        let (answer, _) = client.send_request(request, true).expect("sent");
        assert_eq!(answer.await.expect("an answer").status(), 405, "{method}");
    }
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
}

/// Begins requests and gives them up at once, until the other side has had enough; how many.
async fn reset_many(mut client: SendRequest<Bytes>, world: &World) -> u32 {
    for sent in 0..20_000 {
        let Ok(mut ready) = client.ready().await else {
            return sent;
        };
        let request = get(world, &format!("/rocket/1.2.3/{FILE}"));
        let Ok((_, mut body)) = ready.send_request(request, false) else {
            return sent;
        };
        body.send_reset(h2::Reason::CANCEL);
        client = ready;
        tokio::task::yield_now().await;
    }
    20_000
}

#[tokio::test]
async fn who_resets_request_after_request_loses_the_connection_and_others_are_served() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let (client, connection) = connect(&world, &authority).await;
    let sent = reset_many(client, &world).await;
    let ended = connection
        .await
        .expect("no panic")
        .expect_err("it is ended");
    // Its last words may be lost with the connection.
    let calm = [None, Some(h2::Reason::ENHANCE_YOUR_CALM)];
    assert!(calm.contains(&ended.reason()), "after {sent}: {ended}");
    assert!(sent < 20_000);
    let (mut other, _connection) = connect(&world, &authority).await;
    let request = get(&world, &format!("/rocket/1.2.3/{FILE}"));
    let (answer, _) = other.send_request(request, true).expect("sent");
    assert_eq!(answer.await.expect("an answer").status(), 302);
}

#[tokio::test]
async fn a_connection_without_requests_is_ended_whatever_else_it_sends() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let ends = (Ipv4Addr::LOCALHOST, ([127, 0, 0, 1], port(&world)).into());
    let stream = authority.connect(ends, DOMAIN, "h2", "").await;
    let handshake = h2::client::handshake(stream.expect("a handshake"));
    let (client, mut connection) = handshake.await.expect("HTTP/2");
    let mut pings = connection.ping_pong().expect("nobody else pings");
    let begun = Instant::now();
    let ended = tokio::spawn(connection);
    while pings.ping(h2::Ping::opaque()).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_mins(1), "it lives on");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(begun.elapsed() > Duration::from_secs(25));
    drop(client);
    let _ = ended.await.expect("no panic");
}

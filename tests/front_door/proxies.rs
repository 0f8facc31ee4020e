//! Who the client is behind proxies: whose word counts, and who may not have one.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use crate::refusals::assert_untouched;
use crate::world::exchange::Connection;
use crate::world::{World, of_kind};
use crate::{CONFIG, FILE};

/// Speaks the PROXY protocol; whoever else is on this machine may only name clients in a header.
const PROXY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 5);
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 6);

const CLIENT: &str = "198.51.100.7";

async fn start() -> World {
    let settings = "[gateway]\nhttp = [\"127.0.0.1:0\"]\nproxy_protocol = [\"127.0.0.5\"]\n\
                    trusted_proxies = [\"127.0.0.0/8\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n";
    World::start(&format!("{settings}{CONFIG}")).await
}

fn line(client: &str) -> Vec<u8> {
    format!("PROXY TCP4 {client} 192.0.2.1 5000 80\r\n").into_bytes()
}

/// Version 2 with an ALPN field that nobody needs.
fn binary(client: &str) -> Vec<u8> {
    let client: Ipv4Addr = client.parse().expect("v4");
    let mut bytes = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x11".to_vec();
    bytes.extend(client.octets());
    bytes.extend(b"\xc0\0\x02\x01\x13\x88\0\x50\x01\0\x02h2");
    bytes
}

/// By the front door, and by what is behind it.
fn requests(fields: &str) -> [String; 2] {
    let head = format!("Host: get.test.localhost\r\n{fields}\r\n");
    [
        format!(
            "GET /rocket/1.2.3/{FILE}?{} HTTP/1.1\r\n{head}",
            fields.len()
        ),
        format!(
            "GET /stream/1.2.3/{FILE}?{} HTTP/1.1\r\n{head}",
            fields.len()
        ),
    ]
}

/// Asks both ways on one connection from `from` that begins with `header`.
async fn ask(world: &World, from: Ipv4Addr, header: &[u8], fields: &str) {
    let mut connection = Connection::open_from(from, world.weir.gateway).await;
    connection.send(header).await;
    for (request, status) in requests(fields).iter().zip([302, 200]) {
        connection.send(request.as_bytes()).await;
        let answer = connection.answer().await.expect("an answer");
        assert_eq!(answer.status, status, "{request}");
    }
}

/// How many visitors were recorded.
async fn visitors(world: &World) -> usize {
    let events = world.recorded().await;
    let visitors = events.iter().map(|event| event["visitor"].to_string());
    visitors.collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn a_listed_peers_word_is_the_clients_address_for_every_request_of_the_connection() {
    let world = start().await;
    ask(&world, PROXY, &line(CLIENT), "X-Way: line\r\n").await;
    ask(&world, PROXY, &binary(CLIENT), "X-Way: binary\r\n").await;
    // The same client, named by a header, is the same visitor.
    let header = format!("X-Forwarded-For: {CLIENT}\r\n");
    ask(&world, OTHER, b"", &header).await;
    assert_eq!(visitors(&world).await, 1, "one client, however named");
    ask(&world, PROXY, &binary("198.51.100.8"), "X-Way: another\r\n").await;
    assert_eq!(visitors(&world).await, 2, "another client is another");
    for seen in world.registry.seen() {
        assert!(
            !format!("{seen:?}").contains("198.51.100"),
            "the address goes nowhere: {seen:?}"
        );
    }
}

#[tokio::test]
async fn a_listed_peer_that_speaks_for_itself_is_served_as_itself() {
    let world = start().await;
    let local = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    ask(&world, PROXY, local, "X-Way: local\r\n").await;
    ask(&world, PROXY, b"PROXY UNKNOWN\r\n", "X-Way: unknown\r\n").await;
    let from_itself = "X-Forwarded-For: 127.0.0.5\r\n";
    ask(&world, OTHER, b"", from_itself).await;
    assert_eq!(visitors(&world).await, 1);
}

#[tokio::test]
async fn a_header_may_arrive_in_pieces() {
    let world = start().await;
    let [request, _] = requests("");
    let bytes = [&binary(CLIENT)[..], request.as_bytes()].concat();
    let mut connection = Connection::open_from(PROXY, world.weir.gateway).await;
    for piece in bytes.chunks(7) {
        connection.send(piece).await;
        tokio::task::yield_now().await;
    }
    let answer = connection.answer().await.expect("an answer");
    assert_eq!(answer.status, 302);
    assert_eq!(of_kind(&world.recorded().await, "download").len(), 1);
}

#[tokio::test]
async fn without_the_header_a_listed_peer_is_refused_and_with_it_any_other_is() {
    let world = start().await;
    let [request, _] = requests("");
    let mut lines = Vec::new();
    for (name, from, header) in [
        ("listed, without", PROXY, Vec::new()),
        ("listed, TLS", PROXY, b"\x16\x03\x01\0\0".to_vec()),
        (
            "listed, malformed",
            PROXY,
            b"PROXY TCP4 nobody\r\n".to_vec(),
        ),
        ("listed, endless", PROXY, [b'P'; 200].to_vec()),
        (
            "listed, twice",
            PROXY,
            [line(CLIENT), line(CLIENT)].concat(),
        ),
        (
            "listed, both",
            PROXY,
            [line(CLIENT), binary(CLIENT)].concat(),
        ),
        ("unlisted, version 1", OTHER, line(CLIENT)),
        ("unlisted, version 2", OTHER, binary(CLIENT)),
    ] {
        let mut connection = Connection::open_from(from, world.weir.gateway).await;
        connection
            .send(&[&header, request.as_bytes()].concat())
            .await;
        let answer = connection.answer().await.expect("an answer");
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
    insta::assert_snapshot!(lines.join("\n"), @r"
    listed, without: 400 a PROXY protocol header must come first from this peer
    listed, TLS: 400 a PROXY protocol header must come first from this peer
    listed, malformed: 400 malformed PROXY protocol header
    listed, endless: 400 a PROXY protocol header must come first from this peer
    listed, twice: 400 a PROXY protocol header where none may be: [gateway] proxy_protocol lists the peers that begin with one
    listed, both: 400 a PROXY protocol header where none may be: [gateway] proxy_protocol lists the peers that begin with one
    unlisted, version 1: 400 a PROXY protocol header where none may be: [gateway] proxy_protocol lists the peers that begin with one
    unlisted, version 2: 400 a PROXY protocol header where none may be: [gateway] proxy_protocol lists the peers that begin with one
    ");
    assert_untouched(&world).await;
}

#[tokio::test]
async fn of_several_lines_the_one_that_the_proxy_added_counts() {
    let world = start().await;
    // What the client wrote itself comes first.
    for claim in ["198.51.100.1", "198.51.100.2", "nonsense"] {
        let lines = format!("X-Forwarded-For: {claim}\r\nX-Forwarded-For: {CLIENT}\r\n");
        ask(&world, OTHER, b"", &lines).await;
    }
    assert_eq!(visitors(&world).await, 1, "no claim makes another visitor");
}

#[tokio::test]
async fn a_standard_header_counts_where_it_is_chosen_and_the_other_one_does_not() {
    let settings = "[gateway]\nhttp = [\"127.0.0.1:0\"]\ntrusted_proxies = [\"127.0.0.0/8\"]\n\
                    forwarded_header = \"Forwarded\"\n[dashboards]\nlisten = \"127.0.0.1:0\"\n";
    let world = World::start(&format!("{settings}{CONFIG}")).await;
    for claim in ["198.51.100.1", "198.51.100.2"] {
        let lines = format!("X-Forwarded-For: {claim}\r\nForwarded: for={CLIENT}\r\n");
        ask(&world, OTHER, b"", &lines).await;
    }
    assert_eq!(visitors(&world).await, 1);
    ask(&world, OTHER, b"", "Forwarded: for=198.51.100.8\r\n").await;
    assert_eq!(visitors(&world).await, 2);
}

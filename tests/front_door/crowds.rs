//! Many clients, and clients that take more than their share.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use crate::world::World;
use crate::world::exchange::Connection;
use crate::world::process::memory_mib;
use crate::{CONFIG, FILE, get};

/// Whom a balancer speaks for, on the public internet, where connections are counted.
const CLIENT: &str = "9.9.9.9";
const NEIGHBOUR: &str = "9.9.9.10";
/// The most from one address.
const MOST: usize = 1_000;

const BALANCED: &str = "[gateway]\nhttp = [\"127.0.0.1:0\"]\nproxy_protocol = [\"127.0.0.5\"]\n\
    private_upstreams = [\"127.0.0.0/8\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n\
    [operator]\nlisten = \"127.0.0.1:0\"\n";

/// A connection of `client`, who has asked for something and got it.
async fn served(world: &World, client: &str) -> Option<Connection> {
    let balancer = Ipv4Addr::new(127, 0, 0, 5);
    let mut connection = Connection::open_from(balancer, world.weir.gateway).await;
    let line = format!("PROXY TCP4 {client} 192.0.2.1 5000 80\r\n");
    connection.send((line + &get("/any/x")).as_bytes()).await;
    let answer = connection.answer().await?;
    assert_eq!(answer.status, 302);
    Some(connection)
}

/// Connections that the operator is told were turned away for the number of their sender's.
async fn crowded(world: &World) -> u64 {
    counted(world, "weir_connections_total{result=\"crowded\"").await
}

/// Those that ended in the place of others.
async fn displaced(world: &World) -> u64 {
    counted(world, "weir_connections_displaced_total").await
}

/// What the operator is told of the metric that begins with `metric`.
async fn counted(world: &World, metric: &str) -> u64 {
    let said = world.weir.said();
    let line = said.lines().find(|line| line.contains("operator listens"));
    let line = line.expect("it is said before the gateway's");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let address = line["address"].as_str().expect("an address");
    let answer = world.http.get(format!("http://{address}/metrics"));
    let text = answer.send().await.expect("metrics").text().await;
    let text = text.expect("text");
    let counted = text.lines().find_map(|line| {
        let (name, count) = line.rsplit_once(' ')?;
        name.starts_with(metric)
            .then(|| count.parse().expect("a number"))
    });
    counted.unwrap_or_default()
}

#[tokio::test]
async fn who_has_as_many_connections_as_one_may_loses_idle_ones_and_is_served_on() {
    let world = World::start(&format!("{BALANCED}{CONFIG}")).await;
    let mut first = Vec::new();
    for _ in 0..MOST {
        first.push(served(&world, CLIENT).await.expect("a place"));
    }
    let mut neighbour = served(&world, NEIGHBOUR).await.expect("a place");
    let deadline = Instant::now() + Duration::from_secs(10);
    // Nobody waits for long yet, so for the first second there may be no place.
    let mut turned_away = 0;
    while served(&world, CLIENT).await.is_none() {
        turned_away += 1;
        assert!(Instant::now() < deadline, "idle ones stay");
    }
    assert_eq!(crowded(&world).await, turned_away, "each is counted");
    let displaced = displaced(&world).await;
    assert!(
        (1..=MOST as u64 / 8).contains(&displaced),
        "{displaced} made room"
    );
    assert_eq!(first[0].rest().await, "", "the longest idle is ended");
    assert!(Instant::now() < deadline, "before its own time was over");
    let last = first.last_mut().expect("a thousand");
    for kept in [last, &mut neighbour] {
        kept.send(get("/any/y").as_bytes()).await;
        assert_eq!(kept.answer().await.map(|answer| answer.status), Some(302));
    }
}

#[tokio::test]
async fn answers_that_nobody_takes_do_not_keep_a_connection() {
    let world = World::start(CONFIG).await;
    let mut connection = Connection::open_narrow(world.weir.gateway).await;
    let begun = Instant::now();
    connection
        .ask_without_reading(get("/nothing/at/all").as_bytes())
        .await;
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(25), "{waited:?}");
}

#[tokio::test]
async fn heads_that_are_nearly_too_large_cost_little_memory() {
    let world = World::start(CONFIG).await;
    let before = memory_mib(world.weir.id());
    let head = format!("GET / HTTP/1.1\r\nX-Note: {}", "a".repeat(15_000));
    let mut connections = Vec::new();
    for _ in 0..1_000 {
        let mut connection = world.connect().await;
        connection.send(head.as_bytes()).await;
        connections.push(connection);
    }
    let grown = memory_mib(world.weir.id()).saturating_sub(before);
    assert!(grown < 40, "{grown} MiB");
}

#[tokio::test]
async fn one_address_may_download_as_fast_as_it_can() {
    const EACH: usize = 2_500;
    let world = World::start(CONFIG).await;
    let client = async || {
        let mut connection = world.connect().await;
        for _ in 0..EACH / 50 {
            let path = format!("/rocket/1.2.3/{FILE}");
            connection.send(get(&path).repeat(50).as_bytes()).await;
            for _ in 0..50 {
                let answer = connection.answer().await.expect("an answer");
                assert_eq!(answer.status, 302);
            }
        }
    };
    tokio::join!(client(), client(), client(), client());
}

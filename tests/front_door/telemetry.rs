//! One network's views and events, of which there can be too many, and its downloads, of which there cannot.

use serde_json::json;

use crate::world::{World, columns};
use crate::{CONFIG, FILE};

const HOST: &str = "get.test.localhost";
/// Two may be told in a minute; the proxy says for whom.
const LIMITED: &str = "[gateway]\nhttp = [\"127.0.0.1:0\"]\ntelemetry_per_minute = 2\n\
    trusted_proxies = [\"127.0.0.1\"]\nprivate_upstreams = [\"127.0.0.0/8\"]\n\
    [dashboards]\nlisten = \"127.0.0.1:0\"\n";
const PIXEL: &str =
    "[[pixel]]\nid = \"docs\"\ndomains = [\"get.test.localhost\"]\npackage = \"acme/rocket\"\n";

async fn start() -> World {
    World::start(&format!("{LIMITED}{CONFIG}{PIXEL}")).await
}

/// What `client` gets, and the field named `field`.
async fn ask(
    world: &World,
    method: &str,
    path: &str,
    client: &str,
    field: &str,
) -> (u16, Option<String>) {
    let request = world.request(method, HOST, path);
    let request = request.header("x-forwarded-for", client);
    let request = match method {
        "POST" => request.json(&json!({ "step": "done" })),
        _ => request,
    };
    let answer = request.send().await.expect("an answer");
    let value = answer.headers().get(field);
    let value = value.map(|value| value.to_str().expect("text").to_owned());
    (answer.status().as_u16(), value)
}

#[tokio::test]
async fn who_tells_more_than_one_network_may_is_told_when_to_come_again_and_others_are_heard() {
    let world = start().await;
    let send = async |method, client| {
        ask(&world, method, "/-/installed/1.2.3", client, "retry-after").await
    };
    for method in ["GET", "POST"] {
        assert_eq!(send(method, "198.51.100.1").await, (202, None));
    }
    for method in ["GET", "POST"] {
        let (status, wait) = send(method, "198.51.100.2").await;
        assert_eq!(status, 429, "a neighbour's {method}");
        let wait: u64 = wait.expect("Retry-After").parse().expect("seconds");
        assert!((1..=30).contains(&wait), "{wait}");
    }
    assert_eq!(send("POST", "203.0.113.1").await, (202, None), "a stranger");
    let events = world.recorded().await;
    assert_eq!(events.len(), 3, "{events:?}");
}

#[tokio::test]
async fn a_picture_is_shown_however_often_and_counted_as_often_as_one_network_may() {
    let world = start().await;
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(ask(&world, "GET", "/-/px/docs.gif", "198.51.100.1", "x-dropped").await);
    }
    let dropped = Some("too-often".to_owned());
    let expected = [None, None, dropped.clone(), dropped];
    assert_eq!(told, expected.map(|why| (200, why)));
    let events = world.recorded().await;
    let kinds: Vec<_> = events
        .iter()
        .map(|event| columns(event, &["kind"]))
        .collect();
    assert_eq!(kinds, ["view", "view"]);
}

#[tokio::test]
async fn downloads_are_not_among_what_one_network_may_do_so_often() {
    let world = start().await;
    let path = format!("/rocket/1.2.3/{FILE}");
    for _ in 0..20 {
        let (status, _) = ask(&world, "GET", &path, "198.51.100.1", "retry-after").await;
        assert_eq!(status, 302);
    }
}

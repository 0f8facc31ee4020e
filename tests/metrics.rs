//! The operator's listener, and that what is written about metrics is true.

mod world;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use weir::metrics;
use world::process::signal;
use world::{PATIENCE, World};

const CONFIG: &str = r#"
[operator]
listen = "127.0.0.1:0"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.localhost"]
  [[package.route]]
  path = "/{version}/{file}"
  to = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  [[package.route]]
  path = "/streamed/{version}/{file}"
  to = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  proxy = true
"#;

/// Where `world`'s program said that the operator's listener is.
fn operator(world: &World) -> SocketAddr {
    let said = world.weir.said();
    let lines = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut listening = lines.filter(|line| line["message"] == "operator listens");
    let line = listening.next().expect("it is said before the gateway's");
    let address = line["address"].as_str().expect("text");
    address.parse().expect("an address")
}

async fn ask(world: &World, operator: SocketAddr, path: &str) -> (u16, String) {
    let answer = world
        .http
        .get(format!("http://{operator}{path}"))
        .send()
        .await;
    let answer = answer.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// The value of a series, by its name with labels as it is told.
fn value(text: &str, series: &str) -> Option<f64> {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_told_to_the_operator_and_to_nobody_else() {
    let world = World::start(CONFIG).await;
    let operator = operator(&world);
    assert_eq!(
        ask(&world, operator, "/healthz").await,
        (200, "ok\n".to_owned())
    );
    assert_eq!(
        ask(&world, operator, "/readyz").await,
        (200, "ready\n".to_owned())
    );

    let invented = "invented-by-a-client.example";
    for _ in 0..3 {
        assert_eq!(world.get(invented, "/nothing").await.status(), 404);
    }
    assert_eq!(
        world.get("get.localhost", "/nothing-here").await.status(),
        404
    );
    assert_eq!(world.get("get.localhost", "/metrics").await.status(), 404);
    assert!(
        world
            .raw(b"BREW / HTTP/1.1\r\nHost: get.localhost\r\n\r\n")
            .await
            .contains("405")
    );

    let (_, text) = ask(&world, operator, "/metrics").await;
    let requests = |labels: &str| value(&text, &format!("weir_requests_total{{{labels}}}"));
    let broken = r#"ecosystem="none",kind="broken_link",outcome="client_error""#;
    assert_eq!(requests(broken), Some(5.0), "{text}");
    let refused = r#"ecosystem="none",kind="none",outcome="client_error""#;
    assert_eq!(requests(refused), Some(1.0), "{text}");
    let failures = |reason: &str| {
        value(
            &text,
            &format!("weir_request_failures_total{{reason=\"{reason}\"}}"),
        )
    };
    assert_eq!(failures("unknown_host"), Some(3.0), "{text}");
    assert_eq!(failures("unknown_path"), Some(2.0), "{text}");
    assert_eq!(failures("method"), Some(1.0), "{text}");
    assert_eq!(
        value(
            &text,
            "weir_request_duration_seconds_count{answered=\"door\"}"
        ),
        Some(6.0)
    );
    assert_eq!(value(&text, "weir_events_recorded_total"), Some(5.0));
    assert!(value(&text, "weir_connections_open").is_some_and(|open| open >= 1.0));
    assert!(value(&text, "process_open_fds").is_some_and(|open| open > 10.0));
    assert!(
        !text.contains(invented) && !text.contains("localhost"),
        "{text}"
    );

    let begun = Instant::now();
    let stored = async || {
        let (_, text) = ask(&world, operator, "/metrics").await;
        value(&text, "weir_events_shipped_total") == Some(5.0)
    };
    while !stored().await {
        assert!(
            begun.elapsed() < PATIENCE,
            "what was recorded is not stored"
        );
        // The pace of asking.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_upstream_is_asked_counts_behind_the_door() {
    let world = World::start(CONFIG).await;
    let operator = operator(&world);
    let missing = world.get("get.localhost", "/9.9.9/none.tar.gz").await;
    assert_eq!(missing.status(), 404);
    let (_, text) = ask(&world, operator, "/metrics").await;
    let behind = "weir_request_duration_seconds_count{answered=\"behind\"}";
    assert_eq!(value(&text, behind), Some(1.0), "{text}");
    assert_eq!(
        value(&text, "weir_upstream_requests_total{result=\"answered\"}"),
        Some(1.0)
    );
    assert_eq!(
        value(&text, "weir_upstream_duration_seconds_count"),
        Some(1.0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_counted_is_a_request_and_nothing_more() {
    let world = World::start(CONFIG).await;
    let operator = operator(&world);
    for path in ["/1.2.3/rocket.tar.gz", "/streamed/9.9.9/none.tar.gz"] {
        let request = world.request("GET", "get.localhost", path);
        let answer = request.header("dnt", "1").send().await;
        answer.expect("an answer");
    }
    let (_, text) = ask(&world, operator, "/metrics").await;
    let lines = text.lines();
    let requests: Vec<_> = lines
        .filter(|line| line.starts_with("weir_requests_total"))
        .collect();
    insta::assert_snapshot!(requests.join("\n"), @r#"
    weir_requests_total{ecosystem="none",kind="none",outcome="redirect"} 1
    weir_requests_total{ecosystem="none",kind="none",outcome="client_error"} 1
    "#);
    let behind = "weir_request_duration_seconds_count{answered=\"behind\"}";
    assert_eq!(value(&text, behind), Some(1.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_ends_with_the_wish_to_end_and_before_the_last_answer() {
    let world = World::start(CONFIG).await;
    let operator = operator(&world);
    let open = async || {
        let (_, text) = ask(&world, operator, "/metrics").await;
        value(&text, "weir_connections_open").expect("a number")
    };
    let before = open().await;
    // A request whose head is not whole keeps the gateway from being done.
    let mut slow = tokio::net::TcpStream::connect(world.weir.gateway)
        .await
        .expect("a connection");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ")
        .await
        .expect("written");
    let begun = Instant::now();
    while open().await <= before {
        assert!(begun.elapsed() < PATIENCE, "the connection is not accepted");
    }
    signal(world.weir.id(), "TERM");
    is_unready(&world, operator).await;
    assert_eq!(ask(&world, operator, "/healthz").await.0, 200);
}

async fn is_unready(world: &World, operator: SocketAddr) {
    let begun = Instant::now();
    loop {
        let told = ask(world, operator, "/readyz").await;
        if told == (503, "ending\n".to_owned()) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_connections_are_served_until_balancers_have_learned_that_none_are_wanted() {
    let delayed = CONFIG.replace("[operator]\n", "[operator]\ndrain_delay_s = 300\n");
    let mut world = World::start(&delayed).await;
    let operator = operator(&world);
    signal(world.weir.id(), "TERM");
    is_unready(&world, operator).await;
    for _ in 0..10 {
        // Each on a connection of its own.
        world.http = world::http_client();
        let file = "/1.2.3/rocket-linux-amd64.tar.gz";
        let answer = world.get("get.localhost", file).await;
        assert_eq!(answer.status(), 302);
    }
    is_unready(&world, operator).await;
    // Whoever asks once more does not want to wait.
    assert_eq!(world.weir.terminate(), Some(0));
    world.restart();
    assert_eq!(world.downloads(1).await.len(), 1);
}

#[test]
fn what_is_written_about_metrics_is_made_from_their_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/METRICS.md");
    let page = metrics::page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/METRICS.md is not what the table says; run UPDATE=1 cargo nextest run -p weir --test metrics"
    );
}

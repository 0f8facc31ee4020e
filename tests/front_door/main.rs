//! The front door under raw bytes: what is malformed or dishonest is refused at once, reaches no
//! upstream, leads nowhere and leaves no event; what is right is answered in order.

#[path = "../world/mod.rs"]
mod world;

mod bodies;
mod crowds;
mod leads;
mod proxies;
mod refusals;
mod telemetry;

use std::time::{Duration, Instant};

use world::{World, of_kind};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  [[package.route]]
  path = "/stream/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  proxy = true
  [[package.route]]
  path = "/any/{+rest}"
  to   = "https://files.test/prefix/{+rest}"
  [[package.route]]
  path = "/{name}"
  to   = "https://files.test/prefix/{name}"

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/installed/{version}"
"#;

const FILE: &str = "rocket-linux-amd64.tar.gz";

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n")
}

fn with_fields(start: &str, fields: &str) -> String {
    format!("{start} HTTP/1.1\r\nHost: get.test.localhost\r\n{fields}\r\n")
}

#[tokio::test]
async fn a_head_that_does_not_arrive_is_not_waited_for_longer_than_its_deadline() {
    let world = World::start(CONFIG).await;
    let begun = Instant::now();
    let mut connection = world.connect().await;
    connection
        .send(b"GET /stream/1.2.3/x HTTP/1.1\r\nHost: get.te")
        .await;
    assert_eq!(connection.rest().await, "", "there is nothing to answer");
    let waited = begun.elapsed();
    assert!(
        // The deadline is 10 s; the rest is a busy machine's.
        (Duration::from_secs(9)..Duration::from_secs(20)).contains(&waited),
        "{waited:?}"
    );
    refusals::assert_untouched(&world).await;
}

#[tokio::test]
async fn a_body_where_none_is_taken_is_never_read_as_a_request() {
    let world = World::start(CONFIG).await;
    let inner = get(&format!("/stream/1.2.3/{FILE}"));
    let fields = format!("Content-Length: {}\r\n", inner.len());
    let mut connection = world.connect().await;
    connection
        .send((with_fields(&format!("POST /rocket/1.2.3/{FILE}"), &fields) + &inner).as_bytes())
        .await;
    let answer = connection.answer().await.expect("an answer");
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, Some("GET, HEAD"))
    );
    // Whether the connection lives on or not, the body is no request on it.
    connection.send(get("/-/last").as_bytes()).await;
    let rest = connection.answer().await;
    assert!(rest.is_none_or(|answer| answer.status == 404));
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
    assert!(
        world
            .recorded()
            .await
            .iter()
            .all(|event| event["kind"] != "download")
    );
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order_and_each_is_counted_once() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    // Redirects come from the front door, streams from behind it.
    let requests: String = (0..4)
        .flat_map(|number| {
            [
                get(&format!("/any/{number}")),
                get(&format!("/stream/1.2.3/{FILE}?number={number}")),
            ]
        })
        .collect();
    connection.send(requests.as_bytes()).await;
    let mut order = Vec::new();
    for number in 0..4 {
        let redirect = connection.answer().await.expect("a redirect");
        assert_eq!(
            redirect.header("location"),
            Some(format!("https://files.test/prefix/{number}").as_str())
        );
        let stream = connection.answer().await.expect("a file");
        order.push((redirect.status, stream.status));
    }
    assert_eq!(order, [(302, 200); 4]);
    let asked: Vec<_> = world
        .registry
        .seen()
        .into_iter()
        .filter_map(|seen| Some(seen.path.split_once('=')?.1.to_owned()))
        .collect();
    assert_eq!(asked, ["0", "1", "2", "3"]);
    assert_eq!(of_kind(&world.recorded().await, "download").len(), 8);
}

#[tokio::test]
async fn a_connection_is_kept_for_http_1_1_and_closed_for_1_0_or_on_request() {
    let world = World::start(CONFIG).await;
    let mut kept = world.connect().await;
    for path in [
        "/any/1".to_owned(),
        format!("/stream/1.2.3/{FILE}"),
        "/any/2".to_owned(),
    ] {
        kept.send(get(&path).as_bytes()).await;
        let answer = kept.answer().await.expect("the connection is kept");
        assert_ne!(answer.header("connection"), Some("close"), "{path}");
    }
    for (name, request) in [
        (
            "HTTP/1.0",
            "GET /any/1 HTTP/1.0\r\nHost: get.test.localhost\r\n\r\n".to_owned(),
        ),
        ("close", with_fields("GET /any/1", "Connection: close\r\n")),
        (
            "close among others",
            with_fields("GET /any/1", "Connection: x-hop, Close\r\n"),
        ),
    ] {
        let mut closed = world.connect().await;
        closed.send(request.as_bytes()).await;
        let answer = closed.answer().await.expect("an answer");
        assert_eq!(
            (answer.status, answer.header("connection")),
            (302, Some("close")),
            "{name}"
        );
        assert_eq!(closed.rest().await, "", "{name}");
    }
}

#[tokio::test]
async fn operator_pages_are_not_served_to_the_world() {
    let world = World::start(CONFIG).await;
    for host in ["localhost", "127.0.0.1", "unknown.test"] {
        for path in ["/metrics", "/healthz", "/api/v2/query", "/debug/pprof"] {
            assert_eq!(world.get(host, path).await.status(), 404, "{host}{path}");
        }
    }
}

//! The collector: events that software sends by itself, by path, query or body; taken whole or
//! refused with a place to look at.

mod bodies_by_line;
mod documented;
mod senders;
mod small_clients;
#[path = "../world/mod.rs"]
mod world;

use world::{Event, World, columns};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/installed/{version}"
  [[package.route]]
  path = "/-/ran/{version}?step={step}"
  [[package.route]]
  path = "/-/events"
"#;

/// A route with types and pages, besides one without.
const TYPED: &str = r#"
[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/collect"
  post_only = true
  origins = ["https://docs.acme.example"]
  values = { took = "number", ok = "boolean" }
  [[package.route]]
  path = "/-/collect/{version}"
  values = { took = "number" }
"#;

const HOST: &str = "get.test.localhost";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind", "package", "version", "os", "arch", "method", "status", "props",
    ];
    events
        .iter()
        .map(|event| columns(event, &what))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Sends `body` to `path`; the answer's status and text.
async fn post(world: &World, path: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let answer = world
        .request("POST", HOST, path)
        .body(body)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn path_and_query_say_what_happened() {
    let world = World::start(CONFIG).await;
    for path in [
        "/-/installed/1.2.3",
        "/-/installed/1.2.3?os=linux&arch=arm64&took=12&note=a%20b",
        "/-/ran/2.0?step=start&exit=0",
    ] {
        let answer = world.get(HOST, path).await;
        assert_eq!(answer.status(), 202, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.text().await.expect("text"), r#"{"accepted":1}"#);
    }
    assert_eq!(post(&world, "/-/installed/1.2.3?took=5", "").await.0, 202);
    assert_eq!(world.get(HOST, "/-/ran/2.0").await.status(), 404);
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    custom | acme/rocket | 1.2.3 |  |  | GET | 202 | {}
    custom | acme/rocket | 1.2.3 | linux | arm64 | GET | 202 | {"took":"12","note":"a b"}
    custom | acme/rocket | 2.0 |  |  | GET | 202 | {"step":"start","exit":"0"}
    custom | acme/rocket | 1.2.3 |  |  | POST | 202 | {"took":"5"}
    broken_link |  |  |  |  | GET | 404 | {}
    "#);
}

#[tokio::test]
async fn a_body_is_an_object_an_array_or_an_object_a_line() {
    let world = World::start(CONFIG).await;
    let accepted = |count| (202, format!("{{\"accepted\":{count}}}"));
    assert_eq!(
        post(
            &world,
            "/-/installed/1.0",
            r#"{"os":"linux","step":{"name":"start","took":3},"none":null,"ok":true}"#
        )
        .await,
        accepted(1)
    );
    assert_eq!(
        post(
            &world,
            "/-/events",
            r#"[{"version":"2.0","n":1},{"version":"2.1","n":2}]"#
        )
        .await,
        accepted(2)
    );
    assert_eq!(
        post(
            &world,
            "/-/events",
            "{\"version\":\"3.0\"}\n\n{\"version\":\"3.1\"}\r\n"
        )
        .await,
        accepted(2)
    );
    assert_eq!(post(&world, "/-/events", "").await, accepted(1));
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    custom | acme/rocket | 1.0 | linux |  | POST | 202 | {"step.name":"start","step.took":"3","ok":"true"}
    custom | acme/rocket | 2.0 |  |  | POST | 202 | {"n":"1"}
    custom | acme/rocket | 2.1 |  |  | POST | 202 | {"n":"2"}
    custom | acme/rocket | 3.0 |  |  | POST | 202 | {}
    custom | acme/rocket | 3.1 |  |  | POST | 202 | {}
    custom | acme/rocket |  |  |  | POST | 202 | {}
    "#);
}

#[tokio::test]
async fn a_body_in_chunks_is_read_like_any_other() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    connection.send(b"POST /-/events HTTP/1.1\r\nHost: get.test.localhost\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    connection
        .send(b"8\r\n{\"n\":1,\"\r\n5\r\nm\":2}\r\n0\r\n\r\n")
        .await;
    assert_eq!(
        connection
            .answer()
            .await
            .map(|answer| (answer.status, answer.body)),
        Some((202, r#"{"accepted":1}"#.to_owned()))
    );
    connection
        .send(b"GET /-/installed/1.0 HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n")
        .await;
    assert_eq!(
        connection.answer().await.map(|answer| answer.status),
        Some(202),
        "the connection is kept"
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"1","m":"2"}
    custom | acme/rocket | 1.0 |  |  | GET | 202 | {}
    "#);
}

#[tokio::test]
async fn a_wrong_body_is_refused_whole_and_the_answer_says_where() {
    let world = World::start(CONFIG).await;
    let mut answers = Vec::new();
    for body in [
        "{oops}",
        "{\"a\":1}\n{\"b\":}\n",
        "7",
        "[1]",
        "\"text\"",
        "{\"a\":1}\n[2]\n",
        "{\"a\":1",
        "\u{0}",
    ] {
        let (status, text) = post(&world, "/-/events", body).await;
        answers.push(format!("{body:?} -> {status} {text}"));
    }
    let many = "{}\n".repeat(1001);
    answers.push(format!(
        "1001 lines -> {:?}",
        post(&world, "/-/events", many).await
    ));
    insta::assert_snapshot!(answers.join("\n"), @r#"
    "{oops}" -> 400 {"error":"line 1, column 2: not JSON: key must be a string"}
    "{\"a\":1}\n{\"b\":}\n" -> 400 {"error":"line 2, column 6: not JSON: expected value"}
    "7" -> 400 {"error":"line 1: an event is a JSON object"}
    "[1]" -> 400 {"error":"line 1: an event is a JSON object"}
    "\"text\"" -> 400 {"error":"line 1: an event is a JSON object"}
    "{\"a\":1}\n[2]\n" -> 400 {"error":"line 2: an event is a JSON object"}
    "{\"a\":1" -> 400 {"error":"line 1, column 6: not JSON: EOF while parsing an object"}
    "\0" -> 400 {"error":"line 1, column 1: not JSON: expected value"}
    1001 lines -> (400, "{\"error\":\"more than 1000 events in one body\"}")
    "#);
    assert_eq!(world.recorded().await, Vec::<Event>::new());
}

#[tokio::test]
async fn a_body_larger_than_is_read_is_a_413() {
    let world = World::start(CONFIG).await;
    let large = format!("{{\"note\":\"{}\"}}", "a".repeat(2 * 1024 * 1024));
    let (status, text) = post(&world, "/-/events", large).await;
    assert_eq!(
        (status, text.as_str()),
        (413, r#"{"error":"the body is too large"}"#)
    );
    // Whoever says so beforehand need not send it.
    let mut connection = world.connect().await;
    connection.send(b"POST /-/events HTTP/1.1\r\nHost: get.test.localhost\r\nContent-Length: 99999999\r\n\r\n").await;
    assert_eq!(
        connection.answer().await.map(|answer| answer.status),
        Some(413)
    );
    assert!(
        world
            .recorded()
            .await
            .iter()
            .all(|event| event["kind"] != "custom")
    );
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for_longer_than_its_deadline() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    connection.send(b"POST /-/events HTTP/1.1\r\nHost: get.test.localhost\r\nContent-Length: 9\r\n\r\n{\"a\"").await;
    let begun = std::time::Instant::now();
    let answer = connection.answer().await.expect("an answer");
    assert_eq!(
        (answer.status, answer.header("connection")),
        (408, Some("close"))
    );
    assert_eq!(connection.rest().await, "");
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
    assert_eq!(world.recorded().await, Vec::<Event>::new());
}

#[tokio::test]
async fn a_route_for_posts_is_not_there_for_who_looks_at_it() {
    let world = World::start(&CONFIG.replace(
        "path = \"/-/events\"",
        "path = \"/-/events\"\n  post_only = true",
    ))
    .await;
    assert_eq!(world.get(HOST, "/-/events").await.status(), 404);
    assert_eq!(
        post(&world, "/-/events", "{\"n\":1} {\"n\":2}").await.0,
        202
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    broken_link |  |  |  |  | GET | 404 | {}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"1"}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"2"}
    "#);
}

#[tokio::test]
async fn a_value_of_another_type_is_refused_with_its_name() {
    let world = World::start(TYPED).await;
    let get = world.get(HOST, "/-/collect/1.0?took=long").await;
    assert_eq!(get.status(), 400);
    assert_eq!(
        get.text().await.expect("text"),
        r#"{"error":"took is no number"}"#
    );
    assert_eq!(
        post(&world, "/-/collect", "[{\"took\":1},\n{\"ok\":1}]").await,
        (400, r#"{"error":"line 1: ok is no boolean"}"#.to_owned())
    );
    assert_eq!(world.recorded().await, Vec::<Event>::new());
}

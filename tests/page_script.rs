//! The script for docs, from the gateway's side: served small to every page, and what it tells is a view or a copied
//! command, or nothing at all.

mod world;

use reqwest::Response;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost", "bare.test.localhost"]
  [[package.route]]
  catch_all = true
  to = "https://site.test/"

[[pixel]]
id = "docs"
domains = ["get.test.localhost"]
package = "acme/rocket"
pages = ["docs.acme.example"]
"#;

const HOST: &str = "get.test.localhost";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind",
        "package",
        "route",
        "status",
        "page",
        "source",
        "referrer_host",
        "audience",
        "props",
    ];
    let told = events.iter().map(|event| columns(event, &what));
    told.collect::<Vec<_>>().join("\n")
}

async fn tell(world: &World, query: &str, fields: &[(&str, &str)], body: &str) -> Response {
    let mut request = world
        .request("POST", HOST, &format!("/-/e?{query}"))
        .header("content-type", "text/plain;charset=UTF-8")
        .header("user-agent", BROWSER)
        .header("origin", "https://docs.acme.example")
        .header("referer", "https://docs.acme.example/");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let sent = request.body(body.to_owned()).send().await;
    let answer = sent.expect("an answer");
    assert_eq!(
        answer.headers()["access-control-allow-origin"],
        "*",
        "{body}"
    );
    assert_eq!(answer.headers().get("set-cookie"), None);
    answer
}

#[tokio::test]
async fn pages_seen_and_commands_copied_are_events_of_the_package() {
    let world = World::start(CONFIG).await;
    for (query, body) in [
        (
            "id=docs",
            r#"{"page":"https://docs.acme.example/start?utm_campaign=x","from":"https://news.ycombinator.com/item","beside":false}"#,
        ),
        (
            "id=docs",
            r#"{"page":"https://docs.acme.example/next","from":"https://docs.acme.example/start","beside":false}"#,
        ),
        (
            "id=docs",
            r#"{"page":"https://docs.acme.example/start","from":"","beside":true}"#,
        ),
        (
            "id=docs&hash",
            r#"{"page":"https://docs.acme.example/app#/guide"}"#,
        ),
        (
            "id=docs",
            r#"{"page":"https://docs.acme.example/start","copied":"pip install rocket"}"#,
        ),
    ] {
        let answer = tell(&world, query, &[], body).await;
        assert_eq!(answer.status(), 204, "{body}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    view | acme/rocket | script | 204 | /start | Hacker News | news.ycombinator.com | people | {}
    view | acme/rocket | script | 204 | /next |  | docs.acme.example | people | {}
    custom | acme/rocket | script beside pixel | 204 | /start |  | docs.acme.example | people | {"event":"view"}
    view | acme/rocket | script | 204 | /app/guide | direct |  | people | {}
    custom | acme/rocket | script | 204 | /start |  | docs.acme.example | people | {"event":"copy","command":"pip install rocket"}
    "#);
}

#[tokio::test]
async fn who_asked_not_to_be_counted_is_not_and_what_makes_no_sense_is_refused() {
    let world = World::start(CONFIG).await;
    let body = r#"{"page":"https://docs.acme.example/start"}"#;
    for field in [("sec-gpc", "1"), ("dnt", "1")] {
        assert_eq!(tell(&world, "id=docs", &[field], body).await.status(), 204);
    }
    let unknown = tell(&world, "id=none", &[], body).await;
    assert_eq!(unknown.status(), 204);
    assert_eq!(unknown.headers()["x-dropped"], "unknown-pixel");
    for (query, body, status, said) in [
        (
            "id=docs",
            "{\n oops".to_owned(),
            400,
            r#"{"error":"line 2, column 2: not what the script sends"}"#,
        ),
        (
            "id=docs",
            r#"{"event":"purchase"}"#.to_owned(),
            400,
            r#"{"error":"line 1, column 20: not what the script sends"}"#,
        ),
        (
            "id=docs",
            format!("{{\"page\":\"{}\"}}", "x".repeat(70_000)),
            413,
            r#"{"error":"the body is too large"}"#,
        ),
    ] {
        let answer = tell(&world, query, &[], &body).await;
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.text().await.expect("text"), said);
    }
    insta::assert_snapshot!(lines(&world.recorded().await), @"broken_link |  | script | 204 |  |  | docs.acme.example | people | {}");
}

#[tokio::test]
async fn the_script_is_small_and_asked_about_again_and_not_an_event() {
    let world = World::start(CONFIG).await;
    let get = |coding, tag| {
        world
            .request("GET", HOST, "/-/s.js?id=docs")
            .header("accept-encoding", coding)
            .header("if-none-match", tag)
            .send()
    };
    let small = get("gzip, deflate, br, zstd", "\"other\"")
        .await
        .expect("an answer");
    assert_eq!(small.status(), 200);
    let said = |name| small.headers()[name].to_str().expect("text").to_owned();
    insta::assert_snapshot!(["content-type", "content-encoding", "cache-control", "vary", "access-control-allow-origin", "cross-origin-resource-policy", "x-content-type-options"].map(said).join("\n"), @"
    text/javascript; charset=utf-8
    br
    public, max-age=3600
    accept-encoding
    *
    cross-origin
    nosniff
    ");
    let tag = said("etag");
    let length: u32 = said("content-length").parse().expect("a length");
    assert!((100..=700).contains(&length), "{length}");
    let again = get("br", &tag).await.expect("an answer");
    assert_eq!(
        (
            again.status().as_u16(),
            again.headers().get("content-encoding")
        ),
        (304, None)
    );
    let plain = get("identity", "").await.expect("an answer");
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert!(
        plain
            .text()
            .await
            .expect("text")
            .contains("globalPrivacyControl")
    );
    // Where there is no pixel, there is nothing that it could count for.
    assert_eq!(
        world.get("bare.test.localhost", "/-/s.js").await.status(),
        302
    );
    let kinds = world.recorded().await;
    let kinds = kinds
        .iter()
        .map(|event| columns(event, &["domain", "kind"]));
    insta::assert_snapshot!(kinds.collect::<Vec<_>>().join("\n"), @"bare.test.localhost | download");
}

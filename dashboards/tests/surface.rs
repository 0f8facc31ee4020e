//! What the dashboard says without ClickHouse, to machines and to browsers.

mod world;

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use world::{World, dashboard};

async fn without_engine() -> World {
    dashboard(Arc::new(|| None), Arc::new(|| None)).await
}

#[tokio::test]
async fn without_clickhouse_questions_are_answered_later() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let question = json!({"site_id": "*", "metrics": ["downloads"], "date_range": "7d"});
    let answers = [
        browser.post("/api/v2/query", question).await,
        browser.get("/api/v2/packages").await,
        browser.get("/api/v2/events").await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("retry-after"), "2");
        assert_eq!(
            answer.json()["error"],
            "ClickHouse's tables are not ready; on a server of your own, `weir migrate` makes them"
        );
    }
}

#[tokio::test]
async fn a_question_that_makes_no_sense_says_where() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let question = json!({"site_id": "*", "metrics": ["downloads", "baa"], "date_range": "7d"});
    let answer = browser.post("/api/v2/query", question).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(answer.body, @r##"{"error":"#/metrics/1: invalid metric \"baa\"; one of downloads, requests, events, people, checks, hub_pulls, views, versions, organisations, bytes, imported","code":"invalid_question"}"##);

    for limit in ["many", "0", "101", "-1"] {
        let unread = browser.get(&format!("/api/v2/events?limit={limit}")).await;
        assert_eq!(unread.status, StatusCode::BAD_REQUEST, "{limit}");
    }
    let large = browser
        .post("/api/v2/query", json!("x".repeat(70_000)))
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_state_of_the_program_is_passed_on() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    insta::assert_snapshot!(browser.get("/api/v2/status").await.body, @r#"{"engine":{"state":"starting","since":null,"message":null},"spool":{"pending_batches":3,"pending_bytes":0,"oldest_s":null},"catching_up":true,"dropped":{"late":7},"salt_failures":0,"opted_out_today":0,"documents":{"hits":0,"misses":0,"unchanged":0,"stale":0},"place_data":[],"stored_until":null}"#);
    assert_eq!(browser.get("/healthz").await.body, "ok");
    let ready = browser.get("/readyz").await;
    assert_eq!(
        (ready.status, ready.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "ClickHouse is starting")
    );
}

#[tokio::test]
async fn the_api_describes_itself_and_nothing_else_is_there() {
    let world = without_engine().await;
    let mut browser = world.browser();
    let described = browser.get("/api/v2/openapi.json").await.json();
    assert_eq!(
        described,
        serde_json::from_str::<serde_json::Value>(&weir_dashboards::openapi()).expect("JSON")
    );
    assert_eq!(
        browser.get("/api/v2/schema.json").await.json()["required"],
        json!(["site_id", "metrics", "date_range"])
    );
    for path in ["/api", "/api/", "/api/v2/nothing", "/api/v1/query"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.json()["error"],
            "no such resource; see /api/v2/openapi.json"
        );
    }
    assert_eq!(
        browser
            .send(Method::PUT, "/api/v2/query", None)
            .await
            .status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn every_other_path_is_the_page() {
    let world = without_engine().await;
    let mut browser = world.browser();
    let page = browser.get("/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for path in ["/p/acme/rocket?r=28d", "/sign-in", "/p/acme/rocket.js"] {
        assert_eq!(browser.get(path).await.body, page.body, "{path}");
    }
    assert_eq!(
        browser.get("/_app/immutable/none.js").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(browser.get("/../../Cargo.toml").await.body, page.body);
    assert_eq!(
        browser.post("/p/acme/rocket", json!({})).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn browsers_are_told_what_not_to_do() {
    let world = without_engine().await;
    let mut browser = world.browser();
    for path in ["/", "/api/v2/session", "/api/v2/nothing", "/healthz"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
    }
    assert_eq!(
        browser.get("/api/v2/session").await.header("cache-control"),
        "no-store"
    );
}

#[tokio::test]
async fn every_answer_has_a_name_of_its_own() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let mut names = std::collections::BTreeSet::new();
    for path in ["/", "/api/v2/events", "/api/v2/nothing", "/healthz"] {
        let name = browser.get(path).await.header("x-request-id").to_owned();
        assert_eq!(name.len(), 16, "{path}: {name}");
        names.insert(name);
    }
    assert_eq!(names.len(), 4, "{names:?}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let world = without_engine().await;
    tokio::time::pause();
    for said in ["", "GET / HTTP/1.1\r\nhost: a\r\n"] {
        let mut connection = tokio::net::TcpStream::connect(&world.address)
            .await
            .expect("a connection");
        connection.write_all(said.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        let closed = tokio::time::timeout(
            Duration::from_secs(15),
            connection.read_to_string(&mut answer),
        )
        .await;
        assert!(closed.is_ok(), "still open: {answer}");
    }
}

#[tokio::test]
async fn a_head_has_a_largest_size() {
    let world = without_engine().await;
    let mut browser = world.browser();
    browser.cookie = Some(format!("weir={}", "0".repeat(20_000)));
    assert_eq!(
        browser.get("/api/v2/session").await.status,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    );
}

#[tokio::test]
async fn checks_are_of_packages_that_are_configured() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let found = browser
        .post("/api/v2/checks", json!({"package": "acme/rocket"}))
        .await;
    insta::assert_snapshot!(found.body, @r#"{"checks":[{"what":"gateway","of":"acme/rocket","outcome":"good","found":"200 OK"}]}"#);
    let missing = browser
        .post("/api/v2/checks", json!({"package": "acme/other"}))
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{}", missing.body);
}

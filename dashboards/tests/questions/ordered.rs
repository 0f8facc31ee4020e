//! Versions before another, by the rules of their registry.

use std::borrow::Cow;

use reqwest::StatusCode;
use serde_json::{Value, json};
use weir_event::Event;

use crate::world::dashboard;
use crate::world::engine::{Events, Filled};
use crate::{about_rocket, noon, rows};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_before_another_are_those_that_its_registry_puts_before_it() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let of = |event: Event<'static>, ecosystem: &'static str, runtime: &'static str| Event {
        ecosystem: Cow::Borrowed(ecosystem),
        runtime_version: Cow::Borrowed(runtime),
        ..event
    };
    let history = [
        ("1.9", "3.9.18"),
        ("1.10rc1", "3.10.4"),
        ("1.10", "3.12.1"),
        ("1.10.post1", ""),
        ("main", "3.9.2"),
    ];
    let history =
        history.map(|(version, runtime)| of(events.download(noon(1), version), "pypi", runtime));
    engine.store(&history).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;
    let mut by = async |dimension: &str, filter: Value| {
        let question = about_rocket(&json!({"dimensions": [dimension], "filters": [filter]}));
        rows(&browser.ask(question).await)
    };
    let before = by("version", json!(["before", "version", ["1.10.0"]])).await;
    insta::assert_snapshot!(before, @r#"
    ["1.10rc1"] [1]
    ["1.9"] [1]
    "#);
    let others = by("version", json!(["not", ["before", "version", ["1.10"]]])).await;
    insta::assert_snapshot!(others, @r#"
    ["1.10"] [1]
    ["1.10.post1"] [1]
    ["main"] [1]
    "#);
    let old = by(
        "runtime_version",
        json!(["before", "runtime_version", ["3.10"]]),
    )
    .await;
    insta::assert_snapshot!(old, @r#"
    ["3.9.18"] [1]
    ["3.9.2"] [1]
    "#);
    let none = by("version", json!(["before", "version", ["0.1"]])).await;
    assert_eq!(none, "");
    let never = json!({
        "site_id": "acme/nothing", "metrics": ["downloads"], "date_range": "7d",
        "filters": [["before", "version", ["1.0"]]],
    });
    assert_eq!(rows(&browser.ask(never).await), "[] [0]");
    let unreadable = about_rocket(&json!({"filters": [["before", "version", ["main"]]]}));
    let answer = browser.post("/api/v2/query", unreadable).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(answer.body, @r##"{"error":"#/filters: \"main\" is no version that has an order here; write one such as 3.0","code":"invalid_question"}"##);
}

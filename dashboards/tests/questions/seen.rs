//! What was seen: packages, the latest events, and how soon.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::json;
use weir_dashboards::{Actor, Packages, Role};

use crate::world::engine::{Events, Filled};
use crate::world::{PASSWORD, dashboard};
use crate::{about_rocket, filled, first_metric, noon};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packages_are_those_configured_and_those_seen() {
    let (_engine, _world, mut browser) = filled().await;
    let packages = browser.get("/api/v2/packages").await.json();
    let lines = packages["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            assert_eq!(package["last_event"], noon(1).to_string());
            format!(
                "{} {} {}",
                package["name"], package["configured"], package["downloads_28d"]
            )
        });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    "acme/rocket" true 5
    "acme/docs" false 0
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_is_told_of_their_packages_alone() {
    let (_engine, world, mut owner) = filled().await;
    let packages = Packages::only(["acme/docs".to_owned()]);
    let console = Actor::console();
    let added = world
        .accounts
        .add_user(&console, "Gus", Role::Guest, &packages, PASSWORD);
    added.await.expect("a user");
    let mut guest = world.browser();
    let credentials = json!({"name": "Gus", "password": PASSWORD});
    let signed_in = guest.post("/api/v2/session", credentials).await;
    assert_eq!(signed_in.status, StatusCode::OK);

    let question = json!({
        "site_id": "*",
        "metrics": ["views", "downloads"],
        "date_range": "7d",
        "dimensions": ["package"],
        "filters": [["not", ["is", "package", ["nothing"]]]],
    });
    let all = owner.ask(question.clone()).await;
    assert_eq!(all["results"].as_array().map(Vec::len), Some(2), "{all}");
    let some = guest.ask(question).await;
    insta::assert_snapshot!(some["results"], @r#"[{"dimensions":["acme/docs"],"metrics":[1,0]}]"#);
    let listed = guest.get("/api/v2/packages").await.json();
    assert_eq!(listed["packages"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["packages"][0]["name"], "acme/docs");
    let latest = guest.get("/api/v2/events").await.body;
    assert!(
        latest.contains("acme/docs") && !latest.contains("acme/rocket"),
        "{latest}"
    );
    let export = guest
        .get("/api/v2/export?date_range=7d&columns=package")
        .await;
    insta::assert_snapshot!(export.body, @r#"
    "package"
    "acme/docs"
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_download_shows_within_five_seconds() {
    let mut engine = Filled::start().await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;
    let question = about_rocket(&json!({"timezone": "Europe/Zurich"}));
    assert_eq!(
        first_metric(&browser.ask(question.clone()).await["results"][0]),
        0
    );

    engine
        .store(&[Events::new().download(Timestamp::now(), "1.0.0")])
        .await;
    let stored = Instant::now();
    while first_metric(&browser.ask(question.clone()).await["results"][0]) == 0 {
        assert!(stored.elapsed() < Duration::from_secs(5), "still not there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latest_events_come_newest_first() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let now = Timestamp::now();
    let early = events.download(now - SignedDuration::from_hours(30), "0.9.0");
    let pair = [events.download(now, "1.0.0"), events.download(now, "1.0.1")];
    engine.store(&pair).await;
    engine.store(&[early]).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;

    let mut versions = async |query: &str| {
        let latest = browser.get(&format!("/api/v2/events?{query}")).await.json();
        let events = latest["events"].as_array().expect("events").clone();
        events
            .iter()
            .map(|event| event["version"].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        versions("package=acme/rocket&limit=20").await,
        ["1.0.1", "1.0.0", "0.9.0"]
    );
    assert_eq!(versions("limit=1").await, ["1.0.1"]);
    assert_eq!(versions("package=acme/other").await, [""; 0]);
}

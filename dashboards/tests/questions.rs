//! Questions to a real ClickHouse that the real writer filled.

#[path = "questions/announced.rs"]
mod announced;
#[path = "questions/compared.rs"]
mod compared;
#[path = "questions/dropped.rs"]
mod dropped;
#[path = "questions/explained.rs"]
mod explained;
#[path = "questions/ordered.rs"]
mod ordered;
#[path = "questions/registries.rs"]
mod registries;
#[path = "questions/seen.rs"]
mod seen;
mod world;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};
use weir_event::{Audience, Event, Kind};
use world::engine::{Events, Filled};
use world::{Browser, World, dashboard};

const METRICS: [&str; 8] = [
    "downloads",
    "requests",
    "events",
    "people",
    "checks",
    "views",
    "versions",
    "bytes",
];

/// Noon of the UTC day `days` ago, so that no test depends on the hour it runs at.
fn noon(days: i64) -> Timestamp {
    let now = Timestamp::now().as_second();
    let midnight = now - now.rem_euclid(86_400);
    Timestamp::from_second(midnight - days * 86_400 + 43_200).expect("a time")
}

fn day(days: i64) -> String {
    noon(days).strftime("%Y-%m-%d").to_string()
}

/// Two days of `acme/rocket`, one of its downloads repeated, and a view of another package.
fn history() -> Vec<Event<'static>> {
    let mut events = Events::new();
    let german = Event {
        country: Cow::Borrowed("DE"),
        ..events.download(noon(3), "1.0.0")
    };
    let by_ci = Event {
        audience: Audience::Ci,
        client: Cow::Borrowed("uv"),
        ..events.download(noon(1), "2.0.0")
    };
    let failed = Event {
        status: 502,
        visitor: by_ci.visitor,
        audience: Audience::Ci,
        ..events.download(noon(1), "2.0.0")
    };
    let check = Event {
        kind: Kind::Check,
        status: 304,
        ..events.download(noon(1), "2.0.0")
    };
    let view = Event {
        kind: Kind::View,
        package: Cow::Borrowed("acme/docs"),
        status: 200,
        ..events.download(noon(1), "")
    };
    let again = Event {
        kind: Kind::Repeat,
        visitor: by_ci.visitor,
        audience: Audience::Ci,
        bytes: 10,
        ..events.download(noon(1), "2.0.0")
    };
    vec![
        events.download(noon(3), "1.0.0"),
        events.download(noon(1), "1.0.0"),
        events.download(noon(1), "2.0.0"),
        german,
        by_ci,
        again,
        failed,
        check,
        view,
    ]
}

/// The history in an engine, a dashboard on it, and its owner.
async fn filled() -> (Filled, World, Browser) {
    let mut engine = Filled::start().await;
    engine.store(&history()).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let browser = world.owner().await;
    (engine, world, browser)
}

fn about_rocket(more: &Value) -> Value {
    let mut question =
        json!({"site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d"});
    for (key, value) in more.as_object().expect("members") {
        question[key] = value.clone();
    }
    question
}

fn rows(answer: &Value) -> String {
    let row = |row: &Value| format!("{} {}", row["dimensions"], row["metrics"]);
    let rows = answer["results"].as_array().expect("rows").iter();
    rows.map(row).collect::<Vec<_>>().join("\n")
}

fn first_metric(row: &Value) -> u64 {
    row["metrics"][0].as_u64().expect("a count")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_is_the_same_wherever_it_is_counted() {
    let (_engine, _world, mut browser) = filled().await;
    let question = about_rocket(&json!({"metrics": METRICS}));
    let daily = browser.ask(question.clone()).await;
    assert_eq!(daily["query"]["table"], "daily");
    insta::assert_snapshot!(rows(&daily), @"[] [5,6,8,4,1,0,2,10]");

    let mut elsewhere = question.clone();
    elsewhere["timezone"] = json!("Europe/Zurich");
    let zurich = browser.ask(elsewhere).await;
    assert_eq!(zurich["query"]["table"], "events");
    assert_eq!(rows(&zurich), rows(&daily), "people come from the rollup");

    let mut by_country = question;
    by_country["filters"] = json!([["is_not", "country", ["XX"]]]);
    let events = browser.ask(by_country).await;
    assert_eq!(events["query"]["table"], "events");
    insta::assert_snapshot!(rows(&events), @"[] [5,6,8,2,1,0,2,10]");
    insta::assert_snapshot!(events["meta"]["warnings"], @r#"["people by this split are known for 2 days; earlier days are missing"]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rollup_has_the_numbers_of_the_events() {
    let (_engine, _world, mut browser) = filled().await;
    // With a filter that every event passes and no rollup knows, the events themselves are asked.
    let all = json!(["is_not", "domain", ["nowhere"]]);
    for (table, zone, dimensions) in [
        ("splits", "UTC", json!(["country"])),
        ("splits", "UTC", json!(["client", "client_version"])),
        ("splits", "UTC", json!(["os", "arch"])),
        ("splits", "UTC", json!(["time:day", "version_major"])),
        ("splits", "UTC", json!(["artifact"])),
        ("splits", "UTC", json!(["page"])),
        ("splits", "UTC", json!(["source", "referrer_host"])),
        ("hourly", "UTC", json!(["time:hour"])),
        ("hourly", "America/New_York", json!(["time:day", "kind"])),
        ("daily", "UTC", json!(["version", "audience"])),
    ] {
        let question = about_rocket(&json!({
            "metrics": ["downloads", "requests", "events", "checks", "views", "bytes"],
            "date_range": [day(5), day(0)], "dimensions": dimensions, "timezone": zone,
            "filters": [["is", "audience", ["people", "ci"]]],
        }));
        let rolled_up = browser.ask(question.clone()).await;
        assert_eq!(rolled_up["query"]["table"], table, "{dimensions}");
        let mut raw = question;
        raw["filters"]
            .as_array_mut()
            .expect("a list")
            .push(all.clone());
        let raw = browser.ask(raw).await;
        assert_eq!(raw["query"]["table"], "events", "{dimensions}");
        assert!(!rows(&raw).is_empty(), "{dimensions}");
        assert_eq!(rows(&rolled_up), rows(&raw), "{dimensions}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_has_every_day_and_the_releases_on_it() {
    let (_engine, _world, mut browser) = filled().await;
    for (zone, table) in [("UTC", "daily"), ("Europe/Zurich", "hourly")] {
        let question = about_rocket(&json!({
            "metrics": ["downloads", "people"], "date_range": [day(4), day(1)], "dimensions": ["time:day"],
            "include": {"time_labels": true, "releases": true}, "timezone": zone,
        }));
        let series = browser.ask(question).await;
        assert_eq!(series["query"]["table"], table);
        let counts: Vec<_> = series["results"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| &row["metrics"])
            .collect();
        assert_eq!(
            counts,
            [
                &json!([0, 0]),
                &json!([2, 2]),
                &json!([0, 0]),
                &json!([3, 2])
            ]
        );
        assert_eq!(
            series["meta"]["time_labels"],
            json!([day(4), day(3), day(2), day(1)])
        );
        let releases = json!([
            {"version": "1.0.0", "first_seen": day(3)},
            {"version": "2.0.0", "first_seen": day(1)},
        ]);
        assert_eq!(series["meta"]["releases"], releases);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_interval_counts_each_download_once_in_every_zone() {
    let (_engine, _world, mut browser) = filled().await;
    for interval in ["time:hour", "time:day", "time:week", "time:month"] {
        for zone in [
            "UTC",
            "Asia/Kolkata",
            "America/St_Johns",
            "Pacific/Kiritimati",
        ] {
            let question = about_rocket(&json!({
                "metrics": ["downloads", "people"], "date_range": [day(20), day(0)], "dimensions": [interval],
                "timezone": zone,
            }));
            let series = browser.ask(question).await;
            let sum: u64 = series["results"]
                .as_array()
                .expect("rows")
                .iter()
                .map(first_metric)
                .sum();
            assert_eq!(sum, 5, "{interval} {zone}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_dimension_splits_and_compares() {
    let (_engine, _world, mut browser) = filled().await;
    let schema = browser.get("/api/v2/schema.json").await.json();
    let words = &schema["properties"]["dimensions"]["items"]["enum"];
    // These are asked for in questions of their own: people never by where they work, and registries count by themselves.
    let apart = [
        "organisation",
        "organisation_domain",
        "org_type",
        "confidence",
        "registry",
    ];
    let words = words.as_array().expect("dimensions").iter();
    for word in words.filter(|word| !apart.contains(&word.as_str().expect("a word"))) {
        let question = json!({
            "site_id": "*", "metrics": METRICS, "date_range": "7d", "dimensions": [word],
            "include": {"compare": "previous_period"},
        });
        let split = browser.ask(question).await;
        let events = split["results"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["metrics"][2].as_u64());
        assert_eq!(events.sum::<Option<u64>>(), Some(9), "{word}");
        let kept = [
            "time:day",
            "time:week",
            "time:month",
            "package",
            "version",
            "version_minor",
            "audience",
            "kind",
        ];
        let people = kept.contains(&word.as_str().expect("a word")).then_some(0);
        assert_eq!(
            split["results"][0]["comparison"]["metrics"],
            json!([0, 0, 0, people, 0, 0, 0, 0]),
            "{word}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operator_keeps_what_it_says() {
    let (_engine, _world, mut browser) = filled().await;
    for (filter, downloads) in [
        (json!(["is", "country", ["DE", "AT"]]), 1),
        (json!(["is_not", "country", ["DE"]]), 4),
        (json!(["contains", "version", ["2.", "9."]]), 2),
        (json!(["contains_not", "version", ["2."]]), 3),
        (json!(["matches", "client", ["^u", "^x"]]), 1),
        (json!(["matches_not", "client", ["^u"]]), 4),
        (json!(["is", "audience", ["ci"]]), 1),
        (json!(["is", "status", ["302"]]), 5),
        (
            json!([
                "not",
                ["or", [["is", "country", ["DE"]], ["is", "client", ["uv"]]]]
            ]),
            3,
        ),
    ] {
        let answer = browser
            .ask(about_rocket(&json!({"filters": [filter]})))
            .await;
        assert_eq!(first_metric(&answer["results"][0]), downloads, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_is_a_value_whatever_it_looks_like() {
    let (mut engine, _world, mut browser) = filled().await;
    let strange = [
        "' OR 1 = 1 --",
        "\\",
        "\\'",
        "a\tb\nc",
        "{p0:String}",
        "?",
        "$where",
        "--boundary",
        "ü😀",
        "\u{1}",
    ];
    let mut events = Events::new();
    let named = strange.map(|name| Event {
        client: Cow::Borrowed(name),
        ..events.download(noon(0), "3.0.0")
    });
    engine.store(&named).await;
    for value in strange {
        for test in ["is", "contains"] {
            let filters = json!([
                [test, "client", [value, "no such client"]],
                ["is", "version", ["3.0.0"]]
            ]);
            let answer = browser
                .ask(about_rocket(
                    &json!({"filters": filters, "dimensions": ["client"]}),
                ))
                .await;
            let found: Vec<_> = answer["results"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|row| &row["dimensions"][0])
                .collect();
            assert!(
                found.contains(&&json!(value)),
                "{test} {value:?}: {found:?}"
            );
            assert!(
                test == "contains" || found.len() == 1,
                "{value:?}: {found:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_time_begins_with_the_first_event() {
    let (_engine, _world, mut browser) = filled().await;
    let question = json!({
        "site_id": "*", "metrics": ["events"], "date_range": "all", "dimensions": ["time:day"],
        "include": {"time_labels": true},
    });
    let all = browser.ask(question).await;
    assert_eq!(
        all["meta"]["time_labels"],
        json!([day(3), day(2), day(1), day(0)])
    );
    assert_eq!(all["meta"]["partial"], "last bucket is incomplete");

    let unknown = json!({"site_id": "acme/unknown", "metrics": ["downloads"], "date_range": "all"});
    assert_eq!(
        browser.ask(unknown).await["results"][0]["metrics"],
        json!([0])
    );
}

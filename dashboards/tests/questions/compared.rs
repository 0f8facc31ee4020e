//! Answers beside those of another period.

use serde_json::{Value, json};

use crate::{about_rocket, day, filled, first_metric};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_ago_is_known_only_of_what_is_counted_by_day() {
    let (_engine, _world, mut browser) = filled().await;
    for (dimension, then) in [
        ("version", json!([0])),
        ("country", json!([0])),
        ("domain", Value::Null),
    ] {
        let question = json!({
            "site_id": "*", "metrics": ["downloads"], "date_range": "7d", "dimensions": [dimension],
            "include": {"compare": "year_over_year"},
        });
        let split = browser.ask(question).await;
        assert_eq!(
            split["results"][0]["comparison"]["metrics"], then,
            "{dimension}"
        );
        assert_eq!(
            split["meta"]["incomplete"] == true,
            then.is_null(),
            "{dimension}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_breakdown_is_compared_row_by_row() {
    let (_engine, _world, mut browser) = filled().await;
    let page = |offset: u64| {
        about_rocket(&json!({
            "metrics": ["downloads", "people"], "date_range": [day(2), day(1)], "dimensions": ["version"],
            "include": {"compare": "previous_period", "total_rows": true},
            "pagination": {"limit": 1, "offset": offset},
        }))
    };
    let first = browser.ask(page(0)).await;
    assert_eq!(first["meta"]["total_rows"], 2);
    insta::assert_snapshot!(first["results"], @r#"[{"dimensions":["2.0.0"],"metrics":[2,1],"comparison":{"metrics":[0,0],"change":[null,null]}}]"#);
    insta::assert_snapshot!(browser.ask(page(1)).await["results"], @r#"[{"dimensions":["1.0.0"],"metrics":[1,1],"comparison":{"metrics":[2,2],"change":[-50.0,-50.0]}}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_of_the_week_before_and_days_of_choice_are_compared() {
    let (_engine, _world, mut browser) = filled().await;
    // The day before yesterday had nothing, and the same day of the week before neither: the day before that had.
    let mut then = async |include: Value| {
        let question = about_rocket(&json!({"date_range": [day(1), day(1)], "include": include}));
        let answer = browser.ask(question).await;
        let range = answer["query"]["comparison_date_range"][0].clone();
        (
            range,
            answer["results"][0]["comparison"]["metrics"][0].clone(),
        )
    };
    let midnight = |ago| json!(format!("{}T00:00:00+00:00", day(ago)));
    let before = json!({"compare": "previous_period"});
    assert_eq!(then(before).await, (midnight(2), json!(0)));
    let weekday = json!({"compare": "previous_period", "match_day_of_week": true});
    assert_eq!(then(weekday).await, (midnight(8), json!(0)));
    let chosen = json!({"compare": [day(4), day(2)]});
    assert_eq!(then(chosen).await, (midnight(4), json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minor_versions_are_the_same_from_the_rollup_and_from_the_events() {
    let (mut engine, _world, mut browser) = filled().await;
    let mut events = crate::world::engine::Events::new();
    let versions = [
        "v1.2.0",
        "1:1.2-3+deb12u1",
        "1!1.2.dev4",
        "2024.11",
        "3.19-alpine",
        "latest",
        "20240101.2",
    ];
    let of = versions.map(|version| events.download(crate::noon(1), version));
    engine.store(&of).await;
    let question = about_rocket(&json!({
        "dimensions": ["version_minor"], "order_by": [["version_minor", "asc"]],
    }));
    let daily = browser.ask(question.clone()).await;
    assert_eq!(daily["query"]["table"], "daily");
    insta::assert_snapshot!(crate::rows(&daily), @r#"
    [""] [2]
    ["1.0"] [3]
    ["1.2"] [3]
    ["2.0"] [2]
    ["2024.11"] [1]
    ["3.19"] [1]
    "#);
    let mut elsewhere = question;
    elsewhere["filters"] = json!([["is_not", "domain", ["nowhere"]]]);
    let from_events = browser.ask(elsewhere).await;
    assert_eq!(from_events["query"]["table"], "events");
    assert_eq!(crate::rows(&from_events), crate::rows(&daily));
    let one = about_rocket(&json!({"filters": [["is", "version_minor", ["1.2"]]]}));
    assert_eq!(first_metric(&browser.ask(one).await["results"][0]), 3);
}

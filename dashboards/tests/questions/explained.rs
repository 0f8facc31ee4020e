//! How an answer came about.

use serde_json::{Value, json};

use crate::{about_rocket, day, filled};

/// What does not change from run to run.
fn told(answer: &Value) -> String {
    let statements = answer["meta"]["explain"].as_array().expect("statements");
    let line = |statement: &Value| {
        let read = statement["bytes_read"].as_u64().expect("a size");
        assert_eq!(read > 0, statement["rows_read"] != 0, "{statement}");
        assert!(statement["elapsed_s"].as_f64() > Some(0.0), "{statement}");
        let text = statement["sql"].as_str().expect("text");
        let about = text.lines().next().expect("a first line");
        format!(
            "{} {} {} {}",
            statement["table"], statement["rows_read"], statement["parameters"]["from"], about
        )
    };
    statements.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_statements_that_answered_are_told_with_what_they_cost() {
    let (_engine, _world, mut browser) = filled().await;
    let question = about_rocket(&json!({
        "metrics": ["downloads", "people"], "date_range": [day(3), day(1)], "dimensions": ["country"],
        "include": {"explain": true, "compare": "previous_period", "releases": true},
    }));
    let answer = browser.ask(question.clone()).await;
    let named = (0..7).fold(told(&answer), |text, ago| {
        text.replace(&day(ago), &format!("-{ago}"))
    });
    insta::assert_snapshot!(named, @r#"
    "splits" 44 "-3" -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    "releases" 2 null -- Versions whose first download ever falls into the period, oldest first.
    "events" 0 "-3 00:00:00" -- UTC days whose people were counted under more than one salt, and under how many.
    "events" 9 "-3 00:00:00" -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    "splits" 0 "-6" -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    "events" 0 "-6 00:00:00" -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    "#);

    let mut plain = question;
    plain["include"] = json!({"compare": "previous_period", "releases": true});
    let answer = browser.ask(plain).await;
    assert_eq!(answer["meta"]["explain"], Value::Null);
}

//! Which table knows organisations, and for how long.

use super::*;

/// Where a question is answered, and where organisations are counted if elsewhere.
fn planned(question: &Value) -> String {
    let question = asked(question);
    let period = period(&question);
    let plan = plan(&question, &period, None, EVENT_DAYS).expect("a plan");
    let Reads {
        table,
        people,
        organisations,
    } = plan.reads;
    let apart = [("people", people), ("organisations", organisations)];
    let apart = apart
        .iter()
        .filter_map(|(what, from)| Some(format!(", {what} from {}", (*from)?.as_str())));
    let mut text = table.as_str().to_owned();
    text.extend(apart);
    for said in &plan.warnings {
        text.push_str("\n  ");
        text.push_str(said);
    }
    text
}

fn about(range: &str, metrics: &[&str], more: &Value) -> String {
    let mut question = json!({"site_id": "acme/rocket", "metrics": metrics, "date_range": range});
    for (key, value) in more.as_object().expect("members") {
        question[key] = value.clone();
    }
    planned(&question)
}

#[test]
fn how_many_there_are_comes_from_their_rollup_and_the_rest_from_where_it_is_known() {
    let by = |dimension: &str| json!({"dimensions": [dimension]});
    let lines = [
        about("12mo", &["organisations"], &json!({})),
        about("12mo", &["organisations"], &by("time:week")),
        about("12mo", &["downloads", "organisations"], &by("version")),
        about(
            "12mo",
            &["organisations", "people", "downloads"],
            &json!({}),
        ),
        about("28d", &["downloads", "organisations"], &by("country")),
        about(
            "28d",
            &["organisations"],
            &json!({"timezone": "Asia/Tokyo"}),
        ),
        about(
            "28d",
            &["downloads", "organisations"],
            &json!({"dimensions": ["version"], "order_by": [["organisations", "desc"]]}),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    organisations
    organisations
    daily, organisations from organisations
    daily, organisations from organisations
    splits, organisations from events
    events
    events
    ");
}

#[test]
fn what_organisations_did_is_known_longer_than_what_nobody_did() {
    let split = json!({"dimensions": ["organisation"]});
    let some = json!({"dimensions": ["organisation", "version"], "filters": [["is_not", "organisation", [""]]]});
    let one = json!({"dimensions": ["time:day"], "filters": [["is", "organisation_domain", ["acme.example"]]]});
    let not_one =
        json!({"dimensions": ["org_type"], "filters": [["is_not", "organisation", ["Acme"]]]});
    let lines = [
        about("28d", &["downloads"], &split),
        about("12mo", &["downloads"], &split),
        about("28d", &["downloads"], &some),
        about("28d", &["requests", "views", "versions"], &one),
        about("28d", &["bytes"], &one),
        about("28d", &["downloads"], &not_one),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    events
    organisations
      where no organisation is known, nothing is counted here: only organisations are known for so long
    organisations
    organisations
    events
    events
    ");
}

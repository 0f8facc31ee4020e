//! Rows become an answer.

use serde_json::json;

use super::*;

#[test]
fn a_missing_bucket_is_zero_and_periods_stand_side_by_side() {
    let question = asked(&json!({
        "site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d", "dimensions": ["time:day"],
        "include": {"time_labels": true, "compare": "previous_period"},
    }));
    let this = period(&question);
    let then = this.compared(BEFORE);
    let plan = plan(&question, &this, None, EVENT_DAYS).expect("a plan");
    let rows = [
        vec![json!("2026-11-16"), json!(3)],
        vec![json!("2026-11-21"), json!("12")],
    ];
    let earlier = [vec![json!("2026-11-09"), json!(4)]];
    let answer =
        answer(&question, &this, &plan, &rows, Some((&then, &earlier))).expect("an answer");
    insta::assert_snapshot!(lines(&answer), @r#"
    {"dimensions":["2026-11-15"],"metrics":[0],"comparison":{"metrics":[0],"change":[0.0]}}
    {"dimensions":["2026-11-16"],"metrics":[3],"comparison":{"metrics":[4],"change":[-25.0]}}
    {"dimensions":["2026-11-17"],"metrics":[0],"comparison":{"metrics":[0],"change":[0.0]}}
    {"dimensions":["2026-11-18"],"metrics":[0],"comparison":{"metrics":[0],"change":[0.0]}}
    {"dimensions":["2026-11-19"],"metrics":[0],"comparison":{"metrics":[0],"change":[0.0]}}
    {"dimensions":["2026-11-20"],"metrics":[0],"comparison":{"metrics":[0],"change":[0.0]}}
    {"dimensions":["2026-11-21"],"metrics":[12],"comparison":{"metrics":[0],"change":[null]}}
    {"time_labels":["2026-11-15","2026-11-16","2026-11-17","2026-11-18","2026-11-19","2026-11-20","2026-11-21"],"comparison_time_labels":["2026-11-08","2026-11-09","2026-11-10","2026-11-11","2026-11-12","2026-11-13","2026-11-14"],"partial":"last bucket is incomplete"}
    {"site_id":"acme/rocket","metrics":["downloads"],"date_range":["2026-11-15T00:00:00+00:00","2026-11-21T23:59:59+00:00"],"comparison_date_range":["2026-11-08T00:00:00+00:00","2026-11-14T23:59:59+00:00"],"dimensions":["time:day"],"filters":[],"order_by":[["time:day","asc"],["downloads","desc"]],"pagination":{"limit":1000,"offset":0},"timezone":"UTC","table":"daily"}
    "#);
}

#[test]
fn people_come_from_the_rollup_where_events_have_forgotten_them() {
    let question = asked(&json!({
        "site_id": "acme/rocket", "metrics": ["downloads", "people", "views"], "date_range": "7d",
        "dimensions": ["version"], "order_by": [["views", "desc"], ["people", "asc"]],
        "timezone": "Europe/Zurich",
    }));
    let this = period(&question);
    let plan = plan(&question, &this, None, EVENT_DAYS).expect("a plan");
    assert_eq!(plan.reads.people, Some(Table::Daily));
    let rest = question.without(Metric::People);
    let people = question
        .only(Metric::People)
        .narrowed(&[vec!["2.0".to_owned()], vec!["1.0".to_owned()]]);
    let statements = [
        statement(&rest, &this, plan.reads.table),
        statement(&people, &this, Table::Daily),
    ];
    insta::assert_snapshot!(statements.map(|sql| sql.to_string()).join("\n\n"), @r#"
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT version AS d0, countIf(kind = 'download' AND status < 400) AS m0, countIf(kind = 'view' AND status < 400) AS m1
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    GROUP BY d0
    HAVING m0 != 0 OR m1 != 0
    ORDER BY m1 DESC, d0
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-14 23:00:00"
    -- to = "2026-11-21 23:00:00"
    -- package = "acme/rocket"
    -- limit = 1000
    -- offset = 0

    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT version AS d0, sum(people) AS m0
    FROM (
        -- Counts, and beside them people: as they were written down, or while visitors are known, as those say.
        SELECT package, day, toString(kind) AS kind, version, toString(audience) AS audience, requests, answered, bytes, 0 AS people
        FROM daily
        WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String}
        UNION ALL
        SELECT package, day, kind, version, 'people', 0, 0, 0, max(counted)
        FROM (
            SELECT package, day, kind, version, people AS counted
            FROM people
            WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND by = 'version'
            UNION ALL
            SELECT package, day, '' AS of_kind, version AS of_version, uniqCombined64Merge(visitors)
            FROM daily
            WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND audience = 'people' AND kind IN ('download', 'view')
                AND (day >= {known:Date} OR stored >= {lately:DateTime('UTC')})
            GROUP BY package, day, of_kind, of_version
        )
        GROUP BY package, day, kind, version
    )
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND version IN {p5:Array(String)}
    GROUP BY d0
    HAVING m0 != 0
    ORDER BY d0
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-15"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- known = "2026-11-20"
    -- lately = "2026-11-21 06:05:00"
    -- p5 = ["1.0", "2.0"]
    -- limit = 10000
    -- offset = 0
    "#);

    let rest = [
        vec![json!("2.0"), json!(5), json!(9)],
        vec![json!("1.0"), json!(3), json!(1)],
    ];
    let merged = merged(
        &question,
        Metric::People,
        &rest,
        &[vec![json!("2.0"), json!(4)]],
    )
    .expect("rows");
    let answer = answer(&question, &this, &plan, &merged, None).expect("an answer");
    insta::assert_snapshot!(lines(&answer), @r#"
    {"dimensions":["2.0"],"metrics":[5,4,9]}
    {"dimensions":["1.0"],"metrics":[3,0,1]}
    {"warnings":["people are counted by UTC day"]}
    {"site_id":"acme/rocket","metrics":["downloads","people","views"],"date_range":["2026-11-15T00:00:00+01:00","2026-11-21T23:59:59+01:00"],"dimensions":["version"],"filters":[],"order_by":[["views","desc"],["people","asc"]],"pagination":{"limit":1000,"offset":0},"timezone":"Europe/Zurich","table":"events"}
    "#);
}

/// One line a row, then what goes with them.
fn lines(answer: &Answer) -> String {
    let json = |value: Result<String, serde_json::Error>| value.expect("plain data");
    let rows = answer.results.iter().map(serde_json::to_string);
    let rest = [
        serde_json::to_string(&answer.meta),
        serde_json::to_string(&answer.query),
    ];
    rows.chain(rest).map(json).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_row_of_another_shape_is_refused() {
    let question = asked(&with("dimensions", json!(["version"])));
    let this = period(&question);
    let plan = plan(&question, &this, None, EVENT_DAYS).expect("a plan");
    for row in [
        vec![],
        vec![json!("1.0")],
        vec![json!("1.0"), json!("many")],
        vec![json!("1.0"), json!(1), json!(2)],
    ] {
        assert_eq!(
            answer(&question, &this, &plan, &[row], None),
            Err(Malformed)
        );
    }
}

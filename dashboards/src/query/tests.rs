//! What questions become, from JSON to SQL and back.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::dimension::Interval;
use super::labels::labels;
use super::parse::Compare;
use super::*;

/// A Saturday, a quarter past ten in Zurich.
const NOW: &str = "2026-11-21T09:15:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

fn asked(question: &Value) -> Question {
    parse(question).expect("a valid question")
}

fn period(question: &Question) -> Period {
    let first_day = Some(jiff::civil::date(2026, 6, 3));
    Period::resolve(question.range, &question.zone, now(), first_day)
}

fn sql(question: &Value) -> String {
    let question = asked(question);
    let period = period(&question);
    let plan = plan(&question, &period, None).expect("a plan");
    statement(&question, &period, plan.table).to_string()
}

fn error(question: &Value) -> String {
    parse(question)
        .expect_err("an invalid question")
        .to_string()
}

fn with(member: &str, value: Value) -> Value {
    let mut question =
        json!({"site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d"});
    question[member] = value;
    question
}

#[test]
fn totals_by_utc_day_come_from_the_rollup() {
    let question = json!({
        "site_id": "acme/rocket",
        "metrics": ["downloads", "requests", "people", "checks", "views", "versions", "bytes"],
        "date_range": "28d",
        "filters": [["is", "audience", ["people", "ci"]]],
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics over the whole period.
    SELECT sumIf(answered, kind = 'download') AS m0, sum(requests) AS m1, uniqCombined64MergeIf(visitors, audience = 'people' AND kind IN ('download', 'view')) AS m2, sumIf(answered, kind IN ('check', 'metadata', 'inspect')) AS m3, sumIf(answered, kind = 'view') AS m4, uniqExactIf(version, kind = 'download' AND answered > 0 AND version != '') AS m5, sumIf(bytes, kind = 'download') AS m6
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND toString(audience) IN {p3:Array(String)}
    -- from = "2026-10-25"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = ["people", "ci"]
    "#);
}

#[test]
fn a_series_follows_the_readers_calendar() {
    let question = json!({
        "site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "28d",
        "dimensions": ["time:day"], "timezone": "Europe/Zurich",
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics in each bucket of time; buckets without events are missing here.
    SELECT toDate(time, {zone:String}) AS d0, countIf(kind = 'download' AND status < 400) AS m0
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    GROUP BY d0
    ORDER BY d0
    -- from = "2026-10-24 22:00:00"
    -- to = "2026-11-21 23:00:00"
    -- package = "acme/rocket"
    -- zone = "Europe/Zurich"
    "#);
}

#[test]
fn older_days_are_utc_days_wherever_the_reader_is() {
    let question = json!({
        "site_id": "*", "metrics": ["downloads"], "date_range": "12mo",
        "dimensions": ["time:month"], "timezone": "America/New_York",
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics in each bucket of time; buckets without events are missing here.
    SELECT toStartOfMonth(least(day, {last:Date})) AS d0, sumIf(answered, kind = 'download') AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date}
    GROUP BY d0
    ORDER BY d0
    -- from = "2025-12-01"
    -- to = "2026-11-21"
    -- last = "2026-11-21"
    "#);
}

#[test]
fn a_breakdown_with_every_kind_of_filter() {
    let question = json!({
        "site_id": "acme/rocket", "metrics": ["downloads", "people"], "date_range": ["2026-11-01", "2026-11-20"],
        "dimensions": ["visit:country", "download:client"],
        "filters": [
            ["or", [["is", "country", ["DE", "AT"]], ["not", ["contains", "version", ["rc"]]]]],
            ["and", [["is_not", "client", ["curl"]], ["contains_not", "artifact", [".sig"]]]],
            ["matches", "version", ["^1\\."]],
            ["matches_not", "kind", ["mirror"]],
        ],
        "order_by": [["people", "asc"], ["download:client", "desc"]],
        "pagination": {"limit": 10, "offset": 20},
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics for each combination of the dimensions' values.
    SELECT country AS d0, client AS d1, countIf(kind = 'download' AND status < 400) AS m0, uniqExactIf((package, toDate(time), visitor), visitor != 0 AND audience = 'people' AND kind IN ('download', 'view')) AS m1
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String} AND (country IN {p3:Array(String)} OR NOT (multiSearchAny(version, {p4:Array(String)}))) AND (client NOT IN {p5:Array(String)} AND NOT multiSearchAny(artifact, {p6:Array(String)})) AND (match(version, {p7:String})) AND NOT (match(toString(kind), {p8:String}))
    GROUP BY d0, d1
    ORDER BY m1, d1 DESC, d0, d1
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-01 00:00:00"
    -- to = "2026-11-21 00:00:00"
    -- package = "acme/rocket"
    -- p3 = ["DE", "AT"]
    -- p4 = ["rc"]
    -- p5 = ["curl"]
    -- p6 = [".sig"]
    -- p7 = "^1\\."
    -- p8 = "mirror"
    -- limit = 10
    -- offset = 20
    "#);
}

#[test]
fn hours_of_the_last_day() {
    let question = json!({
        "site_id": "acme/rocket", "metrics": ["requests"], "date_range": "24h",
        "dimensions": ["time:hour", "status"], "timezone": "Asia/Kolkata",
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics for each combination of the dimensions' values.
    SELECT formatDateTime(time, '%Y-%m-%d %H:00:00', {zone:String}) AS d0, toString(status) AS d1, count() AS m0
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    GROUP BY d0, d1
    ORDER BY d0, m0 DESC, d0, d1
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-20 09:30:00"
    -- to = "2026-11-21 09:30:00"
    -- package = "acme/rocket"
    -- zone = "Asia/Kolkata"
    -- limit = 1000
    -- offset = 0
    "#);
}

#[test]
fn the_fixed_questions() {
    let target = Target::Package("acme/rocket".to_owned());
    let week = period(&asked(&with("date_range", json!("7d"))));
    let all = [
        packages(now()),
        releases(&target, &week),
        first_day(&Target::All),
        latest(&target, now(), 20),
    ];
    insta::assert_snapshot!(all.map(|sql| sql.to_string()).join("\n\n"), @r#"
    -- Every package that ever had an event: its downloads of the last 28 days, and when it was last heard of
    -- (to the minute for two days, to the day after that).
    SELECT
        package AS d0,
        sum(downloads_28d) AS m0,
        toUnixTimestamp(max(seen)) AS m1,
        max(registry) AS d1
    FROM (
        SELECT
            package,
            sumIf(answered, kind = 'download' AND day >= {since:Date}) AS downloads_28d,
            toDateTime(max(day), 'UTC') AS seen,
            '' AS registry
        FROM daily
        WHERE package != ''
        GROUP BY package
        UNION ALL
        SELECT
            package,
            0 AS downloads_28d,
            max(time) AS seen,
            toString(max(ecosystem)) AS registry
        FROM events
        WHERE package != '' AND time >= {recent:DateTime('UTC')}
        GROUP BY package
    )
    GROUP BY d0
    ORDER BY m0 DESC, d0
    LIMIT 10000
    -- since = "2026-10-25"
    -- recent = "2026-11-19 09:15:00"

    -- Versions whose first download ever falls into the period, oldest first.
    SELECT
        version AS d0,
        min(day) AS d1
    FROM daily
    WHERE package = {package:String} AND kind = 'download' AND answered > 0 AND version != ''
    GROUP BY d0
    HAVING d1 >= {first:Date} AND d1 <= {last:Date}
    ORDER BY d1, d0
    LIMIT 200
    -- package = "acme/rocket"
    -- first = "2026-11-15"
    -- last = "2026-11-21"

    -- The first day with any event.
    SELECT min(day) AS d0
    FROM daily
    WHERE 1

    -- The newest events, one row each; within a minute the last one stored comes first.
    SELECT
        toUnixTimestamp(time),
        toString(kind),
        package,
        version,
        client,
        client_version,
        os,
        arch,
        country,
        toString(audience),
        artifact,
        status
    FROM events
    WHERE package = {package:String} AND time >= {since:DateTime('UTC')}
    ORDER BY time DESC, batch_id DESC, event_id DESC
    LIMIT {limit:UInt64}
    -- package = "acme/rocket"
    -- since = "2026-11-21 09:15:00"
    -- limit = 20
    "#);
}

#[test]
fn an_error_names_the_place_and_the_way_out() {
    let deep = (0..9).fold(json!(["is", "os", ["linux"]]), |filter, _| {
        json!(["not", filter])
    });
    let errors = [
        error(&json!([])),
        error(&json!({"site_id": "a"})),
        error(&with("metrcs", json!([]))),
        error(&with("site_id", json!(""))),
        error(&with("metrics", json!([]))),
        error(&with("metrics", json!(["downloads", "baa"]))),
        error(&with("metrics", json!(["downloads", "downloads"]))),
        error(&with("date_range", json!("5y"))),
        error(&with("date_range", json!(["2026-11-01"]))),
        error(&with("date_range", json!(["2026-11-01", "2026-02-30"]))),
        error(&with("date_range", json!(["2026-11-02", "2026-11-01"]))),
        error(&with("dimensions", json!(["time:fortnight"]))),
        error(&with("dimensions", json!(["time:day", "time:week"]))),
        error(&with("filters", json!([[]]))),
        error(&with("filters", json!([["was", "os", ["linux"]]]))),
        error(&with("filters", json!([["is", "shoe_size", ["42"]]]))),
        error(&with("filters", json!([["is", "os", []]]))),
        error(&with("filters", json!([["is", "os", [7]]]))),
        error(&with("filters", json!([["or", []]]))),
        error(&with("filters", json!([["matches", "os", ["("]]]))),
        error(&with("filters", json!([deep]))),
        error(&with("order_by", json!([["people", "desc"]]))),
        error(&with("order_by", json!([["downloads", "up"]]))),
        error(&with("include", json!({"compare": "last_year"}))),
        error(&with("include", json!({"time_labels": 1}))),
        error(&with("pagination", json!({"limit": 0}))),
        error(&with("timezone", json!("Mars/Olympus"))),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r#"
    #: expected an object
    #: missing member "metrics"
    #: unknown member "metrcs"; one of site_id, metrics, date_range, dimensions, filters, order_by, include, pagination, timezone
    #/site_id: expected a package name, or "*" for all
    #/metrics: expected at least one of downloads, requests, people, checks, views, versions, bytes
    #/metrics/1: invalid metric "baa"; one of downloads, requests, people, checks, views, versions, bytes
    #/metrics/1: named twice
    #/date_range: invalid date range "5y"; one of 24h, day, 7d, 28d, 91d, 6mo, 12mo, month, year, all, or two dates such as ["2026-08-01", "2026-10-31"]
    #/date_range: expected two dates
    #/date_range/1: invalid date "2026-02-30"; expected YYYY-MM-DD from 1971-01-02 to 2105-12-31
    #/date_range/1: the range ends before it begins
    #/dimensions/0: invalid dimension "time:fortnight"; one of time:hour, time:day, time:week, time:month, package, version, version_major, channel, artifact, client, client_version, os, arch, country, audience, kind, domain, ecosystem, ci_name, route, status, referrer_host, page, source
    #/dimensions/1: a second time dimension
    #/filters/0: expected an operator, such as ["is", "country", ["CH"]]
    #/filters/0/0: invalid operator "was"; one of is, is_not, contains, contains_not, matches, matches_not, and, or, not
    #/filters/0/1: invalid dimension "shoe_size"; one of package, version, version_major, channel, artifact, client, client_version, os, arch, country, audience, kind, domain, ecosystem, ci_name, route, status, referrer_host, page, source
    #/filters/0/2: expected at least one element
    #/filters/0/2/0: expected a string
    #/filters/0/1: expected at least one element
    #/filters/0/2/0: invalid regular expression "("
    #/filters/0/1/1/1/1/1/1/1/1: filters nest at most 8 deep
    #/order_by/0/0: "people" is none of the metrics and dimensions asked for
    #/order_by/0/1: invalid direction "up"; one of asc, desc
    #/include/compare: invalid comparison "last_year"; one of previous_period, year_over_year
    #/include/time_labels: expected true or false
    #/pagination/limit: expected a whole number from 1 to 10000
    #/timezone: unknown time zone "Mars/Olympus"; expected a name such as Europe/Zurich
    "#);
}

#[test]
fn hours_do_not_reach_over_years() {
    let question = asked(&json!({
        "site_id": "*", "metrics": ["downloads"], "date_range": "12mo", "dimensions": ["time:hour"],
    }));
    let error = plan(&question, &period(&question), None).expect_err("too many hours");
    insta::assert_snapshot!(error, @"#/dimensions: time:hour reaches over 91 days at most; ask for time:day");
}

#[test]
fn an_answer_says_what_it_leaves_out() {
    let warnings = |range: &str, metric: &str, dimension: &str, zone: &str| {
        let question = asked(&json!({
            "site_id": "*", "metrics": [metric], "date_range": range, "dimensions": [dimension], "timezone": zone,
        }));
        let plan = plan(&question, &period(&question), None).expect("a plan");
        format!(
            "{range} {metric} {dimension} {zone}: {} {:?}",
            plan.table.as_str(),
            plan.warnings
        )
    };
    let all = [
        warnings("28d", "downloads", "version", "UTC"),
        warnings("28d", "downloads", "version", "Europe/Zurich"),
        warnings("28d", "people", "version", "Europe/Zurich"),
        warnings("day", "people", "version", "Europe/Zurich"),
        warnings("28d", "people", "country", "UTC"),
        warnings("12mo", "downloads", "country", "UTC"),
        warnings("12mo", "downloads", "version", "Europe/London"),
        warnings("91d", "downloads", "time:week", "Europe/Zurich"),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
    28d downloads version UTC: daily []
    28d downloads version Europe/Zurich: events []
    28d people version Europe/Zurich: daily ["days are UTC days here: such numbers are kept by UTC day"]
    day people version Europe/Zurich: events []
    28d people country UTC: events ["people by this split are known for 2 days; earlier days are missing"]
    12mo downloads country UTC: events ["this split is kept for 90 days; earlier days are missing"]
    12mo downloads version Europe/London: daily ["days are UTC days here: such numbers are kept by UTC day"]
    91d downloads time:week Europe/Zurich: daily ["days are UTC days here: such numbers are kept by UTC day"]
    "#);
}

#[test]
fn ranges_end_today_and_comparisons_end_before_they_begin() {
    let line = |range: &str| {
        let question = asked(&with("date_range", json!(range)));
        let this = period(&question);
        let previous = this.compared(Compare::PreviousPeriod);
        let year = this.compared(Compare::YearOverYear);
        format!(
            "{range}: {}..{} {}..{} {}..{}",
            this.from, this.to, previous.from, previous.to, year.from, year.to
        )
    };
    let all = [
        "24h", "day", "7d", "28d", "91d", "6mo", "12mo", "month", "year", "all",
    ]
    .map(line);
    insta::assert_snapshot!(all.join("\n"), @"
    24h: 2026-11-20T10:00:00Z..2026-11-21T10:00:00Z 2026-11-19T10:00:00Z..2026-11-20T10:00:00Z 2025-11-20T10:00:00Z..2025-11-21T10:00:00Z
    day: 2026-11-21T00:00:00Z..2026-11-22T00:00:00Z 2026-11-20T00:00:00Z..2026-11-21T00:00:00Z 2025-11-21T00:00:00Z..2025-11-22T00:00:00Z
    7d: 2026-11-15T00:00:00Z..2026-11-22T00:00:00Z 2026-11-08T00:00:00Z..2026-11-15T00:00:00Z 2025-11-15T00:00:00Z..2025-11-22T00:00:00Z
    28d: 2026-10-25T00:00:00Z..2026-11-22T00:00:00Z 2026-09-27T00:00:00Z..2026-10-25T00:00:00Z 2025-10-25T00:00:00Z..2025-11-22T00:00:00Z
    91d: 2026-08-23T00:00:00Z..2026-11-22T00:00:00Z 2026-05-24T00:00:00Z..2026-08-23T00:00:00Z 2025-08-23T00:00:00Z..2025-11-22T00:00:00Z
    6mo: 2026-06-01T00:00:00Z..2026-11-22T00:00:00Z 2025-12-09T00:00:00Z..2026-06-01T00:00:00Z 2025-06-01T00:00:00Z..2025-11-22T00:00:00Z
    12mo: 2025-12-01T00:00:00Z..2026-11-22T00:00:00Z 2024-12-10T00:00:00Z..2025-12-01T00:00:00Z 2024-12-01T00:00:00Z..2025-11-22T00:00:00Z
    month: 2026-11-01T00:00:00Z..2026-11-22T00:00:00Z 2026-10-11T00:00:00Z..2026-11-01T00:00:00Z 2025-11-01T00:00:00Z..2025-11-22T00:00:00Z
    year: 2026-01-01T00:00:00Z..2026-11-22T00:00:00Z 2025-02-10T00:00:00Z..2026-01-01T00:00:00Z 2025-01-01T00:00:00Z..2025-11-22T00:00:00Z
    all: 2026-06-03T00:00:00Z..2026-11-22T00:00:00Z 2025-12-13T00:00:00Z..2026-06-03T00:00:00Z 2025-06-03T00:00:00Z..2025-11-22T00:00:00Z
    ");
}

#[test]
fn a_day_is_as_long_as_the_clocks_make_it() {
    let question = asked(&json!({
        "site_id": "*", "metrics": ["downloads"], "date_range": ["2026-10-25", "2026-10-25"], "timezone": "Europe/Zurich",
    }));
    let day = period(&question);
    assert_eq!(
        day.to.duration_since(day.from),
        jiff::SignedDuration::from_hours(25)
    );
    let hours = labels(Interval::Hour, &day);
    assert_eq!(hours.len(), 24, "the hour that comes twice is one bucket");
    assert_eq!(hours[2..4], ["2026-10-25 02:00:00", "2026-10-25 03:00:00"]);
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    let labels_of = |interval| {
        labels(
            interval,
            &period(&asked(&with(
                "date_range",
                json!(["2026-10-29", "2026-11-10"]),
            ))),
        )
    };
    assert_eq!(
        labels_of(Interval::Week),
        ["2026-10-26", "2026-11-02", "2026-11-09"]
    );
    assert_eq!(labels_of(Interval::Month), ["2026-10-01", "2026-11-01"]);
}

#[test]
fn a_missing_bucket_is_zero_and_periods_stand_side_by_side() {
    let question = asked(&json!({
        "site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d", "dimensions": ["time:day"],
        "include": {"time_labels": true, "compare": "previous_period"},
    }));
    let this = period(&question);
    let then = this.compared(Compare::PreviousPeriod);
    let plan = plan(&question, &this, None).expect("a plan");
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
    let plan = plan(&question, &this, None).expect("a plan");
    assert!(plan.people_apart);
    let rest = question.without_people();
    let people = question
        .only_people()
        .narrowed(&[vec!["2.0".to_owned()], vec!["1.0".to_owned()]]);
    let statements = [
        statement(&rest, &this, plan.table),
        statement(&people, &this, Table::Daily),
    ];
    insta::assert_snapshot!(statements.map(|sql| sql.to_string()).join("\n\n"), @r#"
    -- The metrics for each combination of the dimensions' values.
    SELECT version AS d0, countIf(kind = 'download' AND status < 400) AS m0, countIf(kind = 'view' AND status < 400) AS m1
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    GROUP BY d0
    ORDER BY m1 DESC, d0
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-14 23:00:00"
    -- to = "2026-11-21 23:00:00"
    -- package = "acme/rocket"
    -- limit = 1000
    -- offset = 0

    -- The metrics for each combination of the dimensions' values.
    SELECT version AS d0, uniqCombined64MergeIf(visitors, audience = 'people' AND kind IN ('download', 'view')) AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND version IN {p3:Array(String)}
    GROUP BY d0
    ORDER BY d0
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-15"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = ["1.0", "2.0"]
    -- limit = 10000
    -- offset = 0
    "#);

    let rest = [
        vec![json!("2.0"), json!(5), json!(9)],
        vec![json!("1.0"), json!(3), json!(1)],
    ];
    let merged = merged(&question, &rest, &[vec![json!("2.0"), json!(4)]]).expect("rows");
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
    let plan = plan(&question, &this, None).expect("a plan");
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

#[test]
fn a_comparison_asks_only_for_the_rows_of_the_page() {
    let mut written = with("dimensions", json!(["time:day", "version"]));
    written["pagination"] = json!({"limit": 2, "offset": 4});
    let question = asked(&written);
    let row = |version: &str| vec!["2026-11-20".to_owned(), version.to_owned()];
    let narrowed = question.narrowed(&[row("2.0"), row("1.0"), row("2.0")]);
    let period = period(&narrowed);
    let sql = statement(&narrowed, &period, Table::Daily);
    insta::assert_snapshot!(sql, @r#"
    -- The metrics for each combination of the dimensions' values.
    SELECT least(day, {last:Date}) AS d0, version AS d1, sumIf(answered, kind = 'download') AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND version IN {p3:Array(String)}
    GROUP BY d0, d1
    ORDER BY d0, m0 DESC, d0, d1
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-15"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = ["1.0", "2.0"]
    -- last = "2026-11-21"
    -- limit = 10000
    -- offset = 0
    "#);
}

/// JSON that looks like a question often enough to get past the first checks.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "is",
            "not",
            "or",
            "time:day",
            "version",
            "downloads",
            "28d",
            "UTC",
            "desc",
            "2026-11-01"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let members = prop::sample::select(vec![
            "site_id",
            "metrics",
            "date_range",
            "dimensions",
            "filters",
            "order_by",
            "include",
            "pagination",
            "limit",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((members, inner), 0..6).prop_map(|members| Value::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(site in anything(), member in anything(), metrics in anything()) {
        let _ = parse(&json!({"site_id": site, "metrics": metrics, "date_range": "7d", "filters": member.clone()}));
        let _ = parse(&with("filters", member.clone()));
        let _ = parse(&with("dimensions", member.clone()));
        let _ = parse(&with("order_by", member.clone()));
        let _ = parse(&with("include", member.clone()));
        let _ = parse(&with("date_range", member.clone()));
        let _ = parse(&member);
    }

    #[test]
    fn no_value_reaches_the_text_of_the_sql(
        site in "[^*]{1,20}",
        value in ".{0,20}",
        test in prop::sample::select(vec!["is", "is_not", "contains", "contains_not"]),
        field in prop::sample::select(dimension::Field::ALL),
    ) {
        let text = |site: &str, value: &str| {
            let question = asked(&json!({
                "site_id": site, "metrics": ["downloads"], "date_range": "7d", "dimensions": ["version"],
                "filters": [[test, field.as_str(), [value]]],
            }));
            let period = period(&question);
            let plan = plan(&question, &period, None).expect("a plan");
            statement(&question, &period, plan.table).text
        };
        prop_assert_eq!(text(&site, &value), text("a", "b"));
    }

    #[test]
    fn any_two_dates_make_a_period_with_an_axis(first in 0i64..47_000, length in 0i64..2000, zone in prop::sample::select(vec!["UTC", "Europe/Zurich", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe"])) {
        use jiff::ToSpan;
        let first = jiff::civil::date(1971, 1, 2).saturating_add(first.days());
        let last = first.saturating_add(length.days());
        let question = asked(&json!({
            "site_id": "*", "metrics": ["downloads"], "date_range": [first.to_string(), last.to_string()], "timezone": zone,
        }));
        let this = period(&question);
        prop_assert!(this.from < this.to);
        let days = labels(Interval::Day, &this);
        prop_assert_eq!(days.len() as i64, length + 1);
        let then = this.compared(Compare::PreviousPeriod);
        prop_assert_eq!(then.to, this.from);
        prop_assert_eq!(then.day_count(), this.day_count());
    }
}

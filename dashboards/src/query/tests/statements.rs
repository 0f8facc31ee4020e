//! Which table a question reads, and the statement that reads it.

use serde_json::{Value, json};

use super::*;
use crate::accounts::Packages;

fn sql(question: &Value) -> String {
    let question = asked(question);
    let period = period(&question);
    let plan = plan(&question, &period, None, EVENT_DAYS).expect("a plan");
    statement(&question, &period, plan.reads.table).to_string()
}

#[test]
fn totals_by_utc_day_come_from_the_rollup() {
    let question = json!({
        "site_id": "acme/rocket",
        "metrics": ["downloads", "requests", "events", "people", "checks", "views", "versions", "bytes"],
        "date_range": "28d",
        "filters": [["is", "audience", ["people", "ci"]]],
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics over the whole period.
    SELECT sumIf(answered, kind = 'download') AS m0, sumIf(answered, kind IN ('download', 'repeat')) AS m1, sum(requests) AS m2, sum(people) AS m3, sumIf(answered, kind IN ('check', 'metadata', 'inspect')) AS m4, sumIf(answered, kind = 'view') AS m5, uniqExactIf(version, kind = 'download' AND answered > 0 AND version != '') AS m6, sumIf(bytes, kind IN ('download', 'repeat')) AS m7
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
            WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND by = 'nothing'
            UNION ALL
            SELECT package, day, '' AS of_kind, '' AS of_version, uniqCombined64Merge(visitors)
            FROM daily
            WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND audience = 'people' AND kind IN ('download', 'view')
                AND (day >= {known:Date} OR stored >= {lately:DateTime('UTC')})
            GROUP BY package, day, of_kind, of_version
        )
        GROUP BY package, day, kind, version
    )
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND toString(audience) IN {p5:Array(String)}
    -- from = "2026-10-25"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- known = "2026-11-20"
    -- lately = "2026-11-21 06:05:00"
    -- p5 = ["people", "ci"]
    "#);
}

#[test]
fn pulls_as_docker_hub_counts_them_come_from_events_alone() {
    let question = json!({
        "site_id": "acme/server", "metrics": ["downloads", "hub_pulls"], "date_range": "28d",
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics over the whole period.
    SELECT countIf(kind = 'download' AND status < 400) AS m0, countIf(kind = 'inspect' AND ecosystem IN ('oci', 'helm') AND status < 400) AS m1
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    -- from = "2026-10-25 00:00:00"
    -- to = "2026-11-22 00:00:00"
    -- package = "acme/server"
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
    SELECT toDate(hour, {zone:String}) AS d0, sumIf(answered, kind = 'download') AS m0
    FROM hourly
    WHERE hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')} AND package = {package:String}
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
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT country AS d0, client AS d1, countIf(kind = 'download' AND status < 400) AS m0, uniqExactIf((package, toDate(time), visitor), visitor != 0 AND status < 400 AND audience = 'people' AND kind IN ('download', 'view')) AS m1
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String} AND (country IN {p3:Array(String)} OR NOT (multiSearchAny(version, {p4:Array(String)}))) AND (client NOT IN {p5:Array(String)} AND NOT multiSearchAny(artifact, {p6:Array(String)})) AND (match(version, {p7:String})) AND NOT (match(toString(kind), {p8:String}))
    GROUP BY d0, d1
    HAVING m0 != 0 OR m1 != 0
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
        "site_id": "acme/rocket", "metrics": ["events"], "date_range": "24h",
        "dimensions": ["time:hour", "status"], "timezone": "Asia/Kolkata",
    });
    insta::assert_snapshot!(sql(&question), @r#"
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT formatDateTime(time, '%Y-%m-%d %H:00:00', {zone:String}) AS d0, toString(status) AS d1, count() AS m0
    FROM events
    WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String}
    GROUP BY d0, d1
    HAVING m0 != 0
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
fn salts_are_counted_for_the_last_week_only() {
    let target = Target::Package("acme/rocket".to_owned());
    let period = |range: &str| period(&asked(&with("date_range", json!(range))));
    let sql = epochs(&target, &period("28d")).expect("the week is within");
    insta::assert_snapshot!(sql, @r#"
    -- UTC days whose people were counted under more than one salt, and under how many.
    SELECT
        toDate(time) AS d0,
        uniqExact(salt_epoch) AS m0
    FROM events
    WHERE package = {package:String} AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
        AND salt_epoch != 0 AND audience = 'people' AND kind IN ('download', 'view') AND status < 400
    GROUP BY d0
    HAVING m0 > 1
    ORDER BY d0
    -- package = "acme/rocket"
    -- from = "2026-11-14 09:15:00"
    -- to = "2026-11-22 00:00:00"
    "#);
    let past = json!(["2026-10-01", "2026-10-31"]);
    let past = self::period(&asked(&with("date_range", past)));
    assert!(epochs(&target, &past).is_none());
}

#[test]
fn who_may_see_some_packages_is_told_of_no_others() {
    let visible = Packages::only(["acme/rocket".to_owned(), "acme/o'neil".to_owned()]);
    let other = Target::Package("acme/server".to_owned());
    assert_eq!(other.within(&visible), None);
    let mut question = asked(&with(
        "filters",
        json!([["is", "package", ["acme/server"]]]),
    ));
    question.target = Target::All.within(&visible).expect("some of all");
    let week = period(&question);
    for table in [Table::Daily, Table::Events] {
        let sql = statement(&question, &week, table).to_string();
        assert!(
            sql.contains(" AND package IN {packages:Array(String)} AND "),
            "{sql}"
        );
        assert!(
            sql.contains(r#"-- packages = ["acme/o'neil", "acme/rocket"]"#),
            "{sql}"
        );
    }
    let among = Target::All.within(&visible).expect("some of all");
    let day = week.first;
    for sql in [
        packages(&among, now()),
        releases(&among, &week),
        first_day(&among, Table::Daily),
        latest(&among, now(), 20),
        latest_of_each(&among, now(), 5, 20),
        live_minutes(&among, now(), now()),
        usual_hour(&among, now()),
        imported(&among, day, day, 20),
    ] {
        let reads = |what: &str| sql.text.matches(&format!("FROM {what}")).count();
        let (reads, limited) = (
            reads("") - reads("(") - reads("organisation_corrections_held"),
            sql.text
                .matches("package IN {packages:Array(String)}")
                .count(),
        );
        assert_eq!(reads, limited, "each table it reads is limited: {sql}");
    }
    let twice = among.within(&Packages::only(["acme/rocket".to_owned()]));
    assert_eq!(twice, Some(Target::Among(vec!["acme/rocket".to_owned()])));
}

#[test]
fn the_fixed_questions() {
    let target = Target::Package("acme/rocket".to_owned());
    let week = period(&asked(&with("date_range", json!("7d"))));
    let all = [
        packages(&Target::All, now()),
        releases(&target, &week),
        first_day(&Target::All, Table::Daily),
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
        WHERE 1 AND package != ''
        GROUP BY package
        UNION ALL
        SELECT
            package,
            0 AS downloads_28d,
            max(time) AS seen,
            toString(max(ecosystem)) AS registry
        FROM events
        WHERE 1 AND package != '' AND time >= {recent:DateTime('UTC')}
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
        toDate(min(first_seen), 'UTC') AS d1
    FROM releases
    WHERE package = {package:String}
    GROUP BY d0
    HAVING d1 >= {first:Date} AND d1 <= {last:Date}
    ORDER BY d1, d0
    LIMIT 200
    -- package = "acme/rocket"
    -- first = "2026-11-15"
    -- last = "2026-11-21"

    -- The first day with anything counted.
    SELECT min(day) AS d0
    FROM daily
    WHERE 1
    "#);
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
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT least(day, {last:Date}) AS d0, version AS d1, sumIf(answered, kind = 'download') AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND version IN {p3:Array(String)}
    GROUP BY d0, d1
    HAVING m0 != 0
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

#[test]
fn an_answer_says_what_it_leaves_out() {
    let warnings = |range: &str, metric: &str, dimension: &str, zone: &str| {
        let question = asked(&json!({
            "site_id": "*", "metrics": [metric], "date_range": range, "dimensions": [dimension], "timezone": zone,
        }));
        let plan = plan(&question, &period(&question), None, EVENT_DAYS).expect("a plan");
        format!(
            "{range} {metric} {dimension} {zone}: {} {:?}",
            plan.reads.table.as_str(),
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
    12mo downloads country UTC: splits []
    12mo downloads version Europe/London: daily ["days are UTC days here: such numbers are kept by UTC day"]
    91d downloads time:week Europe/Zurich: daily ["days are UTC days here: such numbers are kept by UTC day"]
    "#);
}

#[test]
fn a_part_of_a_day_is_counted_from_events_while_they_last() {
    let both = |range: &str, metrics: &[&str]| {
        let question = asked(&json!({
            "site_id": "acme/rocket", "metrics": metrics, "date_range": range,
            "include": {"compare": "previous_period"},
        }));
        let this = period(&question);
        let then = question.compared(&this).expect("a comparison");
        let plan = plan(&question, &this, Some(&then), EVENT_DAYS).expect("a plan");
        let sql = statement(&question, &then, plan.compared.table).to_string();
        let dates = sql.split_once("-- from = ").expect("a beginning").1;
        let [from, to] = [0, 1].map(|line| dates.lines().nth(line).unwrap_or_default());
        let tables = [plan.reads, plan.compared].map(|reads| reads.table.as_str());
        format!(
            "{range} {metrics:?}: {} beside {} of {from} {to}, people apart: {}, {:?}",
            tables[0],
            tables[1],
            plan.compared.people.is_some(),
            plan.warnings
        )
    };
    let all = [
        both("day", &["downloads", "people"]),
        both("28d", &["downloads", "people"]),
        both("28d", &["people"]),
        both("91d", &["downloads"]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
    day ["downloads", "people"]: daily beside events of "2026-11-20 00:00:00" -- to = "2026-11-20 09:15:00", people apart: false, []
    28d ["downloads", "people"]: daily beside events of "2026-09-27 00:00:00" -- to = "2026-10-24 09:15:00", people apart: true, ["the last day of the earlier period is counted whole where only its day is known"]
    28d ["people"]: daily beside daily of "2026-09-27" -- to = "2026-10-24", people apart: false, ["the last day of the earlier period is counted whole where only its day is known"]
    91d ["downloads"]: daily beside daily of "2026-05-24" -- to = "2026-08-22", people apart: false, ["the last day of the earlier period is counted whole where only its day is known"]
    "#);
}

#[test]
fn over_time_the_earlier_period_is_whole() {
    let question = asked(&json!({
        "site_id": "*", "metrics": ["downloads"], "date_range": "day", "dimensions": ["time:hour"],
        "include": {"compare": "previous_period"},
    }));
    let this = period(&question);
    let then = question.compared(&this).expect("a comparison");
    assert_eq!(then.to, this.from);
}

#[test]
fn what_is_no_longer_known_is_not_compared_with() {
    let known = |range: &str, metrics: &[&str], dimension: &str| {
        let question = asked(&json!({
            "site_id": "*", "metrics": metrics, "date_range": range, "dimensions": [dimension],
            "include": {"compare": "previous_period"},
        }));
        let this = period(&question);
        let then = question.compared(&this);
        let plan = plan(&question, &this, then.as_ref(), EVENT_DAYS).expect("a plan");
        format!(
            "{range} {metrics:?} {dimension}: comparable {}, people {}, incomplete {}",
            plan.comparable, plan.people_comparable, plan.incomplete
        )
    };
    let lines = [
        known("28d", &["downloads"], "country"),
        known("91d", &["downloads"], "version"),
        known("91d", &["downloads"], "country"),
        known("day", &["people"], "country"),
        known("7d", &["people"], "country"),
        known("7d", &["downloads", "people"], "country"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    28d ["downloads"] country: comparable true, people false, incomplete false
    91d ["downloads"] version: comparable true, people true, incomplete false
    91d ["downloads"] country: comparable true, people true, incomplete false
    day ["people"] country: comparable true, people true, incomplete false
    7d ["people"] country: comparable false, people false, incomplete true
    7d ["downloads", "people"] country: comparable true, people false, incomplete true
    "#);
}

#[test]
fn organisations_are_as_they_were_corrected_and_apart_from_people() {
    let question = json!({
        "site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d", "dimensions": ["organisation"],
    });
    let text = sql(&question);
    assert!(text.contains("organisation_corrections_held"), "{text}");
    for more in [
        json!({"dimensions": ["org_type"]}),
        json!({"filters": [["not", ["is", "organisation", ["Acme"]]]]}),
    ] {
        let mut question = json!({"site_id": "acme/rocket", "metrics": ["downloads", "people"], "date_range": "7d"});
        for (key, value) in more.as_object().expect("members") {
            question[key] = value.clone();
        }
        let error = parse(&question).expect_err("people are apart");
        assert_eq!(
            error.to_string(),
            "#/metrics/1: people are not counted by organisation; ask for downloads"
        );
    }
}

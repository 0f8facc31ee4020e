use serde_json::json;

use super::*;

/// A Saturday.
fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("an instant")
}

fn statement_of(written: &Value) -> String {
    let export = Export::read(written).expect("something to export");
    export
        .statement(now(), 90)
        .expect("it can be answered")
        .to_string()
}

fn problem(written: &Value) -> String {
    let export = Export::read(written).and_then(|export| export.statement(now(), 90));
    export.expect_err("nonsense").to_string()
}

#[test]
fn events_are_filtered_as_questions_are_and_nothing_a_caller_wrote_is_in_the_text() {
    let wanted = json!({
        "site_id": "acme/rocket",
        "date_range": ["2026-11-01", "2026-11-02"],
        "filters": [["is", "audience", ["people'"]]],
        "timezone": "Europe/Zurich",
        "format": "ndjson",
        "columns": ["event_id", "time", "version", "kind", "props"],
    });
    insta::assert_snapshot!(statement_of(&wanted), @r#"
    -- Events as they are stored, one row each, in no order: nothing is held back, so memory stays flat.
    SELECT leftPad(lower(hex(event_id)), 32, '0') AS event_id, time AS time, toString(version) AS version, toString(kind) AS kind, props AS props
    FROM (SELECT * FROM events WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND package = {package:String} AND toString(audience) IN {p3:Array(String)})
    SETTINGS max_threads = 1, output_format_parallel_formatting = 0, optimize_aggregation_in_order = 1, date_time_output_format = 'iso', output_format_json_escape_forward_slashes = 0, output_format_json_quote_64bit_integers = 0
    -- from = "2026-10-31 23:00:00"
    -- to = "2026-11-02 23:00:00"
    -- package = "acme/rocket"
    -- p3 = ["people'"]
    "#);
}

#[test]
fn in_csv_texts_are_defused_and_in_parquet_times_have_a_type() {
    let wanted = |format: &str| json!({"site_id": "*", "date_range": "28d", "format": format, "columns": ["time", "version", "props"]});
    let select = |format| {
        let text = statement_of(&wanted(format));
        let lines = text.lines().filter(|line| line.starts_with("SELECT"));
        lines.collect::<String>()
    };
    insta::assert_snapshot!(select("csv"), @r#"SELECT time AS time, if(match(toString(version), '^[=+@\\t\\r-]'), concat('\'', toString(version)), toString(version)) AS version, toJSONString(props) AS props"#);
    insta::assert_snapshot!(select("parquet"), @"SELECT toDateTime64(time, 3, 'UTC') AS time, toString(version) AS version, props AS props");
}

#[test]
fn a_question_gives_its_rows_names_and_leaves_none_out() {
    let wanted = json!({
        "site_id": "*",
        "date_range": "12mo",
        "metrics": ["downloads", "people"],
        "dimensions": ["time:day", "package"],
        "format": "csv",
    });
    insta::assert_snapshot!(statement_of(&wanted), @r#"
    SELECT if(match(toString(d0), '^[=+@\\t\\r-]'), concat('\'', toString(d0)), toString(d0)) AS `time:day`, if(match(toString(d1), '^[=+@\\t\\r-]'), concat('\'', toString(d1)), toString(d1)) AS `package`, m0 AS `downloads`, m1 AS `people`
    FROM (
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT least(day, {last:Date}) AS d0, package AS d1, sumIf(answered, kind = 'download') AS m0, sum(people) AS m1
    FROM (
        -- Counts, and beside them people: as they were written down, or while visitors are known, as those say.
        SELECT package, day, toString(kind) AS kind, version, toString(audience) AS audience, requests, answered, bytes, 0 AS people
        FROM daily
        WHERE day >= {from:Date} AND day <= {to:Date}
        UNION ALL
        SELECT package, day, kind, version, 'people', 0, 0, 0, max(counted)
        FROM (
            SELECT package, day, kind, version, people AS counted
            FROM people
            WHERE day >= {from:Date} AND day <= {to:Date} AND by = 'nothing'
            UNION ALL
            SELECT package, day, '' AS of_kind, '' AS of_version, uniqCombined64Merge(visitors)
            FROM daily
            WHERE day >= {from:Date} AND day <= {to:Date} AND audience = 'people' AND kind IN ('download', 'view')
                AND (day >= {known:Date} OR stored >= {lately:DateTime('UTC')})
            GROUP BY package, day, of_kind, of_version
        )
        GROUP BY package, day, kind, version
    )
    WHERE day >= {from:Date} AND day <= {to:Date}
    GROUP BY d0, d1
    HAVING m0 != 0 OR m1 != 0
    ORDER BY d0, m0 DESC, d0, d1
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    )
    SETTINGS max_threads = 1, output_format_parallel_formatting = 0, optimize_aggregation_in_order = 1, date_time_output_format = 'iso'
    -- from = "2025-12-01"
    -- to = "2026-11-21"
    -- known = "2026-11-20"
    -- lately = "2026-11-21 08:50:00"
    -- last = "2026-11-21"
    -- limit = 9223372036854775807
    -- offset = 0
    "#);
}

#[test]
fn visitors_and_batches_stay_behind() {
    let wanted = json!({"site_id": "*", "date_range": "28d", "format": "csv"});
    let text = statement_of(&wanted);
    for column in ["visitor", "salt_epoch", "batch_id"] {
        assert!(!text.contains(column), "{column}");
        let named =
            json!({"site_id": "*", "date_range": "28d", "format": "csv", "columns": [column]});
        assert!(problem(&named).starts_with(&format!("#/columns/0: invalid column \"{column}\"")));
    }
}

#[test]
fn errors_name_the_place() {
    let wanted = |change: &Value| {
        let mut wanted = json!({"site_id": "*", "date_range": "28d", "format": "csv"});
        for (name, value) in change.as_object().expect("members") {
            wanted[name] = value.clone();
        }
        problem(&wanted)
    };
    let problems = [
        wanted(&json!({"format": "xlsx"})),
        wanted(&json!({"format": null})),
        wanted(&json!({"columns": []})),
        wanted(&json!({"columns": ["time", "time"]})),
        wanted(&json!({"dimensions": ["package"]})),
        wanted(&json!({"metrics": ["downloads"], "columns": ["time"]})),
        wanted(&json!({"metrics": ["downloads"], "pagination": {"limit": 1}})),
        wanted(&json!({"metrics": ["downloads"], "dimensions": ["nothing"]})),
    ];
    let problems = problems.map(|problem| problem.chars().take(100).collect::<String>());
    insta::assert_snapshot!(problems.join("\n"), @r#"
    #/format: invalid format "xlsx"; one of csv, ndjson, parquet, arrow
    #: missing member "format"
    #/columns: expected at least one element
    #/columns/1: named twice
    #: unknown member "dimensions"; one of site_id, date_range, filters, timezone, format, columns
    #/columns: leave it out: with metrics, an export has a column for each of them and of the dimensions
    #/pagination: leave it out: with metrics, an export has a column for each of them and of the dimensi
    #/dimensions/0: invalid dimension "nothing"; one of time:hour, time:day, time:week, time:month, pack
    "#);
}

#[test]
fn a_file_is_named_by_package_and_days_in_plain_letters() {
    let written = json!({"site_id": "@acme/rö\"cket", "date_range": "7d", "format": "arrow"});
    let export = Export::read(&written).expect("something to export");
    insta::assert_snapshot!(export.file_name(now()), @"weir--acme-r--cket-2026-11-15-2026-11-21.arrow");
}

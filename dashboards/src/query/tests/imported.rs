//! What may be asked about totals that registries counted, and how.

use serde_json::{Value, json};

use super::*;

fn imported(member: &str, value: Value) -> Value {
    let mut question = with(member, value);
    if member != "metrics" {
        question["metrics"] = json!(["imported"]);
    }
    question
}

fn error(question: &Value) -> String {
    parse(question)
        .expect_err("an invalid question")
        .to_string()
}

#[test]
fn totals_are_split_by_what_registries_say() {
    let mut question = imported("dimensions", json!(["registry", "version"]));
    question["filters"] = json!([["is_not", "registry", ["npm"]]]);
    let question = asked(&question);
    let period = period(&question);
    let plan = plan(&question, &period, None, 90).expect("a plan");
    assert_eq!(plan.reads.table, Table::Imported);
    let sql = statement(&question, &period, plan.reads.table);
    insta::assert_snapshot!(sql.to_string(), @r#"
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT registry AS d0, version AS d1, sum(downloads) AS m0
    FROM (
        -- A day that was imported again replaced the one before, which FINAL sees to.
        SELECT
            source AS registry,
            package,
            version,
            country,
            day,
            downloads
        FROM imported_totals FINAL
        WHERE span = 'day'
        UNION ALL
        -- A counter that runs from the beginning has grown, since it was last read, on the day it was read. What it
        -- had at first says nothing of when.
        SELECT
            registry,
            package,
            version,
            country,
            day,
            toUInt64(if(counter > before, counter - before, 0))
        FROM (
            SELECT
                source AS registry,
                package,
                version,
                country,
                day,
                downloads AS counter,
                lagInFrame(downloads, 1, downloads) OVER (
                    PARTITION BY source, package, version, country
                    ORDER BY day
                    ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
                ) AS before
            FROM imported_totals FINAL
            WHERE span = 'ever'
        )
    )
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND registry NOT IN {p3:Array(String)}
    GROUP BY d0, d1
    HAVING m0 != 0
    ORDER BY m0 DESC, d0, d1
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2026-11-15"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = ["npm"]
    -- limit = 1000
    -- offset = 0
    "#);
}

#[test]
fn totals_are_never_beside_events_nor_split_by_what_events_know() {
    let errors = [
        error(&imported("metrics", json!(["downloads", "imported"]))),
        error(&imported("dimensions", json!(["registry", "client"]))),
        error(&imported("dimensions", json!(["time:hour"]))),
        error(&imported("filters", json!([["is", "os", ["linux"]]]))),
        error(&imported(
            "filters",
            json!([
                ["is", "country", ["CH"]],
                [
                    "or",
                    [
                        ["is", "package", ["a"]],
                        ["not", ["is", "audience", ["ci"]]]
                    ]
                ]
            ]),
        )),
        error(&imported("filters", json!([["was", "os", ["linux"]]]))),
        error(&with("dimensions", json!(["time:day", "registry"]))),
        error(&with("filters", json!([["is", "registry", ["npm"]]]))),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r#"
    #/metrics/1: imported stands alone: registries count by rules of their own; ask for it in a question of its own
    #/dimensions/1: imported totals know no "client"; one of registry, package, version, version_minor, country
    #/dimensions/0: registries count by day; ask for time:day
    #/filters/0/1: imported totals know no "os"; one of registry, package, version, version_minor, country
    #/filters/1/1/1/1/1: imported totals know no "audience"; one of registry, package, version, version_minor, country
    #/filters/0/0: invalid operator "was"; one of is, is_not, contains, contains_not, matches, matches_not, before, and, or, not
    #/dimensions/1: only the metric imported has a registry
    #/filters/0/1: only the metric imported has a registry
    "#);
}

#[test]
fn events_are_not_exported_by_registry() {
    let wish = json!({"site_id": "*", "date_range": "7d", "format": "csv", "filters": [["is", "registry", ["npm"]]]});
    let refused = Export::read(&wish).expect_err("events have none");
    insta::assert_snapshot!(refused.to_string(), @"#/filters/0/1: only the metric imported has a registry");
}

#[test]
fn days_of_registries_are_utc_days_and_it_is_said() {
    let mut question = imported("timezone", json!("Europe/Zurich"));
    question["include"] = json!({"compare": "previous_period"});
    let question = asked(&question);
    let period = period(&question);
    let other = question.compared(&period);
    let plan = plan(&question, &period, other.as_ref(), 90).expect("a plan");
    assert!(plan.comparable && !plan.incomplete);
    insta::assert_snapshot!(plan.warnings.join("\n"), @"
    days are UTC days here: registries count by those
    the last day of the earlier period is counted whole where only its day is known
    ");
}

//! Questions about minor versions.

use serde_json::json;

use super::*;

#[test]
fn minor_versions_are_told_from_the_versions_that_the_rollup_has() {
    let question = asked(&json!({
        "site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "12mo",
        "dimensions": ["version_minor"], "filters": [["is_not", "version_minor", [""]]],
    }));
    let period = period(&question);
    let plan = plan(&question, &period, None, EVENT_DAYS).expect("a plan");
    insta::assert_snapshot!(statement(&question, &period, plan.reads.table), @r#"
    -- The metrics for each combination of the dimensions' values; combinations without any are left out.
    SELECT extract(version, '^[vV]?(?:[0-9]+[!:])?([0-9]{1,6}[.][0-9]+)') AS d0, sumIf(answered, kind = 'download') AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND extract(version, '^[vV]?(?:[0-9]+[!:])?([0-9]{1,6}[.][0-9]+)') NOT IN {p3:Array(String)}
    GROUP BY d0
    HAVING m0 != 0
    ORDER BY m0 DESC, d0
    LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    -- from = "2025-12-01"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = [""]
    -- limit = 1000
    -- offset = 0
    "#);
}

#[test]
fn somebody_who_is_in_two_versions_of_a_minor_version_is_said_to_count_twice() {
    let warnings = |dimensions: &[&str]| {
        let question = asked(&json!({
            "site_id": "acme/rocket", "metrics": ["people"], "date_range": "12mo", "dimensions": dimensions,
        }));
        let plan = plan(&question, &period(&question), None, EVENT_DAYS).expect("a plan");
        (plan.reads.table.as_str(), plan.warnings.len())
    };
    assert_eq!(warnings(&["version_minor"]), ("daily", 1));
    assert_eq!(warnings(&["version"]), ("daily", 0));
    assert_eq!(warnings(&["version", "version_minor"]), ("daily", 0));
}

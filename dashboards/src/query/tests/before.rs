//! Versions before another one.

use serde_json::json;

use super::*;
use crate::query::dimension::Field;

fn told(question: &Value) -> String {
    let told = parse(question).map(|question| {
        let [field] = question.ordered_fields()[..] else {
            return "nothing is ordered".to_owned();
        };
        let sql = question.known_values(field, &period(&question));
        sql.map_or_else(|error| error.to_string(), |sql| sql.to_string())
    });
    told.unwrap_or_else(|error| error.to_string())
}

fn filtered(filter: &Value) -> Value {
    with("filters", json!([filter]))
}

#[test]
fn the_versions_there_are_get_asked_for_first() {
    insta::assert_snapshot!(told(&filtered(&json!(["before", "version", ["3.0"]]))), @r#"
    -- The versions of a package that were downloaded since a time, and where they are published: of one of its events.
    SELECT
        version AS d0,
        (
            SELECT any(toString(ecosystem))
            FROM (SELECT ecosystem FROM events WHERE package = {package:String} AND ecosystem != '' LIMIT 1)
        ) AS d1
    FROM releases
    WHERE package = {package:String} AND version != ''
    GROUP BY d0
    HAVING max(last_seen) >= {from:DateTime('UTC')}
    ORDER BY d0
    -- package = "acme/rocket"
    -- from = "2026-11-15 00:00:00"
    "#);
    insta::assert_snapshot!(told(&filtered(&json!(["before", "runtime_version", ["3.10"]]))), @r#"
    -- The versions of interpreters that downloaded since a time.
    SELECT DISTINCT toString(runtime_version) AS d0, '' AS d1
    FROM events
    WHERE package = {package:String} AND time >= {from:DateTime('UTC')} AND runtime_version != ''
    ORDER BY d0
    -- package = "acme/rocket"
    -- from = "2026-11-15 00:00:00"
    "#);
}

#[test]
fn their_names_stand_where_the_bound_stood() {
    let question = asked(&filtered(&json!(["not", ["before", "version", ["1.10"]]])));
    let known = ["1.9", "1.10", "1.10-rc.1", "latest"]
        .map(|version| (version.to_owned(), "oci".to_owned()));
    let question = question
        .with_values(Field::Version, &known)
        .expect("an order");
    let sql = statement(&question, &period(&question), Table::Daily).to_string();
    insta::assert_snapshot!(sql, @r#"
    -- The metrics over the whole period.
    SELECT sumIf(answered, kind = 'download') AS m0
    FROM daily
    WHERE day >= {from:Date} AND day <= {to:Date} AND package = {package:String} AND NOT (version IN {p3:Array(String)})
    -- from = "2026-11-15"
    -- to = "2026-11-21"
    -- package = "acme/rocket"
    -- p3 = ["1.9", "1.10-rc.1"]
    "#);
}

#[test]
fn what_has_no_order_is_told_so() {
    let mut everywhere = filtered(&json!(["before", "version", ["3.0"]]));
    everywhere["site_id"] = json!("*");
    let told = [
        told(&filtered(&json!(["before", "os", ["linux"]]))),
        told(&filtered(&json!(["before", "version", ["1.0", "2.0"]]))),
        told(&everywhere),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    #/filters/0/1: "os" has no order; before takes version or runtime_version
    #/filters/0/2: before takes one value
    #/filters: versions of several packages have no order; ask about one package
    "#);
    let mut export = filtered(&json!(["not", ["before", "version", ["3.0"]]]));
    export["format"] = json!("csv");
    let refused = Export::read(&export).expect_err("a refusal");
    insta::assert_snapshot!(refused.to_string(), @r#"#/filters: an export knows no order of versions; name them with "is""#);
}

#[test]
fn more_names_than_a_request_holds_are_refused() {
    let question = asked(&filtered(&json!(["before", "version", ["9"]])));
    let known: Vec<_> = (0..4_000)
        .map(|build| (format!("1.0.{build}"), "npm".to_owned()))
        .collect();
    let refused = question
        .with_values(Field::Version, &known)
        .expect_err("a refusal");
    insta::assert_snapshot!(refused.to_string(), @"#/filters: too many versions come before it; ask for a shorter range");
}

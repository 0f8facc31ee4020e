//! What a question that makes no sense is told.

use serde_json::{Value, json};

use super::*;

fn error(question: &Value) -> String {
    parse(question)
        .expect_err("an invalid question")
        .to_string()
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
        error(&with("include", json!({"compare": ["2026-11-02"]}))),
        error(&with("include", json!({"match_day_of_week": "yes"}))),
        error(&with("include", json!({"time_labels": 1}))),
        error(&with("pagination", json!({"limit": 0}))),
        error(&with("timezone", json!("Mars/Olympus"))),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r#"
    #: expected an object
    #: missing member "metrics"
    #: unknown member "metrcs"; one of site_id, metrics, date_range, dimensions, filters, order_by, include, pagination, timezone
    #/site_id: expected a package name, or "*" for all
    #/metrics: expected at least one of downloads, requests, events, people, checks, hub_pulls, views, versions, organisations, bytes, imported
    #/metrics/1: invalid metric "baa"; one of downloads, requests, events, people, checks, hub_pulls, views, versions, organisations, bytes, imported
    #/metrics/1: named twice
    #/date_range: invalid date range "5y"; one of 24h, day, 7d, 28d, 91d, 6mo, 12mo, month, year, all, or two dates such as ["2026-08-01", "2026-10-31"]
    #/date_range: expected two dates
    #/date_range/1: invalid date "2026-02-30"; expected YYYY-MM-DD from 1971-01-02 to 2105-12-31
    #/date_range/1: the range ends before it begins
    #/dimensions/0: invalid dimension "time:fortnight"; one of time:hour, time:day, time:week, time:month, package, version, version_major, version_minor, channel, artifact, client, client_version, runtime, runtime_version, os, arch, libc, country, audience, kind, domain, ecosystem, ci_name, route, status, referrer_host, page, source, campaign, organisation, organisation_domain, org_type, confidence, net_type, registry
    #/dimensions/1: a second time dimension
    #/filters/0: expected an operator, such as ["is", "country", ["CH"]]
    #/filters/0/0: invalid operator "was"; one of is, is_not, contains, contains_not, matches, matches_not, before, and, or, not
    #/filters/0/1: invalid dimension "shoe_size"; one of package, version, version_major, version_minor, channel, artifact, client, client_version, runtime, runtime_version, os, arch, libc, country, audience, kind, domain, ecosystem, ci_name, route, status, referrer_host, page, source, campaign, organisation, organisation_domain, org_type, confidence, net_type, registry
    #/filters/0/2: expected at least one element
    #/filters/0/2/0: expected a string
    #/filters/0/1: expected at least one element
    #/filters/0/2/0: invalid regular expression "("
    #/filters/0/1/1/1/1/1/1/1/1: filters nest at most 8 deep
    #/order_by/0/0: "people" is none of the metrics and dimensions asked for
    #/order_by/0/1: invalid direction "up"; one of asc, desc
    #/include/compare: invalid comparison "last_year"; one of previous_period, year_over_year, or two dates
    #/include/compare: expected two dates
    #/include/match_day_of_week: expected true or false
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
    let error = plan(&question, &period(&question), None, EVENT_DAYS).expect_err("too many hours");
    insta::assert_snapshot!(error, @"#/dimensions: time:hour reaches over 91 days at most; ask for time:day");
}

//! Ranges as asked become stretches of time with an axis.

use serde_json::json;

use super::*;

#[test]
fn ranges_end_today_and_comparisons_end_before_they_begin() {
    let line = |range: &str| {
        let question = asked(&with("date_range", json!(range)));
        let this = period(&question);
        let previous = this.compared(BEFORE);
        let year = this.compared(A_YEAR_BEFORE);
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
fn a_period_that_still_grows_is_compared_with_as_much_as_has_passed_of_it() {
    let line = |range: &str, zone: &str| {
        let question = asked(&json!({
            "site_id": "*", "metrics": ["downloads"], "date_range": range, "timezone": zone,
        }));
        let this = period(&question);
        let previous = this.compared_so_far(BEFORE);
        let year = this.compared_so_far(A_YEAR_BEFORE);
        format!(
            "{range} {zone}: {}..{} {}..{}",
            previous.from, previous.to, year.from, year.to
        )
    };
    let all = [
        line("24h", "UTC"),
        line("day", "UTC"),
        line("28d", "UTC"),
        // Clocks went back on 25 October: 10:15 is another instant before it.
        line("28d", "Europe/Zurich"),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
    24h UTC: 2026-11-19T10:00:00Z..2026-11-20T09:15:00Z 2025-11-20T10:00:00Z..2025-11-21T09:15:00Z
    day UTC: 2026-11-20T00:00:00Z..2026-11-20T09:15:00Z 2025-11-21T00:00:00Z..2025-11-21T09:15:00Z
    28d UTC: 2026-09-27T00:00:00Z..2026-10-24T09:15:00Z 2025-10-25T00:00:00Z..2025-11-21T09:15:00Z
    28d Europe/Zurich: 2026-09-26T22:00:00Z..2026-10-24T08:15:00Z 2025-10-24T22:00:00Z..2025-11-21T09:15:00Z
    ");
}

#[test]
fn what_is_over_or_not_begun_is_compared_whole_or_not_at_all() {
    let compared = |from: &str, to: &str| {
        let this = period(&asked(&with("date_range", json!([from, to]))));
        this.compared_so_far(BEFORE)
    };
    let over = compared("2026-11-18", "2026-11-20");
    assert_eq!(over.to.to_string(), "2026-11-18T00:00:00Z");
    let half = compared("2026-11-21", "2026-11-24");
    assert_eq!(half.from.to_string(), "2026-11-17T00:00:00Z");
    assert_eq!(half.to.to_string(), "2026-11-17T09:15:00Z");
    assert_eq!(half.last_utc_day().to_string(), "2026-11-17");
    let ahead = compared("2026-11-24", "2026-11-25");
    assert_eq!(ahead.from, ahead.to);
    assert!(ahead.last_utc_day() < ahead.first);
}

#[test]
fn days_of_the_week_stand_side_by_side_where_that_is_asked_for() {
    let line = |range: &str| {
        let question = asked(&with("date_range", json!(range)));
        let this = period(&question);
        let days = |how| {
            let then = this.compared(same_weekdays(how));
            format!("{}..{}", then.first, then.last)
        };
        format!(
            "{range} {}..{}: {} {}",
            this.first,
            this.last,
            days(Earlier::PreviousPeriod),
            days(Earlier::YearOverYear)
        )
    };
    let all = ["24h", "day", "7d", "28d", "91d", "6mo", "month", "year"].map(line);
    insta::assert_snapshot!(all.join("\n"), @"
    24h 2026-11-20..2026-11-21: 2026-11-13..2026-11-14 2025-11-21..2025-11-22
    day 2026-11-21..2026-11-21: 2026-11-14..2026-11-14 2025-11-22..2025-11-22
    7d 2026-11-15..2026-11-21: 2026-11-08..2026-11-14 2025-11-16..2025-11-22
    28d 2026-10-25..2026-11-21: 2026-09-27..2026-10-24 2025-10-26..2025-11-22
    91d 2026-08-23..2026-11-21: 2026-05-24..2026-08-22 2025-08-24..2025-11-22
    6mo 2026-06-01..2026-11-21: 2025-12-08..2026-05-30 2025-06-02..2025-11-22
    month 2026-11-01..2026-11-21: 2026-10-11..2026-10-31 2025-11-02..2025-11-22
    year 2026-01-01..2026-11-21: 2025-02-06..2025-12-27 2025-01-02..2025-11-22
    ");
}

#[test]
fn a_moment_is_moved_by_the_clock_when_days_of_the_week_are_matched() {
    // Clocks go back on 25 October 2026 at three in the morning.
    let question = asked(&json!({
        "site_id": "*", "metrics": ["downloads"], "date_range": "24h", "timezone": "Europe/Zurich",
    }));
    let now: jiff::Timestamp = "2026-10-28T09:15:00Z".parse().expect("a time");
    let this = Period::resolve(question.range, &question.zone, now, None);
    let then = this.compared_so_far(same_weekdays(Earlier::PreviousPeriod));
    insta::assert_snapshot!(format!("{}..{}", then.from, then.to), @"2026-10-20T09:00:00Z..2026-10-21T08:15:00Z");
}

#[test]
fn months_are_compared_with_months_whatever_days_they_begin_on() {
    let line = |interval: &str| {
        let question = asked(&json!({
            "site_id": "*", "metrics": ["downloads"], "date_range": "6mo", "dimensions": [interval],
            "include": {"compare": "year_over_year", "match_day_of_week": true},
        }));
        let then = question.compared(&period(&question)).expect("a comparison");
        format!("{interval} {}..{}", then.first, then.last)
    };
    insta::assert_snapshot!(["time:week", "time:month"].map(line).join("\n"), @"
    time:week 2025-06-02..2025-11-22
    time:month 2025-06-01..2025-11-21
    ");
}

#[test]
fn days_of_the_readers_choice_are_compared_as_they_are() {
    let question = asked(&with(
        "include",
        json!({"compare": ["2026-02-01", "2026-02-28"], "match_day_of_week": true}),
    ));
    let this = period(&question);
    assert!(this.is_live());
    let then = question.compared(&this).expect("a comparison");
    assert_eq!((then.from, then.to), {
        let february = period(&asked(&with(
            "date_range",
            json!(["2026-02-01", "2026-02-28"]),
        )));
        (february.from, february.to)
    });
}

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn due(every: Every, done_until: Option<&str>, now: &str) -> Option<String> {
    let now = at(now);
    Some(every.due(done_until.map(at), now, now, 90)?.name)
}

#[test]
fn a_period_is_due_a_quarter_of_an_hour_after_its_end() {
    let done = Some("2026-11-20T00:00:00Z");
    assert_eq!(due(Every::Day, done, "2026-11-21T00:14:59Z"), None);
    let name = due(Every::Day, done, "2026-11-21T00:15:00Z");
    assert_eq!(name.as_deref(), Some("2026-11-20"));
    let hour = due(
        Every::Hour,
        Some("2026-11-20T05:00:00Z"),
        "2026-11-20T06:15:00Z",
    );
    assert_eq!(hour.as_deref(), Some("2026-11-20T05Z"));
    let month = due(
        Every::Month,
        Some("2026-10-01T00:00:00Z"),
        "2026-11-01T00:15:00Z",
    );
    assert_eq!(month.as_deref(), Some("2026-10"));
}

#[test]
fn the_first_time_the_latest_period_that_is_over_is_due() {
    let name = due(Every::Day, None, "2026-11-21T04:00:00Z");
    assert_eq!(name.as_deref(), Some("2026-11-20"));
    let name = due(Every::Month, None, "2026-11-21T04:00:00Z");
    assert_eq!(name.as_deref(), Some("2026-10"));
}

#[test]
fn a_period_waits_for_events_that_have_not_arrived() {
    let (now, known) = (at("2026-11-21T06:00:00Z"), at("2026-11-20T23:00:00Z"));
    let done = Some(at("2026-11-20T00:00:00Z"));
    assert_eq!(Every::Day.due(done, known, now, 90), None);
    assert!(Every::Day.due(done, now, now, 90).is_some());
}

#[test]
fn after_a_long_absence_it_goes_on_where_events_begin() {
    let name = due(
        Every::Day,
        Some("2025-01-01T00:00:00Z"),
        "2026-11-21T12:00:00Z",
    );
    assert_eq!(name.as_deref(), Some("2026-08-24"));
}

#[test]
fn a_ledger_of_another_rhythm_is_taken_up_at_the_next_start() {
    let name = due(
        Every::Day,
        Some("2026-11-19T05:00:00Z"),
        "2026-11-21T12:00:00Z",
    );
    assert_eq!(name.as_deref(), Some("2026-11-20"));
}

proptest! {
    #[test]
    fn however_irregularly_it_is_looked_at_each_period_comes_once_and_none_is_left_out(
        steps in proptest::collection::vec(1i64..90_000, 1..60),
        every in prop::sample::select(vec![Every::Hour, Every::Day, Every::Month]),
    ) {
        let mut now = at("2026-11-21T04:00:00Z");
        let mut done: Option<Timestamp> = None;
        for step in steps {
            now += SignedDuration::from_secs(step);
            while let Some(period) = every.due(done, now, now, 90) {
                prop_assert!(period.to + SETTLING <= now);
                if let Some(done) = done {
                    prop_assert_eq!(period.from, done);
                }
                done = Some(period.to);
            }
        }
    }
}

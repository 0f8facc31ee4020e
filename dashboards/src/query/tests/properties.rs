//! What holds for every question.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

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
        // Whether nobody is left out may decide the table; no other value does.
        value in ".{1,20}",
        test in prop::sample::select(vec!["is", "is_not", "contains", "contains_not"]),
        field in prop::sample::select(dimension::Field::ALL),
    ) {
        let text = |site: &str, value: &str| {
            let metric = if field == dimension::Field::Registry { "imported" } else { "downloads" };
            let question = asked(&json!({
                "site_id": site, "metrics": [metric], "date_range": "7d", "dimensions": ["version"],
                "filters": [[test, field.as_str(), [value]]],
            }));
            let period = period(&question);
            let plan = plan(&question, &period, None, EVENT_DAYS).expect("a plan");
            statement(&question, &period, plan.reads.table).text
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
        prop_assert_eq!(i64::try_from(days.len()), Ok(length + 1));
        let then = this.compared(BEFORE);
        prop_assert_eq!(then.to, this.from);
        prop_assert_eq!(then.day_count(), this.day_count());
        for earlier in [Earlier::PreviousPeriod, Earlier::YearOverYear] {
            let then = this.compared(same_weekdays(earlier));
            prop_assert_eq!(then.first.weekday(), this.first.weekday());
            prop_assert_eq!(then.day_count(), this.day_count());
            prop_assert!(then.from < then.to);
        }
        let before = this.compared(same_weekdays(Earlier::PreviousPeriod));
        prop_assert!(before.to <= this.from, "it does not touch the period");
        prop_assert!(before.last.saturating_add(7.days()) >= this.first, "and is as late as it can be");
    }
}

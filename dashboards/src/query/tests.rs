//! What questions become, from JSON to SQL and back.

mod answers;
mod before;
mod errors;
mod imported;
mod latest;
mod organisations;
mod periods;
mod properties;
mod statements;
mod versions;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::comparison::{Compare, Earlier, Shift};
use super::dimension::Interval;
use super::labels::labels;
use super::*;

/// How long events are kept, as the settings say when nobody changed them.
const EVENT_DAYS: u16 = 90;

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

/// The stretch before, of the same length.
const BEFORE: Compare = Compare::With(Shift {
    earlier: Earlier::PreviousPeriod,
    same_weekdays: false,
});

/// The same dates a year before.
const A_YEAR_BEFORE: Compare = Compare::With(Shift {
    earlier: Earlier::YearOverYear,
    same_weekdays: false,
});

/// As it is, on the same days of the week.
fn same_weekdays(earlier: Earlier) -> Compare {
    Compare::With(Shift {
        earlier,
        same_weekdays: true,
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut question =
        json!({"site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d"});
    question[member] = value;
    question
}

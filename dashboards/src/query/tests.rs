//! What questions become, from JSON to SQL and back.

mod answers;
mod errors;
mod periods;
mod properties;
mod statements;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::dimension::Interval;
use super::labels::labels;
use super::parse::Compare;
use super::*;

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

fn with(member: &str, value: Value) -> Value {
    let mut question =
        json!({"site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d"});
    question[member] = value;
    question
}

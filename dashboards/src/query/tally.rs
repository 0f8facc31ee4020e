//! What rules of stages count, as SQL over days of organisations (`organisation_days.sql`).

use std::fmt::Write as _;

use crate::organisations::{Over, Tally, What};

/// Days of a week, as the rules have it: those that end with the last day, and the seven before.
const WEEK: u8 = 7;

/// The columns that count for each number of an organisation, and the list of what they come to for all of its numbers
/// together. Where it is asked how long ago something was, that is the day, in days since 1970; 0 is never.
pub(super) fn columns(tallies: &[Tally]) -> (String, String) {
    let mut counts = String::new();
    let mut all = Vec::new();
    for (at, tally) in tallies.iter().enumerate() {
        let (count, together) = column(*tally);
        // Text has no end to write beyond.
        let _ = write!(counts, ",\n        {count} AS tally_{at}");
        all.push(format!("{together}(tally_{at})"));
    }
    (counts, all.join(", "))
}

fn column(tally: Tally) -> (String, &'static str) {
    let done = done(tally.what);
    let lately = tally
        .reach_days()
        .map(|days| format!("day > {{to:Date}} - {days}"))
        .unwrap_or_default();
    match tally.over {
        Over::Weeks(_) => (
            format!("uniqExactStateIf(intDiv({{to:Date}} - day, {WEEK}), {done} > 0 AND {lately})"),
            "uniqExactMerge",
        ),
        Over::Days(_) => (format!("sumIf({done}, {lately})"), "sum"),
        Over::Since => (format!("maxIf(toUInt16(day), {done} > 0)"), "max"),
    }
}

fn done(what: What) -> &'static str {
    match what {
        What::Anything => "(views + downloads + ci)",
        What::Views => "views",
        What::Downloads => "(downloads + ci)",
        What::Ci => "ci",
    }
}

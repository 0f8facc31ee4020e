//! The axis of a time series: every bucket of a period, whether or not anything happened in it.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::dimension::Interval;
use super::period::{Period, midnight};

const HOUR: &str = "%Y-%m-%d %H:00:00";

/// One label a bucket, oldest first, written as the SQL of [`super::sql`] writes them.
///
/// The hour that a clock shows twice when summer ends is one bucket.
pub(super) fn labels(interval: Interval, period: &Period) -> Vec<String> {
    match interval {
        Interval::Hour => hours(period),
        Interval::Day => dates(period.first, period.last, 1.day()),
        Interval::Week => dates(monday(period.first), period.last, 7.days()),
        Interval::Month => dates(period.first.first_of_month(), period.last, 1.month()),
    }
}

/// Whether the last bucket ends after the period does, or after now.
pub(super) fn last_is_partial(interval: Interval, period: &Period) -> bool {
    bucket_end(interval, period) > period.to.min(period.now)
}

/// The label of the bucket that is filling now. Labels sort as their buckets do.
pub(super) fn running(interval: Interval, period: &Period) -> String {
    let clock = period.now.to_zoned(period.zone.clone());
    let today = clock.date();
    match interval {
        Interval::Hour => clock.strftime(HOUR).to_string(),
        Interval::Day => today.to_string(),
        Interval::Week => monday(today).to_string(),
        Interval::Month => today.first_of_month().to_string(),
    }
}

fn bucket_end(interval: Interval, period: &Period) -> Timestamp {
    let after = |day: Date, span| midnight(day.saturating_add(span), &period.zone);
    match interval {
        Interval::Hour => period.to,
        Interval::Day => after(period.last, 1.day()),
        Interval::Week => after(monday(period.last), 7.days()),
        Interval::Month => after(period.last.first_of_month(), 1.month()),
    }
}

fn hours(period: &Period) -> Vec<String> {
    let mut labels = Vec::new();
    let mut instant = period.from;
    while instant < period.to {
        let clock = instant.to_zoned(period.zone.clone());
        labels.push(clock.strftime(HOUR).to_string());
        instant += SignedDuration::from_hours(1);
    }
    labels.dedup();
    labels
}

fn dates(first: Date, last: Date, step: jiff::Span) -> Vec<String> {
    first
        .series(step)
        .take_while(|day| *day <= last)
        .map(|day| day.to_string())
        .collect()
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days())
}

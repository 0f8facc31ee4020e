//! From a range as asked ("28d") to a stretch of time with a beginning and an end.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::place::{Invalid, Place, quoted};
use super::words::{listed, words};

words! {
    /// A range with a name. All but the first are whole days and include today.
    Preset {
        /// The last 24 hours by the clock, the running one included.
        Hours24 => "24h",
        /// Today.
        Day => "day",
        /// Seven days.
        Days7 => "7d",
        /// Four weeks.
        Days28 => "28d",
        /// Thirteen weeks.
        Days91 => "91d",
        /// Six calendar months, this one included.
        Months6 => "6mo",
        /// Twelve calendar months, this one included.
        Months12 => "12mo",
        /// This calendar month so far.
        Month => "month",
        /// This calendar year so far.
        Year => "year",
        /// From the first event on.
        All => "all",
    }
}

/// A range as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateRange {
    /// One with a name.
    Preset(Preset),
    /// From one day to another, both included.
    Days(Date, Date),
}

/// What a `DateTime` column can hold, less a year at either end so that comparisons fit too.
const EARLIEST: Date = date(1971, 1, 2);
const LATEST: Date = date(2105, 12, 31);

impl DateRange {
    pub(super) fn read(place: &Place<'_>) -> Result<Self, Invalid> {
        if let Some(word) = place.value().as_str() {
            return Preset::from_word(word).map(Self::Preset).ok_or_else(|| {
                let presets = listed!(Preset);
                let word = quoted(word);
                place.invalid(format!(
                    "invalid date range {word}; one of {presets}, or two dates such as [\"2026-08-01\", \"2026-10-31\"]"
                ))
            });
        }
        let (first, last) = Self::read_days(place)?;
        Ok(Self::Days(first, last))
    }

    /// Reads the first and the last day of a range.
    pub(super) fn read_days(place: &Place<'_>) -> Result<(Date, Date), Invalid> {
        let [from, to] = place
            .items(2)?
            .try_into()
            .map_err(|_| place.invalid("expected two dates"))?;
        let (first, last) = (read_date(&from)?, read_date(&to)?);
        if last < first {
            return Err(to.invalid("the range ends before it begins"));
        }
        Ok((first, last))
    }
}

fn read_date(place: &Place<'_>) -> Result<Date, Invalid> {
    let text = place.text()?;
    Date::strptime("%Y-%m-%d", text)
        .ok()
        .filter(|date| (EARLIEST..=LATEST).contains(date))
        .ok_or_else(|| {
            let text = quoted(text);
            place.invalid(format!(
                "invalid date {text}; expected YYYY-MM-DD from {EARLIEST} to {LATEST}"
            ))
        })
}

/// A stretch of time in a time zone, cut at buckets of an hour at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// First instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub to: Timestamp,
    /// Calendar day of the first instant.
    pub first: Date,
    /// Calendar day of the last instant; of a period that was cut, the last it would have had.
    pub last: Date,
    /// Whose calendar and clock.
    pub zone: TimeZone,
    /// When the question was asked.
    pub now: Timestamp,
}

impl Period {
    /// The stretch that `range` means at `now`; `first_day` is where "all" begins.
    pub(crate) fn resolve(
        range: DateRange,
        zone: &TimeZone,
        now: Timestamp,
        first_day: Option<Date>,
    ) -> Self {
        let clock = now.to_zoned(zone.clone());
        let today = clock.date();
        let since = |first: Date| Self::days(first, today, zone, now);
        match range {
            DateRange::Days(first, last) => Self::days(first, last, zone, now),
            DateRange::Preset(preset) => match preset {
                Preset::Hours24 => Self::hours(&clock, now),
                Preset::Day => since(today),
                Preset::Days7 => since(back(today, 6.days())),
                Preset::Days28 => since(back(today, 27.days())),
                Preset::Days91 => since(back(today, 90.days())),
                Preset::Months6 => since(back(today.first_of_month(), 5.months())),
                Preset::Months12 => since(back(today.first_of_month(), 11.months())),
                Preset::Month => since(today.first_of_month()),
                Preset::Year => since(today.first_of_year()),
                Preset::All => since(
                    first_day
                        .unwrap_or(today)
                        .clamp(EARLIEST, today.max(EARLIEST)),
                ),
            },
        }
    }

    /// Whole days, both ends included.
    pub(super) fn days(first: Date, last: Date, zone: &TimeZone, now: Timestamp) -> Self {
        let from = midnight(first, zone);
        let to = midnight(last.tomorrow().unwrap_or(last), zone);
        Self {
            from,
            to,
            first,
            last,
            zone: zone.clone(),
            now,
        }
    }

    /// The running hour and the 23 before it.
    fn hours(clock: &jiff::Zoned, now: Timestamp) -> Self {
        let past = i64::from(clock.minute()) * 60 + i64::from(clock.second());
        let hour = Timestamp::from_second(now.as_second() - past).unwrap_or(now);
        Self::between(
            hour - SignedDuration::from_hours(23),
            hour + SignedDuration::from_hours(1),
            clock.time_zone(),
            now,
        )
    }

    /// From one instant to another.
    pub(crate) fn between(from: Timestamp, to: Timestamp, zone: &TimeZone, now: Timestamp) -> Self {
        let day = |instant: Timestamp| instant.to_zoned(zone.clone()).date();
        let (first, last) = (day(from), day(to - SignedDuration::from_secs(1)));
        Self {
            from,
            to,
            first,
            last,
            zone: zone.clone(),
            now,
        }
    }

    /// Whether events that belong to it are still to come.
    pub(crate) fn is_live(&self) -> bool {
        self.to > self.now
    }

    /// How many calendar days it touches.
    pub(crate) fn day_count(&self) -> i32 {
        days_between(self.first, self.last) + 1
    }

    pub(super) fn is_whole_days(&self) -> bool {
        self.from == midnight(self.first, &self.zone)
            && self.to == midnight(self.last.tomorrow().unwrap_or(self.last), &self.zone)
    }

    /// Whether its days are UTC days, so that a rollup by UTC day answers exactly.
    pub(crate) fn is_utc_days(&self) -> bool {
        self.is_whole_days()
            && self
                .first
                .series(1.day())
                .take_while(|day| *day <= self.last)
                .all(|day| midnight(day, &self.zone) == midnight(day, &TimeZone::UTC))
    }

    /// Whether its days and hours begin with UTC hours, so that a rollup by hour answers exactly.
    pub(super) fn is_whole_hours(&self) -> bool {
        let whole = |instant: Timestamp| instant.as_second() % 3600 == 0;
        whole(self.from)
            && whole(self.to)
            && self
                .first
                .series(1.day())
                .take_while(|day| *day <= self.last)
                .all(|day| whole(midnight(day, &self.zone)))
    }

    /// The last UTC day with events of this period: for a live one, the day it is in UTC counts too.
    pub(super) fn last_utc_day(&self) -> Date {
        let utc_today = self.now.to_zoned(TimeZone::UTC).date();
        if self.is_live() && self.from <= self.now {
            self.last.max(utc_today)
        } else {
            let end = self.to - SignedDuration::from_secs(1);
            self.last.min(end.to_zoned(self.zone.clone()).date())
        }
    }
}

pub(super) fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    // A day of 1971 to 2106 is an instant in every zone; the fallback only keeps this total.
    day.to_zoned(zone.clone())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Cut to the minute, to which events are timed; statements repeat within it, so that the cache can answer them.
pub(super) fn minute(instant: Timestamp) -> Timestamp {
    instant - SignedDuration::from_secs(instant.as_second().rem_euclid(60))
}

pub(super) fn back(day: Date, span: Span) -> Date {
    day.saturating_sub(span)
}

pub(super) fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}

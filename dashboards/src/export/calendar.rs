//! Which periods of an export by the clock are due. Periods are hours, days and months of UTC.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

/// How often rows are exported, and how much each file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Each hour.
    Hour,
    /// Each day.
    Day,
    /// Each month.
    Month,
}

/// One period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// First instant.
    pub(super) from: Timestamp,
    /// The instant after the last.
    pub(super) to: Timestamp,
    /// As file names spell it, in an order that sorts.
    pub(super) name: String,
}

/// How long after its end a period is closed: gateways elsewhere have delivered by then.
const SETTLING: SignedDuration = SignedDuration::from_mins(15);

impl Every {
    /// The word that settings use.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The earliest period not done yet, if it is over. `known` is up to when every event is known
    /// to have arrived. Before the first one was done, that is the latest one that is over; after a
    /// long absence it is the first of which events, kept for `event_days`, are still there.
    pub(super) fn due(
        self,
        done_until: Option<Timestamp>,
        known: Timestamp,
        now: Timestamp,
        event_days: u16,
    ) -> Option<Period> {
        let closed = self.start(known.min(now) - SETTLING)?;
        let from = match done_until {
            None => self.start(closed - SignedDuration::from_secs(1))?,
            Some(done) => {
                let kept = now - SignedDuration::from_hours(24 * i64::from(event_days));
                self.start_after(done.max(kept))?
            }
        };
        let to = self.start_after(from + SignedDuration::from_secs(1))?;
        (to <= closed).then(|| Period {
            name: self.name(from),
            from,
            to,
        })
    }

    /// The start of the period that `instant` lies in; none at the end of all times.
    fn start(self, instant: Timestamp) -> Option<Timestamp> {
        let clock = utc(instant);
        let hour = clock.date().at(clock.hour(), 0, 0, 0);
        let start = match self {
            Self::Hour => hour,
            Self::Day => clock.date().at(0, 0, 0, 0),
            Self::Month => clock.date().first_of_month().at(0, 0, 0, 0),
        };
        instant_of(start)
    }

    /// The first start that is not before `instant`.
    fn start_after(self, instant: Timestamp) -> Option<Timestamp> {
        let start = self.start(instant)?;
        if start == instant {
            return Some(start);
        }
        instant_of(utc(start).checked_add(self.length()).ok()?)
    }

    fn length(self) -> Span {
        match self {
            Self::Hour => 1.hour(),
            Self::Day => 1.day(),
            Self::Month => 1.month(),
        }
    }

    fn name(self, from: Timestamp) -> String {
        let format = match self {
            Self::Hour => "%Y-%m-%dT%HZ",
            Self::Day => "%Y-%m-%d",
            Self::Month => "%Y-%m",
        };
        utc(from).strftime(format).to_string()
    }
}

fn utc(instant: Timestamp) -> DateTime {
    instant.to_zoned(TimeZone::UTC).datetime()
}

fn instant_of(clock: DateTime) -> Option<Timestamp> {
    let zoned = clock.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests;

//! The period that another is compared with: as long, and just before or a year before; or days of the reader's choice.
//!
//! Downloads follow the week, so a period may be moved by whole weeks: a Saturday then stands beside a
//! Saturday. The stretch before begins as late as it can without touching the period (four days are
//! compared with those of the week before); a year becomes 52 weeks.
//!
//! A period that still grows is compared with as much of the other as has passed of itself, or every
//! morning would look like a fall. Over time, buckets stand side by side instead: the other period
//! is whole there, and the buckets that are not finished have no change.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::dimension::{Dimension, Interval};
use super::parse::Question;
use super::period::{DateRange, Period, back, minute};
use super::place::{Invalid, Place, quoted};
use super::words::{listed, words};

words! {
    /// Where the period lies that another is compared with.
    Earlier {
        /// The stretch of the same length just before.
        PreviousPeriod => "previous_period",
        /// The same dates one year earlier.
        YearOverYear => "year_over_year",
    }
}

/// What to compare a period with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// A stretch as long.
    With(Shift),
    /// These days, both included, however many they are.
    Days(Date, Date),
}

/// How a period is moved onto the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    /// Where to.
    pub(super) earlier: Earlier,
    /// By whole weeks.
    pub(super) same_weekdays: bool,
}

impl Compare {
    /// Reads `compare` and `match_day_of_week` of `include`.
    pub(super) fn read(include: &Place<'_>) -> Result<Option<Self>, Invalid> {
        let same_weekdays = include.member("match_day_of_week");
        let same_weekdays = same_weekdays.map_or(Ok(false), |place| place.truth())?;
        let Some(place) = include.member("compare") else {
            return Ok(None);
        };
        if place.value().is_array() {
            let (first, last) = DateRange::read_days(&place)?;
            return Ok(Some(Self::Days(first, last)));
        }
        let word = place.text()?;
        let earlier = Earlier::from_word(word).ok_or_else(|| {
            place.invalid(format!(
                "invalid comparison {}; one of {}, or two dates",
                quoted(word),
                listed!(Earlier)
            ))
        })?;
        Ok(Some(Self::With(Shift {
            earlier,
            same_weekdays,
        })))
    }

    /// Over months the calendar counts: each has every day of the week about as often.
    fn over(self, dimensions: &[Dimension]) -> Self {
        match self {
            Self::With(Shift { earlier, .. })
                if dimensions.contains(&Dimension::Time(Interval::Month)) =>
            {
                Self::With(Shift {
                    earlier,
                    same_weekdays: false,
                })
            }
            other => other,
        }
    }
}

impl Question {
    /// The period to set beside `period`, where one is asked for.
    pub(crate) fn compared(&self, period: &Period) -> Option<Period> {
        let how = self.include.compare?.over(&self.dimensions);
        let over_time = |dimension: &Dimension| matches!(dimension, Dimension::Time(_));
        Some(if self.dimensions.iter().any(over_time) {
            period.compared(how)
        } else {
            period.compared_so_far(how)
        })
    }
}

impl Period {
    /// The whole stretch to compare this one with.
    #[must_use]
    pub(super) fn compared(&self, how: Compare) -> Self {
        match how {
            Compare::Days(first, last) => Self::days(first, last, &self.zone, self.now),
            Compare::With(shift) if self.is_whole_days() => {
                let days = shift.days(self);
                let (first, last) = (back(self.first, days), back(self.last, days));
                Self::days(first, last, &self.zone, self.now)
            }
            Compare::With(shift) => {
                let from = shift.moment(self, self.from);
                let to = from + self.to.duration_since(self.from);
                Self::between(from, to, &self.zone, self.now)
            }
        }
    }

    /// The same stretch, cut where as much has passed of it as of this period.
    #[must_use]
    pub(super) fn compared_so_far(&self, how: Compare) -> Self {
        let mut then = self.compared(how);
        if let Compare::With(shift) = how
            && self.is_live()
        {
            let now = shift.moment(self, minute(self.now));
            then.to = now.clamp(then.from, then.to);
        }
        then
    }
}

impl Shift {
    /// The moment of the other period that is this one of `period`. Where days are compared, it is the
    /// same time by the clock, whatever summer time did in between.
    fn moment(self, period: &Period, moment: Timestamp) -> Timestamp {
        if !self.same_weekdays && !period.is_whole_days() {
            return moment - self.time(period);
        }
        let clock = moment.to_zoned(period.zone.clone()).datetime();
        clock
            .saturating_sub(self.days(period))
            .to_zoned(period.zone.clone())
            .map_or(moment, |then| then.timestamp())
    }

    fn days(self, period: &Period) -> Span {
        match (self.earlier, self.same_weekdays) {
            (Earlier::YearOverYear, false) => 1.year(),
            (Earlier::YearOverYear, true) => 52.weeks(),
            (Earlier::PreviousPeriod, false) => period.day_count().days(),
            (Earlier::PreviousPeriod, true) => ((period.day_count() + 6) / 7).weeks(),
        }
    }

    fn time(self, period: &Period) -> SignedDuration {
        match self.earlier {
            Earlier::PreviousPeriod => period.to.duration_since(period.from),
            Earlier::YearOverYear => SignedDuration::from_hours(365 * 24),
        }
    }
}

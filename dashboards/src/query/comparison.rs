//! The period that another is compared with: as long, and just before or a year before.
//!
//! A period that still grows is compared with as much of the other as has passed of itself, or every
//! morning would look like a fall. Over time, buckets stand side by side instead: the other period
//! is whole there, and the buckets that are not finished have no change.

use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::dimension::Dimension;
use super::parse::{Compare, Question};
use super::period::{Period, back, days_between, minute};

impl Question {
    /// The period to set beside `period`, where one is asked for.
    pub(crate) fn compared(&self, period: &Period) -> Option<Period> {
        let how = self.include.compare?;
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
        if self.is_whole_days() {
            let shift = self.days_to(how);
            let (first, last) = (back(self.first, shift), back(self.last, shift));
            Self::days(first, last, &self.zone, self.now)
        } else {
            let shift = self.time_to(how);
            Self::between(self.from - shift, self.to - shift, &self.zone, self.now)
        }
    }

    /// The same stretch, cut where as much has passed of it as of this period.
    #[must_use]
    pub(super) fn compared_so_far(&self, how: Compare) -> Self {
        let mut then = self.compared(how);
        if self.is_live() {
            then.to = self.now_in(how).clamp(then.from, then.to);
        }
        then
    }

    /// This moment in the other period. Where days are compared, it is the same time by the clock,
    /// whatever summer time did in between.
    fn now_in(&self, how: Compare) -> Timestamp {
        let now = minute(self.now);
        if !self.is_whole_days() {
            return now - self.time_to(how);
        }
        let clock = now.to_zoned(self.zone.clone()).datetime();
        clock
            .saturating_sub(self.days_to(how))
            .to_zoned(self.zone.clone())
            .map_or(now, |then| then.timestamp())
    }

    fn days_to(&self, how: Compare) -> Span {
        match how {
            Compare::YearOverYear => 1.year(),
            Compare::PreviousPeriod => (days_between(self.first, self.last) + 1).days(),
        }
    }

    fn time_to(&self, how: Compare) -> SignedDuration {
        match how {
            Compare::PreviousPeriod => self.to.duration_since(self.from),
            Compare::YearOverYear => SignedDuration::from_hours(365 * 24),
        }
    }
}

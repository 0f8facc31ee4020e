//! Weeks of ISO 8601, in UTC: the windows that are published, each once and for ever. Pure.

use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// Most weeks of an answer.
const MOST: i64 = 26;

/// A day is counted for as long as its visitors are told apart, which is until two days after its beginning.
pub(super) const COUNTED_DAYS: i64 = 2;

/// Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Week(ISOWeekDate);

/// The first and the last day of the four weeks that are final as of `today`.
pub(crate) fn last_four_weeks(today: Date) -> (Date, Date) {
    let weeks = Week::finals(today);
    let last = weeks.last().map_or(today, |week| week.0.date());
    (last.saturating_sub(27.days()), last)
}

impl Week {
    /// The weeks whose counts no longer change as of `today`, the latest last.
    pub(super) fn finals(today: Date) -> Vec<Self> {
        // The last Sunday that has its two days behind it.
        let settled = today.saturating_sub(COUNTED_DAYS.days());
        let sunday = match settled.weekday() {
            Weekday::Sunday => settled,
            _ => {
                settled.saturating_sub(i64::from(settled.weekday().to_sunday_zero_offset()).days())
            }
        };
        let mut weeks: Vec<_> = (0..MOST)
            .map(|back| Self(sunday.saturating_sub(back.weeks()).iso_week_date()))
            .collect();
        weeks.reverse();
        weeks
    }

    /// Its days in order.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        let monday = self.first();
        (0..7).map(move |day: i64| monday.saturating_add(day.days()))
    }

    /// Its Monday.
    pub(super) fn first(self) -> Date {
        let sunday = self.0.date();
        sunday.saturating_sub(6.days())
    }

    /// As ISO 8601 writes it: `2026-W47`.
    pub(super) fn name(self) -> String {
        format!("{:04}-W{:02}", self.0.year(), self.0.week())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_week_is_final_on_the_tuesday_after_it() {
        let last = |today| Week::finals(today).last().expect("some").name();
        let days = [
            date(2026, 11, 22),
            date(2026, 11, 23),
            date(2026, 11, 24),
            date(2026, 11, 30),
            date(2026, 12, 1),
        ];
        insta::assert_snapshot!(days.map(|day| format!("{day}: {}", last(day))).join("\n"), @"
        2026-11-22: 2026-W46
        2026-11-23: 2026-W46
        2026-11-24: 2026-W47
        2026-11-30: 2026-W47
        2026-12-01: 2026-W48
        ");
    }

    #[test]
    fn four_weeks_end_with_the_last_final_sunday() {
        let days = (date(2026, 10, 19), date(2026, 11, 15));
        assert_eq!(last_four_weeks(date(2026, 11, 17)), days);
        assert_eq!(last_four_weeks(date(2026, 11, 23)), days);
        assert_ne!(last_four_weeks(date(2026, 11, 24)), days);
    }

    #[test]
    fn the_first_week_of_a_year_may_begin_in_the_year_before() {
        let week = Week::finals(date(2026, 1, 6))
            .last()
            .copied()
            .expect("some");
        let days: Vec<_> = week.days().map(|day| day.to_string()).collect();
        insta::assert_snapshot!(format!("{}: {}", week.name(), days.join(" ")), @"2026-W01: 2025-12-29 2025-12-30 2025-12-31 2026-01-01 2026-01-02 2026-01-03 2026-01-04");
    }

    proptest! {
        #[test]
        fn windows_never_overlap_and_leave_nothing_out(days in 0..40_000i64) {
            let today = date(1990, 1, 1).saturating_add(days.days());
            let all: Vec<_> = Week::finals(today).into_iter().flat_map(Week::days).collect();
            prop_assert_eq!(all.len(), 7 * 26);
            for pair in all.windows(2) {
                prop_assert_eq!(pair[0].tomorrow().expect("a day"), pair[1]);
            }
            let last = *all.last().expect("some");
            prop_assert!(last.saturating_add(COUNTED_DAYS.days()) <= today);
            prop_assert!(last.saturating_add((COUNTED_DAYS + 7).days()) > today);
        }
    }
}

//! What conditions count, whatever number they want of it: something that a store can count for all organisations
//! at once. `query` says the same in SQL, and a test that both agree.

use super::activity::{Activity, Day, What};

/// Days of a week.
const WEEK: Day = 7;

/// Something to count of an organisation on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What counts.
    pub what: What,
    /// How it counts.
    pub over: Over,
}

/// How something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// How many of the last so many weeks have some.
    Weeks(u16),
    /// How much there was in the last so many days.
    Days(u16),
    /// How many days ago the last of it was.
    Since,
}

impl Tally {
    /// How many days before one it looks at, where it does not look at all.
    pub(crate) fn reach_days(self) -> Option<Day> {
        match self.over {
            Over::Weeks(of) => Some(Day::from(of) * WEEK),
            Over::Days(days) => Some(Day::from(days)),
            Over::Since => None,
        }
    }

    /// The number on `day`; none where there never was any.
    pub(super) fn count(self, activity: &Activity, day: Day) -> Option<u64> {
        let first = self.reach_days().map_or(Day::MIN, |reach| day - reach + 1);
        match self.over {
            Over::Weeks(_) => Some(weeks_with(activity, self.what, first, day)),
            Over::Days(_) => Some(activity.sum(self.what, first, day)),
            Over::Since => {
                let last = activity.last(self.what, day)?;
                Some(u64::from(day.abs_diff(last)))
            }
        }
    }
}

/// How many weeks that end with `last` have some of `what`, from the day `first` on.
fn weeks_with(activity: &Activity, what: What, first: Day, last: Day) -> u64 {
    let days = activity.between(first, last).iter();
    let with = days.filter(|(_, done)| done.count(what) > 0);
    let mut weeks: Vec<_> = with.map(|(day, _)| (last - day) / WEEK).collect();
    weeks.dedup();
    weeks.len() as u64
}

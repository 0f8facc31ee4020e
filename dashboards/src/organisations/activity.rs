//! What an organisation did, by UTC day.

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};

/// A UTC day, in days since 1970.
pub type Day = i32;

/// What it did on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Pages read.
    pub views: u64,
    /// Downloads, but for those of build services.
    pub downloads: u64,
    /// Downloads of build services.
    pub ci: u64,
}

/// What of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Any of it.
    Anything,
    /// Pages read.
    Views,
    /// All downloads.
    Downloads,
    /// Downloads of build services.
    Ci,
}

impl What {
    const ALL: [Self; 4] = [Self::Anything, Self::Views, Self::Downloads, Self::Ci];

    /// The word for it in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anything => "anything",
            Self::Views => "views",
            Self::Downloads => "downloads",
            Self::Ci => "ci",
        }
    }

    /// What `word` stands for.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
}

impl Done {
    /// How much of `what` there is.
    pub fn count(self, what: What) -> u64 {
        let downloads = self.downloads.saturating_add(self.ci);
        match what {
            What::Anything => downloads.saturating_add(self.views),
            What::Views => self.views,
            What::Downloads => downloads,
            What::Ci => self.ci,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            views: self.views.saturating_add(other.views),
            downloads: self.downloads.saturating_add(other.downloads),
            ci: self.ci.saturating_add(other.ci),
        }
    }
}

/// The days on which it did something, earliest first, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity(Vec<(Day, Done)>);

impl Activity {
    /// From days in any order; what is said twice of a day is added up.
    pub fn new(days: impl IntoIterator<Item = (Day, Done)>) -> Self {
        let mut days: Vec<_> = days
            .into_iter()
            .filter(|(_, done)| done.count(What::Anything) > 0)
            .collect();
        days.sort_by_key(|(day, _)| *day);
        days.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.and(next.1);
            }
            same
        });
        Self(days)
    }

    /// All days.
    pub fn days(&self) -> &[(Day, Done)] {
        &self.0
    }

    /// The days from `first` to `last`, both included.
    pub fn between(&self, first: Day, last: Day) -> &[(Day, Done)] {
        let from = self.0.partition_point(|(day, _)| *day < first);
        let to = self.0.partition_point(|(day, _)| *day <= last);
        self.0.get(from..to).unwrap_or_default()
    }

    /// How much of `what` there was from `first` to `last`, both included.
    pub fn sum(&self, what: What, first: Day, last: Day) -> u64 {
        let days = self.between(first, last).iter();
        days.fold(0, |sum, (_, done)| sum.saturating_add(done.count(what)))
    }

    /// The last day until `day` with some of `what`.
    pub fn last(&self, what: What, day: Day) -> Option<Day> {
        let days = self.between(Day::MIN, day).iter().rev();
        let mut with = days.filter(|(_, done)| done.count(what) > 0);
        with.next().map(|(day, _)| *day)
    }
}

/// The number of a date.
pub(crate) fn day_of(date: Date) -> Day {
    date.since((Unit::Day, date_of(0)))
        .map_or(0, |span| span.get_days())
}

/// The date of a number.
pub(crate) fn date_of(day: Day) -> Date {
    jiff::civil::date(1970, 1, 1).saturating_add(day.days())
}

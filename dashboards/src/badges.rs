//! What badges say of a package: the last four public weeks, by the same questions that the page asks.
//!
//! A badge is for everybody, so it tells no more than [`crate::public`] would: windows are whole weeks that are final,
//! and no number is about fewer than ten. Counting is for the background: nobody
//! who looks at a badge waits for ClickHouse.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::answers::{Answers, AskError};
use crate::public::{K, last_four_weeks};
use crate::query::{self, Invalid};
use crate::store::Connect;

/// Days in which a version has to be downloaded for its major to be one of those that are used.
const MAJORS_WITHIN: &str = "91d";

/// Why a package's badges cannot be counted.
#[derive(Debug, thiserror::Error)]
#[error("cannot count what badges say of {package:?}")]
pub struct BadgesError {
    package: String,
    source: AskError,
}

/// What may be told of a package; nothing where too few are behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badges {
    /// Downloads, of every audience.
    pub downloads: Option<u64>,
    /// People of a day, added up over days.
    pub people: Option<u64>,
    /// Organisations.
    pub organisations: Option<u64>,
    /// Of people whose version is known, the percentage on the latest stable major.
    pub latest_percent: Option<u8>,
    /// The last of the 28 days.
    pub until: Option<Date>,
}

/// Counts for badges.
pub struct BadgeCounts {
    answers: Answers,
}

/// The numbers of a window as they were asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    downloads: u64,
    people: u64,
    organisations: u64,
    /// People whose version is known, and those among them on the latest major.
    versioned: u64,
    on_latest: u64,
}

impl BadgeCounts {
    /// Reads from wherever `connect` says, where single events are kept for `event_days`.
    pub fn new(connect: Connect, event_days: u16) -> Self {
        Self {
            answers: Answers::new(connect, event_days),
        }
    }

    /// What badges may say of `package` as of `now`.
    pub async fn of(&self, package: &str, now: Timestamp) -> Result<Badges, BadgesError> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let (first, last) = last_four_weeks(today);
        let counted = self.counted(package, (first, last), now).await;
        let counted = counted.map_err(|source| BadgesError {
            package: package.to_owned(),
            source,
        })?;
        Ok(told(counted, last))
    }

    async fn counted(
        &self,
        package: &str,
        (first, last): (Date, Date),
        now: Timestamp,
    ) -> Result<Counted, AskError> {
        let range = json!([first.to_string(), last.to_string()]);
        let question = json!({
            "site_id": package,
            "date_range": range,
            "metrics": ["downloads", "people", "organisations"],
        });
        let answer = self.answers.answer(&read(&question)?, now).await?;
        let row = answer.results.first().map(|row| &row.metrics[..]);
        let (downloads, people, organisations) = match row {
            Some(&[downloads, people, organisations]) => (downloads, people, organisations),
            _ => (0, 0, 0),
        };
        let by_version = self.people_by_version(package, &range, now).await?;
        let latest = self.latest_major(package, now).await?;
        let sum = |is: &dyn Fn(&str) -> bool| {
            let these = by_version.iter().filter(|(version, _)| is(version));
            these.map(|(_, people)| people).sum()
        };
        let versioned = sum(&|version| !version.is_empty());
        let on_latest =
            sum(&|version| latest.as_deref().is_some_and(|major| is_of(major, version)));
        Ok(Counted {
            downloads,
            people,
            organisations,
            versioned,
            on_latest,
        })
    }

    /// People are known by version for as long as they are counted at all, and not by anything made of it.
    async fn people_by_version(
        &self,
        package: &str,
        range: &Value,
        now: Timestamp,
    ) -> Result<Vec<(String, u64)>, AskError> {
        let question = json!({
            "site_id": package,
            "date_range": range,
            "metrics": ["people"],
            "dimensions": ["version"],
            "pagination": { "limit": 10_000, "offset": 0 },
        });
        let answer = self.answers.answer(&read(&question)?, now).await?;
        let rows = answer.results.into_iter();
        Ok(rows
            .filter_map(|row| Some((row.dimensions.into_iter().next()?, *row.metrics.first()?)))
            .collect())
    }

    /// The latest major that has a release which is really used.
    async fn latest_major(
        &self,
        package: &str,
        now: Timestamp,
    ) -> Result<Option<String>, AskError> {
        let question = json!({
            "site_id": package,
            "date_range": MAJORS_WITHIN,
            "metrics": ["downloads"],
            "dimensions": ["version_major"],
            "filters": [["is_not", "version_major", [""]], ["is", "channel", ["stable"]]],
        });
        let answer = self.answers.answer(&read(&question)?, now).await?;
        let used = answer
            .results
            .iter()
            .filter(|row| row.metrics.first() >= Some(&K));
        let majors = used.filter_map(|row| row.dimensions.first().map(String::as_str));
        Ok(query::newest_version(majors).map(str::to_owned))
    }
}

/// Whether `version` is one of `major`: `2.1` and `v2` are of `2`, `20` is not.
fn is_of(major: &str, version: &str) -> bool {
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let rest = version.strip_prefix(major);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
}

fn read(question: &Value) -> Result<query::Question, Invalid> {
    query::parse(question)
}

/// What may be told of what was counted until the day `last`.
fn told(counted: Counted, last: Date) -> Badges {
    let is_large = counted.downloads >= K && counted.people >= K;
    let large = |count: u64| (is_large && count >= K).then_some(count);
    Badges {
        downloads: large(counted.downloads),
        people: large(counted.people),
        organisations: large(counted.organisations),
        latest_percent: percent(counted.on_latest, counted.versioned),
        until: Some(last),
    }
}

/// `part` of `whole` in percent, where neither it nor the rest is about a few; all of many may be told.
fn percent(part: u64, whole: u64) -> Option<u8> {
    let rest = whole.saturating_sub(part);
    let may_be_told = part >= K && (rest == 0 || rest >= K);
    let percent = || u8::try_from((part * 100 + whole / 2) / whole).ok();
    may_be_told.then(percent).flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn nothing_is_told_of_fewer_than_ten() {
        let of = |downloads, people, organisations| {
            let counted = Counted {
                downloads,
                people,
                organisations,
                ..Counted::default()
            };
            let badges = told(counted, date(2026, 11, 15));
            (badges.downloads, badges.people, badges.organisations)
        };
        assert_eq!(of(1000, 50, 12), (Some(1000), Some(50), Some(12)));
        assert_eq!(of(1000, 50, 9), (Some(1000), Some(50), None));
        // A machine that downloads all day is one.
        assert_eq!(of(1000, 9, 12), (None, None, None));
        assert_eq!(of(9, 9, 0), (None, None, None));
    }

    #[test]
    fn a_version_is_of_the_major_that_it_begins_with() {
        for version in ["2", "v2", "2.1", "2-rc.1", "V2+build"] {
            assert!(is_of("2", version), "{version}");
        }
        for version in ["20", "1.2", "", "latest", "2x"] {
            assert!(!is_of("2", version), "{version}");
        }
        assert!(is_of("0.4", "0.4.9") && !is_of("0.4", "0.40.1"));
    }

    #[test]
    fn a_share_is_told_where_both_sides_of_it_are_many() {
        assert_eq!(percent(620, 1000), Some(62));
        assert_eq!(percent(10, 1000), Some(1));
        assert_eq!(percent(995, 1005), Some(99));
        assert_eq!(percent(1000, 1000), Some(100));
        for (part, whole) in [(991, 1000), (9, 1000), (9, 9), (0, 0)] {
            assert_eq!(percent(part, whole), None, "{part} of {whole}");
        }
    }
}

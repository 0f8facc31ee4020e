//! Numbers for everybody: downloads of a package by week, split by one property, no cell of which is about
//! fewer than ten people.
//!
//! | module | what it does |
//! |---|---|
//! | `count` | asks once an hour what a day had, while visitors are still told apart |
//! | `days` | keeps those counts, a file a day |
//! | `week` | the fixed windows, and when one is final |
//! | `cube` | which cells of a week may be told; pure |
//! | `answer` | puts weeks together |
//! | `bucket` | how many questions are answered at a time |
//!
//! What is published of a week never changes, every window ends where the next begins, and nothing but whole
//! windows is told: so no two answers differ by what few people did.

mod answer;
mod bucket;
mod count;
mod cube;
mod days;
mod week;

pub(crate) use answer::{PublicWeeks, Split};
pub(crate) use count::count_by_the_hour;
pub(crate) use cube::K;
pub(crate) use week::last_four_weeks;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use moka::sync::Cache;

use bucket::Bucket;
use days::{Days, DaysError};

/// How long an answer is repeated: weeks change once a week, and an hour later is early enough.
const LASTS: Duration = Duration::from_mins(10);

/// What is public, and how often it was asked for lately.
pub(crate) struct Public {
    days: Days,
    recent: Cache<(String, Split, Date), Arc<PublicWeeks>>,
    bucket: Mutex<Bucket>,
}

impl Public {
    /// Keeps its counts in `folder`.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            days: Days::new(folder),
            // Only configured packages get here.
            recent: Cache::builder()
                .max_capacity(1000)
                .time_to_live(LASTS)
                .build(),
            bucket: Mutex::new(Bucket::new(Instant::now())),
        }
    }

    /// Takes one question, or says in how many seconds the next one is taken.
    pub(crate) fn admit(&self) -> Result<(), u64> {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.take(Instant::now())
    }

    /// The final weeks of `package` as of `today`. Reads files: not for a thread that others wait for.
    pub(crate) fn weeks(
        &self,
        package: &str,
        by: Split,
        today: Date,
    ) -> Result<Arc<PublicWeeks>, Arc<DaysError>> {
        let key = (package.to_owned(), by, today);
        self.recent.try_get_with(key, || {
            answer::weeks(package, by, today, |day| self.days.read(day)).map(Arc::new)
        })
    }
}

//! Clients that no rule knows: what they call themselves, and how many requests came of each on a day.
//!
//! A name is the one short word that a row keeps as its client. They are few, and kept for a week in one file beside
//! the other state, so that an operator can look at them and write rules for those that matter.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most names of one day; what comes after that is counted together.
const MOST_NAMES: usize = 1_000;
/// Days that are kept.
const DAYS: usize = 7;
const DAY_SECONDS: u32 = 86_400;

/// Counts those whose agent begins with no word that may be kept.
const UNNAMED: &str = "(unnamed)";
/// Counts those that came when a day already had enough names.
const OTHERS: &str = "(others)";

/// Requests by name, for each day (since 1970).
pub type StrangerCounts = BTreeMap<u32, BTreeMap<String, u64>>;

/// Why names cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StrangersError {
    /// The file cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file was written by something else.
    #[error("{} is not what weir writes: remove it", file.display())]
    Strange {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The counts of a running gateway; shared by all requests.
pub(crate) struct Strangers {
    file: PathBuf,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    days: StrangerCounts,
    /// Whether something came since they were last written.
    changed: bool,
}

impl Strangers {
    /// Goes on from what is kept in `data_dir`; a file that cannot be used is as good as none.
    pub(crate) fn open(data_dir: &Path) -> Self {
        let days = strangers(data_dir).unwrap_or_else(|error| {
            tracing::warn!(%error, "the names of unknown clients begin anew");
            StrangerCounts::new()
        });
        Self {
            file: file(data_dir),
            known: Mutex::new(Known {
                days,
                changed: false,
            }),
        }
    }

    /// Counts a request of a client of this name, at `now` (seconds since 1970).
    pub(crate) fn count(&self, name: &str, now: u32) {
        let mut known = self.known();
        known.changed = true;
        let day = known.days.entry(now / DAY_SECONDS).or_default();
        let name = if name.is_empty() { UNNAMED } else { name };
        if let Some(count) = day.get_mut(name) {
            *count += 1;
            return;
        }
        let name = if day.len() < MOST_NAMES { name } else { OTHERS };
        *day.entry(name.to_owned()).or_default() += 1;
    }

    /// Writes what came since the last time, if anything did, and lets old days go.
    pub(crate) fn save(&self) -> Result<(), StrangersError> {
        let text = {
            let mut known = self.known();
            if !std::mem::take(&mut known.changed) {
                return Ok(());
            }
            while known.days.len() > DAYS {
                known.days.pop_first();
            }
            serde_json::to_vec(&known.days).expect("numbers and text are JSON")
        };
        let new = self.file.with_extension("new");
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, &self.file))
            .map_err(|source| StrangersError::Write {
                file: self.file.clone(),
                source,
            })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A count that a panic cut short is off by one at most.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is kept in `data_dir`, as of the last minute or so.
pub fn strangers(data_dir: &Path) -> Result<StrangerCounts, StrangersError> {
    let file = file(data_dir);
    match std::fs::read(&file) {
        Ok(text) => {
            serde_json::from_slice(&text).map_err(|source| StrangersError::Strange { file, source })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(StrangerCounts::new()),
        Err(source) => Err(StrangersError::Read { file, source }),
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("unknown-clients.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u32 = 20_000 * DAY_SECONDS + 43_200;

    #[test]
    fn counts_outlive_the_process_that_made_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = Strangers::open(folder.path());
        before.count("acme-fetch", NOON);
        before.count("", NOON);
        before.save().expect("written");
        let after = Strangers::open(folder.path());
        after.count("acme-fetch", NOON + DAY_SECONDS);
        after.count("acme-fetch", NOON);
        after.save().expect("written");
        insta::assert_snapshot!(
            serde_json::to_string(&strangers(folder.path()).expect("read")).expect("JSON"),
            @r#"{"20000":{"(unnamed)":1,"acme-fetch":2},"20001":{"acme-fetch":1}}"#
        );
    }

    #[test]
    fn names_and_days_are_bounded_and_nothing_is_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let strangers = Strangers::open(folder.path());
        for number in 0..2_000 {
            strangers.count(&format!("tool-{number}"), NOON);
        }
        let of_day = strangers.known().days[&20_000].clone();
        assert_eq!((of_day.len(), of_day[OTHERS]), (MOST_NAMES + 1, 1_000));
        for day in 1..10 {
            strangers.count("tool", NOON + day * DAY_SECONDS);
        }
        strangers.save().expect("written");
        let kept = super::strangers(folder.path()).expect("read");
        assert_eq!(
            kept.keys().copied().collect::<Vec<_>>(),
            (20_003..20_010).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_file_of_something_else_is_named_and_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(file(folder.path()), "no JSON").expect("written");
        assert!(strangers(folder.path()).is_err());
        let anew = Strangers::open(folder.path());
        anew.count("tool", NOON);
        anew.save().expect("written");
        assert_eq!(strangers(folder.path()).expect("read").len(), 1);
    }
}

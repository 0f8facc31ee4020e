//! What public packages had in each day, a file a day: `2026-11-20.json`.
//!
//! ClickHouse forgets visitors after two days; numbers of them are kept here, and no visitor. A day is counted
//! several times, and only ever more is found, so the greater number stands.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::answer::Split;
use super::cube::Count;

/// Days that files are kept; only half a year is told.
const KEPT_DAYS: i64 = 400;

/// Why a day cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DaysError {
    /// The file cannot be used.
    #[error("cannot use {}; check that its folder is writable", .path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// Its text is not ours.
    #[error("{} is damaged; remove it, and its week is left out", .path.display())]
    Damaged {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
}

/// What a package had in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Downloads and visitors, however split.
    whole: [u64; 2],
    /// The same by property and value.
    cells: BTreeMap<Split, BTreeMap<String, [u64; 2]>>,
}

/// By package.
pub(super) type Day = BTreeMap<String, Counted>;

impl Counted {
    pub(super) fn set_whole(&mut self, count: Count) {
        raise(&mut self.whole, count);
    }

    pub(super) fn set(&mut self, by: Split, value: String, count: Count) {
        let cell = self.cells.entry(by).or_default().entry(value).or_default();
        raise(cell, count);
    }

    pub(super) fn whole(&self) -> Count {
        count(self.whole)
    }

    pub(super) fn cells(&self, by: Split) -> impl Iterator<Item = (&str, Count)> {
        let cells = self.cells.get(&by).into_iter().flatten();
        cells.map(|(value, &numbers)| (value.as_str(), count(numbers)))
    }

    fn merge(&mut self, other: Self) {
        self.set_whole(other.whole());
        for (by, cells) in other.cells {
            for (value, numbers) in cells {
                self.set(by, value, count(numbers));
            }
        }
    }
}

fn count([downloads, visitors]: [u64; 2]) -> Count {
    Count {
        downloads,
        visitors,
    }
}

fn raise(numbers: &mut [u64; 2], count: Count) {
    let [downloads, visitors] = numbers;
    *downloads = (*downloads).max(count.downloads);
    *visitors = (*visitors).max(count.visitors);
}

/// The folder of files.
pub(super) struct Days(PathBuf);

impl Days {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// What is known of a day; nothing where it was not counted.
    pub(super) fn read(&self, day: Date) -> Result<Day, DaysError> {
        let path = self.path(day);
        match fs::read(&path) {
            Ok(text) => {
                serde_json::from_slice(&text).map_err(|source| DaysError::Damaged { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Day::new()),
            Err(source) => Err(DaysError::File { path, source }),
        }
    }

    /// Adds what was counted to what is known, in one step.
    pub(super) fn merge(&self, day: Date, counted: Day) -> Result<(), DaysError> {
        let mut known = self.read(day)?;
        for (package, counted) in counted {
            known.entry(package).or_default().merge(counted);
        }
        let path = self.path(day);
        let text = serde_json::to_vec(&known).expect("numbers by text");
        self.replace(&path, &text)
            .map_err(|source| DaysError::File { path, source })
    }

    fn replace(&self, path: &std::path::Path, text: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let fresh = path.with_extension("new");
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    }

    /// Removes files that nothing is told from any more.
    pub(super) fn forget(&self, today: Date) -> io::Result<()> {
        let oldest = today.saturating_sub(KEPT_DAYS.days());
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let day = path
                .file_stem()
                .and_then(|name| name.to_str()?.parse::<Date>().ok());
            if day.is_some_and(|day| day < oldest) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn path(&self, day: Date) -> PathBuf {
        self.0.join(format!("{day}.json"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day(downloads: u64, visitors: u64) -> Day {
        let mut counted = Counted::default();
        let count = Count {
            downloads,
            visitors,
        };
        counted.set_whole(count);
        counted.set(Split::Country, "CH".to_owned(), count);
        Day::from([("acme/rocket".to_owned(), counted)])
    }

    #[test]
    fn the_greater_number_of_a_day_stands() {
        let folder = tempfile::tempdir().expect("a folder");
        let days = Days::new(folder.path().join("public"));
        let when = date(2026, 11, 20);
        assert_eq!(days.read(when).expect("nothing"), Day::new());
        // The last count came after some visitors were forgotten.
        for counted in [day(4, 3), day(9, 5), day(9, 1)] {
            days.merge(when, counted).expect("kept");
        }
        assert_eq!(days.read(when).expect("kept"), day(9, 5));
        let text =
            fs::read_to_string(folder.path().join("public/2026-11-20.json")).expect("a file");
        insta::assert_snapshot!(text, @r#"{"acme/rocket":{"whole":[9,5],"cells":{"country":{"CH":[9,5]}}}}"#);
    }

    #[test]
    fn a_damaged_file_says_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("2026-11-20.json"), "{").expect("written");
        let error = Days::new(folder.path().to_owned())
            .read(date(2026, 11, 20))
            .expect_err("damaged");
        assert!(
            error
                .to_string()
                .ends_with("2026-11-20.json is damaged; remove it, and its week is left out")
        );
    }

    #[test]
    fn old_days_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let days = Days::new(folder.path().to_owned());
        for when in [date(2025, 10, 1), date(2026, 11, 20)] {
            days.merge(when, day(1, 1)).expect("kept");
        }
        days.forget(date(2026, 11, 21)).expect("forgotten");
        assert_eq!(days.read(date(2025, 10, 1)).expect("read"), Day::new());
        assert_eq!(days.read(date(2026, 11, 20)).expect("read"), day(1, 1));
    }
}

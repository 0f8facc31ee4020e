//! What else is told of one organisation: pages that it read, packages that it uses.

use serde_json::Value;

use super::activity::{Activity, Day, Done};
use super::seen::{activity_of, day, done, number};
use crate::query::{Malformed, text};

/// A page that it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Path or address.
    pub path: String,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// A package that it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    /// Its name.
    pub package: String,
    /// What was done with it.
    pub done: Done,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// Days, pages and packages of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// What it did day by day.
    pub activity: Activity,
    /// What its events were stored under.
    pub sources: Sources,
    /// In the order in which they were first read.
    pub pages: Vec<Page>,
    /// Most downloads first.
    pub packages: Vec<Used>,
}

impl Profile {
    /// Reads the answers to [`crate::query::organisation_activity`], [`crate::query::organisation_pages`] and
    /// [`crate::query::organisation_packages`].
    pub(crate) fn of(
        days: &[Vec<Value>],
        pages: &[Vec<Value>],
        packages: &[Vec<Value>],
        sources: Sources,
    ) -> Result<Self, Malformed> {
        Ok(Self {
            activity: activity_of(days)?,
            sources,
            pages: pages
                .iter()
                .map(|row| page(row))
                .collect::<Result<_, _>>()?,
            packages: packages
                .iter()
                .map(|row| used(row))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn page(row: &[Value]) -> Result<Page, Malformed> {
    let [path, first, last] = row else {
        return Err(Malformed);
    };
    Ok(Page {
        path: text(path),
        first: day(first)?,
        last: day(last)?,
    })
}

fn used(row: &[Value]) -> Result<Used, Malformed> {
    let [package, views, downloads, ci, first, last] = row else {
        return Err(Malformed);
    };
    Ok(Used {
        package: text(package),
        done: done(views, downloads, ci)?,
        first: day(first)?,
        last: day(last)?,
    })
}

/// What the events of an organisation were stored under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// Its numbers and systems.
    pub numbers: Vec<(u32, u32)>,
    /// What the latest match rests on.
    pub evidence: String,
}

impl Sources {
    /// Reads the end of an answer to [`crate::query::organisations`] about one of them.
    pub(crate) fn of(row: &[Value]) -> Result<Self, Malformed> {
        let [.., numbers, evidence] = row else {
            return Err(Malformed);
        };
        let numbers = numbers.as_array().ok_or(Malformed)?.iter();
        Ok(Self {
            numbers: numbers.map(source).collect::<Result<_, _>>()?,
            evidence: text(evidence),
        })
    }
}

fn source(cell: &Value) -> Result<(u32, u32), Malformed> {
    match cell.as_array().ok_or(Malformed)?.as_slice() {
        [id, asn] => Ok((small(id)?, small(asn)?)),
        _ => Err(Malformed),
    }
}

fn small(cell: &Value) -> Result<u32, Malformed> {
    u32::try_from(number(cell)?).map_err(|_| Malformed)
}

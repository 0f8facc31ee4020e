//! A year of made-up history, as SQL for the events table.
//!
//! It looks like the life of a small project: growth, quiet weekends, releases that users move to
//! over weeks, build services that lag behind, mirrors that never sleep. Nothing in it is measured
//! and every row says so: its `route` is [`ROUTE`] and its `props` hold `made_up: true`.
//!
//! How many events a day has is computed here (`calendar`); what each of them looks like is
//! computed by ClickHouse from hashes (`rows`), so that a million rows travel as a few kilobytes
//! of text. The same arguments make the same rows.

pub mod adopters;
mod calendar;
mod crowd;
pub mod fleet;
mod organisations;
mod rows;

use self::calendar::Cell;

/// What the `route` column of every made-up event says.
pub const ROUTE: &str = "made-up history";

/// Days of history. The last one is yesterday.
pub const DAYS: u32 = 365;

/// How a package is distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ecosystem {
    /// Release archives.
    File,
    /// Container images.
    Oci,
    /// Python wheels.
    Pypi,
}

/// A package that gets a history.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Name that its events carry, such as `acme/rocket`.
    pub package: &'a str,
    /// How it is distributed.
    pub ecosystem: Ecosystem,
    /// Host name that its events carry.
    pub domain: &'a str,
    /// How popular it is in comparison with the others.
    pub weight: u32,
}

/// The statements that write `events` events for `subjects` into `database`, in the year before
/// `today` (days since 1970). Each fills one month of one package, so that none touches more than
/// one partition.
pub fn statements(
    today: u32,
    subjects: &[Subject<'_>],
    events: u64,
    database: &str,
) -> Vec<String> {
    let days = today.saturating_sub(DAYS)..today;
    let weights: Vec<f64> = subjects.iter().map(|it| f64::from(it.weight)).collect();
    let shares = calendar::apportioned(events, &weights);
    let months = subjects.iter().zip(shares).flat_map(|(subject, share)| {
        let cells = calendar::cells(days.clone(), share, subject.package);
        by_month(&cells)
            .map(|month| (subject, month))
            .collect::<Vec<_>>()
    });
    months
        .enumerate()
        .map(|(number, (subject, month))| rows::insert(number, subject, &month, today, database))
        .collect()
}

/// A query that tells how many made-up events `database` holds.
pub fn count(database: &str) -> String {
    format!("SELECT count() FROM {database}.events WHERE route = '{ROUTE}'")
}

/// The cells of each calendar month, earliest first.
fn by_month(cells: &[Cell]) -> impl Iterator<Item = Vec<Cell>> {
    let same_month = |a: &Cell, b: &Cell| calendar::month(a.day) == calendar::month(b.day);
    cells.chunk_by(same_month).map(<[Cell]>::to_vec)
}

#[cfg(test)]
mod tests;

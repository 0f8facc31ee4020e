//! Organisations as the store has them.

use jiff::civil::Date;
use serde_json::Value;

use super::activity::{Activity, Day, Done, day_of};
use super::tally::{Over, Tally};
use crate::query::{Malformed, count, text};

/// An organisation with what it did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Its domain, or its name where it has none: what tells it apart.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its domain; may be empty.
    pub domain: String,
    /// business, education, government, nonprofit.
    pub kind: String,
    /// How sure the match is, in percent.
    pub confidence: u64,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// What it did within the period asked for.
    pub period: Done,
    /// How many packages.
    pub packages: u64,
    /// How much it did in the window that ends with the last day asked for.
    pub lately: u64,
    /// How much in the window before.
    pub earlier: u64,
    /// What rules ask, each with its number; none where there never was any.
    pub tallies: Vec<(Tally, Option<u64>)>,
}

impl Seen {
    /// The number of `tally`; none where there never was any.
    pub(super) fn counted(&self, tally: Tally) -> Option<u64> {
        let mut tallies = self.tallies.iter();
        tallies.find(|(other, _)| *other == tally)?.1
    }
}

/// Reads the answer to [`crate::query::organisations`], which was asked for `tallies` as of `to`.
pub(crate) fn seen_of(
    cells: &[Vec<Value>],
    tallies: &[Tally],
    to: Day,
) -> Result<Vec<Seen>, Malformed> {
    cells.iter().map(|row| seen(row, tallies, to)).collect()
}

fn seen(row: &[Value], asked: &[Tally], to: Day) -> Result<Seen, Malformed> {
    let [
        key,
        name,
        domain,
        kind,
        confidence,
        first,
        last,
        views,
        downloads,
        ci,
        packages,
        lately,
        earlier,
        tallies,
        ..,
    ] = row
    else {
        return Err(Malformed);
    };
    Ok(Seen {
        key: text(key),
        name: text(name),
        domain: text(domain),
        kind: text(kind),
        confidence: number(confidence)?,
        first: day(first)?,
        last: day(last)?,
        period: done(views, downloads, ci)?,
        packages: number(packages)?,
        lately: number(lately)?,
        earlier: number(earlier)?,
        tallies: counted(tallies, asked, to)?,
    })
}

/// A cell that holds a day as it is written.
pub(super) fn day(cell: &Value) -> Result<Day, Malformed> {
    let date: Date = text(cell).parse().map_err(|_| Malformed)?;
    Ok(day_of(date))
}

pub(super) fn number(cell: &Value) -> Result<u64, Malformed> {
    count(cell).ok_or(Malformed)
}

pub(super) fn done(views: &Value, downloads: &Value, ci: &Value) -> Result<Done, Malformed> {
    Ok(Done {
        views: number(views)?,
        downloads: number(downloads)?,
        ci: number(ci)?,
    })
}

/// Numbers in the order in which they were asked for. Where it is asked how long something is ago, the store says when
/// it was, in days since 1970; 0 is never.
fn counted(cell: &Value, asked: &[Tally], to: Day) -> Result<Vec<(Tally, Option<u64>)>, Malformed> {
    let cells = cell.as_array().ok_or(Malformed)?;
    if cells.len() != asked.len() {
        return Err(Malformed);
    }
    let pairs = asked.iter().zip(cells).map(|(tally, cell)| {
        let found = number(cell)?;
        let found = match tally.over {
            Over::Weeks(_) | Over::Days(_) => Some(found),
            Over::Since if found == 0 => None,
            Over::Since => Some(u64::try_from(to).unwrap_or(0).saturating_sub(found)),
        };
        Ok((*tally, found))
    });
    pairs.collect()
}

/// Reads the answer to [`crate::query::organisation_activity`].
pub(crate) fn activity_of(cells: &[Vec<Value>]) -> Result<Activity, Malformed> {
    let days = cells.iter().map(|row| match row.as_slice() {
        [on, views, downloads, ci] => Ok((day(on)?, done(views, downloads, ci)?)),
        _ => Err(Malformed),
    });
    Ok(Activity::new(days.collect::<Result<Vec<_>, _>>()?))
}

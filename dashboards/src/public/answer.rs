//! The weeks of a package, as they are told. Pure but for where days come from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cube::{Cell, Count, Told, rounded, told};
use super::days::Day;
use super::week::Week;

/// What a week may be split by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Split {
    /// ISO 3166-1 alpha-2.
    Country,
    /// The first number of a version.
    Version,
    /// Family of the client, such as pip.
    Client,
    /// Operating system.
    Platform,
}

/// Downloads of a package by week.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct PublicWeeks {
    /// Name of the package.
    package: String,
    /// What weeks are split by.
    by: Split,
    /// Weeks that were counted from their first day to their last, the latest last; half a year at most.
    weeks: Vec<PublicWeek>,
}

/// A week. Numbers below 1,000 have two digits that say something.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct PublicWeek {
    /// As ISO 8601 writes it.
    #[schema(example = "2026-W47")]
    week: String,
    /// Its Monday (UTC).
    #[schema(value_type = String, format = Date)]
    first_day: Date,
    /// All downloads; null where fewer than ten visitors had any.
    downloads: Option<u64>,
    /// Most downloads first, twenty at most.
    cells: Vec<PublicCell>,
    /// Downloads of everything that is not named; null where everything is.
    other: Option<u64>,
}

/// A part of a week that ten visitors or more had.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct PublicCell {
    /// Its value; empty where it is not known.
    value: String,
    downloads: u64,
}

/// The final weeks of `package` as of `today`, from whatever `day` knows.
pub(super) fn weeks<E>(
    package: &str,
    by: Split,
    today: Date,
    day: impl Fn(Date) -> Result<Day, E>,
) -> Result<PublicWeeks, E> {
    let mut weeks = Vec::new();
    for week in Week::finals(today) {
        let days: Vec<Day> = week.days().map(&day).collect::<Result<_, _>>()?;
        weeks.extend(told_of(week, &days, package, by));
    }
    Ok(PublicWeeks {
        package: package.to_owned(),
        by,
        weeks,
    })
}

/// A week as it is told, if every day of it was counted.
fn told_of(week: Week, days: &[Day], package: &str, by: Split) -> Option<PublicWeek> {
    let mut whole = Count::default();
    let mut cells: BTreeMap<&str, Count> = BTreeMap::new();
    for day in days {
        let counted = day.get(package)?;
        add(&mut whole, counted.whole());
        for (value, count) in counted.cells(by) {
            add(cells.entry(value).or_default(), count);
        }
    }
    let cells = cells.into_iter().map(|(value, count)| Cell {
        value: value.to_owned(),
        count,
    });
    let told = told(whole, cells.collect());
    let downloads = told.as_ref().map(|_| rounded(whole.downloads));
    let Told { named, other } = told.unwrap_or(Told {
        named: Vec::new(),
        other: None,
    });
    let cell = |cell: Cell| PublicCell {
        value: cell.value,
        downloads: rounded(cell.count.downloads),
    };
    Some(PublicWeek {
        week: week.name(),
        first_day: week.first(),
        downloads,
        cells: named.into_iter().map(cell).collect(),
        other: other.map(rounded),
    })
}

fn add(sum: &mut Count, count: Count) {
    sum.downloads += count.downloads;
    sum.visitors += count.visitors;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use jiff::civil::date;

    use super::super::days::Counted;
    use super::*;

    fn day(cells: &[(&str, u64, u64)]) -> Day {
        let mut counted = Counted::default();
        let mut whole = Count::default();
        for &(value, downloads, visitors) in cells {
            let count = Count {
                downloads,
                visitors,
            };
            add(&mut whole, count);
            counted.set(Split::Country, value.to_owned(), count);
        }
        counted.set_whole(whole);
        Day::from([("acme/rocket".to_owned(), counted)])
    }

    fn told(days: impl Fn(Date) -> Day) -> String {
        let days = |date| Ok::<_, Infallible>(days(date));
        let Ok(weeks) = weeks("acme/rocket", Split::Country, date(2026, 11, 24), days);
        serde_json::to_string_pretty(&weeks).expect("plain data")
    }

    #[test]
    fn small_numbers_of_days_make_a_week_that_can_be_told() {
        let weeks = told(|date| match date.iso_week_date().week() {
            47 => day(&[("US", 50, 9), ("CH", 14, 2), ("LI", 1, 1)]),
            46 => day(&[("LI", 1, 1)]),
            // Not every day was counted.
            45 if date.day() > 4 => day(&[("US", 50, 9)]),
            _ => Day::new(),
        });
        insta::assert_snapshot!(weeks, @r#"
        {
          "package": "acme/rocket",
          "by": "country",
          "weeks": [
            {
              "week": "2026-W46",
              "first_day": "2026-11-09",
              "downloads": null,
              "cells": [],
              "other": null
            },
            {
              "week": "2026-W47",
              "first_day": "2026-11-16",
              "downloads": 460,
              "cells": [
                {
                  "value": "US",
                  "downloads": 350
                }
              ],
              "other": 110
            }
          ]
        }
        "#);
    }
}

//! How many events each day has: growth, weekdays, holidays, releases, and a little noise.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::demo::seal::sha256;

/// Those who ask, each with a rhythm of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    People,
    Ci,
    Mirror,
    Updater,
    Bot,
    /// Readers of the docs.
    Reader,
}

impl Stream {
    pub(super) const ALL: [Self; 6] = [
        Self::People,
        Self::Ci,
        Self::Mirror,
        Self::Updater,
        Self::Bot,
        Self::Reader,
    ];

    /// Share of all events, in percent.
    fn share(self) -> f64 {
        match self {
            Self::People => 33.0,
            Self::Ci => 36.0,
            Self::Mirror => 7.0,
            Self::Updater => 8.0,
            Self::Bot => 4.0,
            Self::Reader => 12.0,
        }
    }

    /// How busy each day of the week is, from Monday on.
    fn week(self) -> [f64; 7] {
        match self {
            Self::People | Self::Reader => [1.05, 1.12, 1.12, 1.08, 0.97, 0.50, 0.46],
            Self::Ci => [1.02, 1.10, 1.12, 1.10, 0.98, 0.38, 0.30],
            Self::Updater => [1.60, 1.00, 0.90, 0.90, 0.90, 0.60, 0.60],
            Self::Mirror | Self::Bot => [1.0; 7],
        }
    }

    /// Whether there are more of them as the project grows. Mirrors and bots have always been there.
    fn grows(self) -> bool {
        !matches!(self, Self::Mirror | Self::Bot)
    }

    /// Whether holidays and releases mean anything to them.
    fn human(self) -> bool {
        matches!(self, Self::People | Self::Reader)
    }
}

/// The events of one stream on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Days since 1970.
    pub(super) day: u32,
    pub(super) stream: Stream,
    pub(super) count: u64,
}

/// A release: its version, how many days before today it came, and the share of users who would
/// take it at all. Releases that are not final are for a few.
pub(super) struct Release {
    pub(super) version: &'static str,
    pub(super) age: u32,
    pub(super) appeal: f64,
}

/// The releases of every package, oldest first.
pub(super) const RELEASES: [Release; 9] = [
    release("0.9.0", 421, 1.0),
    release("1.0.0", 330, 1.0),
    release("1.1.0", 262, 1.0),
    release("1.2.0", 190, 1.0),
    release("1.2.3", 168, 1.0),
    release("2.0.0-rc.1", 118, 0.04),
    release("2.0.0", 97, 1.0),
    release("2.0.1", 80, 1.0),
    release("2.1.0", 23, 1.0),
];

const fn release(version: &'static str, age: u32, appeal: f64) -> Release {
    Release {
        version,
        age,
        appeal,
    }
}

/// The non-empty cells of `days` for a package, day by day; their counts add up to `events`.
pub(super) fn cells(days: Range<u32>, events: u64, package: &str) -> Vec<Cell> {
    let places: Vec<_> = days
        .clone()
        .flat_map(|day| Stream::ALL.map(|stream| (day, stream)))
        .collect();
    let weights: Vec<_> = places
        .iter()
        .map(|&(day, stream)| weight(&days, day, stream) * noise(package, day, stream))
        .collect();
    let counts = apportioned(events, &weights);
    let cells = places.into_iter().zip(counts);
    cells
        .map(|((day, stream), count)| Cell { day, stream, count })
        .filter(|cell| cell.count > 0)
        .collect()
}

/// Splits `total` by `weights`; the parts add up to `total`.
pub(super) fn apportioned(total: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let (mut weight_so_far, mut given) = (0.0, 0);
    let mut part = |weight: &f64| {
        weight_so_far += weight;
        // Totals are far below 2^52, so nothing is lost, and nothing here is negative.
        #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let due = (total as f64 * (weight_so_far / sum)).round() as u64;
        let due = due.clamp(given, total);
        let part = due - given;
        given = due;
        part
    };
    weights.iter().map(&mut part).collect()
}

/// Year and month of a day.
pub(super) fn month(day: u32) -> (i16, i8) {
    let date = civil(day);
    (date.year(), date.month())
}

fn civil(day: u32) -> Date {
    date(1970, 1, 1).saturating_add(i64::from(day).days())
}

/// How much a stream does on a day, in comparison with other days and streams.
fn weight(days: &Range<u32>, day: u32, stream: Stream) -> f64 {
    let weekday = civil(day).weekday().to_monday_zero_offset();
    let weekday = stream.week()[usize::from(weekday.unsigned_abs())];
    let growth = if stream.grows() {
        let age = f64::from(day - days.start) / f64::from(days.end - days.start);
        0.3 + 1.4 * age.powf(1.5)
    } else {
        1.0
    };
    let mood = if stream.human() {
        holidays(day) * excitement(days.end, day)
    } else {
        1.0
    };
    stream.share() * weekday * growth * mood
}

/// People are away between the years.
fn holidays(day: u32) -> f64 {
    let date = civil(day);
    match (date.month(), date.day()) {
        (12, 24..=31) | (1, 1) => 0.5,
        _ => 1.0,
    }
}

/// A release is news for a few days.
fn excitement(today: u32, day: u32) -> f64 {
    let news = RELEASES.iter().filter_map(|release| {
        let since = (day + release.age).checked_sub(today)?;
        Some(release.appeal * 0.7 * (-f64::from(since) / 3.0).exp())
    });
    1.0 + news.sum::<f64>()
}

/// Between 0.9 and 1.1, the same in every run.
fn noise(package: &str, day: u32, stream: Stream) -> f64 {
    let digest = sha256(format!("{package} {day} {stream:?}").as_bytes());
    0.9 + 0.2 * f64::from(digest[0]) / 255.0
}

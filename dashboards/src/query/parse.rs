//! A question as JSON becomes a [`Question`], or an error that names the place and the way out.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::comparison::Compare;
use super::dimension::Dimension;
use super::filter::Filter;
use super::imported;
use super::metric::Metric;
use super::organisation;
use super::period::DateRange;
use super::place::{Invalid, Place, quoted};
use super::words::{listed, words};
use crate::accounts::Packages;

words! {
    /// Which way to sort.
    Direction {
        /// Smallest first.
        Ascending => "asc",
        /// Largest first.
        Descending => "desc",
    }
}

/// Which packages a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// All of them together.
    All,
    /// One, by name.
    Package(String),
    /// Those that whoever asks may see.
    Among(Vec<String>),
}

impl Target {
    /// Its name, where it is one.
    pub(crate) fn package(&self) -> Option<&str> {
        match self {
            Self::Package(name) => Some(name),
            Self::All | Self::Among(_) => None,
        }
    }

    /// The same, as far as somebody may see it; none where they may not.
    pub(crate) fn within(self, packages: &Packages) -> Option<Self> {
        match (self, packages.names()) {
            (target, None) => Some(target),
            (Self::Package(name), Some(names)) => {
                names.contains(&name).then_some(Self::Package(name))
            }
            (Self::All, Some(names)) => Some(Self::Among(names.iter().cloned().collect())),
            (Self::Among(these), Some(names)) => {
                let both = these.into_iter().filter(|name| names.contains(name));
                Some(Self::Among(both.collect()))
            }
        }
    }

    /// Whether the package called `name` is in it.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Package(one) => one == name,
            Self::Among(names) => names.iter().any(|one| one == name),
        }
    }
}

/// A column of the result to sort by: a position in the question's own lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The metric at this position.
    Metric(usize),
    /// The dimension at this position.
    Dimension(usize),
}

/// What to answer besides the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a wish of its own
pub(crate) struct Include {
    /// Every bucket of the time axis.
    pub time_labels: bool,
    /// How many rows there are without the limit.
    pub total_rows: bool,
    /// The same numbers for another period.
    pub compare: Option<Compare>,
    /// Versions first seen within the period.
    pub releases: bool,
    /// The statements that answered, and what they cost.
    pub explain: bool,
}

/// A valid question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// Which packages.
    pub target: Target,
    /// What to count; at least one.
    pub metrics: Vec<Metric>,
    /// What to split by.
    pub dimensions: Vec<Dimension>,
    /// Conditions, all of which must hold.
    pub filters: Vec<Filter>,
    /// The range as asked.
    pub range: DateRange,
    /// Whose calendar.
    pub zone: TimeZone,
    /// Sorting, most significant first.
    pub order: Vec<(Column, Direction)>,
    /// Extras.
    pub include: Include,
    /// Most rows.
    pub limit: u64,
    /// Rows to skip.
    pub offset: u64,
    /// The request itself, which the answer repeats where nothing was resolved.
    pub written: Value,
}

const MEMBERS: &[&str] = &[
    "site_id",
    "metrics",
    "date_range",
    "dimensions",
    "filters",
    "order_by",
    "include",
    "pagination",
    "timezone",
];
const MOST_DIMENSIONS: usize = 4;
const MOST_NAME_BYTES: usize = 256;
/// Most rows that one answer holds.
pub(super) const MOST_ROWS: u64 = 10_000;
/// Rows of an answer when the question does not say.
pub(super) const DEFAULT_ROWS: u64 = 1000;

/// Reads a question.
pub(crate) fn parse(written: &Value) -> Result<Question, Invalid> {
    let root = Place::root(written);
    root.only(MEMBERS)?;
    let metrics = metrics(&required(&root, "metrics")?)?;
    let dimensions = optional(&root, "dimensions", dimensions)?;
    let order = match root.member("order_by") {
        Some(place) => order(&place, &metrics, &dimensions)?,
        None => default_order(&dimensions),
    };
    let (limit, offset) = match root.member("pagination") {
        Some(place) => pagination(&place)?,
        None => (DEFAULT_ROWS, 0),
    };
    let filters = optional(&root, "filters", Filter::read_all)?;
    imported::check(&root, &metrics)?;
    let question = Question {
        target: target(&required(&root, "site_id")?)?,
        range: DateRange::read(&required(&root, "date_range")?)?,
        filters,
        zone: root
            .member("timezone")
            .map_or(Ok(TimeZone::UTC), |place| zone(&place))?,
        include: optional(&root, "include", include)?,
        metrics,
        dimensions,
        order,
        limit,
        offset,
        written: written.clone(),
    };
    organisation::keep_apart(&question)?;
    Ok(question)
}

pub(super) fn required<'a>(root: &Place<'a>, key: &str) -> Result<Place<'a>, Invalid> {
    root.member(key)
        .ok_or_else(|| root.invalid(format!("missing member {key:?}")))
}

pub(super) fn optional<'a, T: Default>(
    root: &Place<'a>,
    key: &str,
    read: impl FnOnce(&Place<'a>) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    root.member(key)
        .map_or_else(|| Ok(T::default()), |place| read(&place))
}

pub(super) fn target(place: &Place<'_>) -> Result<Target, Invalid> {
    match place.text()? {
        "*" => Ok(Target::All),
        "" => Err(place.invalid("expected a package name, or \"*\" for all")),
        name if name.len() > MOST_NAME_BYTES => {
            Err(place.invalid(format!("a name has at most {MOST_NAME_BYTES} bytes")))
        }
        name => Ok(Target::Package(name.to_owned())),
    }
}

fn metrics(place: &Place<'_>) -> Result<Vec<Metric>, Invalid> {
    let items = place.items(Metric::ALL.len())?;
    if items.is_empty() {
        return Err(place.invalid(format!("expected at least one of {}", listed!(Metric))));
    }
    let mut metrics = Vec::with_capacity(items.len());
    for item in &items {
        let word = item.text()?;
        let metric = Metric::from_word(word).ok_or_else(|| {
            item.invalid(format!(
                "invalid metric {}; one of {}",
                quoted(word),
                listed!(Metric)
            ))
        })?;
        push_once(&mut metrics, metric, item)?;
    }
    Ok(metrics)
}

fn dimensions(place: &Place<'_>) -> Result<Vec<Dimension>, Invalid> {
    let mut dimensions = Vec::new();
    for item in &place.items(MOST_DIMENSIONS)? {
        let dimension = Dimension::read(item)?;
        let is_time = |dimension: &Dimension| matches!(dimension, Dimension::Time(_));
        if is_time(&dimension) && dimensions.iter().any(is_time) {
            return Err(item.invalid("a second time dimension"));
        }
        push_once(&mut dimensions, dimension, item)?;
    }
    Ok(dimensions)
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, value: T, place: &Place<'_>) -> Result<(), Invalid> {
    if list.contains(&value) {
        return Err(place.invalid("named twice"));
    }
    list.push(value);
    Ok(())
}

fn order(
    place: &Place<'_>,
    metrics: &[Metric],
    dimensions: &[Dimension],
) -> Result<Vec<(Column, Direction)>, Invalid> {
    let most = metrics.len() + dimensions.len();
    place
        .items(most)?
        .iter()
        .map(|item| order_by(item, metrics, dimensions))
        .collect()
}

fn order_by(
    place: &Place<'_>,
    metrics: &[Metric],
    dimensions: &[Dimension],
) -> Result<(Column, Direction), Invalid> {
    let [column, direction] = place
        .items(2)?
        .try_into()
        .map_err(|_| place.invalid("expected a column and \"asc\" or \"desc\""))?;
    let word = column.text()?;
    let by_metric = Metric::from_word(word)
        .and_then(|metric| metrics.iter().position(|asked| *asked == metric))
        .map(Column::Metric);
    let by_dimension = || {
        Dimension::from_word(word)
            .and_then(|dimension| dimensions.iter().position(|asked| *asked == dimension))
            .map(Column::Dimension)
    };
    let found = by_metric.or_else(by_dimension).ok_or_else(|| {
        column.invalid(format!(
            "{} is none of the metrics and dimensions asked for",
            quoted(word)
        ))
    })?;
    let word = direction.text()?;
    let direction = Direction::from_word(word).ok_or_else(|| {
        direction.invalid(format!(
            "invalid direction {}; one of {}",
            quoted(word),
            listed!(Direction)
        ))
    })?;
    Ok((found, direction))
}

/// Time runs forward; everything else shows the largest first.
fn default_order(dimensions: &[Dimension]) -> Vec<(Column, Direction)> {
    let time = dimensions
        .iter()
        .position(|dimension| matches!(dimension, Dimension::Time(_)));
    let time = time.map(|index| (Column::Dimension(index), Direction::Ascending));
    time.into_iter()
        .chain([(Column::Metric(0), Direction::Descending)])
        .collect()
}

fn include(place: &Place<'_>) -> Result<Include, Invalid> {
    place.only(&[
        "time_labels",
        "total_rows",
        "compare",
        "match_day_of_week",
        "releases",
        "explain",
    ])?;
    let truth = |key| optional(place, key, Place::truth);
    Ok(Include {
        time_labels: truth("time_labels")?,
        total_rows: truth("total_rows")?,
        releases: truth("releases")?,
        explain: truth("explain")?,
        compare: Compare::read(place)?,
    })
}

fn pagination(place: &Place<'_>) -> Result<(u64, u64), Invalid> {
    place.only(&["limit", "offset"])?;
    let limit = place
        .member("limit")
        .map_or(Ok(DEFAULT_ROWS), |place| place.number(1..=MOST_ROWS))?;
    let offset = place
        .member("offset")
        .map_or(Ok(0), |place| place.number(0..=1_000_000))?;
    Ok((limit, offset))
}

pub(super) fn zone(place: &Place<'_>) -> Result<TimeZone, Invalid> {
    let name = place.text()?;
    TimeZone::get(name)
        .ok()
        .filter(|zone| zone.iana_name().is_some())
        .ok_or_else(|| {
            place.invalid(format!(
                "unknown time zone {}; expected a name such as Europe/Zurich",
                quoted(name)
            ))
        })
}

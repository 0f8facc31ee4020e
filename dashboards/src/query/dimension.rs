//! What a question can be split by: buckets of time and columns of the event.

use super::place::{Invalid, Place, quoted};
use super::plan::Table;
use super::words::{listed, words};

words! {
    /// Length of a time bucket.
    Interval {
        /// An hour by the clock of the question's time zone.
        Hour => "time:hour",
        /// A calendar day.
        Day => "time:day",
        /// A week from Monday.
        Week => "time:week",
        /// A calendar month.
        Month => "time:month",
    }
}

words! {
    /// A column of the event that questions may name.
    Field {
        /// Package name.
        Package => "package",
        /// Version as published.
        Version => "version",
        /// First part of the version.
        VersionMajor => "version_major",
        /// stable, pre, nightly, unknown.
        Channel => "channel",
        /// File name or image reference.
        Artifact => "artifact",
        /// Family of the client, such as pip.
        Client => "client",
        /// Its version.
        ClientVersion => "client_version",
        /// Operating system.
        Os => "os",
        /// Processor architecture.
        Arch => "arch",
        /// ISO 3166-1 alpha-2.
        Country => "country",
        /// people, ci, mirror, updater, bot, proxy, unknown.
        Audience => "audience",
        /// download, check, metadata and so on.
        Kind => "kind",
        /// Host name that was asked.
        Domain => "domain",
        /// Kind of registry.
        Ecosystem => "ecosystem",
        /// Build service.
        CiName => "ci_name",
        /// Route that matched.
        Route => "route",
        /// HTTP status that was answered.
        Status => "status",
        /// Host of the page that linked here.
        ReferrerHost => "referrer_host",
        /// Page seen.
        Page => "page",
        /// Where the visitor came from.
        Source => "source",
    }
}

impl Field {
    /// The column as text. Enumerations and numbers are compared and shown by their words.
    pub(super) fn expression(self) -> &'static str {
        match self {
            Self::Channel => "toString(channel)",
            Self::Audience => "toString(audience)",
            Self::Kind => "toString(kind)",
            Self::Status => "toString(status)",
            plain => plain.as_str(),
        }
    }

    /// Whether the daily rollup keeps this column apart.
    pub(super) fn in_daily(self) -> bool {
        matches!(
            self,
            Self::Package | Self::Version | Self::Audience | Self::Kind
        )
    }

    /// Reads a column's name; `download:`, `visit:` and `event:` before it say nothing new.
    pub(super) fn read(place: &Place<'_>) -> Result<Self, Invalid> {
        let word = place.text()?;
        Self::from_word(bare(word)).ok_or_else(|| {
            let fields = listed!(Field);
            place.invalid(format!(
                "invalid dimension {}; one of {fields}",
                quoted(word)
            ))
        })
    }
}

/// A name without the prefix that other products' clients put before it.
fn bare(word: &str) -> &str {
    ["download:", "visit:", "event:"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix))
        .unwrap_or(word)
}

/// One thing to split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dimension {
    /// Buckets of time.
    Time(Interval),
    /// Values of a column.
    Field(Field),
}

impl Dimension {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Time(interval) => interval.as_str(),
            Self::Field(field) => field.as_str(),
        }
    }

    /// Every dimension a question can name.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let times = Interval::ALL.iter().map(|&interval| Self::Time(interval));
        times.chain(Field::ALL.iter().map(|&field| Self::Field(field)))
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Interval::from_word(word)
            .map(Self::Time)
            .or_else(|| Field::from_word(bare(word)).map(Self::Field))
    }

    pub(super) fn read(place: &Place<'_>) -> Result<Self, Invalid> {
        let word = place.text()?;
        Self::from_word(word).ok_or_else(|| {
            let (intervals, fields) = (listed!(Interval), listed!(Field));
            place.invalid(format!(
                "invalid dimension {}; one of {intervals}, {fields}",
                quoted(word)
            ))
        })
    }

    /// The value of this dimension for a row of `table`, as text or date. Buckets of events follow
    /// the clock of parameter `zone`; buckets of the rollup are made of UTC days, and a UTC day that
    /// begins before the zone's own next day does counts towards `last`.
    pub(super) fn expression(self, table: Table) -> &'static str {
        match (self, table) {
            (Self::Field(field), _) => field.expression(),
            (Self::Time(Interval::Hour), _) => {
                "formatDateTime(time, '%Y-%m-%d %H:00:00', {zone:String})"
            }
            (Self::Time(Interval::Day), Table::Events) => "toDate(time, {zone:String})",
            (Self::Time(Interval::Week), Table::Events) => "toMonday(time, {zone:String})",
            (Self::Time(Interval::Month), Table::Events) => "toStartOfMonth(time, {zone:String})",
            (Self::Time(Interval::Day), Table::Daily) => "least(day, {last:Date})",
            (Self::Time(Interval::Week), Table::Daily) => "toMonday(least(day, {last:Date}))",
            (Self::Time(Interval::Month), Table::Daily) => {
                "toStartOfMonth(least(day, {last:Date}))"
            }
        }
    }
}

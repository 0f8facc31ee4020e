//! What a question can be split by: buckets of time and columns of the event.

use super::organisation;
use super::place::{Invalid, Place, quoted};
use super::plan::Table;
use super::version;
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
        /// First two parts of it.
        VersionMinor => "version_minor",
        /// stable, pre, nightly, unknown.
        Channel => "channel",
        /// File name or image reference.
        Artifact => "artifact",
        /// Family of the client, such as pip.
        Client => "client",
        /// Its version.
        ClientVersion => "client_version",
        /// What runs the client, such as Python or Node.
        Runtime => "runtime",
        /// Its version.
        RuntimeVersion => "runtime_version",
        /// Operating system.
        Os => "os",
        /// Processor architecture.
        Arch => "arch",
        /// C library.
        Libc => "libc",
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
        /// The campaign that a page's link named.
        Campaign => "campaign",
        /// Organisation that runs the network, as the operator corrected it; empty where none is known.
        Organisation => "organisation",
        /// Its domain, likewise; an organisation may have none.
        OrganisationDomain => "organisation_domain",
        /// business, education, government, nonprofit.
        OrgType => "org_type",
        /// How sure that organisation is: high, medium, low.
        Confidence => "confidence",
        /// What the network is used for, such as business or hosting; empty where nothing is known.
        NetType => "net_type",
        /// Who counted what was imported: pypi, npm, crates, docker-hub.
        Registry => "registry",
    }
}

impl Field {
    /// The column of `table` as text. Enumerations and numbers are compared and shown by their words.
    pub(super) fn expression(self, table: Table) -> &'static str {
        if let Table::Splits(property) = table
            && let Some(column) = property.column(self)
        {
            return column;
        }
        match self {
            Self::Channel => "toString(channel)",
            Self::Audience => "toString(audience)",
            Self::Kind => "toString(kind)",
            Self::Status => "toString(status)",
            Self::Organisation => organisation::NAME,
            Self::OrganisationDomain => organisation::DOMAIN,
            Self::OrgType => organisation::TYPE,
            Self::Confidence => organisation::CONFIDENCE_WORD,
            Self::VersionMinor => version::MINOR,
            plain => plain.as_str(),
        }
    }

    /// Whether it tells where somebody works, which is never counted together with people.
    pub(super) fn is_organisation(self) -> bool {
        matches!(
            self,
            Self::Organisation | Self::OrganisationDomain | Self::OrgType | Self::Confidence
        )
    }

    /// Whether the rollup of organisations keeps this column apart.
    pub(super) fn in_organisations(self) -> bool {
        self.in_daily() || self.is_organisation() || self == Self::VersionMajor
    }

    /// Whether the daily rollup keeps this column apart.
    pub(super) fn in_daily(self) -> bool {
        matches!(
            self,
            Self::Package | Self::Version | Self::VersionMinor | Self::Audience | Self::Kind
        )
    }

    /// Whether every rollup keeps this column apart.
    pub(super) fn in_rollups(self) -> bool {
        matches!(self, Self::Package | Self::Audience | Self::Kind)
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

    /// The column, where it is one.
    pub(super) fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Time(_) => None,
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
    /// the clock of parameter `zone`, those of hours too; buckets of daily rollups are made of UTC days, and a UTC day that
    /// begins before the zone's own next day does counts towards `last`.
    pub(super) fn expression(self, table: Table) -> &'static str {
        match (self, table) {
            (Self::Field(field), table) => field.expression(table),
            (Self::Time(Interval::Hour), Table::Hourly) => {
                "formatDateTime(hour, '%Y-%m-%d %H:00:00', {zone:String})"
            }
            (Self::Time(Interval::Hour), _) => {
                "formatDateTime(time, '%Y-%m-%d %H:00:00', {zone:String})"
            }
            (Self::Time(Interval::Day), Table::Hourly) => "toDate(hour, {zone:String})",
            (Self::Time(Interval::Week), Table::Hourly) => "toMonday(hour, {zone:String})",
            (Self::Time(Interval::Month), Table::Hourly) => "toStartOfMonth(hour, {zone:String})",
            (Self::Time(Interval::Day), Table::Events) => "toDate(time, {zone:String})",
            (Self::Time(Interval::Week), Table::Events) => "toMonday(time, {zone:String})",
            (Self::Time(Interval::Month), Table::Events) => "toStartOfMonth(time, {zone:String})",
            (
                Self::Time(Interval::Day),
                Table::Daily | Table::Splits(_) | Table::Organisations | Table::Imported,
            ) => "least(day, {last:Date})",
            (
                Self::Time(Interval::Week),
                Table::Daily | Table::Splits(_) | Table::Organisations | Table::Imported,
            ) => "toMonday(least(day, {last:Date}))",
            (
                Self::Time(Interval::Month),
                Table::Daily | Table::Splits(_) | Table::Organisations | Table::Imported,
            ) => "toStartOfMonth(least(day, {last:Date}))",
        }
    }
}

//! What can be counted, defined once per table. A metric counts only its own kinds of event.

use super::organisation;
use super::plan::Table;
use super::words::words;

words! {
    /// Something to count.
    Metric {
        /// Artifacts handed over: a complete answer, or a redirect to it. An error is none. What the same
        /// client asks for again within a minute is one; clients of one sort behind one address, such
        /// as the runners of a build service, are one client unless they name their runs.
        Downloads => "downloads",
        /// Requests for artifacts that were answered: downloads, and each repeat of one as well.
        Requests => "requests",
        /// Every event, whatever was asked for and however it was answered.
        Events => "events",
        /// Distinct visitors of audience "people" who asked for a download or a page, per UTC day, added up over days.
        People => "people",
        /// Questions whether something changed: HEAD, 304, index pages, descriptions.
        Checks => "checks",
        /// Manifests of images read by GET, which is what Docker Hub calls pulls: one pull may be several, and
        /// looking at an image is some too. Known for as long as single events are.
        HubPulls => "hub_pulls",
        /// Pages seen.
        Views => "views",
        /// Distinct versions downloaded.
        Versions => "versions",
        /// Distinct organisations that asked for a download or a page, as the operator corrected them: companies, schools,
        /// administrations and foundations with a network of their own, never providers or hosts, and as sure as the
        /// settings want.
        Organisations => "organisations",
        /// Bytes of downloads and repeats that passed through or were served here; a redirect has none.
        Bytes => "bytes",
        /// Downloads as registries counted them, brought in by `weir import`. Stands alone, and is split by registry,
        /// package, version, country and days.
        Imported => "imported",
    }
}

impl Metric {
    /// Whether the rollups know it.
    pub(super) fn in_rollups(self) -> bool {
        !matches!(self, Self::HubPulls | Self::Organisations)
    }

    /// Whether the rollup of organisations knows it.
    pub(super) fn in_organisations(self) -> bool {
        !matches!(
            self,
            Self::HubPulls | Self::People | Self::Bytes | Self::Imported
        )
    }

    /// The aggregate over `table`, which has to know the metric.
    pub(super) fn expression(self, table: Table) -> &'static str {
        match table {
            Table::Events => self.over_events(),
            Table::Organisations if self == Self::Organisations => organisation::DISTINCT_ROLLED_UP,
            Table::Daily | Table::Hourly | Table::Splits(_) | Table::Organisations => {
                self.over_rollup()
            }
            Table::Imported => "sum(downloads)",
        }
    }

    fn over_events(self) -> &'static str {
        match self {
            Self::Downloads => "countIf(kind = 'download' AND status < 400)",
            Self::Requests => "countIf(kind IN ('download', 'repeat') AND status < 400)",
            Self::Events => "count()",
            // A visitor id is bound to its package, and a new salt every UTC day makes a new one.
            Self::People => {
                "uniqExactIf((package, toDate(time), visitor), visitor != 0 AND status < 400 AND audience = 'people' AND kind IN ('download', 'view'))"
            }
            Self::Checks => "countIf(kind IN ('check', 'metadata', 'inspect') AND status < 400)",
            Self::HubPulls => {
                "countIf(kind = 'inspect' AND ecosystem IN ('oci', 'helm') AND status < 400)"
            }
            Self::Views => "countIf(kind = 'view' AND status < 400)",
            Self::Versions => {
                "uniqExactIf(version, kind = 'download' AND status < 400 AND version != '')"
            }
            Self::Organisations => organisation::DISTINCT,
            Self::Bytes => "sumIf(bytes, kind IN ('download', 'repeat'))",
            Self::Imported => "0", // is in a table of its own
        }
    }

    /// `answered` leaves out what was answered with an error, as `status < 400` does above.
    fn over_rollup(self) -> &'static str {
        match self {
            Self::Downloads => "sumIf(answered, kind = 'download')",
            Self::Requests => "sumIf(answered, kind IN ('download', 'repeat'))",
            // The rollup counted all events under this name before there were repeats.
            Self::Events => "sum(requests)",
            // Of the daily rollup, as `people.sql` brings them.
            Self::People => "sum(people)",
            Self::Checks => "sumIf(answered, kind IN ('check', 'metadata', 'inspect'))",
            // Inspections of every ecosystem are one number there, so questions for these go to events; and what
            // registries counted has a table of its own, as have organisations.
            Self::HubPulls | Self::Imported | Self::Organisations => "0",
            Self::Views => "sumIf(answered, kind = 'view')",
            Self::Versions => {
                "uniqExactIf(version, kind = 'download' AND answered > 0 AND version != '')"
            }
            Self::Bytes => "sumIf(bytes, kind IN ('download', 'repeat'))",
        }
    }
}

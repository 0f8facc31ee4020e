//! The formats that can be imported: which one is which file's.

use super::entry::{Entry, Refusal};
use super::records::Division;
use super::{
    caddy, cloudfront, combined, crates, docker_hub, fastly, npm, own, pypi, scarf, scarf_csv,
};

/// What an import is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own events, one JSON object a line, named as the columns.
    Weir,
    /// Scarf's NDJSON, as its import takes it.
    Scarf,
    /// Scarf's CSV, as its export gives it.
    ScarfCsv,
    /// nginx's `combined` log, which Apache writes as well; the virtual host may stand in front.
    Nginx,
    /// Caddy's JSON access log.
    Caddy,
    /// CloudFront's standard log.
    Cloudfront,
    /// Fastly's JSON log, as its documentation gives the format.
    Fastly,
    /// Rows of PyPI's downloads, grouped by day, from BigQuery or ClickHouse.
    Pypi,
    /// Answers of npm's download counts by day.
    Npm,
    /// Answers of the crates registry's downloads of a crate.
    Crates,
    /// Answers of Docker Hub's repositories.
    DockerHub,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Weir,
        Self::Scarf,
        Self::ScarfCsv,
        Self::Nginx,
        Self::Caddy,
        Self::Cloudfront,
        Self::Fastly,
        Self::Pypi,
        Self::Npm,
        Self::Crates,
        Self::DockerHub,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weir => "weir",
            Self::Scarf => "scarf",
            Self::ScarfCsv => "scarf-csv",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Cloudfront => "cloudfront",
            Self::Fastly => "fastly",
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Crates => "crates",
            Self::DockerHub => "docker-hub",
        }
    }

    pub(super) fn division(self) -> Division {
        match self {
            Self::ScarfCsv => Division::Quoted,
            Self::Npm | Self::Crates | Self::DockerHub => Division::Whole,
            _ => Division::Lines,
        }
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or(UnknownFormat)
    }
}

/// The word is no format's.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error(
    "formats are weir, scarf, scarf-csv, nginx, caddy, cloudfront, fastly, pypi, npm, crates and docker-hub"
)]
pub struct UnknownFormat;

/// What the importer's caller knows and the file does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Package of everything in the file.
    pub package: Option<String>,
    /// The pixel whose views everything in the file is, where it does not say otherwise.
    pub pixel: Option<String>,
    /// Domain of a log that has none.
    pub domain: Option<String>,
    /// Day of a counter that has none, in days since 1970.
    pub day: u16,
}

/// Reads records of one format, and remembers what headers said of those that follow.
#[derive(Debug)]
pub(super) struct Reader {
    format: Format,
    known: Known,
    /// Names of the columns, where a line of the file has them.
    columns: Vec<String>,
}

/// What a record says: nothing, one thing or, if it is a document, many.
pub(super) type Said = Vec<Result<Entry, Refusal>>;

impl Reader {
    pub(super) fn new(format: Format, known: Known) -> Self {
        Self {
            format,
            known,
            columns: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, text: &str) -> Said {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let known = &self.known;
        let one = match self.format {
            Format::Weir => own::read(text, known),
            Format::Scarf => scarf::read(text, known),
            Format::ScarfCsv => {
                return scarf_csv::read(text, &mut self.columns, known)
                    .into_iter()
                    .collect();
            }
            Format::Nginx => combined::read(text, known),
            Format::Caddy => caddy::read(text, known),
            Format::Cloudfront => {
                return cloudfront::read(text, &mut self.columns, known)
                    .into_iter()
                    .collect();
            }
            Format::Fastly => fastly::read(text, known),
            Format::Pypi => pypi::read(text, known),
            Format::Npm => return npm::read(text, known),
            Format::Crates => return crates::read(text, known),
            Format::DockerHub => return docker_hub::read(text, known),
        };
        vec![one]
    }
}

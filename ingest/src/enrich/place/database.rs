//! One MMDB file: proved sound when it is opened, asked for countries afterwards.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader, WithinOptions};

use super::country_code;
use crate::address::{V4_PREFIX, V6_PREFIX};

/// Why a database is not used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be read.
    #[error("cannot read geo database {path}; fetch it again or take it out of the settings")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no sound MMDB, or was cut short.
    #[error("geo database {path} is damaged; fetch it again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: MaxMindDbError,
    },
    /// A sound file with something else in it.
    #[error(
        "geo database {path} ({kind}) holds no countries; give one with `country.iso_code` or `country_code`"
    )]
    NoCountries {
        /// The file.
        path: PathBuf,
        /// What the file says it is.
        kind: String,
    },
}

/// Where a record keeps its country.
#[derive(Clone, Copy, Debug)]
enum Schema {
    /// `{country: {iso_code}}`, the official one.
    Nested,
    /// `{country_code}`.
    Flat,
}

impl Schema {
    fn country(
        self,
        record: &LookupResult<'_, Vec<u8>>,
    ) -> Result<Option<&'static str>, MaxMindDbError> {
        let code: Option<&str> = match self {
            Self::Nested => {
                record.decode_path(&[PathElement::Key("country"), PathElement::Key("iso_code")])
            }
            Self::Flat => record.decode_path(&[PathElement::Key("country_code")]),
        }?;
        Ok(code.and_then(country_code))
    }
}

/// One file, proved sound from end to end when it was opened.
pub(super) struct Database {
    pub(super) path: PathBuf,
    reader: Reader<Vec<u8>>,
    schema: Schema,
}

impl Database {
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let bytes = std::fs::read(path).map_err(|source| DatabaseError::Read {
            path: path.into(),
            source,
        })?;
        let damaged = |source| DatabaseError::Damaged {
            path: path.into(),
            source,
        };
        let reader = Reader::from_source(bytes).map_err(damaged)?;
        verify(&reader).map_err(damaged)?;
        let schema = schema(&reader).map_err(damaged)?;
        let kind = reader.metadata().database_type.clone();
        let schema = schema.ok_or_else(|| DatabaseError::NoCountries {
            path: path.into(),
            kind,
        })?;
        Ok(Self {
            path: path.into(),
            reader,
            schema,
        })
    }

    /// The country of a network: of its first address, or else of the first of its parts that has one.
    pub(super) fn country(&self, network: IpAddr) -> Option<&'static str> {
        self.country_at(network)
            .or_else(|| self.country_within(network))
    }

    /// Files for one family of addresses miss the other's: that is no failure.
    fn country_at(&self, address: IpAddr) -> Option<&'static str> {
        let record = self.reader.lookup(address).ok()?;
        self.schema.country(&record).ok()?
    }

    fn country_within(&self, network: IpAddr) -> Option<&'static str> {
        /// Parts looked at: a file may cut a /48 into more than a request has time for.
        const MOST_PARTS: usize = 16;
        let length = if network.is_ipv4() {
            V4_PREFIX
        } else {
            V6_PREFIX
        };
        let network = format!("{network}/{length}").parse().ok()?;
        let parts = self.reader.within(network, WithinOptions::default()).ok()?;
        parts
            .take(MOST_PARTS)
            .find_map(|part| self.schema.country(&part.ok()?).ok()?)
    }
}

/// Databases of good standing come without a description, which the library's check stops at; for
/// those the walk of [`schema`] alone is the proof.
fn verify(reader: &Reader<Vec<u8>>) -> Result<(), MaxMindDbError> {
    match reader.verify() {
        Err(MaxMindDbError::InvalidDatabase { message, .. })
            if message.starts_with("description") =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Walks the whole tree, reads the country of every record, and says where the countries are.
fn schema(reader: &Reader<Vec<u8>>) -> Result<Option<Schema>, MaxMindDbError> {
    // A tree of n nodes has at most n + 1 leaves; more means that it runs in a circle.
    let mut leaves = reader.metadata().node_count as usize + 1;
    let mut seen = HashSet::new();
    let mut found = None;
    for record in reader.networks(WithinOptions::default().include_networks_without_data())? {
        let record = record?;
        leaves = leaves
            .checked_sub(1)
            .ok_or_else(|| MaxMindDbError::invalid_database("the search tree is a circle"))?;
        if record.offset().is_none_or(|offset| !seen.insert(offset)) {
            continue;
        }
        match found {
            Some(schema) => drop(Schema::country(schema, &record)?),
            None => found = probe(&record),
        }
    }
    Ok(found)
}

/// A record may lack a country, or be nothing that holds one.
fn probe(record: &LookupResult<'_, Vec<u8>>) -> Option<Schema> {
    let holds = |schema: &Schema| matches!(schema.country(record), Ok(Some(_)));
    [Schema::Flat, Schema::Nested].into_iter().find(holds)
}

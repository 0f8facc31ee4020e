//! What an operator says of matches that were wrong: rows beside the events, read with every question.
//!
//! Events are never written again. A correction holds for what was stored before it and for what comes, and taking it
//! back brings the stored name back.

use std::time::Duration;

use clickhouse::{Client, Row};
use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};
use tokio::time::timeout;

use super::OrganisationType;
use crate::engine::Access;

/// Longest for one question or insert.
const PATIENCE: Duration = Duration::from_mins(1);

/// Organisations that are listed at most.
const MOST_FOUND: u32 = 50;

/// Why corrections cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    /// ClickHouse does not answer, or refuses.
    #[error("cannot reach the corrections in ClickHouse; is it up, and has `weir migrate` run?")]
    Failed(#[from] clickhouse::error::Error),
    /// No answer in time.
    #[error("ClickHouse takes too long to answer for the corrections")]
    Slow,
}

/// What is done with the events of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// They are shown under this name; an empty domain or no type leaves what was stored.
    Rename {
        /// As it is shown.
        name: String,
        /// Its domain.
        domain: String,
        /// What it is.
        kind: Option<OrganisationType>,
    },
    /// They are nobody's.
    Hide,
    /// They are shown as they were stored.
    Undo,
}

/// A correction of one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which organisation.
    pub org_id: u32,
    /// Only its events from this system; 0 is all of them.
    pub asn: u32,
    /// What is done.
    pub action: Action,
    /// Why, for whoever reads the list later.
    pub note: String,
}

/// An organisation as events have it.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct Seen {
    /// Its number.
    pub org_id: u32,
    /// Its name as stored last.
    pub name: String,
    /// Its domain as stored last.
    pub domain: String,
    /// The system the events came from; 0 where it is not kept.
    pub asn: u32,
    /// How many events there are.
    pub events: u64,
}

/// Numbers of the column `action`.
#[derive(Clone, Copy, Serialize_repr, Deserialize_repr)]
#[repr(i8)]
enum Word {
    Rename = 1,
    Hide = 2,
    Undo = 3,
}

#[derive(Row, Serialize, Deserialize)]
struct Written {
    org_id: u32,
    asn: u32,
    action: Word,
    name: String,
    domain: String,
    r#type: String,
    note: String,
}

impl From<&Correction> for Written {
    fn from(correction: &Correction) -> Self {
        let (action, name, domain, kind) = match &correction.action {
            Action::Rename { name, domain, kind } => {
                let kind = kind.map_or("", OrganisationType::as_str);
                (Word::Rename, name.as_str(), domain.as_str(), kind)
            }
            Action::Hide => (Word::Hide, "", "", ""),
            Action::Undo => (Word::Undo, "", "", ""),
        };
        Self {
            org_id: correction.org_id,
            asn: correction.asn,
            action,
            name: name.to_owned(),
            domain: domain.to_owned(),
            r#type: kind.to_owned(),
            note: correction.note.clone(),
        }
    }
}

impl From<Written> for Correction {
    fn from(written: Written) -> Self {
        let mut types = OrganisationType::ALL.into_iter();
        Self {
            org_id: written.org_id,
            asn: written.asn,
            action: match written.action {
                Word::Rename => Action::Rename {
                    name: written.name,
                    domain: written.domain,
                    kind: types.find(|kind| kind.as_str() == written.r#type),
                },
                Word::Hide => Action::Hide,
                Word::Undo => Action::Undo,
            },
            note: written.note,
        }
    }
}

/// The corrections in a database.
pub struct Corrections(Client);

impl Corrections {
    /// Where `access` leads.
    pub fn connect(access: &Access) -> Self {
        let client = Client::default()
            .with_url(&access.url)
            .with_user(&access.user)
            .with_password(&access.password)
            .with_database(&access.database);
        Self(client)
    }

    /// Organisations that events have under this name, domain or number, with the systems they came from.
    pub async fn seen(&self, wanted: &str) -> Result<Vec<Seen>, CorrectionError> {
        let sql = "SELECT org_id, toString(argMax(org_name, time)) AS name, toString(argMax(org_domain, time)) AS domain, asn, count() AS events \
                   FROM events \
                   WHERE org_id != 0 AND (lower(org_name) = lower(?) OR lower(org_domain) = lower(?) OR toString(org_id) = ?) \
                   GROUP BY org_id, asn ORDER BY events DESC, org_id, asn LIMIT ?";
        let query = self.0.query(sql).bind(wanted).bind(wanted).bind(wanted);
        within(query.bind(MOST_FOUND).fetch_all()).await
    }

    /// Adds a correction; of several of one organisation and system the last one holds.
    pub async fn put(&self, correction: &Correction) -> Result<(), CorrectionError> {
        let mut insert = within(self.0.insert::<Written>("organisation_corrections")).await?;
        within(insert.write(&Written::from(correction))).await?;
        within(insert.end()).await
    }

    /// The corrections that hold.
    pub async fn held(&self) -> Result<Vec<Correction>, CorrectionError> {
        let sql = "SELECT org_id, asn, action, name, domain, toString(type) AS type, note \
                   FROM organisation_corrections FINAL WHERE action != 'undo' ORDER BY org_id, asn";
        let held: Vec<Written> = within(self.0.query(sql).fetch_all()).await?;
        Ok(held.into_iter().map(Correction::from).collect())
    }
}

async fn within<T>(
    asked: impl Future<Output = Result<T, clickhouse::error::Error>>,
) -> Result<T, CorrectionError> {
    match timeout(PATIENCE, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(CorrectionError::Slow),
    }
}

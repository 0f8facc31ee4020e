//! What the rest of the program says about itself, as the page shows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The state of everything behind the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Status {
    /// ClickHouse.
    pub engine: EngineStatus,
    /// Events that wait to be stored.
    pub spool: SpoolStatus,
    /// Whether old events are being stored faster than new ones arrive: numbers still grow backwards.
    pub catching_up: bool,
    /// Events that were lost since the start, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// How often the store of salts gave none since the start: people are approximate for that time.
    pub salt_failures: u64,
    /// Requests since midnight (UTC) whose sender asked not to be counted; nothing else is known of them.
    pub opted_out_today: u32,
    /// Documents of upstreams since the start.
    pub documents: DocumentStatus,
    /// Data about networks that is in use, which the page has to credit.
    pub place_data: Vec<PlaceData>,
    /// Everything up to this time is stored and counted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stored_until: Option<Timestamp>,
}

/// ClickHouse as its supervisor sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EngineStatus {
    /// What it is doing.
    pub state: EngineState,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// More about it, for people.
    pub message: Option<String>,
}

/// What ClickHouse is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineState {
    /// It answers.
    Ready,
    /// It is being started.
    Starting,
    /// It ended and will be started again.
    Down,
    /// It is a server that somebody else runs.
    External,
    /// This process cannot tell.
    Unknown,
}

/// Events between the gateway and ClickHouse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpoolStatus {
    /// Sealed batches on disk.
    pub pending_batches: u64,
    /// Their size in bytes.
    pub pending_bytes: u64,
    /// Age of the oldest in seconds.
    pub oldest_s: Option<u64>,
}

/// How documents that list files, such as an index's pages, were come by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentStatus {
    /// From memory, without asking the upstream.
    pub hits: u64,
    /// Fetched whole from the upstream.
    pub misses: u64,
    /// From memory, after the upstream said that nothing had changed.
    pub unchanged: u64,
    /// From memory past their time, because the upstream failed.
    pub stale: u64,
}

/// A source of data about networks and their places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceData {
    /// What it is called.
    pub name: String,
    /// Its licence; empty where unknown.
    pub licence: String,
    /// What has to be shown wherever its data is; empty for nothing.
    pub attribution: String,
    /// Where that has to lead; empty for nowhere.
    pub link: String,
    /// When the data was made or else fetched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub made: Option<Timestamp>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            engine: EngineStatus {
                state: EngineState::Unknown,
                since: None,
                message: None,
            },
            spool: SpoolStatus::default(),
            catching_up: false,
            dropped: BTreeMap::new(),
            salt_failures: 0,
            opted_out_today: 0,
            documents: DocumentStatus::default(),
            place_data: Vec::new(),
            stored_until: None,
        }
    }
}

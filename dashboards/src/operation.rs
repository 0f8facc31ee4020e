//! What an operator wants to see of an installation without a shell: read from what is running.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that is told when it is asked for.
pub type Told<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Tells how the program runs.
pub type Operating = Arc<dyn Fn() -> Told<Operation> + Send + Sync>;

/// How the program runs. What stands here is in the configuration file and is changed there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Operation {
    /// Version of the program.
    pub version: String,
    /// The folder with all state.
    pub data_dir: String,
    /// Bytes that are free where it is, where the system tells.
    pub free_bytes: Option<u64>,
    /// Days that single events are kept for.
    pub event_days: u16,
    /// Months that what is counted from them is kept for.
    pub count_months: u16,
    /// Most bytes that events may wait in.
    pub spool_bytes: u64,
    /// Where ClickHouse is: its address, or nothing where the program runs it itself.
    pub clickhouse: Option<String>,
    /// The cluster that the tables are spread over.
    pub cluster: Option<String>,
    /// Addresses that tell those who are counted what is kept of them, one a domain.
    pub statements: Vec<String>,
    /// Whether data about networks is fetched anew by itself.
    pub place_updates: bool,
    /// Files of the operator's own rules about clients.
    pub rule_files: Vec<String>,
    /// Rules about audiences in the order they are asked; the first that holds decides.
    pub rules: Vec<AudienceRule>,
    /// Clients of the last week that no rule knows, most requests first.
    pub unknown_clients: Vec<UnknownClient>,
    /// What leaves by the clock.
    pub exports: Vec<ScheduledExport>,
    /// Packages whose downloads by week everybody may know.
    pub public: Vec<String>,
}

/// A rule about audiences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AudienceRule {
    /// Its name, which events keep.
    pub rule: String,
    /// people, ci, mirror, updater, bot, proxy, unknown.
    pub audience: String,
}

/// A client that no rule knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnknownClient {
    /// What it calls itself, shortened and scrubbed.
    pub name: String,
    /// Requests within the last week.
    pub requests: u64,
}

/// An export by the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScheduledExport {
    /// Names the files.
    pub name: String,
    /// hour, day or month.
    pub every: String,
    /// The folder, or the bucket's address.
    pub to: String,
    /// Up to when it is done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_until: Option<Timestamp>,
}

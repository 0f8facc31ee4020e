//! From an observation to a row in ClickHouse; the only package that knows addresses.

mod address;
pub mod backup;
mod bursts;
pub mod engine;
mod enrich;
pub mod geo;
pub mod import;
mod ingest;
mod keyed;
#[cfg(test)]
mod memory;
mod observation;
pub mod organisation;
mod practice;
mod repeats;
pub mod rollups;
mod salt;
pub mod schema;
mod sets;
pub mod ship;
pub mod statement;
pub mod store;
mod strangers;
mod sweeps;
pub mod upkeep;

pub use address::{ClientIp, TrustedProxies, Visitor, client_ip};
pub use enrich::{
    Agents, Class, Client, ClientRule, ClientRules, Enricher, Lately, Lists, LiveRules, Network,
    NetworkType, Places, RulesError, Seen, judge, list_named, load_open_data, network_named,
    processor, system,
};
pub use ingest::{Ingest, OpenError};
pub use observation::Observation;
pub use practice::{Organisations, Practice, Prefix, Source, VisitorId};
pub use salt::{DaySalt, HandedSalt, NoRandomness, ProcessKey, Salts, StoreError};
pub use strangers::{StrangerCounts, StrangersError, strangers};

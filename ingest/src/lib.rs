//! From an observation to a row in ClickHouse; the only package that knows addresses.

mod address;
pub mod engine;
mod enrich;
pub mod import;
mod ingest;
mod observation;
mod repeats;
mod salt;
pub mod schema;
pub mod ship;
pub mod statement;
pub mod store;

pub use address::{ClientIp, TrustedProxies, Visitor, client_ip};
pub use enrich::{DatabaseError, Enricher, Places, processor, system};
pub use ingest::{Ingest, OpenError};
pub use observation::Observation;
pub use salt::{DaySalt, NoRandomness, ProcessKey, Salts};

//! From an observation to a row in ClickHouse; the only package that knows addresses.

mod address;
mod observation;

pub use address::{ClientIp, TrustedProxies};
pub use observation::Observation;

//! What `weir demo` shows Weir with: a stand-in registry and a year of made-up history.
//!
//! The registry ([`Registry`]) runs inside the process on loopback and holds a small real package
//! of each kind: release archives ([`files`]), Python wheels ([`pypi`]), JavaScript packages
//! ([`npm`]), Rust crates ([`crates`]) and container images ([`oci`]). It behaves the way real
//! registries do where clients can tell the difference: content negotiation, bearer tokens, storage
//! on another host behind signed addresses. The history ([`history`]) is SQL that fills the events
//! table; every row says that it was made up.

mod answer;
pub mod apt;
mod archive;
pub mod composer;
pub mod conda;
pub mod crates;
pub mod docs;
pub mod files;
pub mod go;
pub mod helm;
pub mod hex;
pub mod history;
pub mod homebrew;
pub mod maven;
pub mod npm;
pub mod nuget;
pub mod oci;
pub mod pypi;
mod registry;
pub mod rpm;
pub mod rubygems;
pub mod scripts;
mod seal;
mod seen;
pub mod terraform;

pub use registry::{Addresses, Registry, StartError};
pub use seen::Seen;

//! Data about networks: where it can be had, how it is fetched, proved sound and kept, and how it is
//! held in memory.
//!
//! ```text
//! data_dir/geo/
//!   *.mmdb           databases that the operator put there
//!   manifest.json    what was fetched: from where, when, checksums, licences
//!   files/           those files, named after their contents
//!   lock             held while files are exchanged
//! ```

mod category;
mod contents;
mod csv;
mod data;
mod explain;
mod fetch;
mod folder;
mod list;
mod manifest;
mod mmdb;
mod names;
mod npm;
mod overlay;
mod ranges;
mod read;
mod source;
mod systems;
mod unpack;
mod update;

pub use contents::Unsound;
pub use data::{DataFile, LoadError};
pub use explain::{Explanation, Said, explain};
pub use folder::FolderError;
pub use manifest::{Installed, InstalledFile, Manifest};
pub use source::{Source, SourceError, Sources};
pub use update::{Outcome, UpdateError, Updater};

pub(crate) use contents::country_code;
pub(crate) use data::{Data, Shelf};
pub(crate) use ranges::Ranges;

#[cfg(test)]
pub(crate) use mmdb::tests as made;

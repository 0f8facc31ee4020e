//! One file's bytes to what it says, by its format.

use weir_config::settings::GeoFormat;

use super::contents::{Contents, Unsound};
use super::{csv, list, mmdb};
use crate::enrich::Lists;

/// How the files of a source are read.
#[derive(Clone, Debug)]
pub(super) struct Reading<'a> {
    pub(super) format: GeoFormat,
    /// For networks: the list that they are on.
    pub(super) list: Lists,
    /// For networks in JSON: the key below which they are.
    pub(super) within: Option<&'a str>,
    /// Whether regions are kept.
    pub(super) regions: bool,
}

impl Reading<'_> {
    /// Everything that a file says, once all of it was read and is sound.
    pub(super) fn read(&self, bytes: &[u8]) -> Result<Contents, Unsound> {
        let mut contents = match self.format {
            GeoFormat::Mmdb => mmdb::read(bytes, self.regions),
            GeoFormat::Systems => csv::systems(bytes),
            GeoFormat::Countries => csv::countries(bytes),
            GeoFormat::About => csv::about(bytes),
            GeoFormat::Networks => list::read(bytes, self.list, self.within),
        }?;
        if contents.kind.is_empty() {
            self.format.as_str().clone_into(&mut contents.kind);
        }
        Ok(contents)
    }
}

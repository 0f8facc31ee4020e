//! What was fetched: a table in JSON that is replaced in one step, and that decides what is in use.

use serde::{Deserialize, Serialize};
use weir_config::settings::GeoFormat;

use super::source::Source;
use crate::enrich::Lists;

/// Everything that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Grows when older programs would misread the file.
    pub version: u32,
    /// A source each.
    pub sources: Vec<Installed>,
}

/// What is kept of one source. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Installed {
    /// What the source is called.
    pub name: String,
    /// The word of its format.
    pub format: String,
    /// For networks: the word of the list that they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// For networks in JSON: the key below which they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// Its licence.
    pub licence: String,
    /// What the page has to show for it; empty for nothing.
    pub attribution: String,
    /// Where that leads; empty for nowhere.
    pub link: String,
    /// How long it may be used after it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_days: Option<u64>,
    /// When these files came.
    pub installed: u64,
    /// When the source last said that these are the newest.
    pub checked: u64,
    /// Its files.
    pub files: Vec<InstalledFile>,
}

/// One file as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstalledFile {
    /// Its name in the folder, from its contents.
    pub file: String,
    /// What it was called where it is from.
    pub original: String,
    /// Where from.
    pub from: String,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Networks, ranges or systems in it.
    pub records: u64,
    /// What it calls itself, or else its format.
    pub kind: String,
    /// When the data was made, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<u64>,
    /// What the server calls this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When the server says that it changed, as it writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// The newest layout that this program reads.
pub(super) const VERSION: u32 = 1;

impl Manifest {
    /// What is kept of a source.
    pub fn of(&self, name: &str) -> Option<&Installed> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// Puts a source in the place of what was kept of it.
    pub(super) fn put(&mut self, installed: Installed) {
        let same = self
            .sources
            .iter_mut()
            .find(|source| source.name == installed.name);
        match same {
            Some(same) => *same = installed,
            None => self.sources.push(installed),
        }
    }
}

impl Installed {
    pub(super) fn new(source: &Source, files: Vec<InstalledFile>, now: u64) -> Self {
        Self {
            name: source.name.clone(),
            format: source.format.as_str().to_owned(),
            list: source.list.clone(),
            within: source.within.clone(),
            licence: source.licence.clone(),
            attribution: source.attribution.clone(),
            link: source.link.clone(),
            expires_days: source.expires_days,
            installed: now,
            checked: now,
            files,
        }
    }

    /// Whether files that are kept are read as those of `source` would be.
    pub(super) fn is_read_as(&self, source: &Source) -> bool {
        self.format == source.format.as_str()
            && self.list == source.list
            && self.within == source.within
    }

    /// The format that its word stands for; none where a newer program wrote it.
    pub(super) fn format(&self) -> Option<GeoFormat> {
        let known = GeoFormat::WORDS
            .iter()
            .find(|(word, _)| *word == self.format);
        known.map(|(_, format)| *format)
    }

    pub(super) fn lists(&self) -> Lists {
        let list = self.list.as_deref().and_then(Lists::from_word);
        list.unwrap_or_default()
    }

    /// Networks, ranges or systems in all its files.
    pub fn records(&self) -> u64 {
        self.files.iter().map(|file| file.records).sum()
    }
}

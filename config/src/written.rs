//! A configuration as written, and how it becomes one as used.
//!
//! Reading never stops at a problem. It notes it, goes on with what is left, and the load fails at the end; so an
//! operator sees all problems at once, which a derived deserializer, ending at the first, cannot do.

mod export;
mod index;
mod item;
mod package;
mod pattern;
mod pixel;
mod project;
mod releases;
mod route;
mod setting;
mod table;
mod url;

use std::path::{Path, PathBuf};

pub(crate) use item::Item;
pub(crate) use table::{Override, Table};

use crate::catalogue::Catalogue;
use crate::problem::Problem;
use crate::settings::Settings;

/// What comes to light while reading, beside the result.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// Every file read, the configuration itself first.
    pub(crate) files: Vec<PathBuf>,
    /// The domains of `always_proxy`, and what is wrong with each if nothing is served on it.
    pub(crate) always_proxy: Vec<(String, Problem)>,
    /// Where the service manager puts credentials.
    pub(crate) credentials_directory: Option<PathBuf>,
}

impl Reading {
    pub(crate) fn error(&mut self, problem: Problem) {
        self.errors.push(problem);
    }

    pub(crate) fn warning(&mut self, problem: Problem) {
        self.warnings.push(problem);
    }
}

/// Reads a whole configuration.
pub(crate) fn config(mut root: Table<'_>, reading: &mut Reading) -> (Settings, Catalogue) {
    let mut settings = setting::settings(&mut root, reading);
    for table in root.tables("export", reading) {
        let export = export::export(table, &settings.exports, reading);
        settings.exports.extend(export);
    }
    let mut catalogue = Catalogue::default();
    for table in root.tables("package", reading) {
        catalogue.packages.extend(package::package(table, reading));
    }
    for table in root.tables("index", reading) {
        catalogue.indexes.extend(index::index(table, reading));
    }
    for table in root.tables("pixel", reading) {
        catalogue.pixels.extend(pixel::pixel(table, reading));
    }
    root.finish(reading);
    (settings, catalogue)
}

/// Reads a secret from the file that `item` names; notes an error where there is none.
pub(crate) fn secret(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let path = item.path(reading)?;
    reading.files.push(path.clone());
    let guarded = reading.credentials_directory.as_deref();
    match crate::secret::read(&path, guarded) {
        Ok(secret) => Some(secret),
        Err(error) => {
            let help = help_with(&error, &path);
            reading.error(item.problem(error.to_string()).help(help));
            None
        }
    }
}

fn help_with(error: &crate::secret::SecretError, path: &Path) -> String {
    use crate::secret::SecretError;
    match error {
        SecretError::Exposed { .. } => format!("run chmod 600 {}", path.display()),
        SecretError::Unreadable { .. } => {
            "create it, readable by the user that weir runs as alone".to_owned()
        }
        SecretError::TooLong { .. } | SecretError::Empty { .. } => {
            "put the secret alone into it, on one line".to_owned()
        }
    }
}

/// The word in `known` that someone who wrote `word` most probably meant.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let scored = known
        .iter()
        .map(|known| (strsim::jaro_winkler(word, known), *known));
    let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best.0 > 0.8).then_some(best.1)
}

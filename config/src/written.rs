//! A configuration as written, and how it becomes one as used.
//!
//! Reading never stops at a problem. It notes it, goes on with what is left, and the load fails at the end; so an
//! operator sees all problems at once, which a derived deserializer, ending at the first, cannot do.

mod controller;
mod domain;
mod event;
mod export;
mod geo;
mod index;
mod item;
mod oidc;
mod operator;
mod organisations;
mod package;
mod pattern;
mod pixel;
mod privacy;
mod project;
mod releases;
mod route;
mod setting;
mod site;
mod table;
mod tls;
mod url;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use item::Item;
pub(crate) use table::{Override, Table};

use crate::catalogue::Catalogue;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::watch::Seen;

/// What comes to light while reading, beside the result.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// Every file read, the configuration itself first.
    pub(crate) files: Vec<Seen>,
    /// Domains that settings name, and what is wrong with each if nothing is served on it.
    pub(crate) named_domains: Vec<(String, Problem)>,
    /// What is wrong with listening for TLS if there is no certificate to show.
    pub(crate) without_certificate: Option<Problem>,
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
    tls::tls(&mut root, &mut settings, reading);
    for table in root.tables("export", reading) {
        let export = export::export(table, &settings.exports, reading);
        settings.exports.extend(export);
    }
    let mut catalogue = Catalogue::default();
    let packages = root.tables("package", reading);
    catalogue.packages.reserve_exact(packages.len());
    for table in packages {
        catalogue.packages.extend(package::package(table, reading));
    }
    for table in root.tables("index", reading) {
        catalogue.indexes.extend(index::index(table, reading));
    }
    for table in root.tables("pixel", reading) {
        catalogue.pixels.extend(pixel::pixel(table, reading));
    }
    for table in root.tables("site", reading) {
        catalogue
            .sites
            .extend(site::site(table, reading).map(Arc::new));
    }
    for table in root.tables("domain", reading) {
        catalogue.owned.extend(domain::domain(table, reading));
    }
    root.finish(reading);
    (settings, catalogue)
}

/// Reads a secret from the file that `item` names; notes an error where there is none.
pub(crate) fn secret(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let path = item.path(reading)?;
    reading.files.push(Seen::now(&path));
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

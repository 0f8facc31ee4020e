//! A configuration as written: tables whose keys are taken one by one, so that what nobody took is unknown.
//!
//! Reading never stops at a problem. It notes it, goes on with what is left, and the load fails at the end; so an
//! operator sees all problems at once, which a derived deserializer, ending at the first, cannot do.

mod index;
mod item;
mod package;
mod pixel;
mod route;
mod setting;
mod url;

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

pub(crate) use item::Item;

use crate::catalogue::{Catalogue, Place};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::source::Source;

/// What comes to light while reading, beside the result.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// Files read besides the configuration itself.
    pub(crate) files: Vec<PathBuf>,
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
    let settings = setting::settings(&mut root, reading);
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

/// A table, and which of its keys have been asked for.
pub(crate) struct Table<'s> {
    source: &'s Source,
    span: Range<usize>,
    entries: Vec<Entry<'s>>,
    overrides: Vec<Override<'s>>,
    asked: Vec<&'static str>,
}

/// A value from elsewhere for a key of a section of this table or, without one, of this table itself.
pub(crate) struct Override<'s> {
    pub(crate) section: Option<&'s str>,
    pub(crate) key: &'s str,
    pub(crate) item: Item<'s>,
}

struct Entry<'s> {
    key: &'s str,
    key_span: Range<usize>,
    item: Item<'s>,
}

impl<'s> Table<'s> {
    pub(crate) fn new(source: &'s Source, span: Range<usize>, table: &'s DeTable<'s>) -> Self {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref(),
            key_span: key.span(),
            item: Item::new(source, value),
        });
        Self {
            source,
            span,
            entries: entries.collect(),
            overrides: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// The table with values from elsewhere before its own.
    pub(crate) fn with(mut self, overrides: Vec<Override<'s>>) -> Self {
        let (sections, own) = overrides
            .into_iter()
            .partition(|one: &Override<'_>| one.section.is_some());
        self.overrides = sections;
        self.put(own);
        self
    }

    fn put(&mut self, overrides: Vec<Override<'s>>) {
        for Override { key, item, .. } in overrides {
            self.entries.retain(|entry| entry.key != key);
            let key_span = item.span();
            self.entries.push(Entry {
                key,
                key_span,
                item,
            });
        }
    }

    /// Takes a key's value.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Item<'s>> {
        self.asked.push(key);
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.swap_remove(at).item)
    }

    /// Takes a key's value; notes an error if it is missing.
    pub(crate) fn require(
        &mut self,
        key: &'static str,
        example: &str,
        reading: &mut Reading,
    ) -> Option<Item<'s>> {
        let item = self.take(key);
        if item.is_none() {
            let problem = self.problem(format!("{key:?} is missing"));
            reading.error(problem.help(format!("add {key} = {example}")));
        }
        item
    }

    /// Takes a section, with the overrides for it; an absent one is empty.
    pub(crate) fn section(&mut self, key: &'static str, reading: &mut Reading) -> Self {
        let source = self.source;
        let table = self.take(key).and_then(|item| item.table(reading));
        let mut table = table.unwrap_or(Self {
            source,
            span: 0..0,
            entries: Vec::new(),
            overrides: Vec::new(),
            asked: Vec::new(),
        });
        table.put(
            self.overrides
                .extract_if(.., |one| one.section == Some(key))
                .collect(),
        );
        table
    }

    /// Takes an array of tables.
    pub(crate) fn tables(&mut self, key: &'static str, reading: &mut Reading) -> Vec<Self> {
        let Some(item) = self.take(key) else {
            return Vec::new();
        };
        if !item.value().is_array() {
            let problem = item.problem(format!("{key:?} is a list"));
            reading.error(problem.help(format!("write [[{key}]]")));
            return Vec::new();
        }
        let items = item.array(reading).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item.table(reading))
            .collect()
    }

    /// Ends the reading: a key that nobody asked for is unknown.
    pub(crate) fn finish(self, reading: &mut Reading) {
        let entries = self
            .entries
            .iter()
            .map(|entry| (entry.key, entry.key_span.clone(), &entry.item));
        let overrides = self
            .overrides
            .iter()
            .filter_map(|one| Some((one.section?, one.item.span(), &one.item)));
        for (key, span, item) in entries.chain(overrides) {
            let problem = item.source().problem(span, format!("unknown key {key:?}"));
            let problem = if looks_secret(key) {
                problem.without_excerpt()
            } else {
                problem
            };
            reading.error(match nearest(key, &self.asked) {
                Some(known) => problem.help(format!("did you mean {known:?}?")),
                None => problem.help(format!("known here: {}", self.asked.join(", "))),
            });
        }
    }

    /// A problem with the table as a whole, shown at its head.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        self.source.problem(self.span.clone(), message)
    }

    /// Where the table begins.
    pub(crate) fn place(&self) -> Place {
        self.source.place(self.span.start)
    }
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

fn looks_secret(key: &str) -> bool {
    ["pass", "secret", "token", "credential"]
        .iter()
        .any(|word| key.to_ascii_lowercase().contains(word))
}

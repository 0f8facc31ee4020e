//! A table as written: its keys are taken one by one, so that what nobody took is unknown.

use std::ops::Range;

use toml::de::DeTable;

use super::{Item, Reading, nearest};
use crate::catalogue::Place;
use crate::problem::Problem;
use crate::source::Source;

/// A table, and which of its keys have been asked for.
pub(crate) struct Table<'s> {
    source: &'s Source,
    span: Range<usize>,
    entries: Vec<Entry<'s>>,
    overrides: Vec<Override<'s>>,
    asked: Vec<&'static str>,
    /// Those of `asked` that are sections.
    sections: Vec<&'static str>,
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
            sections: Vec::new(),
        }
    }

    /// Whether nothing is written in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The folder of the file that the table is written in, where relative paths begin.
    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.source.folder
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

    /// Everything in it, whatever its keys are called.
    pub(crate) fn entries(self) -> Vec<(&'s str, Item<'s>)> {
        let entries = self.entries.into_iter();
        entries.map(|entry| (entry.key, entry.item)).collect()
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
        self.sections.push(key);
        let table = self.take(key).and_then(|item| item.table(reading));
        let mut table = table.unwrap_or(Self {
            source,
            span: 0..0,
            entries: Vec::new(),
            overrides: Vec::new(),
            asked: Vec::new(),
            sections: Vec::new(),
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

    /// Ends the reading: a key that nobody asked for is unknown, and so is a section that only an override names.
    pub(crate) fn finish(self, reading: &mut Reading) {
        for Entry {
            key,
            key_span,
            item,
        } in &self.entries
        {
            let message = format!("unknown key {key:?}");
            let problem = item.source().problem(key_span.clone(), message);
            let shown = if looks_secret(key) {
                problem.without_excerpt()
            } else {
                problem
            };
            reading.error(suggest(shown, key, &self.asked));
        }
        for Override { section, item, .. } in &self.overrides {
            let section = section.unwrap_or_default();
            let problem = item.problem(format!("unknown section {section:?}"));
            reading.error(suggest(problem.without_excerpt(), section, &self.sections));
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

fn suggest(problem: Problem, word: &str, known: &[&str]) -> Problem {
    problem.help(match nearest(word, known) {
        Some(known) => format!("did you mean {known:?}?"),
        None => format!("known here: {}", known.join(", ")),
    })
}

fn looks_secret(key: &str) -> bool {
    ["pass", "secret", "token", "credential"]
        .iter()
        .any(|word| key.to_ascii_lowercase().contains(word))
}

//! One value as written: typed views of it, each noting an error where the type is another.

use std::fmt::Display;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeFloat, DeValue};

use super::{Reading, Table, nearest};
use crate::catalogue::Place;
use crate::problem::Problem;
use crate::source::Source;

/// A value and where it was written.
#[derive(Clone)]
pub(crate) struct Item<'s> {
    source: &'s Source,
    span: Range<usize>,
    value: &'s DeValue<'s>,
}

impl<'s> Item<'s> {
    pub(crate) fn new(source: &'s Source, value: &'s Spanned<DeValue<'s>>) -> Self {
        Self {
            source,
            span: value.span(),
            value: value.get_ref(),
        }
    }

    pub(crate) fn value(&self) -> &'s DeValue<'s> {
        self.value
    }

    pub(crate) fn source(&self) -> &'s Source {
        self.source
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(crate) fn place(&self) -> Place {
        self.source.place(self.span.start)
    }

    /// A problem with the whole value.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        self.source.problem(self.span(), message)
    }

    /// A problem with a string from its character `offset` on, shown exactly there if the string has no escapes.
    pub(crate) fn problem_at(&self, offset: usize, message: impl Into<String>) -> Problem {
        let text = self.value.as_str().unwrap_or_default();
        let inside = self.span.start + 1..self.span.end.saturating_sub(1);
        let start = if self.source.text.get(inside.clone()) == Some(text) {
            inside.start
        } else if self.source.text.get(self.span()) == Some(text) {
            self.span.start
        } else {
            return self.problem(message);
        };
        let at = text
            .char_indices()
            .nth(offset)
            .map_or(text.len(), |(at, _)| at);
        self.source.problem(start + at..start + at, message)
    }

    pub(crate) fn string(&self, reading: &mut Reading) -> Option<&'s str> {
        self.expect(self.value.as_str(), "a string", reading)
    }

    pub(crate) fn boolean(&self, reading: &mut Reading) -> Option<bool> {
        self.expect(self.value.as_bool(), "true or false", reading)
    }

    pub(crate) fn integer(&self, range: RangeInclusive<u64>, reading: &mut Reading) -> Option<u64> {
        let written = self.expect(self.value.as_integer(), "a whole number", reading)?;
        let number = u64::from_str_radix(written.as_str(), written.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (low, high) = (range.start(), range.end());
            reading.error(self.problem(format!("{written} is not between {low} and {high}")));
        }
        number
    }

    /// A part of a whole.
    pub(crate) fn share(&self, reading: &mut Reading) -> Option<f64> {
        let written = self.value.as_float().map(DeFloat::as_str);
        let written = written.or_else(|| Some(self.value.as_integer()?.as_str()));
        let written = self.expect(written, "a number", reading)?;
        let share = written.parse().ok();
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        if share.is_none() {
            reading.error(self.problem(format!("{written} is not between 0 and 1")));
        }
        share
    }

    pub(crate) fn array(&self, reading: &mut Reading) -> Option<Vec<Self>> {
        let items = self.expect(self.value.as_array(), "a list", reading)?;
        Some(
            items
                .iter()
                .map(|item| Self::new(self.source, item))
                .collect(),
        )
    }

    pub(crate) fn table(&self, reading: &mut Reading) -> Option<Table<'s>> {
        let table = self.expect(self.value.as_table(), "a table", reading)?;
        Some(Table::new(self.source, self.span(), table))
    }

    /// A list; a lone string counts as a list of one, as in `domains = "get.acme.example"`.
    pub(crate) fn list(&self, reading: &mut Reading) -> Vec<Self> {
        if self.value.is_str() {
            return vec![self.clone()];
        }
        self.array(reading).unwrap_or_default()
    }

    /// A path; a relative one begins at the folder of the file that it is written in.
    pub(crate) fn path(&self, reading: &mut Reading) -> Option<PathBuf> {
        let text = self.string(reading)?;
        if text.is_empty() {
            reading.error(self.problem("the path is empty"));
            return None;
        }
        // Without the `.` that a path may hold or end with, since people read it again on the page.
        Some(self.source.folder.join(text).components().collect())
    }

    /// A string that `read` understands; `help` says what it should look like.
    pub(crate) fn parse<T, E: Display>(
        &self,
        read: impl FnOnce(&'s str) -> Result<T, E>,
        help: &str,
        reading: &mut Reading,
    ) -> Option<T> {
        let text = self.string(reading)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(error) => {
                reading.error(self.problem(format!("{text:?}: {error}")).help(help));
                None
            }
        }
    }

    /// A kind: one of several words, and what each stands for.
    pub(crate) fn kind<T: Copy>(
        &self,
        known: &[(&'static str, T)],
        reading: &mut Reading,
    ) -> Option<T> {
        let text = self.string(reading)?;
        let found = known.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
            let help = match nearest(text, &words) {
                Some(word) => format!("did you mean {word:?}?"),
                None => format!("known: {}", words.join(", ")),
            };
            reading.error(self.problem(format!("unknown kind {text:?}")).help(help));
        }
        found.map(|(_, value)| *value)
    }

    fn expect<T>(&self, value: Option<T>, what: &str, reading: &mut Reading) -> Option<T> {
        if value.is_none() {
            let message = format!(
                "expected {what}, found {}",
                with_article(self.value.type_str())
            );
            reading.error(self.problem(message));
        }
        value
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

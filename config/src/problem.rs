//! What is wrong with a configuration, as a compiler would say it.

use std::fmt;

use crate::catalogue::Place;

/// One thing that is wrong, where it stands and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was written.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    pub(crate) excerpt: Option<Excerpt>,
}

/// The line that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) line: String,
    /// Characters to underline, at least 1.
    pub(crate) width: usize,
}

impl Problem {
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Leaves the line out: it may hold a secret, and problems end up in logs.
    pub(crate) fn without_excerpt(mut self) -> Self {
        self.excerpt = None;
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if let Some(Excerpt { line, width }) = &self.excerpt {
            let number = self.place.line.to_string();
            let gutter = number.len();
            let (indent, carets) = (self.place.column as usize - 1, "^".repeat(*width));
            write!(f, "\n {number} | {line}")?;
            write!(f, "\n {:gutter$} | {:indent$}{carets}", "", "")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a configuration; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors(pub Vec<Problem>);

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

//! Text that settings were read from: places in it, and problems that show it.

use std::ops::Range;
use std::path::PathBuf;

use crate::catalogue::Place;
use crate::problem::{Excerpt, Problem};

/// A file, or the value of an environment variable.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file as named by the operator, or `$VARIABLE`.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where relative paths in it begin.
    pub(crate) folder: PathBuf,
}

impl Source {
    /// The place of a byte offset.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// A problem with a range of bytes.
    pub(crate) fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let place = self.place(span.start);
        let first_line = self.text.get(span).unwrap_or_default().lines().next();
        let width = first_line.map_or(1, |text| text.chars().count().max(1));
        self.problem_at(place, width, message.into())
    }

    /// A problem with `width` characters at a place.
    pub(crate) fn problem_at(&self, place: Place, width: usize, message: String) -> Problem {
        let line = self.text.lines().nth(place.line - 1).unwrap_or_default();
        // One column a character, and nothing that a terminal would obey.
        let line = line.chars().map(|c| if c.is_control() { ' ' } else { c });
        let excerpt = Excerpt {
            line: line.collect(),
            width,
        };
        Problem {
            place,
            message,
            help: None,
            excerpt: Some(excerpt),
        }
    }
}

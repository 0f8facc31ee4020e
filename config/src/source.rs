//! Text that settings were read from: places in it, and problems that show it.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalogue::Place;
use crate::problem::{Excerpt, Problem};

/// A file, or the value of an environment variable.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file as named by the operator, or `$VARIABLE`.
    pub(crate) name: Arc<str>,
    pub(crate) text: String,
    /// Where relative paths in it begin.
    pub(crate) folder: PathBuf,
    /// The offset of each line, so that the places of a hundred thousand routes are found in no time.
    lines: Vec<usize>,
}

impl Source {
    pub(crate) fn new(name: impl Into<Arc<str>>, text: String, folder: PathBuf) -> Self {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = [0].into_iter().chain(newlines).collect();
        Self {
            name: name.into(),
            text,
            folder,
            lines,
        }
    }

    /// The place of a byte offset.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1];
        Place {
            file: Arc::clone(&self.name),
            line: line as u32,
            column: self.text[start..offset].chars().count() as u32 + 1,
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
        let start = self.lines[place.line as usize - 1];
        let line = self.text[start..].lines().next().unwrap_or_default();
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

//! URL templates: the part of RFC 6570 that routes need, as text, as a matcher and as an expansion.
//!
//! | written | matches in a request | expands to |
//! |---|---|---|
//! | `text` | itself, byte for byte | itself |
//! | `{v}` | 1 to 200 characters of `[A-Za-z0-9._+~-]`, raw or percent-encoded, in one segment; not `.` or `..` | its value, all but unreserved characters percent-encoded |
//! | `{+v}` | one or more characters, also across `/` | the bytes as they came |
//! | `?a={v}&b=1` | these parameters in any order, among others | these parameters, then those of the request that no template names |
//!
//! A `{+v}` never holds a `.` or `..` segment (raw or encoded), an empty segment, a backslash, a control character or a
//! `%` without two hex digits, so no value can leave the place that the template gives it. A variable that is written
//! twice must have the same raw text both times, so in what requests are matched against it has one form; a target may write
//! it both ways. In a query `+` is a plus sign, not a space.

mod captures;
mod expand;
mod parse;
mod part;
mod rank;
mod search;
mod value;

#[cfg(test)]
mod tests;

pub use captures::Captures;
pub use expand::ExpandError;
pub use parse::{TemplateError, TemplateFault};
pub use rank::Rank;

use part::{Part, Parts, Piece};

/// A URL template, read and checked: its text, and where the parts of that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: Box<str>,
    path: Box<[Piece]>,
    /// Empty when the template has no query.
    query: Box<[Parameter]>,
}

/// `name=value` in a template's query.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parameter {
    name: Piece,
    /// None where there is no `=`.
    value: Option<Box<[Piece]>>,
}

impl Template {
    /// Reads a template that requests are matched against.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        parse::template(text)
    }

    /// Reads a template that is expanded alone.
    pub fn parse_target(text: &str) -> Result<Self, TemplateError> {
        parse::target(text)
    }

    /// Matches the raw path and raw query of a request, both still percent-encoded.
    ///
    /// Where a segment can be split in several ways, each variable from the left is as short as the rest allows.
    /// The work is bounded by a multiple of the text's length; a path that needs more does not match.
    pub fn matches<'r>(&'r self, path: &'r str, query: Option<&'r str>) -> Option<Captures<'r>> {
        search::request(self, path, query)
    }

    /// Writes the template with the captured values, and the rest of the request's query behind it.
    pub fn expand(&self, captures: &Captures<'_>) -> Result<String, ExpandError> {
        expand::template(self, captures)
    }

    /// Writes the template with the request's whole path and query behind it.
    ///
    /// For templates without variables and query, behind a route that takes every path.
    pub fn expand_prefix(&self, captures: &Captures<'_>) -> String {
        expand::prefix(self, captures)
    }

    /// The names of the variables, in the order written, repeated ones again.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let values = self.parameters().filter_map(|(_, value)| value);
        let values = values.flat_map(Parts::iter);
        self.path().iter().chain(values).filter_map(Part::variable)
    }

    /// The template as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path's text before the first variable.
    pub fn literal_prefix(&self) -> &str {
        self.path().first().map_or("", Part::text)
    }

    /// Whether there is no variable before the query.
    pub fn path_is_literal(&self) -> bool {
        self.path().iter().all(|part| part.variable().is_none())
    }

    /// Whether the template names query parameters.
    pub fn has_query(&self) -> bool {
        !self.query.is_empty()
    }

    /// How exactly the template describes a request: of two that match, the greater one wins.
    pub fn rank(&self) -> Rank {
        Rank::of(self)
    }

    /// The template with its variables numbered and its parameters sorted: equal shapes match the same requests.
    pub fn shape(&self) -> String {
        rank::shape(self)
    }

    /// Text that templates of equal rank share if some request matches both.
    pub(crate) fn anchors(&self) -> Vec<&str> {
        rank::anchors(self)
    }

    /// Whether some request would match both templates.
    pub fn overlaps(&self, other: &Self) -> bool {
        rank::overlap(self, other)
    }

    fn path(&self) -> Parts<'_> {
        Parts::new(&self.text, &self.path)
    }

    /// Names in the query, and what stands behind the `=` of those that have one.
    fn parameters(&self) -> impl Iterator<Item = (&str, Option<Parts<'_>>)> {
        self.query.iter().map(|Parameter { name, value }| {
            let value = value.as_deref();
            let value = value.map(|pieces| Parts::new(&self.text, pieces));
            (name.text(&self.text), value)
        })
    }
}

//! What a request's URL held where a route has variables.

use std::borrow::Cow;

use super::value;

/// The values that a route found in a request, and the rest of its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures<'r> {
    pub(super) path: &'r str,
    pub(super) values: Vec<(&'r str, &'r str)>,
    pub(super) rest_of_query: Vec<&'r str>,
}

impl<'r> Captures<'r> {
    /// Captures nothing and passes everything on, for a route that takes every path.
    ///
    /// Nothing where the path or query could change its meaning on the way (see the rules of `{+v}`).
    pub fn everything(path: &'r str, query: Option<&'r str>) -> Option<Self> {
        let rest_of_query = whole(query)?;
        value::is_safe(path).then_some(Self {
            path,
            values: Vec::new(),
            rest_of_query,
        })
    }

    /// Captures the named groups of a regex; the whole query is left over.
    ///
    /// Nothing where the regex does not match or a group's text breaks the rules of `{+v}`.
    pub fn of_regex(
        regex: &'r regex::Regex,
        path: &'r str,
        query: Option<&'r str>,
    ) -> Option<Self> {
        let groups = regex.captures(path)?;
        let values: Vec<_> = regex
            .capture_names()
            .flatten()
            .filter_map(|name| Some((name, groups.name(name)?.as_str())))
            .collect();
        let rest_of_query = whole(query)?;
        let safe = values.iter().all(|(_, raw)| value::is_safe(raw));
        safe.then_some(Self {
            path,
            values,
            rest_of_query,
        })
    }

    /// The same with another value for `name`, if that was captured.
    pub fn with<'s>(&'s self, name: &str, raw: &'s str) -> Captures<'s> {
        let replace =
            |&(known, value): &(&'r str, &'r str)| (known, if known == name { raw } else { value });
        Captures {
            path: self.path,
            values: self.values.iter().map(replace).collect(),
            rest_of_query: self.rest_of_query.clone(),
        }
    }

    /// A variable's value, percent-decoded once.
    pub fn get(&self, name: &str) -> Option<Cow<'r, str>> {
        self.raw(name).map(value::decode)
    }

    /// A variable's value as it came.
    pub fn raw(&self, name: &str) -> Option<&'r str> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == name)
            .map(|(_, raw)| *raw)
    }

    /// Every variable with its value as it came, in the order of the route.
    pub fn iter(&self) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.values.iter().copied()
    }

    /// The parts of the request's query that no variable and no fixed parameter took, in order.
    pub fn rest_of_query(&self) -> &[&'r str] {
        &self.rest_of_query
    }
}

/// A query that passes through as one piece; none if it holds what no URL may hold.
pub(super) fn whole(query: Option<&str>) -> Option<Vec<&str>> {
    match query {
        None | Some("") => Some(Vec::new()),
        Some(query) => value::is_safe_query(query).then(|| vec![query]),
    }
}

//! Matching: a search for the shortest leftmost values that make a template equal to a request.

use super::captures::{self, Captures};
use super::value::Growing;
use super::{Parameter, Part, Template, Variable, value};

/// Matches a request's raw path and query.
pub(super) fn request<'r>(
    template: &'r Template,
    path: &'r str,
    query: Option<&'r str>,
) -> Option<Captures<'r>> {
    if !path.starts_with(template.literal_prefix()) {
        return None;
    }
    let mut values = Vec::new();
    if !Search::new(path, &mut values).fits(&template.path) {
        return None;
    }
    let rest_of_query = if template.has_query() {
        parameters(&template.query, query?, &mut values)?
    } else {
        captures::whole(query)?
    };
    Some(Captures {
        path,
        values,
        rest_of_query,
    })
}

/// Takes each parameter of the template from the query, the first that fits; gives back what is left.
fn parameters<'r>(
    wanted: &'r [Parameter],
    query: &'r str,
    values: &mut Vec<(&'r str, &'r str)>,
) -> Option<Vec<&'r str>> {
    if !value::is_safe_query(query) {
        return None;
    }
    let mut left: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    for parameter in wanted {
        let taken = left.iter().position(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            name == &*parameter.name && Search::new(value, values).fits(parameter.parts())
        })?;
        left.remove(taken);
    }
    Some(left)
}

struct Search<'r, 'v> {
    text: &'r str,
    values: &'v mut Vec<(&'r str, &'r str)>,
    /// Characters that the search may still look at. Without it, k variables in one segment cost length to the k.
    budget: usize,
}

impl<'r, 'v> Search<'r, 'v> {
    fn new(text: &'r str, values: &'v mut Vec<(&'r str, &'r str)>) -> Self {
        let budget = 4096 + 64 * text.len();
        Self {
            text,
            values,
            budget,
        }
    }

    /// Whether the parts describe the whole text; keeps the values if so, and none of them if not.
    fn fits(&mut self, parts: &'r [Part]) -> bool {
        self.fits_from(0, parts)
    }

    fn fits_from(&mut self, start: usize, parts: &'r [Part]) -> bool {
        let Some((first, rest)) = parts.split_first() else {
            return start == self.text.len();
        };
        match first {
            Part::Literal(text) => self.fits_text(start, text, rest),
            Part::Variable(variable) => match self.known(&variable.name) {
                Some(text) => self.fits_text(start, text, rest),
                None => self.fits_variable(start, variable, rest),
            },
        }
    }

    fn fits_text(&mut self, start: usize, text: &str, rest: &'r [Part]) -> bool {
        // Positions lie on character boundaries: all text before them is ASCII.
        self.text[start..].starts_with(text) && self.fits_from(start + text.len(), rest)
    }

    fn fits_variable(&mut self, start: usize, variable: &'r Variable, rest: &'r [Part]) -> bool {
        let mut growing = Growing::new(variable.reserved);
        let mut end = start;
        while let Some(width) = growing.take(&self.text.as_bytes()[end..]) {
            end += width;
            if self.has_empty_segment(end) || !self.spend() {
                return false;
            }
            if growing.is_whole() && self.may_follow(end, rest) {
                self.values.push((&variable.name, &self.text[start..end]));
                if self.fits_from(end, rest) {
                    return true;
                }
                self.values.pop();
            }
        }
        false
    }

    /// Whether what comes at `end` can begin `rest`: spares the search most of its steps.
    fn may_follow(&self, end: usize, rest: &[Part]) -> bool {
        match rest.first() {
            None => end == self.text.len(),
            Some(Part::Literal(text)) => self.text.as_bytes().get(end) == text.as_bytes().first(),
            Some(Part::Variable(_)) => true,
        }
    }

    /// Whether the character before `end` is one of two slashes in a row.
    fn has_empty_segment(&self, end: usize) -> bool {
        let slash_at = |at: usize| self.text.as_bytes().get(at) == Some(&b'/');
        slash_at(end - 1) && (slash_at(end) || (end >= 2 && slash_at(end - 2)))
    }

    fn known(&self, name: &str) -> Option<&'r str> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == name)
            .map(|(_, text)| *text)
    }

    fn spend(&mut self) -> bool {
        self.budget = self.budget.saturating_sub(1);
        self.budget > 0
    }
}

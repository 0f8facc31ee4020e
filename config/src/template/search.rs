//! Matching: a search for the shortest leftmost values that make a template equal to a request.

use super::captures::{self, Captures};
use super::part::{Part, Parts, Variable};
use super::value::Growing;
use super::{Template, value};

/// Matches a request's raw path and query.
pub(super) fn request<'r>(
    template: &'r Template,
    path: &'r str,
    query: Option<&'r str>,
) -> Option<Captures<'r>> {
    if !path.starts_with(template.literal_prefix()) {
        return None;
    }
    // Every other part is a variable, or more of them.
    let mut values = Vec::with_capacity(template.path.len() / 2);
    if !Search::new(path, &mut values).fits(template.path()) {
        return None;
    }
    let rest_of_query = if template.has_query() {
        parameters(template, query?, &mut values)?
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
    wanted: &'r Template,
    query: &'r str,
    values: &mut Vec<(&'r str, &'r str)>,
) -> Option<Vec<&'r str>> {
    if !value::is_safe_query(query) {
        return None;
    }
    let mut left: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    for (wanted, parts) in wanted.parameters() {
        let taken = left.iter().position(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            name == wanted && Search::new(value, values).fits(parts.unwrap_or_default())
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
    fn fits(&mut self, parts: Parts<'r>) -> bool {
        self.fits_from(0, parts)
    }

    fn fits_from(&mut self, mut start: usize, mut parts: Parts<'r>) -> bool {
        while let Some((first, rest)) = parts.split_first() {
            let text = match first {
                Part::Literal(text) => text,
                Part::Variable(variable) => match self.known(variable.name) {
                    Some(text) => text,
                    None => return self.fits_variable(start, variable, rest),
                },
            };
            if !self.text.as_bytes()[start..].starts_with(text.as_bytes()) {
                return false;
            }
            start += text.len();
            parts = rest;
        }
        start == self.text.len()
    }

    fn fits_variable(&mut self, start: usize, variable: Variable<'r>, rest: Parts<'r>) -> bool {
        let text = self.text.as_bytes();
        let mut growing = Growing::new(variable.reserved);
        let mut end = start;
        let next = rest.first();
        loop {
            let run = run(&text[end..], variable, next);
            let taken = match run {
                0 => growing.take(&text[end..]),
                _ => growing.take_plain(&text[end..end + run]),
            };
            let Some(width) = taken else { return false };
            end += width;
            // Only `{+v}` holds slashes.
            if variable.reserved && self.has_empty_segment(end) || !self.spend(run.max(1)) {
                return false;
            }
            if growing.is_whole() && self.may_follow(end, next) {
                // Both lie on character boundaries: all text before them is ASCII.
                self.values.push((variable.name, &self.text[start..end]));
                if self.fits_from(end, rest) {
                    return true;
                }
                self.values.pop();
            }
        }
    }

    /// Whether what comes at `end` can begin `next`: spares the search most of its steps.
    fn may_follow(&self, end: usize, next: Option<Part<'_>>) -> bool {
        match next {
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

    fn spend(&mut self, characters: usize) -> bool {
        self.budget = self.budget.saturating_sub(characters);
        self.budget > 0
    }
}

/// How many bytes of `text` the variable takes before it may end: all that stand for themselves and are not what `next`,
/// which is behind it, begins with.
fn run(text: &[u8], variable: Variable<'_>, next: Option<Part<'_>>) -> usize {
    let stop = match next {
        None => None,
        Some(Part::Literal(text)) => text.as_bytes().first().copied(),
        Some(Part::Variable(_)) => return 0,
    };
    if variable.reserved {
        return 0;
    }
    // A slash ends every value.
    let stop = stop.unwrap_or(b'/');
    let ends = |byte: &u8| !value::is_plain(*byte) || *byte == stop;
    text.iter().position(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The values of `parts` in `text`, by trying every end of each, from the left.
    fn by_trial<'t>(text: &'t str, parts: Parts<'_>) -> Option<Vec<&'t str>> {
        let Some((first, rest)) = parts.split_first() else {
            return text.is_empty().then(Vec::new);
        };
        if let Part::Literal(literal) = first {
            return by_trial(text.strip_prefix(literal)?, rest);
        }
        let longest = text.bytes().take_while(|byte| value::is_plain(*byte));
        (1..=longest.count().min(200)).find_map(|end| {
            let (value, behind) = text.split_at(end);
            let mut values = by_trial(behind, rest).filter(|_| !matches!(value, "." | ".."))?;
            values.insert(0, value);
            Some(values)
        })
    }

    proptest! {
        #[test]
        fn a_search_in_leaps_finds_what_one_by_single_steps_does(
            template in r"/(\{a\}|[-./a])?(\{b\}[-./a]?|-)(\{c\}[-.])?(\{d\})?",
            text in r"/[-./ab]{0,12}|/[-./ab]{0,2}a{190,210}[-./ab]{0,3}",
        ) {
            let template = Template::parse(&template).expect("a template");
            let found = template.matches(&text, None);
            let found = found.map(|found| found.iter().map(|(_, value)| value).collect::<Vec<_>>());
            prop_assert_eq!(found, by_trial(&text, template.path()));
        }
    }
}

//! Which of two templates is more exact, and whether one request can match both.

use super::value::is_plain;
use super::{Part, Parts, Template};

/// How exactly a template describes a request. The greater rank is the more exact template.
///
/// From the left, at the first difference: more literal text beats less, literal text beats the end, the end beats
/// `{v}`, and `{v}` beats `{+v}`. Equal paths are ranked by their queries: more parameters, then more fixed ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    path: Vec<usize>,
    parameters: usize,
    fixed: usize,
}

const RESERVED: usize = 0;
const VARIABLE: usize = 1;
const END: usize = 2;

impl Rank {
    pub(super) fn of(template: &Template) -> Self {
        let pieces = template.path().iter().map(|part| match part {
            Part::Literal(text) => END + text.len(),
            Part::Variable(variable) if variable.reserved => RESERVED,
            Part::Variable(_) => VARIABLE,
        });
        let fixed = template
            .parameters()
            .filter(|(_, value)| fixed(*value).is_some());
        Self {
            path: pieces.chain([END]).collect(),
            parameters: template.query.len(),
            fixed: fixed.count(),
        }
    }
}

/// Writes the template with numbers for names and its parameters in alphabetical order.
pub(super) fn shape(template: &Template) -> String {
    let names: Vec<&str> = template.variables().collect();
    let write = |parts: Parts<'_>| -> String {
        let pieces = parts.iter().map(|part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Variable(variable) => {
                let number = names.iter().position(|name| *name == variable.name);
                let sign = if variable.reserved { "+" } else { "" };
                format!("{{{sign}{}}}", number.unwrap_or_default())
            }
        });
        pieces.collect()
    };
    let mut parameters: Vec<_> = template
        .parameters()
        .map(|(name, value)| format!("&{name}={}", value.map(write).unwrap_or_default()))
        .collect();
    parameters.sort();
    format!("{}{}", write(template.path()), parameters.concat())
}

/// The path's text at both ends and, where no variable crosses segments, every text that ends or begins one.
pub(super) fn anchors(template: &Template) -> Vec<&str> {
    let path = template.path();
    let last = path.len() - 1;
    let is_crossing =
        |part: Part<'_>| matches!(part, Part::Variable(variable) if variable.reserved);
    let crossed = path.iter().any(is_crossing);
    let texts = path.iter().map(Part::text).enumerate();
    let anchors =
        texts.filter(|(at, text)| *at == 0 || *at == last || (!crossed && text.contains('/')));
    anchors.map(|(_, text)| text).collect()
}

/// Whether some request would match both. Errs towards yes where variables are repeated.
pub(super) fn overlap(one: &Template, other: &Template) -> bool {
    let contradict = one.parameters().any(|(name, _)| {
        let values = (only(one, name), only(other, name));
        matches!(values, (Some(a), Some(b)) if a != b)
    });
    !contradict && paths_overlap(&steps(one), &steps(other))
}

/// The value of a parameter without variables that the template names once: of several, each may be another's.
fn only<'t>(template: &'t Template, name: &str) -> Option<&'t str> {
    let mut named = template.parameters().filter(|(known, _)| *known == name);
    let (_, value) = named.next()?;
    let is_alone = named.next().is_none();
    is_alone.then(|| fixed(value)).flatten()
}

/// The value of a parameter without variables.
fn fixed(value: Option<Parts<'_>>) -> Option<&str> {
    let Some((first, rest)) = value.and_then(Parts::split_first) else {
        return Some("");
    };
    match first {
        Part::Literal(text) if rest.len() == 0 => Some(text),
        _ => None,
    }
}

/// One character of a path, or one or more of a variable's.
#[derive(Clone, Copy)]
enum Step {
    Byte(u8),
    Plain,
    Reserved,
}

impl Step {
    fn admits(self, other: Self) -> bool {
        match (self, other) {
            (Self::Byte(a), Self::Byte(b)) => a == b,
            (Self::Plain, Self::Byte(b)) | (Self::Byte(b), Self::Plain) => is_plain(b) || b == b'%',
            _ => true,
        }
    }

    fn repeats(self) -> bool {
        !matches!(self, Self::Byte(_))
    }
}

fn steps(template: &Template) -> Vec<Step> {
    let step = |part: Part<'_>| match part {
        Part::Literal(text) => text.bytes().map(Step::Byte).collect(),
        Part::Variable(variable) if variable.reserved => vec![Step::Reserved],
        Part::Variable(_) => vec![Step::Plain],
    };
    template.path().iter().flat_map(step).collect()
}

/// Walks both paths at once, character by character, over every pair of positions that some text leads to.
fn paths_overlap(one: &[Step], other: &[Step]) -> bool {
    let mut seen = vec![false; (one.len() + 1) * (other.len() + 1)];
    let mut open = vec![(0, 0)];
    while let Some((i, j)) = open.pop() {
        if std::mem::replace(&mut seen[i * (other.len() + 1) + j], true) {
            continue;
        }
        let (Some(a), Some(b)) = (one.get(i), other.get(j)) else {
            if i == one.len() && j == other.len() {
                return true;
            }
            continue;
        };
        if a.admits(*b) {
            open.push((i + 1, j + 1));
            open.extend(a.repeats().then_some((i, j + 1)));
            open.extend(b.repeats().then_some((i + 1, j)));
        }
    }
    false
}

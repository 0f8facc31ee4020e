//! Which of two templates is more exact, and whether one request can match both.

use super::value::is_plain;
use super::{Parameter, Part, Template};

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
        let pieces = template.path.iter().map(|part| match part {
            Part::Literal(text) => END + text.len(),
            Part::Variable(variable) if variable.reserved => RESERVED,
            Part::Variable(_) => VARIABLE,
        });
        let fixed = template
            .query
            .iter()
            .filter(|parameter| fixed(parameter).is_some());
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
    let write = |parts: &[Part]| -> String {
        let pieces = parts.iter().map(|part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Variable(variable) => {
                let number = names.iter().position(|name| *name == &*variable.name);
                let sign = if variable.reserved { "+" } else { "" };
                format!("{{{sign}{}}}", number.unwrap_or_default())
            }
        });
        pieces.collect()
    };
    let parameters = template.query.iter();
    let mut parameters: Vec<_> = parameters
        .map(|one| format!("&{}={}", one.name, write(one.parts())))
        .collect();
    parameters.sort();
    format!("{}{}", write(&template.path), parameters.concat())
}

/// The path's text at both ends and, where no variable crosses segments, every text that ends or begins one.
pub(super) fn anchors(template: &Template) -> Vec<&str> {
    let last = template.path.len() - 1;
    let is_crossing = |part: &Part| matches!(part, Part::Variable(variable) if variable.reserved);
    let crossed = template.path.iter().any(is_crossing);
    let texts = template.path.iter().map(Part::text).enumerate();
    let anchors =
        texts.filter(|(at, text)| *at == 0 || *at == last || (!crossed && text.contains('/')));
    anchors.map(|(_, text)| text).collect()
}

/// Whether some request would match both. Errs towards yes where variables are repeated.
pub(super) fn overlap(one: &Template, other: &Template) -> bool {
    let contradict = one.query.iter().any(|a| {
        let mut same = other.query.iter().filter(|b| a.name == b.name);
        same.any(|b| matches!((fixed(a), fixed(b)), (Some(a), Some(b)) if a != b))
    });
    !contradict && paths_overlap(&steps(one), &steps(other))
}

/// The value of a parameter without variables.
fn fixed(parameter: &Parameter) -> Option<&str> {
    match parameter.parts() {
        [] => Some(""),
        [Part::Literal(text)] => Some(text),
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
    let step = |part: &Part| match part {
        Part::Literal(text) => text.bytes().map(Step::Byte).collect(),
        Part::Variable(variable) if variable.reserved => vec![Step::Reserved],
        Part::Variable(_) => vec![Step::Plain],
    };
    template.path.iter().flat_map(step).collect()
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

//! Reading a template's text.

use super::part::{Kind, Piece};
use super::value::hex;
use super::{Parameter, Template};

/// Why a text is no template, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct TemplateError {
    /// What is wrong.
    pub fault: TemplateFault,
    /// Where, in characters from the start of the text.
    pub offset: usize,
}

/// What can be wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// A variable is never closed.
    #[error("this variable is not closed: end it with \"}}\"")]
    Unclosed,
    /// A `}` without its `{`.
    #[error("\"}}\" closes nothing: write %7D for the character itself")]
    Unopened,
    /// A variable's name holds something else than letters, digits and `_`.
    #[error(
        "{0:?} is no variable name: use letters, digits and \"_\", with an optional \"+\" before them"
    )]
    Name(String),
    /// A character that URLs cannot hold.
    #[error("{0:?} cannot stand in a URL: percent-encode it")]
    Character(char),
    /// A `%` without two hex digits.
    #[error("\"%\" needs two hex digits behind it: write %25 for the character itself")]
    Percent,
    /// A fragment never reaches a server.
    #[error("a URL template cannot have a fragment: leave out \"#\" and what follows")]
    Fragment,
    /// A query parameter without a name, or whose name is a variable.
    #[error("a query parameter needs a literal name: write name={{value}}")]
    ParameterName,
    /// A variable stands for a raw text in one place and for its encoding in another.
    #[error(
        "{{{0}}} stands here as {{+{0}}} too, and what a request says cannot be both: write it one way each time, \
         or give the two different names"
    )]
    TwoForms(String),
    /// Nothing was written.
    #[error("the template is empty")]
    Empty,
    /// More than any client would ask for.
    #[error("the template has more than {} characters", Piece::LONGEST)]
    TooLong,
    /// More variables than any route needs.
    #[error("more than {MOST_VARIABLES} variables")]
    TooManyVariables,
}

/// Bounds the depth of a match.
const MOST_VARIABLES: usize = 32;

/// Reads what requests are matched against: its own expansion is matched again.
pub(super) fn template(text: &str) -> Result<Template, TemplateError> {
    let template = target(text)?;
    match two_forms(&template) {
        Some(error) => Err(error),
        None => Ok(template),
    }
}

/// Reads what is expanded alone.
pub(super) fn target(text: &str) -> Result<Template, TemplateError> {
    let (path_text, query_text) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    if path_text.is_empty() {
        return Err(fault(TemplateFault::Empty, 0));
    }
    if text.len() > Piece::LONGEST {
        return Err(fault(TemplateFault::TooLong, 0));
    }
    let path = parts(path_text, 0)?;
    let query = match query_text {
        Some(query) => parameters(query, path_text.chars().count() + 1)?,
        None => Box::default(),
    };
    let template = Template {
        text: text.into(),
        path,
        query,
    };
    if template.variables().count() > MOST_VARIABLES {
        return Err(fault(TemplateFault::TooManyVariables, 0));
    }
    Ok(template)
}

/// The first variable that stands with `+` and without, found where its second form is.
fn two_forms(template: &Template) -> Option<TemplateError> {
    let text = &template.text;
    template.variables().find_map(|name| {
        let plain = text.find(&format!("{{{name}}}"))?;
        let reserved = text.find(&format!("{{+{name}}}"))?;
        // Bytes are characters here: a template is ASCII.
        let second = plain.max(reserved);
        Some(fault(TemplateFault::TwoForms(name.to_owned()), second))
    })
}

/// Reads `a={x}&b=1`; `start` is the offset of the query's first character in the template.
fn parameters(query: &str, start: usize) -> Result<Box<[Parameter]>, TemplateError> {
    let mut offset = start;
    let mut parameters = Vec::new();
    for pair in query.split('&') {
        parameters.push(parameter(pair, offset)?);
        offset += pair.chars().count() + 1;
    }
    Ok(parameters.into())
}

fn parameter(pair: &str, offset: usize) -> Result<Parameter, TemplateError> {
    let (name, value) = match pair.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (pair, None),
    };
    let value_offset = offset + name.chars().count() + 1;
    match &*parts(name, offset)? {
        [name] if name.is_literal() => Ok(Parameter {
            name: name.clone(),
            value: value.map(|value| parts(value, value_offset)).transpose()?,
        }),
        _ => Err(fault(TemplateFault::ParameterName, offset)),
    }
}

/// Reads literal text and variables; `start` is the offset of the text in the template, in characters, which are bytes
/// wherever all could be read.
fn parts(text: &str, start: usize) -> Result<Box<[Piece]>, TemplateError> {
    let mut parts = Vec::new();
    let mut offset = start;
    let mut rest = text;
    while !rest.is_empty() {
        let (part, length) = if let Some(inside) = rest.strip_prefix('{') {
            let end = inside.find('}');
            let name = &inside[..end.ok_or_else(|| fault(TemplateFault::Unclosed, offset))?];
            (variable(name, offset + 1)?, name.len() + 2)
        } else {
            let literal = &rest[..rest.find('{').unwrap_or(rest.len())];
            check_literal(literal, offset)?;
            let piece = Piece::new(Kind::Literal, offset, literal.len());
            (piece, literal.len())
        };
        parts.push(part);
        offset += rest[..length].chars().count();
        rest = &rest[length..];
    }
    Ok(parts.into())
}

fn variable(inside: &str, offset: usize) -> Result<Piece, TemplateError> {
    let (kind, name) = match inside.strip_prefix('+') {
        Some(name) => (Kind::Reserved, name),
        None => (Kind::Variable, inside),
    };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || !name.bytes().all(word) {
        return Err(fault(TemplateFault::Name(inside.to_owned()), offset));
    }
    let start = offset + inside.len() - name.len();
    Ok(Piece::new(kind, start, name.len()))
}

/// Allows what RFC 3986 allows in a path or query, so that a literal is its own percent-encoding.
fn check_literal(text: &str, start: usize) -> Result<(), TemplateError> {
    for (index, character) in text.chars().enumerate() {
        let problem = match character {
            '%' if !has_hex_digits(text, index) => TemplateFault::Percent,
            '#' => TemplateFault::Fragment,
            '}' => TemplateFault::Unopened,
            'A'..='Z' | 'a'..='z' | '0'..='9' => continue,
            _ if "-._~:/?[]@!$&'()*+,;=%".contains(character) => continue,
            _ => TemplateFault::Character(character),
        };
        return Err(fault(problem, start + index));
    }
    Ok(())
}

/// `index` counts characters, which up to the first bad one are bytes.
fn has_hex_digits(text: &str, index: usize) -> bool {
    let digits = text.as_bytes().get(index + 1..index + 3);
    digits.is_some_and(|digits| digits.iter().all(|&digit| hex(digit).is_some()))
}

fn fault(fault: TemplateFault, offset: usize) -> TemplateError {
    TemplateError { fault, offset }
}

//! Expansion: a template with the values of a request.

use super::value::{decode, encode_onto};
use super::{Captures, Part, Parts, Template};

/// Why a target cannot be written for a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A regex matched without the group.
    #[error(
        "nothing was captured for {{{0}}}: make its group mandatory or leave it out of the target"
    )]
    Missing(String),
}

pub(super) fn template(
    template: &Template,
    captures: &Captures<'_>,
) -> Result<String, ExpandError> {
    let mut target = String::with_capacity(template.text.len() + captures.path.len());
    parts(&mut target, template.path(), captures)?;
    let mut separator = '?';
    for (name, value) in template.parameters() {
        target.push(separator);
        separator = '&';
        target.push_str(name);
        if let Some(value) = value {
            target.push('=');
            parts(&mut target, value, captures)?;
        }
    }
    let own = |piece: &str| {
        let name = piece.split_once('=').map_or(piece, |(name, _)| name);
        let mut named = template.parameters();
        named.any(|(known, _)| decode(known) == decode(name))
    };
    for piece in captures.rest_of_query() {
        // What the template writes is not the client's to add to: which of two values wins is up to the target.
        if template.has_query() {
            let kept = piece.split('&').filter(|pair| !own(pair));
            pass_on(&mut target, &mut separator, kept);
        } else {
            pass_on(&mut target, &mut separator, [*piece]);
        }
    }
    Ok(target)
}

pub(super) fn prefix(template: &Template, captures: &Captures<'_>) -> String {
    let mut target = template.text.trim_end_matches('/').to_owned();
    target.push_str(captures.path);
    pass_on(
        &mut target,
        &mut '?',
        captures.rest_of_query().iter().copied(),
    );
    target
}

fn parts(
    target: &mut String,
    parts: Parts<'_>,
    captures: &Captures<'_>,
) -> Result<(), ExpandError> {
    for part in parts.iter() {
        match part {
            Part::Literal(text) => target.push_str(text),
            Part::Variable(variable) => {
                let raw = captures.raw(variable.name);
                let raw = raw.ok_or_else(|| ExpandError::Missing(variable.name.to_string()))?;
                if variable.reserved {
                    target.push_str(raw);
                } else {
                    encode_onto(target, raw);
                }
            }
        }
    }
    Ok(())
}

fn pass_on<'q>(
    target: &mut String,
    separator: &mut char,
    pieces: impl IntoIterator<Item = &'q str>,
) {
    for piece in pieces {
        target.push(*separator);
        *separator = '&';
        target.push_str(piece);
    }
}

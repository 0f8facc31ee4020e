//! Versions of Maven artifacts, by the Version Order Specification of Maven's POM reference.

use std::cmp::Ordering;

use super::debian::by_number;

/// Qualifiers with a place of their own, in order; the empty one is the release.
const QUALIFIERS: &[&str] = &["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

/// How `a` stands to `b`; none where one has no number in front.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    let nothing = |other: &Token| Token {
        separator: other.separator,
        kind: match other.kind {
            Kind::Number(_) => Kind::Number(String::new()),
            Kind::Word(_) => Kind::Word(String::new()),
        },
    };
    for at in 0..a.len().max(b.len()) {
        let order = match (a.get(at), b.get(at)) {
            (Some(a), Some(b)) => a.compare(b),
            (Some(a), None) => a.compare(&nothing(a)),
            (None, Some(b)) => nothing(b).compare(b),
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Digits without zeros in front; none are zero.
    Number(String),
    Word(String),
}

/// A number or a word, and what stands before it.
#[derive(Clone, Debug)]
struct Token {
    separator: char,
    kind: Kind,
}

impl Token {
    /// `.word` = `-word` < `-number` < `.number`; the same kind compares by itself.
    fn compare(&self, other: &Self) -> Ordering {
        let weight = |token: &Self| match (&token.kind, token.separator) {
            (Kind::Word(_), _) => 0,
            (Kind::Number(_), '-') => 1,
            (Kind::Number(_), _) => 2,
        };
        weight(self)
            .cmp(&weight(other))
            .then_with(|| match (&self.kind, &other.kind) {
                (Kind::Number(a), Kind::Number(b)) => by_number(a, b),
                (Kind::Word(a), Kind::Word(b)) => place(a).cmp(&place(b)),
                _ => Ordering::Equal,
            })
    }

    /// Whether it says as much as nothing would.
    fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Number(digits) => digits.is_empty(),
            Kind::Word(word) => word.is_empty(),
        }
    }
}

/// Known qualifiers in their order, then all others by name.
fn place(word: &str) -> (usize, &str) {
    let known = QUALIFIERS.iter().position(|known| *known == word);
    (known.unwrap_or(QUALIFIERS.len()), word)
}

/// Tokens without those that say nothing at the end of a run of numbers.
fn read(text: &str) -> Option<Vec<Token>> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut kept: Vec<Token> = Vec::new();
    for token in tokens(&text.to_lowercase()) {
        if token.separator == '-' {
            trim(&mut kept);
        }
        kept.push(token);
    }
    trim(&mut kept);
    Some(kept)
}

fn trim(tokens: &mut Vec<Token>) {
    while tokens.last().is_some_and(Token::is_null) {
        tokens.pop();
    }
}

/// Cuts at `.`, `-`, `_` and between digits and letters, which stands for a `-`.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (separator, part) in parts(text) {
        let mut separator = separator;
        let mut rest = part;
        loop {
            let digits = rest.starts_with(|first: char| first.is_ascii_digit());
            let end = rest
                .find(|letter: char| letter.is_ascii_digit() != digits)
                .unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            let numbered = !after.is_empty();
            tokens.push(Token {
                separator,
                kind: kind(token, digits || token.is_empty(), numbered),
            });
            if after.is_empty() {
                break;
            }
            separator = '-';
            rest = after;
        }
    }
    tokens
}

/// The parts between separators, each with the one before it.
fn parts(text: &str) -> impl Iterator<Item = (char, &str)> {
    let is_separator = |letter: char| matches!(letter, '.' | '-' | '_');
    let starts = std::iter::once(0).chain(
        text.char_indices()
            .filter(move |(_, letter)| is_separator(*letter))
            .map(|(at, _)| at + 1),
    );
    starts.map(move |start| {
        let end = text[start..]
            .find(is_separator)
            .map_or(text.len(), |length| start + length);
        let before = text[..start].chars().next_back();
        let separator = if before == Some('.') || before.is_none() {
            '.'
        } else {
            '-'
        };
        (separator, &text[start..end])
    })
}

/// A token; words that mean another are that one, single letters only with a number behind them.
fn kind(token: &str, digits: bool, numbered: bool) -> Kind {
    if digits {
        return Kind::Number(token.trim_start_matches('0').to_owned());
    }
    let word = match token {
        "a" if numbered => "alpha",
        "b" if numbered => "beta",
        "m" if numbered => "milestone",
        "cr" => "rc",
        "ga" | "final" | "release" => "",
        word => word,
    };
    Kind::Word(word.to_owned())
}

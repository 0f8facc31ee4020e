//! The names of images: one, or a pattern of many. `*` stands for (a part of) one segment, `**` for one or more whole
//! segments; what they matched can be put in place of the same marks elsewhere.

use std::borrow::Cow;

/// The longest name that registries take, with what stands for the marks of a pattern.
const LONGEST: usize = 255;

/// Names that clients pull: `server`, `library/*`, `mirror/**`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Word(String),
    /// What stands before and behind the `*`.
    Star(String, String),
    /// `**`, at most once in a pattern.
    Deep,
}

/// Why a text names no images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NamesError {
    /// It breaks the grammar of repository names.
    #[error("is not an image name")]
    Name,
    /// It has more marks than can be told apart.
    #[error("has more than one \"*\" in a segment, or more than one \"**\"")]
    Marks,
}

/// What the marks of a pattern stood for in a name, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken<'n>(Vec<&'n str>);

/// How exactly a pattern describes a name: the greater is asked first. More literal text beats less, then more segments
/// beat fewer, then `*` beats `**`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exactness {
    literal: usize,
    segments: usize,
    shallow: bool,
}

impl Names {
    /// Reads a name or a pattern.
    pub fn parse(text: &str) -> Result<Self, NamesError> {
        let segments = text
            .split('/')
            .map(Segment::parse)
            .collect::<Result<Vec<_>, _>>()?;
        let deep = segments.iter().filter(|one| **one == Segment::Deep).count();
        if deep > 1 {
            return Err(NamesError::Marks);
        }
        if text.len() > LONGEST {
            return Err(NamesError::Name);
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is one name and no pattern.
    pub fn is_single(&self) -> bool {
        !self.text.contains('*')
    }

    /// What the marks stand for in `name`, if it is one of these.
    pub fn take<'n>(&self, name: &'n str) -> Option<Taken<'n>> {
        let deep = self.segments.iter().position(|one| *one == Segment::Deep);
        let (head, tail) = match deep {
            Some(at) => (&self.segments[..at], &self.segments[at + 1..]),
            None => (&self.segments[..], &[][..]),
        };
        let mut rest = Some(name);
        let mut taken = Vec::new();
        for segment in head {
            let (first, others) = match rest?.split_once('/') {
                Some((first, others)) => (first, Some(others)),
                None => (rest?, None),
            };
            taken.push(segment.take(first)?);
            rest = others;
        }
        let mut behind = Vec::new();
        for segment in tail.iter().rev() {
            let (others, last) = rest?.rsplit_once('/')?;
            behind.push(segment.take(last)?);
            rest = Some(others);
        }
        if deep.is_some() != rest.is_some() {
            return None;
        }
        taken.extend(rest);
        taken.extend(behind.into_iter().rev());
        taken.retain(|one| !one.is_empty());
        Some(Taken(taken))
    }

    /// How exactly it describes what it matches.
    pub fn exactness(&self) -> Exactness {
        let deep = self.segments.contains(&Segment::Deep);
        Exactness {
            literal: self.text.bytes().filter(|byte| *byte != b'*').count(),
            segments: self.segments.len(),
            shallow: !deep,
        }
    }

    /// Whether some name is among both.
    pub fn overlaps(&self, other: &Self) -> bool {
        meet(&self.segments, &other.segments)
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, NamesError> {
        if text == "**" {
            return Ok(Self::Deep);
        }
        match text.split_once('*') {
            None if is_word(text) => Ok(Self::Word(text.to_owned())),
            Some((_, after)) if after.contains('*') => Err(NamesError::Marks),
            Some((before, after)) if is_word(&format!("{before}x{after}")) => {
                Ok(Self::Star(before.to_owned(), after.to_owned()))
            }
            _ => Err(NamesError::Name),
        }
    }

    /// What its mark stands for in `text`, which is nothing for a word; `None` if it does not match.
    fn take<'n>(&self, text: &'n str) -> Option<&'n str> {
        match self {
            Self::Word(word) => (word == text).then_some(""),
            Self::Star(before, after) => text
                .strip_prefix(&**before)?
                .strip_suffix(&**after)
                .filter(|taken| !taken.is_empty()),
            Self::Deep => Some(text),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        let either = |is: fn(&str, &str) -> bool, a: &str, b: &str| is(a, b) || is(b, a);
        match (self, other) {
            (Self::Word(word), other) | (other, Self::Word(word)) => other.take(word).is_some(),
            (Self::Star(before, after), Self::Star(other_before, other_after)) => {
                either(|a, b| a.starts_with(b), before, other_before)
                    && either(|a, b| a.ends_with(b), after, other_after)
            }
            (Self::Deep, _) | (_, Self::Deep) => true,
        }
    }
}

/// Whether some sequence of segments fits both; each has `**` once at most.
fn meet(one: &[Segment], other: &[Segment]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([Segment::Deep, one @ ..], [Segment::Deep, other @ ..]) => {
            let mut ends = one.iter().rev().zip(other.iter().rev());
            ends.all(|(one, other)| one.meets(other))
        }
        ([Segment::Deep, behind @ ..], [_, rest @ ..]) => meet(behind, rest) || meet(one, rest),
        ([_, ..], [Segment::Deep, ..]) => meet(other, one),
        ([first, one @ ..], [second, other @ ..]) => first.meets(second) && meet(one, other),
        _ => false,
    }
}

impl Taken<'_> {
    /// `text` with these in place of its marks. A text without marks stays as it is.
    pub fn fill<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut taken = self.0.iter();
        let mut rest = text;
        let mut filled = String::new();
        while let Some((literal, behind)) = rest.split_once('*') {
            filled.push_str(literal);
            filled.push_str(taken.next().copied().unwrap_or_default());
            rest = behind.strip_prefix('*').unwrap_or(behind);
        }
        if rest.len() == text.len() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(filled + rest)
    }
}

/// The marks in `text`, in their order.
pub(crate) fn marks(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('*') {
        let deep = behind.strip_prefix('*');
        found.push(if deep.is_some() { "**" } else { "*" });
        rest = deep.unwrap_or(behind);
    }
    found
}

/// The distribution specification's grammar of repository names.
pub fn is_repository(text: &str) -> bool {
    text.len() <= LONGEST && text.split('/').all(is_word)
}

fn is_word(text: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [text.bytes().next(), text.bytes().last()];
    ends.iter().all(|end| end.is_some_and(is_known))
        && text
            .bytes()
            .all(|byte| is_known(byte) || b"._-".contains(&byte))
        && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(text: &str) -> Names {
        Names::parse(text).unwrap_or_else(|error| panic!("{text} {error}"))
    }

    fn filled(pattern: &str, name: &str, text: &str) -> Option<String> {
        Some(names(pattern).take(name)?.fill(text).into_owned())
    }

    #[test]
    fn what_a_mark_stood_for_takes_the_place_of_the_same_mark() {
        for (pattern, name, text, expected) in [
            ("server", "server", "acme/rocket", "acme/rocket"),
            ("library/*", "library/nginx", "docker/*", "docker/nginx"),
            ("*", "nginx", "library/*", "library/nginx"),
            ("rocket-*", "rocket-ui", "acme/r-*", "acme/r-ui"),
            ("**", "a/b/c", "mirror/**", "mirror/a/b/c"),
            ("m/**/x", "m/a/b/x", "**/y", "a/b/y"),
            ("*/**/*", "a/b/c/d", "*/x/**/*", "a/x/b/c/d"),
        ] {
            assert_eq!(
                filled(pattern, name, text).as_deref(),
                Some(expected),
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn a_star_is_one_segment_and_two_are_one_or_more() {
        for (pattern, name) in [
            ("library/*", "library/a/b"),
            ("library/*", "library"),
            ("library/**", "library"),
            ("library/**", "lib/a"),
            ("**/x", "x"),
            ("a/**/a", "a/a"),
            ("rocket-*", "rocket-"),
            ("server", "servers"),
        ] {
            assert_eq!(names(pattern).take(name), None, "{pattern} {name}");
        }
    }

    #[test]
    fn more_literal_text_is_more_exact() {
        let mut order = ["**", "a/**", "*", "a/*", "a/b*", "a/*/b", "library/**"].map(names);
        order.sort_by_key(|one| std::cmp::Reverse(one.exactness()));
        assert_eq!(
            order.each_ref().map(Names::as_str),
            ["library/**", "a/*/b", "a/b*", "a/*", "a/**", "*", "**"]
        );
    }

    #[test]
    fn what_cannot_be_told_apart_is_no_pattern() {
        for text in ["a*b*", "**/**", "a/***"] {
            assert_eq!(Names::parse(text), Err(NamesError::Marks), "{text}");
        }
        for text in ["", "A/*", "a//b", "-*", "a/..*"] {
            assert_eq!(Names::parse(text), Err(NamesError::Name), "{text}");
        }
    }

    fn pattern() -> impl Strategy<Value = Names> {
        "(a|b|a\\*|\\*b|\\*|\\*\\*)(/(a|b|a\\*|\\*)){0,2}(/\\*\\*)?(/(a|b))?"
            .prop_filter_map("one ** at most", |text| Names::parse(&text).ok())
    }

    proptest! {
        #[test]
        fn a_pattern_filled_with_what_it_took_is_the_name(pattern in pattern(), name in "[ab]{1,2}(/[ab]{1,2}){0,4}") {
            if let Some(taken) = pattern.take(&name) {
                prop_assert_eq!(taken.fill(pattern.as_str()), name);
            }
        }

        #[test]
        fn patterns_that_share_a_name_overlap(one in pattern(), other in pattern(), name in "[ab]{1,2}(/[ab]{1,2}){0,4}") {
            prop_assert_eq!(one.overlaps(&other), other.overlaps(&one));
            if one.take(&name).is_some() && other.take(&name).is_some() {
                prop_assert!(one.overlaps(&other));
            }
        }

        #[test]
        fn no_name_makes_it_panic(pattern in pattern(), name in ".{0,20}") {
            let _ = pattern.take(&name);
        }
    }
}

//! Versions of Debian packages: `[epoch:]upstream[-revision]`, deb-version(7).

use std::cmp::Ordering;

/// How `a` stands to `b`; none where one has no number in front.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    let order = a.epoch.cmp(&b.epoch);
    Some(
        order
            .then_with(|| by_parts(a.upstream, b.upstream))
            .then_with(|| by_parts(a.revision, b.revision)),
    )
}

struct Version<'a> {
    epoch: u32,
    upstream: &'a str,
    revision: &'a str,
}

fn read(text: &str) -> Option<Version<'_>> {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) => (epoch.parse().ok()?, rest),
        None => (0, text),
    };
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    let starts = upstream.starts_with(|first: char| first.is_ascii_digit());
    starts.then_some(Version {
        epoch,
        upstream,
        revision,
    })
}

/// Stretches without and with digits in turn, until one differs.
fn by_parts(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let (words_a, words_b) = (cut(&mut a, |c| !is_digit(c)), cut(&mut b, |c| !is_digit(c)));
        let (digits_a, digits_b) = (cut(&mut a, is_digit), cut(&mut b, is_digit));
        let order = by_letters(words_a, words_b).then_with(|| by_number(digits_a, digits_b));
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// Takes what fits from the front.
fn cut<'a>(text: &mut &'a str, fits: impl Fn(char) -> bool) -> &'a str {
    let end = text.find(|letter| !fits(letter)).unwrap_or(text.len());
    let (front, rest) = text.split_at(end);
    *text = rest;
    front
}

/// A tilde comes before the end, the end before letters, and letters before all else.
fn by_letters(a: &str, b: &str) -> Ordering {
    let weight = |letter: Option<char>| match letter {
        Some('~') => (0, '~'),
        None => (1, '\0'),
        Some(letter) if letter.is_ascii_alphabetic() => (2, letter),
        Some(other) => (3, other),
    };
    let (mut a, mut b) = (a.chars(), b.chars());
    loop {
        let (left, right) = (a.next(), b.next());
        let order = weight(left).cmp(&weight(right));
        if order.is_ne() || left.is_none() {
            return order;
        }
    }
}

/// Numbers of any length.
pub(super) fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

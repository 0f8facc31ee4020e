//! Tags, file names and registries without strict rules: the numbers decide, then whether it is a release yet.
//!
//! What else a tag says, as in `3.19-alpine`, is a variant of the same version.

use std::cmp::Ordering;

use super::debian::by_number;

/// What comes before the release, earliest first.
const BEFORE: &[&[&str]] = &[
    &["nightly", "dev", "snapshot", "canary"],
    &["alpha", "a"],
    &["beta", "b"],
    &["pre", "preview", "milestone", "m"],
    &["rc", "cr", "c"],
];

/// How `a` stands to `b`; none where one has no number in front.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    let length = a.release.len().max(b.release.len());
    let numbers = (0..length)
        .map(|at| by_number(a.part(at), b.part(at)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal);
    Some(
        numbers
            .then(a.stage.cmp(&b.stage))
            .then_with(|| by_number(a.count, b.count)),
    )
}

struct Version<'a> {
    release: Vec<&'a str>,
    /// Place in [`BEFORE`]; its length for a release.
    stage: usize,
    /// The number behind the stage.
    count: &'a str,
}

impl<'a> Version<'a> {
    /// A number of the release; what is not written counts as nought.
    fn part(&self, at: usize) -> &'a str {
        self.release.get(at).copied().unwrap_or("")
    }
}

fn read(text: &str) -> Option<Version<'_>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(text.len());
    let (release, rest) = text.split_at(end);
    let release: Vec<_> = release.trim_matches('.').split('.').collect();
    if release.iter().any(|part| part.is_empty()) {
        return None;
    }
    let (stage, count) = stage(rest);
    Some(Version {
        release,
        stage,
        count,
    })
}

/// The first word of `rest`, if it says that the release is still to come, and the number behind it.
fn stage(rest: &str) -> (usize, &str) {
    let rest = rest.trim_start_matches(['-', '_', '.']);
    let end = rest
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    let is_word = |known: &&str| known.eq_ignore_ascii_case(word);
    let place = BEFORE.iter().position(|words| words.iter().any(is_word));
    let Some(place) = place else {
        return (BEFORE.len(), "");
    };
    let number = rest.trim_start_matches(['-', '_', '.']);
    let end = number
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(number.len());
    (place, &number[..end])
}

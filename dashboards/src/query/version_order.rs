//! Which of two versions comes first, by the rules of the registry that they are published in.
//!
//! A version that the rules cannot read has no place: it is neither before nor after another. So a tag such as
//! `latest` is never said to be older than a number.

mod debian;
mod maven;
mod plain;

use std::cmp::Ordering;

/// The rules of a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// PEP 440: Python.
    Pep440,
    /// Semantic Versioning 2.0.0, with a `v` before it or without, and parts left out at the end.
    Semver,
    /// deb-version(7): epoch, upstream version, revision.
    Debian,
    /// Maven's Version Order Specification.
    Maven,
    /// Tags and file names: the numbers, and words such as `rc` before the release.
    Plain,
}

impl Rules {
    /// The rules of an ecosystem, by the word that events carry.
    pub(super) fn of(ecosystem: &str) -> Self {
        match ecosystem {
            "pypi" => Self::Pep440,
            "npm" | "cargo" | "go" | "helm" | "hex" | "terraform" => Self::Semver,
            "apt" => Self::Debian,
            "maven" => Self::Maven,
            _ => Self::Plain,
        }
    }

    /// How `a` stands to `b`; none where one of them cannot be read.
    pub(super) fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        match self {
            Self::Pep440 => {
                let read = |text: &str| text.parse::<pep440_rs::Version>().ok();
                Some(read(a)?.cmp(&read(b)?))
            }
            Self::Semver => Some(semantic(a)?.cmp_precedence(&semantic(b)?)),
            Self::Debian => debian::compare(a, b),
            Self::Maven => maven::compare(a, b),
            Self::Plain => plain::compare(a, b),
        }
    }
}

/// The newest of `versions` by their numbers, of those that have some.
pub(crate) fn newest<'v>(versions: impl Iterator<Item = &'v str>) -> Option<&'v str> {
    let readable = versions.filter(|version| plain::compare(version, version).is_some());
    readable.reduce(|newest, other| match plain::compare(other, newest) {
        Some(Ordering::Greater) => other,
        _ => newest,
    })
}

/// A semantic version, `2` and `2.1` being `2.0.0` and `2.1.0`.
fn semantic(text: &str) -> Option<semver::Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (release, rest) = text.split_at(end);
    let missing = 3_usize.checked_sub(release.split('.').count())?;
    semver::Version::parse(&format!("{release}{}{rest}", ".0".repeat(missing))).ok()
}

#[cfg(test)]
mod tests;

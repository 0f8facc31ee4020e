//! Packages, indexes and pixels as used: everything the gateway needs to route, already checked.

use url::Url;

use crate::names::Names;
use crate::template::{Captures, ExpandError};

/// What is served, whole. Two of these never mix: a reload replaces one with the other.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Single packages, in the order written.
    pub packages: Vec<Package>,
    /// Whole registries behind one domain.
    pub indexes: Vec<Index>,
    /// Tracking pixels.
    pub pixels: Vec<Pixel>,
}

/// Where in the operator's files something was written: `weir.toml:12:3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File as named on the command line.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// One package with its own routes.
#[derive(Debug)]
pub struct Package {
    /// The name that events carry, such as `acme/rocket`. For a pattern of images it has the pattern's marks.
    pub name: String,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// What kind of package it is, with what that kind needs.
    pub kind: PackageKind,
    /// Where it was written.
    pub place: Place,
}

/// What a package is.
#[derive(Debug)]
pub enum PackageKind {
    /// Files behind URL templates.
    File(Vec<Route>),
    /// A container image, or many by one pattern.
    Oci(Image),
    /// Events that its users send: routes without a target.
    Event(Vec<Route>),
}

/// A path (and query) that is recognised, and where it leads.
#[derive(Debug)]
pub struct Route {
    /// How `weir explain` and the event's `route` column call it: the path as written.
    pub name: String,
    /// What it matches.
    pub path: Matcher,
    /// Where a match is sent; without one the answer is an empty 200.
    pub to: Option<Template>,
    /// 302 or 307.
    pub status: u16,
    /// Stream the target's bytes through instead of redirecting.
    pub proxy: bool,
    /// Where it was written.
    pub place: Place,
}

impl Route {
    /// Where a match is sent, with what was captured and the rest of the request's query; none without a target.
    pub fn target(&self, captures: &Captures<'_>) -> Result<Option<String>, ExpandError> {
        let Some(to) = &self.to else {
            return Ok(None);
        };
        match self.path {
            Matcher::CatchAll => Ok(Some(to.expand_prefix(captures))),
            Matcher::Template(_) | Matcher::Regex(_) => to.expand(captures).map(Some),
        }
    }
}

/// How a route recognises a request.
#[derive(Debug)]
pub enum Matcher {
    /// RFC 6570 template over path and query.
    Template(Template),
    /// Anchored, linear-time regex over the raw path; named groups are variables.
    Regex(regex::Regex),
    /// Every path of the domain; the rest of the path goes on unchanged behind `to`.
    CatchAll,
}

impl Matcher {
    /// Matches the raw path and query of a request. What could change its meaning on the way to a target, such as
    /// `..` or an encoded control character in a value, matches nothing.
    pub fn matches<'r>(&'r self, path: &'r str, query: Option<&'r str>) -> Option<Captures<'r>> {
        match self {
            Self::Template(template) => template.matches(path, query),
            Self::Regex(regex) => Captures::of_regex(regex, path, query),
            Self::CatchAll => Captures::everything(path, query),
        }
    }
}

pub use crate::template::Template;

/// Container images on a domain of ours and where they really live.
#[derive(Debug)]
pub struct Image {
    /// The names clients pull, such as `server` or `library/*`.
    pub name: Names,
    /// The registry, scheme and host only.
    pub registry: Url,
    /// The repository's name at that registry, such as `acme/rocket-server`, with the marks of `name` for what they
    /// stand for.
    pub repository: String,
    /// Clients must sign in, against the upstream's own token service.
    pub private: bool,
    /// `user:password` for the upstream, read from the file the operator named.
    pub credentials: Option<Credentials>,
    /// Stream layers through instead of redirecting to storage.
    pub proxy: bool,
}

/// A user and password that never print.
#[derive(Clone)]
pub struct Credentials {
    /// Name of the account.
    pub user: String,
    /// Its password or token.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(redacted)")
    }
}

/// A whole registry behind a domain; packages in it are found by pattern.
#[derive(Debug)]
pub struct Index {
    /// Which registry protocol.
    pub kind: IndexKind,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// The registry's root as its clients are given it (PyPI: the URL that ends in `/simple/`).
    pub upstream: Url,
    /// Which packages are ours: counted and rewritten. Others pass through uncounted.
    pub packages: Vec<Pattern>,
    /// Where it was written.
    pub place: Place,
}

/// Registry protocols that an index can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// PEP 503 and PEP 691 simple repository.
    Pypi,
    /// The npm registry's package documents and tarballs.
    Npm,
    /// Cargo's sparse index.
    Cargo,
}

impl IndexKind {
    /// The word that operators write for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
        }
    }
}

/// A package name pattern: `*` stands for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether `name` fits, letter for letter.
    pub fn matches(&self, name: &str) -> bool {
        fn fits(pattern: &[u8], name: &[u8]) -> bool {
            // Greedy with one backtracking point: linear in practice, never exponential.
            let (mut p, mut n, mut star) = (0, 0, None);
            while n < name.len() {
                if p < pattern.len() && pattern[p] == b'*' {
                    star = Some((p, n));
                    p += 1;
                } else if p < pattern.len() && pattern[p] == name[n] {
                    p += 1;
                    n += 1;
                } else if let Some((at, from)) = star {
                    p = at + 1;
                    n = from + 1;
                    star = Some((at, from + 1));
                } else {
                    return false;
                }
            }
            pattern[p..].iter().all(|&byte| byte == b'*')
        }
        fits(self.0.as_bytes(), name.as_bytes())
    }
}

/// A picture that counts page views.
#[derive(Debug)]
pub struct Pixel {
    /// The last part of `/-/px/ID.gif`.
    pub id: String,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// The package whose docs carry it.
    pub package: String,
    /// Where it was written.
    pub place: Place,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern(pattern.to_owned()).matches(name)
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        for (pattern, name) in [
            ("rocket*", "rocket"),
            ("rocket*", "rocket-engine"),
            ("*-rs", "a-rs-rs"),
            ("a*b*c", "aXbYbZc"),
            ("*", ""),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn without_a_star_the_name_is_whole() {
        for (pattern, name) in [
            ("rocket", "rockets"),
            ("rocket", "Rocket"),
            ("a*b", "abc"),
            ("", "a"),
            ("a*a", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_matches_what_the_same_regex_matches(pattern in "[ab*]{0,8}", name in "[ab]{0,12}") {
            let regex = format!("^(?:{})$", pattern.replace('*', ".*"));
            let regex = regex::Regex::new(&regex).expect("letters and dots are a regex");
            prop_assert_eq!(fits(&pattern, &name), regex.is_match(&name));
        }
    }
}

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
    /// Scripts that are piped into a shell: passed through, since some clients follow no redirect.
    Script(Vec<Route>),
    /// Events that its users send: routes without a target.
    Event(Vec<Route>),
    /// A Python project whose files are listed one by one.
    Python(Project),
}

impl PackageKind {
    /// The routes of the kinds that have routes.
    pub fn routes(&self) -> &[Route] {
        match self {
            Self::File(routes) | Self::Script(routes) | Self::Event(routes) => routes,
            Self::Oci(_) | Self::Python(_) => &[],
        }
    }
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
    /// 302 or 307; of a route that takes events, 202 or 200.
    pub status: u16,
    /// Stream the target's bytes through instead of redirecting.
    pub proxy: bool,
    /// Who knows which version is meant where a request says `latest`.
    pub releases: Option<Releases>,
    /// Answers POST alone; for other methods the route is not there.
    pub post_only: bool,
    /// Who may send events; without it, anyone.
    pub tokens: Option<Tokens>,
    /// Where it was written.
    pub place: Place,
}

/// Where a code host publishes a project's releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Releases {
    /// Redirects to an address whose last part is the newest release's tag.
    pub latest: Url,
    /// What stands before the version in a tag, such as `v`.
    pub before: String,
    /// What stands behind it.
    pub after: String,
}

impl Releases {
    /// The version that a tag names; none if it is the tag of something else.
    pub fn version<'t>(&self, tag: &'t str) -> Option<&'t str> {
        tag.strip_prefix(self.before.as_str())?
            .strip_suffix(self.after.as_str())
            .filter(|version| !version.is_empty())
    }
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

/// Secrets, each of which opens a route, that never print.
#[derive(Clone)]
pub struct Tokens(pub Vec<String>);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(redacted)")
    }
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

/// A Python project that no index lists for us.
#[derive(Debug)]
pub struct Project {
    /// In normal form (PEP 503).
    pub name: String,
    /// In the order written, each under a name of its own.
    pub files: Vec<ProjectFile>,
    /// 302 or 307, for files.
    pub status: u16,
}

/// One file of a Python project.
#[derive(Debug)]
pub struct ProjectFile {
    /// What installers know it by; letters, digits and `._+!~-`.
    pub filename: String,
    /// Where it is.
    pub url: Url,
    /// What its bytes hash to.
    pub hash: Option<FileHash>,
    /// The Python versions that it is for (core metadata, "Requires-Python").
    pub requires_python: Option<String>,
    /// Whether a signature lies beside it, if that is known.
    pub signed: Option<bool>,
}

/// The hash of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHash {
    /// As Python's hashlib calls it.
    pub algorithm: &'static str,
    /// Lower case.
    pub hex: String,
}

/// A whole registry behind a domain; packages in it are found by pattern.
#[derive(Debug)]
pub struct Index {
    /// Which registry protocol.
    pub kind: IndexKind,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// Where on the domains it is served: begins and ends with `/`, and is `/` for a domain of its own.
    pub path: String,
    /// The registry's root as its clients are given it (PyPI: the URL that ends in `/simple/`).
    pub upstream: Url,
    /// Which packages are ours: counted and rewritten. Others pass through uncounted.
    pub packages: Vec<Pattern>,
    /// Stream files through instead of redirecting to them.
    pub proxy: bool,
    /// `user:password` for the upstream, read from the file the operator named; implies `proxy`.
    pub credentials: Option<Credentials>,
    /// Where it was written.
    pub place: Place,
}

impl Index {
    /// Whether the package called `name`, in the normal form of its kind, is ours to count.
    pub fn counts(&self, name: &str) -> bool {
        self.packages.iter().any(|pattern| pattern.matches(name))
    }

    /// What of a request's path lies below this index, from its `/`.
    pub fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mount = self.path.trim_end_matches('/');
        path.strip_prefix(mount)
            .filter(|rest| rest.starts_with('/'))
    }
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
    /// Go's module proxy protocol.
    Go,
    /// A repository in Maven's layout, for Maven, Gradle and their kin.
    Maven,
    /// The compact index of gem servers.
    Rubygems,
    /// Helm's chart repository.
    Helm,
    /// `NuGet`'s version 3 service index.
    Nuget,
    /// Composer's repository.
    Composer,
    /// A Debian archive.
    Apt,
    /// A repository of RPM packages, for dnf, yum and zypper.
    Rpm,
    /// A conda channel.
    Conda,
    /// A Hex repository.
    Hex,
    /// Bottles of a Homebrew tap.
    Homebrew,
    /// Terraform's provider and module registry.
    Terraform,
}

impl IndexKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Pypi,
        Self::Npm,
        Self::Cargo,
        Self::Go,
        Self::Maven,
        Self::Rubygems,
        Self::Helm,
        Self::Nuget,
        Self::Composer,
        Self::Apt,
        Self::Rpm,
        Self::Conda,
        Self::Hex,
        Self::Homebrew,
        Self::Terraform,
    ];

    /// The word that operators write for it, which events carry as their ecosystem.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Maven => "maven",
            Self::Rubygems => "rubygems",
            Self::Helm => "helm",
            Self::Nuget => "nuget",
            Self::Composer => "composer",
            Self::Apt => "apt",
            Self::Rpm => "rpm",
            Self::Conda => "conda",
            Self::Hex => "hex",
            Self::Homebrew => "homebrew",
            Self::Terraform => "terraform",
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

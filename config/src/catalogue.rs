//! Packages, indexes and pixels as used: everything the gateway needs to route, already checked.

mod origin;
mod pattern;
mod telling;

use std::sync::Arc;

use url::{ParseError, Url};

use crate::names::Names;
use crate::template::{Captures, ExpandError};

pub use origin::Origin;

/// What is served, whole. Two of these never mix: a reload replaces one with the other.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Single packages, in the order written.
    pub packages: Vec<Package>,
    /// Whole registries behind one domain.
    pub indexes: Vec<Index>,
    /// Tracking pixels.
    pub pixels: Vec<Pixel>,
    /// Sites whose snippets speak another product's protocol.
    pub sites: Vec<Arc<Site>>,
    /// Domains that are somebody else's, and served once that somebody has shown so.
    pub owned: Vec<Owned>,
}

/// A domain that its owner has to show to be theirs, by a TXT record, before it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The host name, lower case, without port.
    pub domain: String,
    /// Whom it belongs to: a word of the operator's for a tenant.
    pub owner: String,
    /// Where it was written.
    pub place: Place,
}

impl Catalogue {
    /// Whether everybody may know the downloads of `package`.
    pub fn is_public(&self, package: &str) -> bool {
        let mut packages = self.packages.iter();
        let mut indexes = self.indexes.iter();
        packages.any(|known| known.public && known.name == package)
            || indexes.any(|index| index.public.iter().any(|name| name == package))
    }

    /// Names of the packages whose downloads everybody may know, some of them twice.
    pub fn public(&self) -> impl Iterator<Item = &str> {
        let packages = self.packages.iter().filter(|package| package.public);
        let indexes = self.indexes.iter().flat_map(|index| &index.public);
        let names = packages.map(|package| &package.name).chain(indexes);
        names.map(String::as_str)
    }
}

/// Where in the operator's files something was written: `weir.toml:12:3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File as named on the command line, one text for all that was written in it.
    pub file: Arc<str>,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
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
    /// Whether everybody may know its downloads by week. Default false.
    pub public: bool,
    /// Where it was written.
    pub place: Place,
}

/// What a package is.
#[derive(Debug)]
pub enum PackageKind {
    /// Files behind URL templates.
    File(Box<[Route]>),
    /// A container image, or many by one pattern.
    Oci(Box<Image>),
    /// Scripts that are piped into a shell: passed through, since some clients follow no redirect.
    Script(Box<[Route]>),
    /// Events that its users send: routes without a target.
    Event(Box<[Route]>),
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

/// A path (and query) that is recognised, and where it leads. There may be a hundred thousand, so what few have is
/// elsewhere.
#[derive(Debug)]
pub struct Route {
    /// What it matches.
    pub path: Matcher,
    /// Where a match is sent; without one the answer is an empty 200.
    pub to: Option<Template>,
    /// 302 or 307; of a route that takes events, 202 or 200.
    pub status: u16,
    /// Stream the target's bytes through instead of redirecting.
    pub proxy: bool,
    /// Where all that it streams is, if its target says so outright.
    pub origin: Option<Box<Origin>>,
    /// Who knows which version is meant where a request says `latest`.
    pub releases: Option<Arc<Releases>>,
    /// What is said of the events that it takes.
    pub intake: Option<Box<Intake>>,
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
    /// How `weir explain` and the event's `route` column call it: the path as written.
    pub fn name(&self) -> &str {
        match &self.path {
            Matcher::Template(template) => template.as_str(),
            Matcher::Regex(regex) => Matcher::written(regex),
            Matcher::CatchAll => "catch_all",
        }
    }

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

    /// A target's text, parsed.
    pub fn url(&self, target: &str) -> Result<Url, ParseError> {
        match &self.origin {
            Some(origin) => origin.url(target),
            None => Url::parse(target),
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

    /// What `text` is compiled as, so that it matches whole paths only.
    pub(crate) fn anchored(text: &str) -> String {
        let (before, behind) = ANCHORS;
        format!("{before}{text}{behind}")
    }

    /// The text that a regex was written as.
    fn written(regex: &regex::Regex) -> &str {
        let text = regex.as_str();
        let (before, behind) = ANCHORS;
        text.strip_prefix(before)
            .and_then(|text| text.strip_suffix(behind))
            .unwrap_or(text)
    }
}

/// What stands around a regex as written. The group keeps them outside its alternatives.
const ANCHORS: (&str, &str) = ("^(?:", ")$");

pub use crate::template::Template;
pub use pattern::Pattern;
pub use telling::{Intake, Origins, Protocol, Site, Tokens, ValueType};

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
    /// Those of them whose downloads by week everybody may know, by name. Default none.
    pub public: Vec<String>,
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

/// A picture that counts page views.
#[derive(Debug)]
pub struct Pixel {
    /// The last part of `/-/px/ID.gif`.
    pub id: String,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// The package whose docs carry it.
    pub package: String,
    /// Hosts of the docs whose pages are told apart by their paths. Default none.
    pub pages: Vec<String>,
    /// Whether a look at a badge of the package is a view of this pixel. Default false.
    pub badge: bool,
    /// Where it was written.
    pub place: Place,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_may_be_a_hundred_thousand_of_is_small() {
        let bytes = (size_of::<Route>(), size_of::<Package>());
        assert!(
            bytes.0 <= 160 && bytes.1 <= 144,
            "{bytes:?}: put what few have elsewhere"
        );
        assert!(size_of::<Template>() <= 48);
    }
}

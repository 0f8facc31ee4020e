//! npm packages: the registry's package documents and tarballs.
//!
//! Documents of our packages pass through with their tarball addresses pointed at the conventional
//! path on this host, `/NAME/-/FILE.tgz`, which every client can also build by itself, so lock files
//! stay clean. Everything else is sent on to the upstream uncounted.

pub(crate) mod packument;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;
use weir_event::Kind;

use crate::answer::Failure;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::{Head, Method};

/// The short form of a package document, which installers ask for.
pub(crate) const ABBREVIATED: &str = "application/vnd.npm.install-v1+json";

/// What is asked of the registry.
#[derive(Clone, Debug)]
pub(crate) enum Ask<'a> {
    /// A package's document, or that of one of its versions or tags.
    Document {
        index: &'a Index,
        package: String,
        version: Option<&'a str>,
        abbreviated: bool,
    },
    /// One of its tarballs.
    Tarball {
        index: &'a Index,
        package: String,
        filename: &'a str,
    },
}

/// What a path means.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    Document {
        package: String,
        version: Option<&'a str>,
    },
    Tarball {
        package: String,
        filename: &'a str,
    },
    /// Search, sign-in, audit: the upstream's own business.
    Other,
}

/// Decides a request on an npm domain.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    let reading = matches!(head.method, Method::Get | Method::Head);
    match place(path) {
        Place::Document { package, version } if reading && index.counts(&package) => {
            let abbreviated = head.list("accept").contains(ABBREVIATED);
            let fact = fact(onward::of_metadata(head), &package);
            Decision::new(
                Plan::Npm(Ask::Document {
                    index,
                    package,
                    version,
                    abbreviated,
                }),
                fact,
            )
        }
        Place::Tarball { package, filename } if reading && index.counts(&package) => {
            let mut fact = fact(onward::of_file(head), &package);
            fact.version = version_of(&package, filename)
                .unwrap_or_default()
                .to_owned()
                .into();
            fact.artifact = Cow::Borrowed(filename);
            Decision::new(
                Plan::Npm(Ask::Tarball {
                    index,
                    package,
                    filename,
                }),
                fact,
            )
        }
        _ => elsewhere(head, path, index, reading),
    }
}

fn fact<'a>(kind: Kind, package: &str) -> Fact<'a> {
    let mut fact = Fact::new(kind, "npm", "", "registry");
    fact.package = Cow::Owned(package.to_owned());
    fact
}

/// On to the upstream, byte for byte. A body goes along with 307 only.
fn elsewhere<'a>(head: &Head<'a>, path: &str, index: &'a Index, reading: bool) -> Decision<'a> {
    if reading {
        return onward::pass(head, index, path);
    }
    if head.method == Method::Options {
        return Decision::uncounted(Plan::Fail(Failure::UnknownPath));
    }
    Decision::uncounted(Plan::Redirect {
        status: 307,
        location: onward::address(index, path, head.query),
    })
}

/// Takes a path apart. Scoped names come as `@scope/name` and as `@scope%2fname`, in either case.
fn place(path: &str) -> Place<'_> {
    let mut segments = path.trim_start_matches('/').split('/');
    let Some(first) = segments
        .next()
        .filter(|first| !first.is_empty() && *first != "-")
    else {
        return Place::Other;
    };
    let Ok(mut package) = percent_decode_str(first).decode_utf8().map(Cow::into_owned) else {
        return Place::Other;
    };
    if package.starts_with('@') && !package.contains('/') {
        let Some(name) = segments.next().filter(|name| !name.is_empty()) else {
            return Place::Other;
        };
        package = format!("{package}/{name}");
    }
    if !is_name(&package) {
        return Place::Other;
    }
    match (segments.next(), segments.next(), segments.next()) {
        (None | Some(""), None, None) => Place::Document {
            package,
            version: None,
        },
        (Some("-"), Some(filename), None) if filename.strip_suffix(".tgz").is_some() => {
            Place::Tarball { package, filename }
        }
        (Some(version), None, None) if version != "-" => Place::Document {
            package,
            version: Some(version),
        },
        _ => Place::Other,
    }
}

/// Names that the registry takes, old ones included: URL-safe, at most 214 characters.
fn is_name(package: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!*'()".contains(&byte);
    let bare = package
        .strip_prefix('@')
        .and_then(|scoped| scoped.split_once('/'));
    let parts = bare.map_or([package, "x"], |(scope, name)| [scope, name]);
    package.len() <= 214
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(allowed))
}

/// The name that stands in a package's file names: without its scope.
pub(crate) fn basename(package: &str) -> &str {
    package.rsplit('/').next().unwrap_or(package)
}

fn version_of<'f>(package: &str, filename: &'f str) -> Option<&'f str> {
    filename
        .strip_suffix(".tgz")?
        .strip_prefix(basename(package))?
        .strip_prefix('-')
}

/// The package's name as one segment of the upstream's address.
pub(crate) fn segment(package: &str) -> String {
    package.replacen('/', "%2f", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scoped_names_are_read_in_every_spelling() {
        for path in [
            "/@acme/rocket",
            "/@acme%2frocket",
            "/@acme%2Frocket",
            "/%40acme%2frocket",
        ] {
            assert_eq!(
                place(path),
                Place::Document {
                    package: "@acme/rocket".into(),
                    version: None
                },
                "{path}"
            );
        }
        let tarball = Place::Tarball {
            package: "@acme/rocket".into(),
            filename: "rocket-1.0.0.tgz",
        };
        assert_eq!(place("/@acme/rocket/-/rocket-1.0.0.tgz"), tarball);
        assert_eq!(place("/@acme%2frocket/-/rocket-1.0.0.tgz"), tarball);
    }

    #[test]
    fn versions_tags_and_the_registrys_own_paths_are_told_apart() {
        assert_eq!(
            place("/rocket/latest"),
            Place::Document {
                package: "rocket".into(),
                version: Some("latest")
            }
        );
        for path in [
            "/",
            "/-/ping",
            "/-/npm/v1/security/advisories/bulk",
            "/rocket/-/rocket.zip",
            "/@acme",
            "/a b",
            "/rocket/-",
        ] {
            assert_eq!(place(path), Place::Other, "{path}");
        }
    }

    #[test]
    fn the_version_stands_behind_the_bare_name() {
        assert_eq!(
            version_of("@acme/rocket-core", "rocket-core-1.0.0-rc.1.tgz"),
            Some("1.0.0-rc.1")
        );
        assert_eq!(version_of("rocket", "other-1.0.0.tgz"), None);
    }
}

//! Files behind URL templates: release assets, installers, anything with a stable address.

mod platform;

use std::borrow::Cow;

use weir_config::Captures;
use weir_config::catalogue::Route;
use weir_event::Kind;

use crate::answer::{Failure, Reply};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// The version that stands for the newest one.
const LATEST: &str = "latest";

/// Decides a request that `route` of `package` has matched.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    package: &'a str,
    route: &'a Route,
    taken: Captures<'a>,
) -> Decision<'a> {
    if matches!(head.method, Method::Post | Method::Options) {
        return Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method)));
    }
    let begin = memchr::memrchr(b'/', head.path.as_bytes()).map_or(0, |slash| slash + 1);
    let artifact = &head.path[begin..];
    let mut fact = Fact::new(kind_of(head, artifact), "file", package, route.name());
    fact.artifact = Cow::Borrowed(artifact);
    let own = |name: &str| taken.get(name).unwrap_or_default();
    fact.version = own("version");
    (fact.os, fact.arch) = (own("os"), own("arch"));
    if fact.os.is_empty() && fact.arch.is_empty() {
        let (os, arch) = platform::of(artifact);
        (fact.os, fact.arch) = (os.into(), arch.into());
    }
    let plan = match &route.releases {
        Some(_) if fact.version == LATEST => Plan::Latest { route, taken },
        Some(releases) => {
            // Those who know the tag write it as it is.
            if let Some(version) = releases.version(&fact.version) {
                fact.version = version.to_owned().into();
            }
            to(head.method, route, &taken.with("version", &fact.version))
        }
        None => to(head.method, route, &taken),
    };
    if matches!(plan, Plan::Fail(_)) {
        fact = fact.failed(404);
    }
    Decision::new(plan, fact)
}

/// The way to what `route` has for `taken`.
pub(crate) fn to<'a>(method: Method, route: &Route, taken: &Captures<'_>) -> Plan<'a> {
    match route.target(taken) {
        Ok(None) => Plan::Reply(Reply::text(200, "")),
        Err(_) => Plan::Fail(Failure::UnknownPath),
        Ok(Some(target)) => fetch(method, route, target),
    }
}

fn fetch<'a>(method: Method, route: &Route, target: String) -> Plan<'a> {
    if method == Method::Get && !route.proxy {
        return Plan::Redirect {
            status: route.status,
            location: target,
        };
    }
    let credentials = None;
    match route.url(&target) {
        Ok(url) if method == Method::Head => Plan::Probe { url, credentials },
        Ok(url) => Plan::Forward { url, credentials },
        Err(_) => Plan::Fail(Failure::UnknownPath),
    }
}

/// A download is the artifact from its first byte; what surrounds it is looked at, not downloaded.
fn kind_of(head: &Head<'_>, artifact: &str) -> Kind {
    if is_update_check(artifact) {
        Kind::Check
    } else if is_beside(artifact) {
        onward::of_metadata(head)
    } else {
        onward::of_file(head)
    }
}

/// Checksums, signatures and bills of materials.
fn is_beside(name: &str) -> bool {
    let dot = memchr::memrchr(b'.', name.as_bytes());
    let ending = dot.map_or("", |dot| &name[dot..]);
    let is = |known: &&str| known.eq_ignore_ascii_case(ending);
    ENDINGS.iter().any(is)
        || JSON.iter().any(is) && JSON_ENDINGS.iter().any(|known| ends_with(name, known))
        || starts_with(name, "sha256sums")
        || starts_with(name, "sha512sums")
        || ends_with(name, "checksums.txt")
}

const ENDINGS: [&str; 14] = [
    ".sha1",
    ".sha256",
    ".sha512",
    ".sha256sum",
    ".sha512sum",
    ".md5",
    ".b3",
    ".sig",
    ".asc",
    ".minisig",
    ".pem",
    ".crt",
    ".sigstore",
    ".sbom",
];
const JSON: [&str; 2] = [".json", ".jsonl"];
const JSON_ENDINGS: [&str; 5] = [
    ".sigstore.json",
    ".sbom.json",
    ".spdx.json",
    ".cdx.json",
    ".intoto.jsonl",
];

/// In any case, without a copy: every request of a file is asked.
fn ends_with(name: &str, ending: &str) -> bool {
    let last = name.len().checked_sub(ending.len());
    last.is_some_and(|at| name.as_bytes()[at..].eq_ignore_ascii_case(ending.as_bytes()))
}

fn starts_with(name: &str, beginning: &str) -> bool {
    let first = name.as_bytes().get(..beginning.len());
    first.is_some_and(|first| first.eq_ignore_ascii_case(beginning.as_bytes()))
}

/// What programs read to learn whether there is something newer.
fn is_update_check(name: &str) -> bool {
    const FEEDS: [&str; 6] = [
        "latest.json",
        "latest.yml",
        "latest-mac.yml",
        "latest-linux.yml",
        "appcast.xml",
        "releases.json",
    ];
    FEEDS.iter().any(|feed| feed.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_an_artifact_is_not_the_artifact() {
        for name in [
            "rocket.tar.gz.sha256",
            "SHA256SUMS",
            "rocket_1.2.3_checksums.txt",
            "rocket.spdx.json",
            "multiple.intoto.jsonl",
            "rocket.SIGSTORE.json",
            "rocket.sig",
        ] {
            assert!(is_beside(name), "{name}");
        }
        for name in [
            "rocket.tar.gz",
            "signal.deb",
            "sha256.zip",
            "rocket.json",
            "sig",
        ] {
            assert!(!is_beside(name), "{name}");
        }
    }
}

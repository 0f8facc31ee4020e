//! Hex packages, for mix, rebar3 and Gleam (Hex specifications, "Endpoints", repository).
//!
//! The registry's documents are signed and name no addresses: clients build them from the
//! repository's own. All of it is sent on; a package's tarball is its download.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::fact::Fact;
use crate::head::Head;

/// Where packages themselves live.
const TARBALLS: &str = "/tarballs/";
/// Where documentation lives, packed as for reading without a network.
const DOCS: &str = "/docs/";
/// Where the versions of one package are.
const PACKAGES: &str = "/packages/";

/// Decides a request below a Hex repository.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let decoded = percent_decode_str(path).decode_utf8().unwrap_or_default();
    let Some(fact) = about(head, &decoded).filter(|fact| index.counts(&fact.package)) else {
        return onward::pass(head, index, path);
    };
    let location = onward::address(index, path, head.query);
    let plan = if fact.route == TARBALLS {
        onward::to_file(head, index, location)
    } else {
        onward::to_document(head, index, location)
    };
    Decision::new(plan, fact)
}

/// What a request is if it is about one package.
fn about(head: &Head<'_>, path: &str) -> Option<Fact<'static>> {
    let metadata = onward::of_metadata(head);
    if let Some(file) = path.strip_prefix(TARBALLS) {
        let (name, version) = full_name(file.strip_suffix(".tar")?)?;
        let fact = Fact::new(onward::of_file(head), "hex", "", TARBALLS);
        return Some(with(fact, name, version, file));
    }
    if let Some(file) = path.strip_prefix(DOCS) {
        let (name, version) = full_name(file.strip_suffix(".tar.gz")?)?;
        let fact = Fact::new(metadata, "hex", "", DOCS);
        return Some(with(fact, name, version, file));
    }
    let name = path.strip_prefix(PACKAGES).filter(|name| is_name(name))?;
    Some(with(Fact::new(metadata, "hex", "", PACKAGES), name, "", ""))
}

fn with(fact: Fact<'static>, name: &str, version: &str, file: &str) -> Fact<'static> {
    Fact {
        package: Cow::Owned(name.to_owned()),
        version: Cow::Owned(version.to_owned()),
        artifact: Cow::Owned(file.to_owned()),
        ..fact
    }
}

/// Name and version in `NAME-VERSION`: names have no dash, versions may.
fn full_name(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.split_once('-')?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
    let is_version =
        version.starts_with(|first: char| first.is_ascii_digit()) && version.bytes().all(allowed);
    (is_name(name) && is_version).then_some((name, version))
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn a_package_is_downloaded_by_its_tarball() {
        let trace = include_str!("hex/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Hex, "/", &["demo_*"], trace), @r"
        # hex_core/0.19.0 hex/2.5.2-dev (elixir/1.14.0) (OTP/25) (erts/13.1.5): mix deps.get, recorded from a build of Hex
        GET /packages/demo_compass
          metadata | demo_compass | /packages/
          302 to https://up.test/root/packages/demo_compass
        GET /packages/demo_compass
          metadata | demo_compass | /packages/
          302 to https://up.test/root/packages/demo_compass
        GET /packages/tideline_demo
          not counted
          302 to https://up.test/root/packages/tideline_demo
        GET /tarballs/demo_compass-2.1.0.tar
          download | demo_compass | /tarballs/ | 2.1.0 | demo_compass-2.1.0.tar
          302 to https://up.test/root/tarballs/demo_compass-2.1.0.tar
        GET /tarballs/tideline_demo-0.3.0.tar
          not counted
          302 to https://up.test/root/tarballs/tideline_demo-0.3.0.tar
        # hex_core/0.7.1 (rebar3/3.19.0) (httpc) (OTP/25) (erts/13.1.5): rebar3 compile
        GET /packages/demo_compass
          metadata | demo_compass | /packages/
          302 to https://up.test/root/packages/demo_compass
        GET /tarballs/demo_compass-2.1.0.tar
          download | demo_compass | /tarballs/ | 2.1.0 | demo_compass-2.1.0.tar
          302 to https://up.test/root/tarballs/demo_compass-2.1.0.tar
        # mix hex.docs fetch
        GET /docs/demo_compass-2.1.0.tar.gz
          metadata | demo_compass | /docs/ | 2.1.0 | demo_compass-2.1.0.tar.gz
          302 to https://up.test/root/docs/demo_compass-2.1.0.tar.gz
        # mix hex.repo, search, an organisation's package
        GET /public_key
          not counted
          302 to https://up.test/root/public_key
        GET /names
          not counted
          302 to https://up.test/root/names
        GET /repos/acme/tarballs/demo_compass-2.1.0.tar
          not counted
          302 to https://up.test/root/repos/acme/tarballs/demo_compass-2.1.0.tar
        ");
    }

    #[test]
    fn names_end_at_the_first_dash() {
        for (text, expected) in [
            ("rocket-1.0.0", ("rocket", "1.0.0")),
            ("rocket_core-1.0.0-rc.1", ("rocket_core", "1.0.0-rc.1")),
            ("rocket2-1.0.0+build.5", ("rocket2", "1.0.0+build.5")),
        ] {
            assert_eq!(full_name(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "rocket",
            "rocket-",
            "-1.0.0",
            "Rocket-1.0.0",
            "rocket-x",
            "rocket-1.0/x",
            "2rocket-1.0",
        ] {
            assert_eq!(full_name(text), None, "{text}");
        }
    }
}

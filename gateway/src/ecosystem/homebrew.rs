//! Bottles of Homebrew taps, at the `root_url` that the formulae name.
//!
//! brew asks twice: a HEAD tells it the length, the time and whether its copy is still good, and
//! the GET goes to where the HEAD ended. So the HEAD is answered here, and with the header without
//! which brew would send a GET whose body it never reads.

use std::borrow::Cow;

use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::fact::Fact;
use crate::head::Head;

/// What the name of a bottle's file says (`Bottle::Filename` in brew's `software_spec.rb`).
#[derive(Debug, PartialEq, Eq)]
struct Bottle<'f> {
    name: &'f str,
    /// With the formula's revision, as in `1.2.3_1`.
    version: &'f str,
    os: &'static str,
    arch: &'f str,
}

/// Decides a request below a homebrew index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let Some(file) = onward::file_name(path) else {
        return onward::pass(head, index, path);
    };
    match bottle(&file, |name| index.counts(name)) {
        Some(bottle) => {
            let location = onward::address(index, path, head.query);
            Decision::new(
                onward::to_file(head, index, location),
                fact(head, &file, &bottle),
            )
        }
        None => onward::pass(head, index, path),
    }
}

/// The `Content-Disposition` that spares brew its second question; other clients get none that
/// the upstream does not give.
pub(crate) fn attachment(head: &Head<'_>) -> Option<String> {
    let agent = head.text("user-agent");
    let brew = ["Homebrew/", "Linuxbrew/"]
        .iter()
        .any(|name| agent.starts_with(name));
    let name = onward::file_name(head.path).filter(|_| brew)?;
    let quotable = |byte: u8| (b' '..=b'~').contains(&byte) && !matches!(byte, b'"' | b'\\');
    name.bytes()
        .all(quotable)
        .then(|| format!("attachment; filename=\"{name}\""))
}

fn fact<'a>(head: &Head<'a>, file: &str, bottle: &Bottle<'_>) -> Fact<'a> {
    let mut fact = Fact::new(onward::of_file(head), "homebrew", "", "bottles");
    fact.package = Cow::Owned(bottle.name.to_owned());
    fact.version = Cow::Owned(bottle.version.to_owned());
    fact.artifact = Cow::Owned(file.to_owned());
    fact.os = Cow::Borrowed(bottle.os);
    fact.arch = Cow::Owned(bottle.arch.to_owned());
    fact
}

/// Takes `NAME-VERSION.TAG.bottle[.REBUILD].tar.gz` apart, where its name is one of `ours`.
fn bottle(file: &str, ours: impl Fn(&str) -> bool) -> Option<Bottle<'_>> {
    let stem = file.strip_suffix(".tar.gz")?;
    let stem = match stem.rsplit_once('.') {
        Some((rest, rebuild)) if rebuild.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => stem,
    };
    let (stem, tag) = stem.strip_suffix(".bottle")?.rsplit_once('.')?;
    let (name, version) = splits(stem).find(|(name, _)| ours(name))?;
    let (os, arch) = platform(tag);
    Some(Bottle {
        name,
        version,
        os,
        arch,
    })
}

/// Where name and version may part, the likeliest first: both may hold hyphens, and versions begin
/// with a digit, but for the few that do not. Files that `brew bottle` left have two hyphens there.
fn splits(stem: &str) -> impl Iterator<Item = (&str, &str)> {
    let at_digit = stem
        .match_indices('-')
        .map(|(at, _)| (&stem[..at], &stem[at + 1..]))
        .filter(|(_, version)| version.starts_with(|first: char| first.is_ascii_digit()));
    let named = |(name, version): &(&str, &str)| !name.is_empty() && !version.is_empty();
    stem.split_once("--")
        .into_iter()
        .chain(at_digit)
        .chain(stem.rsplit_once('-'))
        .filter(named)
}

/// A tag is `CPU_linux`, or a macOS by name, on Intel unless it says otherwise.
fn platform(tag: &str) -> (&'static str, &str) {
    match (tag.strip_suffix("_linux"), tag.strip_prefix("arm64_")) {
        (Some(cpu), _) => ("linux", cpu),
        (_, Some(_)) => ("darwin", "arm64"),
        _ if tag == "all" => ("", ""),
        _ => ("darwin", "amd64"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;
    use crate::head::Fields;

    #[test]
    fn bottles_count_by_their_file_names_and_a_look_is_answered_here() {
        let packages = ["rocket*", "openssl@3", "dvd+rw-tools"];
        let trace = include_str!("homebrew/trace.txt");
        let decided = explained(IndexKind::Homebrew, "/bottles/", &packages, trace);
        insta::assert_snapshot!(decided, @r"
        # Homebrew/4.4.2 (Macintosh; arm64 Mac OS X 14.5) curl/8.7.1
        HEAD /bottles/rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz
          check | rocket | bottles | 2.1.0_1 | rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz | darwin | arm64
          200 with the headers of https://up.test/root/rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz
        GET /bottles/rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz
          download | rocket | bottles | 2.1.0_1 | rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz | darwin | arm64
          302 to https://up.test/root/rocket-2.1.0_1.arm64_sequoia.bottle.1.tar.gz
        GET /bottles/v2.1.0/rocket-2.1.0.sonoma.bottle.tar.gz
          download | rocket | bottles | 2.1.0 | rocket-2.1.0.sonoma.bottle.tar.gz | darwin | amd64
          302 to https://up.test/root/v2.1.0/rocket-2.1.0.sonoma.bottle.tar.gz
        # Homebrew/4.4.2 (Linux; x86_64 Ubuntu 22.04.5 LTS) curl/7.81.0
        GET /bottles/openssl%403-3.4.0.x86_64_linux.bottle.tar.gz
          download | openssl@3 | bottles | 3.4.0 | openssl@3-3.4.0.x86_64_linux.bottle.tar.gz | linux | x86_64
          302 to https://up.test/root/openssl%403-3.4.0.x86_64_linux.bottle.tar.gz
        GET /bottles/dvd%2Brw-tools-7.1.arm64_linux.bottle.tar.gz
          download | dvd+rw-tools | bottles | 7.1 | dvd+rw-tools-7.1.arm64_linux.bottle.tar.gz | linux | arm64
          302 to https://up.test/root/dvd%2Brw-tools-7.1.arm64_linux.bottle.tar.gz
        GET /bottles/rocket-docs-2.1.0.all.bottle.tar.gz
          download | rocket-docs | bottles | 2.1.0 | rocket-docs-2.1.0.all.bottle.tar.gz
          302 to https://up.test/root/rocket-docs-2.1.0.all.bottle.tar.gz
        # the tap's other files, and what is not ours
        GET /bottles/rocket-2.1.0.tar.gz
          not counted
          302 to https://up.test/root/rocket-2.1.0.tar.gz
        HEAD /bottles/tideline-0.3.0.sonoma.bottle.tar.gz
          not counted
          302 to https://up.test/root/tideline-0.3.0.sonoma.bottle.tar.gz
        GET /bottles/tideline-0.3.0.sonoma.bottle.tar.gz
          not counted
          302 to https://up.test/root/tideline-0.3.0.sonoma.bottle.tar.gz
        ");
    }

    fn read<'f>(file: &'f str, ours: &[&str]) -> Option<(&'f str, &'f str)> {
        bottle(file, |name| ours.contains(&name)).map(|bottle| (bottle.name, bottle.version))
    }

    #[test]
    fn the_configured_names_say_where_a_hyphen_parts_name_and_version() {
        let file = "rocket-2-1.0-20.all.bottle.tar.gz";
        assert_eq!(read(file, &["rocket-2"]), Some(("rocket-2", "1.0-20")));
        assert_eq!(read(file, &["rocket"]), Some(("rocket", "2-1.0-20")));
        assert_eq!(read(file, &["rock"]), None);
        let old = "x264-r3095.monterey.bottle.2.tar.gz";
        assert_eq!(read(old, &["x264"]), Some(("x264", "r3095")));
        let local = "rocket--1.0_1.all.bottle.tar.gz";
        assert_eq!(read(local, &["rocket"]), Some(("rocket", "1.0_1")));
    }

    #[test]
    fn what_is_no_bottle_is_none() {
        for file in [
            "rocket-1.0.tar.gz",
            "rocket-1.0.all.bottle.json",
            "rocket.all.bottle.tar.gz",
            "rocket-.all.bottle.tar.gz",
            ".bottle.tar.gz",
        ] {
            assert_eq!(read(file, &["rocket", "rocket-"]), None, "{file}");
        }
    }

    #[test]
    fn only_brew_is_told_a_file_name_and_only_one_that_can_be_quoted() {
        let told = |agent: &str, path: &str| {
            let fields = [("host", "get.test"), ("user-agent", agent)].map(|(name, value)| {
                httparse::Header {
                    name,
                    value: value.as_bytes(),
                }
            });
            let head = Head::new("HEAD", path, Fields::raw(&fields)).expect("a head");
            attachment(&head)
        };
        let name = Some("attachment; filename=\"a b.tar.gz\"".to_owned());
        assert_eq!(told("Homebrew/4.4.2 (Macintosh)", "/x/a%20b.tar.gz"), name);
        assert_eq!(told("Linuxbrew/2.1.0", "/x/a%20b.tar.gz"), name);
        assert_eq!(told("curl/8.7.1 Homebrew/4", "/x/a.tar.gz"), None);
        assert_eq!(told("Homebrew/4.4.2", "/x/%22;y=%22.tar.gz"), None);
        assert_eq!(told("Homebrew/4.4.2", "/x/"), None);
    }

    proptest! {
        #[test]
        fn every_bottle_is_found_again(
            name in "[a-z][a-z0-9+@._]{0,12}(-[a-z][a-z0-9]{0,6})?",
            version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,2}(_[1-9])?",
            rebuild in "(\\.[1-9])?",
        ) {
            let file = format!("{name}-{version}.arm64_sequoia.bottle{rebuild}.tar.gz");
            let expected = Bottle { name: &name, version: &version, os: "darwin", arch: "arm64" };
            prop_assert_eq!(bottle(&file, |_| true), Some(expected));
        }

        #[test]
        fn no_file_name_makes_it_panic(file in ".{0,60}") {
            let _ = bottle(&file, |_| true);
            let _ = bottle(&format!("{file}.bottle.tar.gz"), |_| true);
        }
    }
}

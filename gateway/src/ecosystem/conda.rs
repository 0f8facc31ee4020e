//! Conda channels: packages are counted where a channel's folders are asked for them.
//!
//! Clients ask for packages beside the list that names them, which is here, whatever the list was
//! redirected to. A list may say that its packages are elsewhere (`info.base_url`, CEP 15), and one
//! in shards always does (CEP 16); those lists are served from here with the address pointed at us.

pub(crate) mod lists;

use std::borrow::Cow;

use url::Url;
use weir_config::catalogue::Index;

use crate::answer::Failure;
use crate::ecosystem::document::Document;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// The list in shards.
const SHARDS: &str = "repodata_shards.msgpack.zst";
/// The list that every channel has.
const REPODATA: &str = "repodata.json";
/// What lists in one piece are called, before they are compressed.
const STEMS: [&str; 3] = ["repodata", "current_repodata", "repodata_from_packages"];

/// What is asked of a channel.
#[derive(Clone, Debug)]
pub(crate) enum Ask<'a> {
    /// A list in one piece.
    List {
        document: Document<'a>,
        /// It is JSON as it stands, which can be pointed at us.
        plain: bool,
    },
    /// A package that `listing` has elsewhere.
    Package {
        index: &'a Index,
        listing: Listing,
        folder: &'a str,
        file: &'a str,
    },
}

/// How a channel lists its packages, as far as addresses go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// One document for a platform.
    Whole,
    /// An index, and a document for each name.
    Shards,
}

impl Listing {
    /// Where packages are here that this list has elsewhere.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Whole => "/files/repodata",
            Self::Shards => "/files/shards",
        }
    }
}

/// What a package's file name says.
#[derive(Debug, PartialEq, Eq)]
struct Named<'f> {
    package: &'f str,
    version: &'f str,
}

/// Decides a request below a conda index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let Some((folder, file)) = path.rsplit_once('/') else {
        return onward::pass(head, index, path);
    };
    let (listing, folder) = elsewhere(folder);
    let fact = fact(head, index, folder, file);
    match listing {
        Some(listing) => Decision {
            fact,
            ..Decision::uncounted(Plan::Conda(Ask::Package {
                index,
                listing,
                folder,
                file,
            }))
        },
        None if fact.is_some() => Decision {
            fact,
            ..Decision::uncounted(onward::to_file(
                head,
                index,
                onward::address(index, path, head.query),
            ))
        },
        None => list(index, folder, file)
            .map_or_else(|| onward::pass(head, index, path), Decision::uncounted),
    }
}

/// The list's own folder, where `folder` is the one of its packages elsewhere.
fn elsewhere(folder: &str) -> (Option<Listing>, &str) {
    [Listing::Whole, Listing::Shards]
        .into_iter()
        .find_map(|listing| {
            let own = folder.strip_prefix(listing.prefix())?;
            own.starts_with('/').then_some((Some(listing), own))
        })
        .unwrap_or((None, folder))
}

/// The fact of one of our packages.
fn fact<'a>(head: &Head<'a>, index: &Index, folder: &str, file: &str) -> Option<Fact<'a>> {
    let (os, arch) = platform(folder.rsplit('/').next()?)?;
    let file = onward::file_name(file)?;
    let named = named(&file).filter(|named| index.counts(named.package))?;
    let mut fact = Fact::new(onward::of_file(head), "conda", "", "channel");
    fact.package = Cow::Owned(named.package.to_owned());
    fact.version = Cow::Owned(named.version.to_owned());
    fact.artifact = Cow::Owned(file.clone().into_owned());
    fact.os = Cow::Borrowed(os);
    fact.arch = Cow::Owned(arch.to_owned());
    Some(fact)
}

fn list<'a>(index: &'a Index, folder: &'a str, file: &'a str) -> Option<Plan<'a>> {
    if file == SHARDS {
        return Some(match shards(index, folder) {
            Some(document) => Plan::Document(document),
            None => Plan::Fail(Failure::UnknownPath),
        });
    }
    let (stem, ending) = file.split_once('.')?;
    let known = STEMS.contains(&stem)
        && ["json", "json.zst", "json.bz2", "json.gz", "jlap"].contains(&ending);
    known.then_some(())?;
    let document = Document {
        index,
        url: url(index, folder, file)?,
        name: Cow::Borrowed(folder),
        accept: "",
        content_type: "application/json",
        rewrite: lists::repodata,
    };
    Some(Plan::Conda(Ask::List {
        document,
        plain: ending == "json",
    }))
}

/// The list in shards of one platform.
pub(crate) fn shards<'a>(index: &'a Index, folder: &'a str) -> Option<Document<'a>> {
    Some(Document {
        index,
        url: url(index, folder, SHARDS)?,
        name: Cow::Borrowed(folder),
        accept: "",
        content_type: "application/zstd",
        rewrite: lists::shards,
    })
}

/// Where the upstream says whether its packages are elsewhere.
pub(crate) fn whole(index: &Index, folder: &str) -> Option<Url> {
    url(index, folder, REPODATA)
}

/// Where the upstream has `file`, as long as it says nothing else.
pub(crate) fn url(index: &Index, folder: &str, file: &str) -> Option<Url> {
    Url::parse(&onward::address(index, &format!("{folder}/{file}"), None)).ok()
}

/// Takes `NAME-VERSION-BUILD.conda` apart; neither version nor build holds a hyphen.
fn named(file: &str) -> Option<Named<'_>> {
    let stem = [".conda", ".tar.bz2"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending))?;
    let (rest, build) = stem.rsplit_once('-')?;
    let (package, version) = rest.rsplit_once('-')?;
    let whole = [package, version, build]
        .iter()
        .all(|part| !part.is_empty());
    whole.then_some(Named { package, version })
}

/// The platform of a channel's folder, `SYSTEM-PROCESSOR` or `noarch`; none if it is no such folder.
fn platform(subdir: &str) -> Option<(&'static str, &str)> {
    if subdir == "noarch" {
        return Some(("", ""));
    }
    let (system, processor) = subdir.split_once('-')?;
    let os = match system {
        "linux" => "linux",
        "osx" => "darwin",
        "win" => "windows",
        "freebsd" => "freebsd",
        "emscripten" => "emscripten",
        "wasi" => "wasip1",
        "zos" => "zos",
        _ => return None,
    };
    let arch = match processor {
        "64" => "amd64",
        "32" => "386",
        other => other,
    };
    Some((os, arch))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn packages_count_in_the_folder_of_their_platform_and_lists_do_not() {
        let trace = include_str!("conda/trace.txt");
        let decided = explained(IndexKind::Conda, "/channel/", &["rocket*"], trace);
        insta::assert_snapshot!(decided, @r"
        # py-rattler/0.28.0: a solve
        GET /channel/linux-64/repodata_shards.msgpack.zst
          not counted
          the document https://up.test/root/linux-64/repodata_shards.msgpack.zst with its addresses pointed here
        HEAD /channel/linux-64/repodata.json.zst
          not counted
          302 to https://up.test/root/linux-64/repodata.json.zst, or the same from here where it has its packages elsewhere
        HEAD /channel/linux-64/repodata.json.bz2
          not counted
          302 to https://up.test/root/linux-64/repodata.json.bz2, or the same from here where it has its packages elsewhere
        GET /channel/linux-64/repodata.json.zst
          not counted
          302 to https://up.test/root/linux-64/repodata.json.zst, or the same from here where it has its packages elsewhere
        GET /channel/noarch/repodata.json
          not counted
          302 to https://up.test/root/noarch/repodata.json, or the same from here where it has its packages elsewhere
        # (no user agent): the packages
        GET /channel/linux-64/rocket-2.1.0-h1a2b_0.conda
          download | rocket | channel | 2.1.0 | rocket-2.1.0-h1a2b_0.conda | linux | amd64
          302 to https://up.test/root/linux-64/rocket-2.1.0-h1a2b_0.conda
        GET /channel/noarch/rocket-docs-2.1.0-pyhd8ed1ab_0.conda
          download | rocket-docs | channel | 2.1.0 | rocket-docs-2.1.0-pyhd8ed1ab_0.conda
          302 to https://up.test/root/noarch/rocket-docs-2.1.0-pyhd8ed1ab_0.conda
        GET /channel/noarch/tideline-0.3.0-0.conda
          not counted
          302 to https://up.test/root/noarch/tideline-0.3.0-0.conda
        # conda/24.9.2 requests/2.32.3 CPython/3.12.7 Linux/5.15.0-1 ubuntu/22.04.5 glibc/2.35
        GET /channel/linux-64/current_repodata.json
          not counted
          302 to https://up.test/root/linux-64/current_repodata.json, or the same from here where it has its packages elsewhere
        GET /channel/linux-64/repodata.jlap
          not counted
          302 to https://up.test/root/linux-64/repodata.jlap, or the same from here where it has its packages elsewhere
        GET /channel/acme/osx-arm64/rocket-2!1.0+git1-py312_1.tar.bz2
          download | rocket | channel | 2!1.0+git1 | rocket-2!1.0+git1-py312_1.tar.bz2 | darwin | arm64
          302 to https://up.test/root/acme/osx-arm64/rocket-2!1.0+git1-py312_1.tar.bz2
        GET /channel/win-64/rocket-2.1.0%2Bgit1-0.tar.bz2
          download | rocket | channel | 2.1.0+git1 | rocket-2.1.0+git1-0.tar.bz2 | windows | amd64
          302 to https://up.test/root/win-64/rocket-2.1.0%2Bgit1-0.tar.bz2
        # packages that a list has elsewhere
        GET /channel/files/repodata/linux-64/rocket-2.1.0-h1a2b_0.conda
          download | rocket | channel | 2.1.0 | rocket-2.1.0-h1a2b_0.conda | linux | amd64
          302 to where https://up.test/root/linux-64 says rocket-2.1.0-h1a2b_0.conda is
        HEAD /channel/files/shards/acme/osx-arm64/rocket-2.1.0-h1a2b_0.conda
          check | rocket | channel | 2.1.0 | rocket-2.1.0-h1a2b_0.conda | darwin | arm64
          302 to where https://up.test/root/acme/osx-arm64 says rocket-2.1.0-h1a2b_0.conda is
        GET /channel/files/shards/noarch/tideline-0.3.0-0.conda
          not counted
          302 to where https://up.test/root/noarch says tideline-0.3.0-0.conda is
        # what else there is
        GET /channel/channeldata.json
          not counted
          302 to https://up.test/root/channeldata.json
        GET /channel/linux-64/rocket-2.1.0.conda
          not counted
          302 to https://up.test/root/linux-64/rocket-2.1.0.conda
        GET /channel/docs/rocket-2.1.0-0.conda
          not counted
          302 to https://up.test/root/docs/rocket-2.1.0-0.conda
        GET /channel/linux-64/
          not counted
          302 to https://up.test/root/linux-64/
        ");
    }

    #[test]
    fn what_is_no_package_has_no_name() {
        for file in [
            "repodata.json",
            "rocket-1.0.conda",
            "rocket-1.0-0.tar.gz",
            "rocket-1.0-0.conda.sig",
            "--.conda",
            "-1.0-0.tar.bz2",
        ] {
            assert_eq!(named(file), None, "{file}");
        }
    }

    #[test]
    fn folders_say_the_platform_in_words_that_others_use() {
        let folders = [
            "linux-64",
            "linux-aarch64",
            "osx-arm64",
            "win-32",
            "noarch",
            "emscripten-wasm32",
            "files",
            "beos-64",
        ];
        let said: Vec<_> = folders
            .iter()
            .map(|folder| format!("{folder}: {:?}", platform(folder)))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        linux-64: Some(("linux", "amd64"))
        linux-aarch64: Some(("linux", "aarch64"))
        osx-arm64: Some(("darwin", "arm64"))
        win-32: Some(("windows", "386"))
        noarch: Some(("", ""))
        emscripten-wasm32: Some(("emscripten", "wasm32"))
        files: None
        beos-64: None
        "#);
    }

    proptest! {
        #[test]
        fn every_package_is_found_again(
            package in "[a-z0-9_][a-z0-9_.-]{0,20}",
            version in "[0-9][a-z0-9_.!+]{0,12}",
            build in "[a-z0-9_.]{1,12}",
        ) {
            let file = format!("{package}-{version}-{build}.tar.bz2");
            prop_assert_eq!(named(&file), Some(Named { package: &package, version: &version }));
        }

        #[test]
        fn no_file_name_makes_it_panic(file in ".{0,60}") {
            let _ = named(&file);
            let _ = named(&format!("{file}.conda"));
        }
    }
}

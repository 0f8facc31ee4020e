//! Repositories of RPM packages, for dnf, yum and zypper: packages are counted by their file names.
//!
//! `repomd.xml` may be signed and names the sums of the lists, which name the sums of the packages,
//! so nothing is rewritten. Of our own there is a list of mirrors, whose only mirror is here: with
//! one, dnf says once a week how old an installation is (`countme` in `dnf.conf(5)`).

use std::borrow::Cow;

use url::Url;
use weir_config::catalogue::Index;

use crate::answer::Failure;
use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Document, Rewritten, Source, Unreadable};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// The list of mirrors, in the folder that holds `repodata/`.
const MIRRORS: &str = "/mirrorlist";

/// What a package's file name says. The epoch is not part of it.
#[derive(Debug, PartialEq, Eq)]
struct Named<'f> {
    package: &'f str,
    /// `VERSION-RELEASE`.
    version: &'f str,
    /// Empty for packages that run anywhere, and for sources.
    arch: &'f str,
}

/// Decides a request below an rpm index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if let Some(folder) = path.strip_suffix(MIRRORS) {
        return mirrors(head, folder, index);
    }
    let Some(file) = onward::file_name(path) else {
        return onward::pass(head, index, path);
    };
    match named(&file).filter(|named| index.counts(named.package)) {
        Some(named) => {
            let location = onward::address(index, path, head.query);
            Decision::new(
                onward::to_file(head, index, location),
                fact(head, &file, &named),
            )
        }
        None => onward::pass(head, index, path),
    }
}

fn fact<'a>(head: &Head<'a>, file: &str, named: &Named<'_>) -> Fact<'a> {
    let mut fact = Fact::new(onward::of_file(head), "rpm", "", "packages");
    fact.package = Cow::Owned(named.package.to_owned());
    fact.version = Cow::Owned(named.version.to_owned());
    fact.artifact = Cow::Owned(file.to_owned());
    fact.os = Cow::Borrowed("linux");
    fact.arch = Cow::Owned(named.arch.to_owned());
    fact
}

/// Takes `NAME-VERSION-RELEASE.ARCH.rpm` apart from the right: only the name may hold hyphens. The
/// difference between two releases, `NAME-VERSION-RELEASE_VERSION-RELEASE.ARCH.drpm`, is named for
/// both and is a download of the newer.
fn named(file: &str) -> Option<Named<'_>> {
    let (stem, delta) = match file.strip_suffix(".drpm") {
        Some(stem) => (stem, true),
        None => (file.strip_suffix(".rpm")?, false),
    };
    let (whole, arch) = stem.rsplit_once('.')?;
    let (older, newer) = if delta {
        releases(whole)?
    } else {
        (whole, None)
    };
    let release = older.rfind('-')?;
    let at = older[..release].rfind('-')?;
    let (package, own) = (&older[..at], &older[at + 1..]);
    let whole = !package.is_empty() && !own.starts_with('-') && !own.ends_with('-');
    whole.then_some(Named {
        package,
        version: newer.unwrap_or(own),
        arch: match arch {
            "noarch" | "src" | "nosrc" => "",
            arch => arch,
        },
    })
}

/// Parts the older release, with its name, from the newer, which has one hyphen.
fn releases(both: &str) -> Option<(&str, Option<&str>)> {
    let parted = both
        .match_indices('_')
        .map(|(at, _)| (&both[..at], &both[at + 1..]));
    let mut newer = parted.filter(|(_, newer)| newer.matches('-').count() == 1);
    newer.next().map(|(older, newer)| (older, Some(newer)))
}

/// The list of mirrors of the repository in `folder`.
fn mirrors<'a>(head: &Head<'a>, folder: &'a str, index: &'a Index) -> Decision<'a> {
    let repomd = onward::address(index, &format!("{folder}/repodata/repomd.xml"), None);
    let plan = Url::parse(&repomd).map_or(Plan::Fail(Failure::UnknownPath), |url| {
        Plan::Document(Document {
            index,
            url,
            name: Cow::Borrowed(folder),
            accept: "",
            content_type: "text/plain; charset=utf-8",
            rewrite: mirror,
        })
    });
    Decision {
        fact: age(head.query).map(|age| {
            let mut fact = Fact::new(onward::of_metadata(head), "rpm", "", "mirrorlist");
            fact.props
                .push((Cow::Borrowed("countme"), Cow::Borrowed(age)));
            fact
        }),
        ..Decision::uncounted(plan)
    }
}

/// We are the mirror of every repository that the upstream has.
fn mirror(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let repomd = memchr::memmem::find(source.body, b"<repomd").is_some();
    let list = format!("{}{}/\n", source.base, source.name);
    repomd
        .then(|| Rewritten {
            body: list.into_bytes(),
            files: Files::default(),
        })
        .ok_or(Unreadable("expected repomd.xml"))
}

/// How old the installation is: 1 for its first week, 2 for its first month, 3 for its first half
/// year, 4 from then on. dnf sends it once a week, with no more than that.
fn age(query: Option<&str>) -> Option<&str> {
    let said = query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("countme="));
    said.filter(|age| matches!(*age, "1" | "2" | "3" | "4"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::{explained, index};

    #[test]
    fn packages_count_by_their_file_names_and_lists_do_not() {
        let packages = ["rocket*", "python3-rocket"];
        let trace = include_str!("rpm/trace.txt");
        let decided = explained(IndexKind::Rpm, "/rpm/", &packages, trace);
        insta::assert_snapshot!(decided, @r"
        # libdnf (Debian GNU/Linux 12; generic; Linux.x86_64)
        GET /rpm/fedora/41/x86_64/mirrorlist?arch=x86_64
          not counted
          the document https://up.test/root/fedora/41/x86_64/repodata/repomd.xml with its addresses pointed here
        GET /rpm/fedora/41/x86_64/mirrorlist?arch=x86_64&countme=3
          metadata | mirrorlist | countme=3
          the document https://up.test/root/fedora/41/x86_64/repodata/repomd.xml with its addresses pointed here
        GET /rpm/fedora/41/x86_64/mirrorlist?countme=33
          not counted
          the document https://up.test/root/fedora/41/x86_64/repodata/repomd.xml with its addresses pointed here
        GET /rpm/fedora/41/x86_64/repodata/repomd.xml
          not counted
          302 to https://up.test/root/fedora/41/x86_64/repodata/repomd.xml
        GET /rpm/fedora/41/x86_64/repodata/0f1e-primary.xml.gz
          not counted
          302 to https://up.test/root/fedora/41/x86_64/repodata/0f1e-primary.xml.gz
        GET /rpm/fedora/41/x86_64/Packages/r/rocket-2.1.0-1.fc41.x86_64.rpm
          download | rocket | packages | 2.1.0-1.fc41 | rocket-2.1.0-1.fc41.x86_64.rpm | linux | x86_64
          302 to https://up.test/root/fedora/41/x86_64/Packages/r/rocket-2.1.0-1.fc41.x86_64.rpm
        GET /rpm/fedora/41/x86_64/Packages/p/python3-rocket-2.1.0%5e20261120git1a2b3c-1.fc41.noarch.rpm
          download | python3-rocket | packages | 2.1.0^20261120git1a2b3c-1.fc41 | python3-rocket-2.1.0^20261120git1a2b3c-1.fc41.noarch.rpm | linux
          302 to https://up.test/root/fedora/41/x86_64/Packages/p/python3-rocket-2.1.0%5e20261120git1a2b3c-1.fc41.noarch.rpm
        GET /rpm/fedora/41/x86_64/drpms/rocket-2.0.0-1.fc41_2.1.0-1.fc41.x86_64.drpm
          download | rocket | packages | 2.1.0-1.fc41 | rocket-2.0.0-1.fc41_2.1.0-1.fc41.x86_64.drpm | linux | x86_64
          302 to https://up.test/root/fedora/41/x86_64/drpms/rocket-2.0.0-1.fc41_2.1.0-1.fc41.x86_64.drpm
        # ZYpp 17.25.7 (curl 7.88.1)
        HEAD /rpm/leap/repodata/repomd.xml
          not counted
          302 to https://up.test/root/leap/repodata/repomd.xml
        GET /rpm/leap/media.1/media
          not counted
          302 to https://up.test/root/leap/media.1/media
        GET /rpm/leap/repodata/repomd.xml.asc
          not counted
          302 to https://up.test/root/leap/repodata/repomd.xml.asc
        GET /rpm/leap/x86_64/rocket-libs-2.1.0-lp156.1.i686.rpm
          download | rocket-libs | packages | 2.1.0-lp156.1 | rocket-libs-2.1.0-lp156.1.i686.rpm | linux | i686
          302 to https://up.test/root/leap/x86_64/rocket-libs-2.1.0-lp156.1.i686.rpm
        GET /rpm/leap/src/rocket-2.1.0-lp156.1.src.rpm
          download | rocket | packages | 2.1.0-lp156.1 | rocket-2.1.0-lp156.1.src.rpm | linux
          302 to https://up.test/root/leap/src/rocket-2.1.0-lp156.1.src.rpm
        # what is not ours, and a look
        GET /rpm/fedora/41/x86_64/Packages/t/tideline-0.3.0-1.fc41.x86_64.rpm
          not counted
          302 to https://up.test/root/fedora/41/x86_64/Packages/t/tideline-0.3.0-1.fc41.x86_64.rpm
        HEAD /rpm/rocket-2.1.0+north-1.aarch64.rpm
          check | rocket | packages | 2.1.0+north-1 | rocket-2.1.0+north-1.aarch64.rpm | linux | aarch64
          200 with the headers of https://up.test/root/rocket-2.1.0+north-1.aarch64.rpm
        ");
    }

    #[test]
    fn a_delta_is_a_download_of_the_newer_release() {
        let read = |file: &'static str| named(file).map(|named| (named.package, named.version));
        let newer = Some(("rocket_core", "2.1.0-1.fc41"));
        assert_eq!(
            read("rocket_core-2.0.0-3.fc41_2.1.0-1.fc41.x86_64.drpm"),
            newer
        );
        assert_eq!(
            read("rocket-1.0-1_2_0-1.noarch.drpm"),
            Some(("rocket", "2_0-1"))
        );
        assert_eq!(read("rocket-1.0-1.noarch.drpm"), None);
    }

    #[test]
    fn what_is_no_package_has_no_name() {
        for file in [
            "repomd.xml",
            "rocket.rpm",
            "rocket-1.0.x86_64.rpm",
            "rocket-1.0-1.x86_64.rpm.asc",
            "-1.0-1.x86_64.rpm",
            "rocket--1.x86_64.rpm",
            "rocket-1.0-.x86_64.rpm",
        ] {
            assert_eq!(named(file), None, "{file}");
        }
    }

    #[test]
    fn the_only_mirror_is_here_below_the_indexs_path() {
        let source = |body: &'static [u8]| {
            mirror(&Source {
                index: &index(IndexKind::Rpm, "/rpm/", &[]),
                name: "/fedora/41",
                url: &"https://up.test/repodata/repomd.xml"
                    .parse()
                    .expect("an address"),
                base: "https://get.test/rpm",
                body,
            })
        };
        let list = source(b"<?xml version=\"1.0\"?>\n<repomd/>").expect("a list");
        assert_eq!(list.body, b"https://get.test/rpm/fedora/41/\n");
        assert!(source(b"<html>not found</html>").is_err());
    }

    proptest! {
        #[test]
        fn every_name_version_release_and_architecture_is_found_again(
            package in "[a-zA-Z0-9][a-zA-Z0-9+_.-]{0,20}",
            version in "[0-9][a-z0-9_.~^+]{0,10}",
            release in "[0-9][a-z0-9_.]{0,10}",
            arch in "[a-z0-9_]{3,8}",
        ) {
            prop_assume!(!["noarch", "src", "nosrc"].contains(&arch.as_str()));
            let file = format!("{package}-{version}-{release}.{arch}.rpm");
            let expected = Named { package: &package, version: &format!("{version}-{release}"), arch: &arch };
            prop_assert_eq!(named(&file), Some(expected));
        }

        #[test]
        fn no_file_name_makes_it_panic(file in ".{0,60}") {
            let _ = named(&file);
            let _ = named(&format!("{file}.rpm"));
            let _ = named(&format!("{file}.drpm"));
        }
    }
}

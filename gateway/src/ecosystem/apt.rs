//! Debian archives: packages are counted where the pool's files are asked for.
//!
//! `Release` is signed and names the sums of the lists, which name the sums of the packages, so
//! nothing is rewritten. apt takes the lists from where `Release` led it, and asks for packages at
//! the address in its sources, which is ours.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::fact::Fact;
use crate::head::Head;

/// Packages, packages of the installer, and packages of debugging symbols.
const ENDINGS: [&str; 3] = [".deb", ".udeb", ".ddeb"];

/// What the name of a package's file says (Debian Policy §5.6, `dpkg-name(1)`).
#[derive(Debug, PartialEq, Eq)]
struct Named<'f> {
    package: &'f str,
    /// Without its epoch, but for the few archives that write one.
    version: Cow<'f, str>,
    os: &'f str,
    arch: &'f str,
}

/// Decides a request below an apt index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
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
    let mut fact = Fact::new(onward::of_file(head), "apt", "", "pool");
    fact.package = Cow::Owned(named.package.to_owned());
    fact.version = Cow::Owned(named.version.clone().into_owned());
    fact.artifact = Cow::Owned(file.to_owned());
    fact.os = Cow::Owned(named.os.to_owned());
    fact.arch = Cow::Owned(named.arch.to_owned());
    fact
}

/// Takes `NAME_VERSION_ARCH.deb` apart. None of the three holds an underscore.
fn named(file: &str) -> Option<Named<'_>> {
    let stem = ENDINGS
        .iter()
        .find_map(|ending| file.strip_suffix(ending))?;
    let mut parts = stem.split('_');
    let (package, version, arch) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || package.is_empty() || version.is_empty() {
        return None;
    }
    let (os, arch) = platform(arch);
    Some(Named {
        package,
        // A colon in a file's name is kept as `%3a`; a version has no percent sign of its own.
        version: percent_decode_str(version).decode_utf8().ok()?,
        os,
        arch,
    })
}

/// A Debian architecture is Linux unless it says otherwise, as `hurd-i386` does (Debian Policy §11.1).
fn platform(arch: &str) -> (&str, &str) {
    arch.rsplit_once('-').unwrap_or(("linux", arch))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn an_update_counts_nothing_and_packages_count_by_their_file_names() {
        let decided = explained(
            IndexKind::Apt,
            "/",
            &["rocket*"],
            include_str!("apt/trace.txt"),
        );
        insta::assert_snapshot!(decided, @r"
        # Debian APT-HTTP/1.3 (2.6.1): update
        GET /dists/stable/InRelease
          not counted
          302 to https://up.test/root/dists/stable/InRelease
        GET /dists/stable/Release
          not counted
          302 to https://up.test/root/dists/stable/Release
        GET /dists/stable/Release.gpg
          not counted
          302 to https://up.test/root/dists/stable/Release.gpg
        GET /dists/stable/main/binary-amd64/by-hash/SHA256/5f3a
          not counted
          302 to https://up.test/root/dists/stable/main/binary-amd64/by-hash/SHA256/5f3a
        GET /dists/stable/main/binary-all/Packages.xz
          not counted
          302 to https://up.test/root/dists/stable/main/binary-all/Packages.xz
        GET /dists/stable/main/i18n/Translation-en.xz
          not counted
          302 to https://up.test/root/dists/stable/main/i18n/Translation-en.xz
        # Debian APT-HTTP/1.3 (2.6.1): install
        GET /pool/main/r/rocket/rocket_2.1.0+git1-1_amd64.deb
          download | rocket | pool | 2.1.0+git1-1 | rocket_2.1.0+git1-1_amd64.deb | linux | amd64
          302 to https://up.test/root/pool/main/r/rocket/rocket_2.1.0+git1-1_amd64.deb
        GET /pool/main/r/rocket/rocket-doc_2.1.0%7erc1-1_all.deb
          download | rocket-doc | pool | 2.1.0~rc1-1 | rocket-doc_2.1.0~rc1-1_all.deb | linux | all
          302 to https://up.test/root/pool/main/r/rocket/rocket-doc_2.1.0%7erc1-1_all.deb
        GET /pool/main/t/tideline/tideline_0.3.0-1_amd64.deb
          not counted
          302 to https://up.test/root/pool/main/t/tideline/tideline_0.3.0-1_amd64.deb
        # debian-installer, and gdb's symbols
        GET /pool/main/r/rocket/rocket-udeb_2.1.0-1_armhf.udeb
          download | rocket-udeb | pool | 2.1.0-1 | rocket-udeb_2.1.0-1_armhf.udeb | linux | armhf
          302 to https://up.test/root/pool/main/r/rocket/rocket-udeb_2.1.0-1_armhf.udeb
        GET /pool/main/r/rocket/rocket-dbgsym_2.1.0-1_arm64.ddeb
          download | rocket-dbgsym | pool | 2.1.0-1 | rocket-dbgsym_2.1.0-1_arm64.ddeb | linux | arm64
          302 to https://up.test/root/pool/main/r/rocket/rocket-dbgsym_2.1.0-1_arm64.ddeb
        # curl of a package below no pool, and a look at one
        GET /rocket_1%3a2.1.0_amd64.deb?token=a%2Fb
          download | rocket | pool | 1:2.1.0 | rocket_1:2.1.0_amd64.deb | linux | amd64
          302 to https://up.test/root/rocket_1%3a2.1.0_amd64.deb?token=a%2Fb
        HEAD /pool/main/r/rocket/rocket_2.1.0-1_hurd-i386.deb
          check | rocket | pool | 2.1.0-1 | rocket_2.1.0-1_hurd-i386.deb | hurd | i386
          200 with the headers of https://up.test/root/pool/main/r/rocket/rocket_2.1.0-1_hurd-i386.deb
        # apt-get source
        GET /pool/main/r/rocket/rocket_2.1.0-1.dsc
          not counted
          302 to https://up.test/root/pool/main/r/rocket/rocket_2.1.0-1.dsc
        GET /pool/main/r/rocket/rocket_2.1.0.orig.tar.xz
          not counted
          302 to https://up.test/root/pool/main/r/rocket/rocket_2.1.0.orig.tar.xz
        # anything else
        GET /
          not counted
          302 to https://up.test/root/
        POST /pool/main/r/rocket/rocket_2.1.0-1_amd64.deb
          not counted
          405: this server answers GET and HEAD
        ");
    }

    #[test]
    fn an_archive_below_a_path_leads_to_the_upstreams_root() {
        let trace = "GET /debian/dists/stable/Release\nGET /debian/pool/rocket_1.0_all.deb";
        let decided = explained(IndexKind::Apt, "/debian/", &["rocket"], trace);
        insta::assert_snapshot!(decided, @r"
        GET /debian/dists/stable/Release
          not counted
          302 to https://up.test/root/dists/stable/Release
        GET /debian/pool/rocket_1.0_all.deb
          download | rocket | pool | 1.0 | rocket_1.0_all.deb | linux | all
          302 to https://up.test/root/pool/rocket_1.0_all.deb
        ");
    }

    #[test]
    fn a_version_is_read_in_every_spelling_of_its_marks() {
        let version = |file: &str| {
            let file = onward::file_name(file).expect("a name").into_owned();
            named(&file).map(|named| named.version.into_owned())
        };
        let epoch = Some("1:2.0+git1~rc1-1".to_owned());
        assert_eq!(version("/r_1:2.0+git1~rc1-1_amd64.deb"), epoch);
        assert_eq!(version("/r_1%3a2.0%2bgit1%7erc1-1_amd64.deb"), epoch);
        assert_eq!(version("/r_1%253a2.0%2Bgit1~rc1-1_amd64.deb"), epoch);
    }

    #[test]
    fn what_is_no_package_has_no_name() {
        for file in [
            "Packages.gz",
            "rocket_1.0.dsc",
            "rocket_1.0.orig.tar.gz",
            "rocket.deb",
            "rocket_1.0.deb",
            "_1.0_amd64.deb",
            "rocket__amd64.deb",
            "rocket_1_0_amd64.deb",
            "rocket_1.0_amd64.deb.asc",
        ] {
            assert_eq!(named(file), None, "{file}");
        }
    }

    proptest! {
        #[test]
        fn every_name_version_and_architecture_is_found_again(
            package in "[a-z0-9][a-z0-9+.-]{1,20}",
            version in "[0-9][A-Za-z0-9.+~-]{0,20}",
            arch in "[a-z0-9]{1,8}",
        ) {
            let file = format!("{package}_{version}_{arch}.udeb");
            let expected = Named { package: &package, version: version.as_str().into(), os: "linux", arch: &arch };
            prop_assert_eq!(named(&file), Some(expected));
        }

        #[test]
        fn no_file_name_makes_it_panic(file in ".{0,60}") {
            let _ = named(&file);
            let _ = named(&format!("{file}.deb"));
        }
    }
}

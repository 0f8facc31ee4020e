//! One spelling for every operating system and processor: the one that Go and container images use.

use std::borrow::Cow;

use super::{scrub, words};
use crate::ClientIp;

/// (a spelling in lower case, ours); those that most requests have come first
const SYSTEMS: &[(&str, &str)] = &[
    ("linux", "linux"),
    ("darwin", "darwin"),
    ("windows", "windows"),
    ("gnu/linux", "linux"),
    ("linux-gnu", "linux"),
    ("linux-musl", "linux"),
    ("linux2", "linux"),
    ("macos", "darwin"),
    ("macosx", "darwin"),
    ("mac", "darwin"),
    ("osx", "darwin"),
    ("apple", "darwin"),
    ("macintosh", "darwin"),
    ("windows_nt", "windows"),
    ("win", "windows"),
    ("win32", "windows"),
    ("win64", "windows"),
    ("mingw32", "windows"),
    ("mingw64", "windows"),
    ("msys", "windows"),
    ("cygwin", "windows"),
    ("freebsd", "freebsd"),
    ("openbsd", "openbsd"),
    ("netbsd", "netbsd"),
    ("dragonfly", "dragonfly"),
    ("android", "android"),
    ("ios", "ios"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("illumos", "illumos"),
    ("solaris", "solaris"),
    ("sunos", "solaris"),
    ("aix", "aix"),
    ("cros", "chromeos"),
    ("chromeos", "chromeos"),
    ("haiku", "haiku"),
    ("plan9", "plan9"),
    ("wasi", "wasip1"),
    ("wasip1", "wasip1"),
];

/// (a spelling in lower case, ours); those that most requests have come first
const PROCESSORS: &[(&str, &str)] = &[
    ("amd64", "amd64"),
    ("arm64", "arm64"),
    ("x86_64", "amd64"),
    ("x86-64", "amd64"),
    ("x64", "amd64"),
    ("intel64", "amd64"),
    ("em64t", "amd64"),
    ("intel", "amd64"),
    ("aarch64", "arm64"),
    ("arm64e", "arm64"),
    ("armv8", "arm64"),
    ("arm64v8", "arm64"),
    ("arm/v7", "armv7"),
    ("armv7", "armv7"),
    ("armv7l", "armv7"),
    ("armv7hl", "armv7"),
    ("arm32v7", "armv7"),
    ("armhf", "armv7"),
    ("arm/v6", "armv6"),
    ("armv6", "armv6"),
    ("armv6l", "armv6"),
    ("arm32v6", "armv6"),
    ("arm", "arm"),
    ("armel", "arm"),
    ("386", "386"),
    ("i386", "386"),
    ("i486", "386"),
    ("i586", "386"),
    ("i686", "386"),
    ("x86", "386"),
    ("ia32", "386"),
    ("ppc64le", "ppc64le"),
    ("ppc64el", "ppc64le"),
    ("powerpc64le", "ppc64le"),
    ("ppc64", "ppc64"),
    ("powerpc64", "ppc64"),
    ("s390x", "s390x"),
    ("riscv64", "riscv64"),
    ("riscv64gc", "riscv64"),
    ("loong64", "loong64"),
    ("loongarch64", "loong64"),
    ("mips64le", "mips64le"),
    ("mips64el", "mips64le"),
    ("mipsel", "mipsle"),
    ("mipsle", "mipsle"),
    ("mips64", "mips64"),
    ("mips", "mips"),
    ("universal", "universal"),
    ("universal2", "universal"),
    ("wasm32", "wasm"),
    ("wasm", "wasm"),
];

/// (the first word of a distribution's name in lower case, ours)
const DISTRIBUTIONS: &[(&str, &str)] = &[
    ("debian", "debian"),
    ("ubuntu", "ubuntu"),
    ("raspbian", "raspbian"),
    ("linuxmint", "mint"),
    ("fedora", "fedora"),
    ("red", "rhel"),
    ("rhel", "rhel"),
    ("redhat", "rhel"),
    ("centos", "centos"),
    ("rocky", "rocky"),
    ("almalinux", "almalinux"),
    ("oracle", "oracle"),
    ("amazon", "amazon"),
    ("amzn", "amazon"),
    ("alpine", "alpine"),
    ("opensuse", "opensuse"),
    ("opensuse-leap", "opensuse"),
    ("sles", "sles"),
    ("suse", "sles"),
    ("arch", "arch"),
    ("manjaro", "manjaro"),
    ("gentoo", "gentoo"),
    ("nixos", "nixos"),
    ("void", "void"),
    ("kali", "kali"),
    ("wolfi", "wolfi"),
];

/// What requests say where an artifact is for every platform, or nobody knows.
const ANY: &[&str] = &["any", "all", "noarch", "none", "unknown", "?"];

/// Our word for an operating system, if it is one that we know.
pub fn system(word: &str) -> Option<&'static str> {
    find(SYSTEMS, word)
}

/// Our word for a processor, if it is one that we know.
pub fn processor(word: &str) -> Option<&'static str> {
    find(PROCESSORS, word)
}

/// Our word for a distribution of Linux, from its name or the first word of it.
pub(crate) fn distribution(name: &str) -> Option<&'static str> {
    find(DISTRIBUTIONS, name.split(' ').next().unwrap_or(name))
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(spelling, _)| spelling.eq_ignore_ascii_case(word))
        .map(|(_, ours)| *ours)
}

/// The platform of an artifact as a request spells it, where it says one; it wins over the client's. In at most `longest`
/// bytes, and without addresses.
pub(crate) fn prefer<'a>(
    requested: &'a str,
    known: fn(&str) -> Option<&'static str>,
    client: Cow<'a, str>,
    longest: usize,
    own: &ClientIp,
) -> Cow<'a, str> {
    if requested.is_empty() {
        return scrub::prose_of(client, longest, own);
    }
    match known(requested) {
        // Words of ours are nobody's address.
        Some(ours) => Cow::Borrowed(ours),
        None if ANY.iter().any(|any| any.eq_ignore_ascii_case(requested)) => {
            scrub::prose_of(client, longest, own)
        }
        None => scrub::prose_of(words::name(requested).unwrap_or(client), longest, own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_have_one_spelling() {
        let spelled: Vec<_> = ["macOS", "Win32", "GNU/Linux", "FreeBSD"]
            .into_iter()
            .map(system)
            .collect();
        assert_eq!(
            spelled,
            [
                Some("darwin"),
                Some("windows"),
                Some("linux"),
                Some("freebsd")
            ]
        );
        let spelled: Vec<_> = ["X86_64", "aarch64", "arm/v7", "i686"]
            .into_iter()
            .map(processor)
            .collect();
        assert_eq!(
            spelled,
            [Some("amd64"), Some("arm64"), Some("armv7"), Some("386")]
        );
    }

    #[test]
    fn every_spelling_of_ours_is_its_own() {
        for (table, known) in [(SYSTEMS, system as fn(&str) -> _), (PROCESSORS, processor)] {
            for (_, ours) in table {
                assert_eq!(known(ours), Some(*ours));
            }
        }
    }

    #[test]
    fn the_artifacts_platform_wins_where_it_says_one() {
        let own = ClientIp::new([203, 0, 113, 77].into());
        let prefer = |requested| prefer(requested, system, "linux".into(), 64, &own).into_owned();
        assert_eq!(prefer("macos"), "darwin");
        assert_eq!(prefer("any"), "linux");
        assert_eq!(prefer(""), "linux");
        assert_eq!(prefer("TempleOS"), "templeos");
        assert_eq!(prefer("203.0.113.77"), "linux");
        assert_eq!(prefer("<script>"), "linux");
    }
}

//! Reads a version: its major number, and how settled it is.

use weir_event::Channel;

/// What builds that nobody released are called.
const NIGHTLY: &[&str] = &[
    "nightly",
    "dev",
    "devel",
    "develop",
    "edge",
    "canary",
    "snapshot",
    "main",
    "master",
    "head",
    "trunk",
    "tip",
    "git",
    "sha",
    "pr",
    "daily",
    "experimental",
];

/// What releases before the release are called.
const PRE: &[&str] = &[
    "alpha",
    "beta",
    "rc",
    "cr",
    "pre",
    "preview",
    "prerelease",
    "milestone",
    "next",
    "ea",
    "insiders",
    "unstable",
    "testing",
];

const STABLE: &[&str] = &["stable", "lts", "release", "ga", "final"];

/// Ecosystems whose versions follow Semantic Versioning to the letter: any hyphen is a pre-release.
/// Elsewhere it may be a variant (`3.19-alpine`) or a revision (`2.36-9`).
const STRICT: &[&str] = &["npm", "cargo", "go"];

/// Longer numbers are dates.
const LONGEST_MAJOR: usize = 6;

/// The major version and the channel, as far as `version` says them.
pub(crate) fn read<'a>(version: &'a str, ecosystem: &str) -> (&'a str, Channel) {
    if let Some(major) = plain_major(version) {
        return (major, Channel::Stable);
    }
    if is_commit(version) {
        return ("", Channel::Unknown);
    }
    let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let number = without_epoch(number);
    if !number.starts_with(|first: char| first.is_ascii_digit()) {
        return ("", named(version).unwrap_or(Channel::Unknown));
    }
    let release = number
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .count();
    let (release, rest) = number.split_at(release);
    let major = release.split('.').next().unwrap_or("");
    let major = if major.len() <= LONGEST_MAJOR {
        major
    } else {
        ""
    };
    (major, channel(rest, ecosystem))
}

/// The major version of what is nothing but a release number, as most versions are.
fn plain_major(version: &str) -> Option<&str> {
    let bytes = version.as_bytes();
    let is_plain = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let end = bytes.iter().position(|byte| *byte == b'.');
    let major = &version[..end.unwrap_or(version.len())];
    (is_plain && major.len() <= LONGEST_MAJOR).then_some(major)
}

/// Reads what follows the release number.
fn channel(rest: &str, ecosystem: &str) -> Channel {
    let rest = rest.split('+').next().unwrap_or("");
    if rest.is_empty() {
        return Channel::Stable;
    }
    if is_pseudo(rest) {
        return Channel::Nightly;
    }
    match named(rest) {
        Some(channel) => channel,
        None if has_short_mark(rest) => Channel::Pre,
        None if rest.starts_with('-') && STRICT.contains(&ecosystem) => Channel::Pre,
        None => Channel::Stable,
    }
}

/// The least settled channel that a word of `text` names.
fn named(text: &str) -> Option<Channel> {
    let has = |words: &[&str]| {
        text.split(|letter: char| !letter.is_ascii_alphabetic())
            .any(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
    };
    [
        (NIGHTLY, Channel::Nightly),
        (PRE, Channel::Pre),
        (STABLE, Channel::Stable),
    ]
    .into_iter()
    .find_map(|(words, channel)| has(words).then_some(channel))
}

/// `1.0a2`, `1.0b1`, `1.0c3` of Python, and the milestones (`-M4`) of Java.
fn has_short_mark(rest: &str) -> bool {
    let attached = rest.trim_start_matches(['.', '-']);
    let numbered = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    match attached.split_at_checked(1) {
        Some(("a" | "b" | "c", number)) => attached.len() == rest.len() && numbered(number),
        Some(("m" | "M", number)) => attached.len() < rest.len() && numbered(number),
        _ => false,
    }
}

/// Versions made of a commit: `-20240101120000-abcdefabcdef` of Go, `-14-gabcdef0` of `git describe`.
fn is_pseudo(rest: &str) -> bool {
    let Some((before, commit)) = rest.rsplit_once('-') else {
        return false;
    };
    let described = commit
        .strip_prefix('g')
        .is_some_and(|hash| hash.len() >= 7 && is_hex(hash));
    let stamp = before.rsplit(['-', '.']).next().unwrap_or("");
    let dated = commit.len() == 12
        && is_hex(commit)
        && stamp.len() == 14
        && stamp.bytes().all(|byte| byte.is_ascii_digit());
    described || dated
}

/// PEP 440's `1!2.0` and Debian's `1:2.0`.
fn without_epoch(number: &str) -> &str {
    match number.split_once(['!', ':']) {
        Some((epoch, rest))
            if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            rest
        }
        _ => number,
    }
}

/// A bare commit or digest says neither; digits alone are a date.
fn is_commit(version: &str) -> bool {
    version.contains(':') && version.starts_with("sha")
        || (7..=64).contains(&version.len())
            && is_hex(version)
            && version.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_of_every_ecosystem_are_read() {
        let table = [
            ("", "pypi"),
            ("1.2.3", "npm"),
            ("v2.0.0", "go"),
            ("0.9.1", "cargo"),
            ("2024.1", "pypi"),
            ("1.0a2", "pypi"),
            ("1.0rc1", "pypi"),
            ("1!3.0.dev4", "pypi"),
            ("1.0.post1", "pypi"),
            ("1.0+local.a1", "pypi"),
            ("1.2.3-foo", "npm"),
            ("1.2.3-foo", "oci"),
            ("1.2.3-beta.1", "oci"),
            ("1.2.3+build", "npm"),
            ("v0.0.0-20240101120000-abcdefabcdef", "go"),
            ("1.2.3-14-gabcdef0", "file"),
            ("3.19-alpine", "oci"),
            ("1.25-bookworm", "oci"),
            ("2:2.36-9+deb12u1", "deb"),
            ("6.0.0-M4", "maven"),
            ("1.0-SNAPSHOT", "maven"),
            ("8u292-b10", "oci"),
            ("1.1.1a", "file"),
            ("latest", "oci"),
            ("stable", "oci"),
            ("nightly-20240101", "oci"),
            ("main", "oci"),
            ("20240101", "file"),
            ("sha256:abcd", "oci"),
            ("7fd1a60b01f91b314f59955a4e4d4e80d8edf11d", "oci"),
            ("(ip)", "file"),
            ("6.1.7.10", "gem"),
        ]
        .into_iter()
        .map(|(version, ecosystem)| {
            let (major, channel) = read(version, ecosystem);
            format!(
                "{version:36} {ecosystem:6} {major:5} {}\n",
                channel.as_str()
            )
        })
        .collect::<Vec<_>>()
        .concat();
        insta::assert_snapshot!(table, @"
                                             pypi         unknown
        1.2.3                                npm    1     stable
        v2.0.0                               go     2     stable
        0.9.1                                cargo  0     stable
        2024.1                               pypi   2024  stable
        1.0a2                                pypi   1     pre
        1.0rc1                               pypi   1     pre
        1!3.0.dev4                           pypi   3     nightly
        1.0.post1                            pypi   1     stable
        1.0+local.a1                         pypi   1     stable
        1.2.3-foo                            npm    1     pre
        1.2.3-foo                            oci    1     stable
        1.2.3-beta.1                         oci    1     pre
        1.2.3+build                          npm    1     stable
        v0.0.0-20240101120000-abcdefabcdef   go     0     nightly
        1.2.3-14-gabcdef0                    file   1     nightly
        3.19-alpine                          oci    3     stable
        1.25-bookworm                        oci    1     stable
        2:2.36-9+deb12u1                     deb    2     stable
        6.0.0-M4                             maven  6     pre
        1.0-SNAPSHOT                         maven  1     nightly
        8u292-b10                            oci    8     stable
        1.1.1a                               file   1     stable
        latest                               oci          unknown
        stable                               oci          stable
        nightly-20240101                     oci          nightly
        main                                 oci          nightly
        20240101                             file         stable
        sha256:abcd                          oci          unknown
        7fd1a60b01f91b314f59955a4e4d4e80d8edf11d oci          unknown
        (ip)                                 file         unknown
        6.1.7.10                             gem    6     stable
        ");
    }

    proptest! {
        #[test]
        fn no_version_makes_it_panic_and_majors_are_short_numbers(version in ".{0,40}") {
            let (major, _) = read(&version, "npm");
            prop_assert!(major.len() <= LONGEST_MAJOR && major.bytes().all(|byte| byte.is_ascii_digit()));
        }

        #[test]
        fn a_plain_release_is_stable_under_its_major(major in 0_u32..1_000, minor: u16, patch: u16) {
            let version = format!("{major}.{minor}.{patch}");
            let major = major.to_string();
            prop_assert_eq!(read(&version, "npm"), (major.as_str(), Channel::Stable));
        }
    }
}

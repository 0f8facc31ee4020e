//! A gem's full name: `NAME-VERSION`, and for gems with compiled parts `NAME-VERSION-PLATFORM`.

/// A full name, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FullName<'n> {
    pub(super) name: &'n str,
    pub(super) version: &'n str,
    pub(super) platform: Platform<'n>,
}

/// What a gem was compiled for; everything empty where it runs anywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Platform<'n> {
    pub(super) text: &'n str,
    pub(super) system: &'static str,
    pub(super) processor: &'n str,
}

/// (as platforms spell it, without a number behind it; ours). On Java a gem runs on every system.
const SYSTEMS: [(&str, &str); 13] = [
    ("linux", "linux"),
    ("darwin", "darwin"),
    ("mingw", "windows"),
    ("mswin", "windows"),
    ("cygwin", "windows"),
    ("java", ""),
    ("jruby", ""),
    ("freebsd", "freebsd"),
    ("openbsd", "openbsd"),
    ("netbsd", "netbsd"),
    ("dragonfly", "dragonfly"),
    ("solaris", "solaris"),
    ("aix", "aix"),
];

impl<'n> FullName<'n> {
    /// Takes `full` apart. Dashes stand in names and in platforms too, so the version is the first part
    /// that looks like one and has nothing or a platform behind it.
    pub(super) fn read(full: &'n str) -> Option<Self> {
        full.match_indices('-').find_map(|(at, _)| {
            let (name, rest) = (&full[..at], &full[at + 1..]);
            let (version, platform) = match rest.split_once('-') {
                Some((version, platform)) => (version, Platform::read(platform)?),
                None => (rest, Platform::default()),
            };
            let whole = is_name(name) && is_version(version);
            whole.then_some(Self {
                name,
                version,
                platform,
            })
        })
    }
}

impl<'n> Platform<'n> {
    /// Reads `PROCESSOR-SYSTEM[-VERSION]` or a system alone.
    fn read(text: &'n str) -> Option<Self> {
        let (processor, rest) = match text.split_once('-') {
            Some((first, rest)) if is_processor(first) => (first, rest),
            _ => ("", text),
        };
        let word = rest.split('-').next()?;
        let word = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let (_, system) = SYSTEMS.iter().find(|(spelling, _)| *spelling == word)?;
        Some(Self {
            text,
            system,
            processor,
        })
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

/// `Gem::Version`'s own pattern, in which a pre-release is one more part with letters.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(number) && parts.all(word)
}

/// Words of `Gem::Platform` that stand before a dash.
fn is_processor(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "x86_64",
        "x64",
        "x86",
        "arm64",
        "aarch64",
        "universal",
        "powerpc",
        "ppc64",
        "ppc64le",
        "powerpc64le",
        "s390x",
        "riscv64",
        "loongarch64",
        "sparc",
    ];
    let is_old_intel = word.len() == 4 && word.starts_with('i') && word.ends_with("86");
    WORDS.contains(&word) || is_old_intel || word.starts_with("arm")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(full: &str) -> Option<String> {
        FullName::read(full).map(|gem| {
            let Platform {
                text,
                system,
                processor,
            } = gem.platform;
            let told = format!("{} {} {text} {system} {processor}", gem.name, gem.version);
            told.trim_end().to_owned()
        })
    }

    #[test]
    fn names_versions_and_platforms_are_told_apart() {
        let table: String = [
            "rocket-1.2.3",
            "rocket-engine-1.2.3",
            "rocket-2-1.0",
            "rocket-1.0.0.rc1",
            "rocket-1.0-x86_64-linux",
            "rocket-1.0-x86_64-linux-gnu",
            "rocket-1.0-aarch64-linux-musl",
            "rocket-1.0-arm-linux-gnueabihf",
            "rocket-1.0-arm64-darwin",
            "rocket-1.0-x86_64-darwin-19",
            "rocket-1.0-universal-darwin",
            "rocket-1.0-x64-mingw-ucrt",
            "rocket-1.0-x64-mingw32",
            "rocket-1.0-x86-mswin32-60",
            "rocket-1.0-java",
            "rocket-java-1.0",
            "rocket-1.0-universal-java-11",
        ]
        .map(|full| format!("{full:32} {}\n", read(full).unwrap_or_default()))
        .concat();
        insta::assert_snapshot!(table, @r"
        rocket-1.2.3                     rocket 1.2.3
        rocket-engine-1.2.3              rocket-engine 1.2.3
        rocket-2-1.0                     rocket-2 1.0
        rocket-1.0.0.rc1                 rocket 1.0.0.rc1
        rocket-1.0-x86_64-linux          rocket 1.0 x86_64-linux linux x86_64
        rocket-1.0-x86_64-linux-gnu      rocket 1.0 x86_64-linux-gnu linux x86_64
        rocket-1.0-aarch64-linux-musl    rocket 1.0 aarch64-linux-musl linux aarch64
        rocket-1.0-arm-linux-gnueabihf   rocket 1.0 arm-linux-gnueabihf linux arm
        rocket-1.0-arm64-darwin          rocket 1.0 arm64-darwin darwin arm64
        rocket-1.0-x86_64-darwin-19      rocket 1.0 x86_64-darwin-19 darwin x86_64
        rocket-1.0-universal-darwin      rocket 1.0 universal-darwin darwin universal
        rocket-1.0-x64-mingw-ucrt        rocket 1.0 x64-mingw-ucrt windows x64
        rocket-1.0-x64-mingw32           rocket 1.0 x64-mingw32 windows x64
        rocket-1.0-x86-mswin32-60        rocket 1.0 x86-mswin32-60 windows x86
        rocket-1.0-java                  rocket 1.0 java
        rocket-java-1.0                  rocket-java 1.0
        rocket-1.0-universal-java-11     rocket 1.0 universal-java-11  universal
        ");
    }

    #[test]
    fn what_has_no_version_is_no_gem() {
        for full in [
            "",
            "rocket",
            "rocket-",
            "-1.0",
            "rocket-x",
            "rocket-1.",
            "rocket-1.0-toaster",
            "a/b-1.0",
        ] {
            assert_eq!(read(full), None, "{full}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_gem_reads_as_it_was_named(name in "[a-z][a-z_]{0,9}(-[a-z_]{1,9}){0,2}", version in "[0-9]{1,4}(\\.[0-9a-z]{1,4}){0,3}") {
            let full = format!("{name}-{version}");
            let gem = FullName::read(&full).expect("a gem");
            prop_assert_eq!((gem.name, gem.version, gem.platform), (name.as_str(), version.as_str(), Platform::default()));
        }

        #[test]
        fn no_name_makes_it_panic(full in ".{0,40}") {
            let _ = FullName::read(&full);
        }
    }
}

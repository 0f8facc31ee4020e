//! The platform that a file's name tells, for routes that do not capture it.

use weir_ingest::{processor, system};

/// Operating system and processor in the words of the events; empty where the name does not tell.
pub(crate) fn of(name: &str) -> (&'static str, &'static str) {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|character: char| !character.is_ascii_alphanumeric())
        .collect();
    let known = |find: fn(&str) -> Option<&'static str>| {
        words.iter().enumerate().find_map(|(at, word)| {
            // `x86_64` and `x86-64` are two words, and mean something else together.
            let pair = words.get(at + 1).map(|next| format!("{word}_{next}"));
            pair.and_then(|pair| find(&pair))
                .or_else(|| find(word).filter(|_| !AMBIGUOUS.contains(word)))
        })
    };
    let by_ending = || {
        let ending = ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending));
        ending.map(|(_, os)| *os)
    };
    (
        known(system).or_else(by_ending).unwrap_or_default(),
        known(processor).unwrap_or_default(),
    )
}

/// Words that are as often part of a product's name.
const AMBIGUOUS: [&str; 5] = ["apple", "intel", "arm", "mips", "universal"];

/// Endings that one system alone uses.
const ENDINGS: [(&str, &str); 9] = [
    (".exe", "windows"),
    (".msi", "windows"),
    (".msix", "windows"),
    (".dmg", "darwin"),
    (".pkg", "darwin"),
    (".appimage", "linux"),
    (".deb", "linux"),
    (".rpm", "linux"),
    (".apk", "linux"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_release_files_tell_their_platform() {
        for (name, os, arch) in [
            ("rocket-linux-amd64.tar.gz", "linux", "amd64"),
            ("rocket_1.2.3_Darwin_arm64.tar.gz", "darwin", "arm64"),
            ("rocket-x86_64-unknown-linux-musl.tar.xz", "linux", "amd64"),
            ("rocket-aarch64-apple-darwin.zip", "darwin", "arm64"),
            ("rocket_1.2.3_Windows_x86_64.zip", "windows", "amd64"),
            ("rocket-win32.exe", "windows", ""),
            ("Rocket-1.2.3.dmg", "darwin", ""),
            ("rocket_1.2.3_armhf.deb", "linux", "armv7"),
            ("rocket-1.2.3-x86.AppImage", "linux", "386"),
        ] {
            assert_eq!(of(name), (os, arch), "{name}");
        }
    }

    #[test]
    fn other_words_are_no_platform() {
        for name in [
            "rocket-1.2.3.tar.gz",
            "window-linuxish.zip",
            "apple-pie-1.0.zip",
            "",
        ] {
            assert_eq!(of(name), ("", ""), "{name}");
        }
    }
}

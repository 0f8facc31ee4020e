//! The platform that a classifier says, in the spellings of `os-maven-plugin`, `JavaCPP`, LWJGL and others.

/// What an artifact was compiled for; empty where its classifier does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Platform {
    pub(super) system: &'static str,
    pub(super) processor: &'static str,
}

/// (in a classifier, ours)
const SYSTEMS: [(&str, &str); 10] = [
    ("linux", "linux"),
    ("osx", "darwin"),
    ("macos", "darwin"),
    ("macosx", "darwin"),
    ("mac", "darwin"),
    ("darwin", "darwin"),
    ("windows", "windows"),
    ("win", "windows"),
    ("freebsd", "freebsd"),
    ("android", "android"),
];

/// (in a classifier, ours)
const PROCESSORS: [(&str, &str); 20] = [
    ("x86_64", "amd64"),
    ("amd64", "amd64"),
    ("x64", "amd64"),
    ("aarch_64", "arm64"),
    ("aarch64", "arm64"),
    ("arm64", "arm64"),
    ("x86_32", "386"),
    ("x86", "386"),
    ("i386", "386"),
    ("i686", "386"),
    ("arm_32", "arm"),
    ("arm32", "arm"),
    ("arm", "arm"),
    ("armhf", "armv7"),
    ("ppcle_64", "ppc64le"),
    ("ppc64le", "ppc64le"),
    ("s390_64", "s390x"),
    ("s390x", "s390x"),
    ("riscv64", "riscv64"),
    ("riscv", "riscv64"),
];

/// Reads a classifier such as `linux-x86_64` or `natives-macos-arm64`. A system without a processor says
/// its system alone; a processor without a system says nothing, being part of something else.
pub(super) fn read(classifier: &str) -> Platform {
    let find = |table: &[(&str, &'static str)]| {
        let ours = |word: &str| {
            let entry = table
                .iter()
                .find(|(spelling, _)| spelling.eq_ignore_ascii_case(word));
            entry.map(|(_, ours)| *ours)
        };
        classifier.split('-').find_map(ours)
    };
    find(&SYSTEMS).map_or_else(Platform::default, |system| Platform {
        system,
        processor: find(&PROCESSORS).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_read_in_every_spelling() {
        let table: String = [
            "linux-x86_64",
            "linux-x86_64-fedora",
            "linux-aarch_64",
            "osx-aarch_64",
            "osx-x86_64",
            "windows-x86_32",
            "natives-linux",
            "natives-macos-arm64",
            "natives-windows-x86",
            "macosx-arm64",
            "linux-ppcle_64",
            "linux-armhf",
            "win",
            "jdk8",
            "shaded",
            "x86",
            "",
        ]
        .map(|classifier| {
            let Platform { system, processor } = read(classifier);
            let told = format!("{classifier:20} {system} {processor}");
            told.trim_end().to_owned() + "\n"
        })
        .concat();
        insta::assert_snapshot!(table, @r"
        linux-x86_64         linux amd64
        linux-x86_64-fedora  linux amd64
        linux-aarch_64       linux arm64
        osx-aarch_64         darwin arm64
        osx-x86_64           darwin amd64
        windows-x86_32       windows 386
        natives-linux        linux
        natives-macos-arm64  darwin arm64
        natives-windows-x86  windows 386
        macosx-arm64         darwin arm64
        linux-ppcle_64       linux ppc64le
        linux-armhf          linux armv7
        win                  windows
        jdk8
        shaded
        x86
        ");
    }
}

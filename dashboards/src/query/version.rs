//! Which minor version a version belongs to: `1.2` of `1.2.3`, told by the version's text when it is asked for.
//!
//! Nothing is stored for it. The daily rollup has every version for ever, so that days from before there was
//! such a question answer too; `version` is a `LowCardinality` column, of which an expression is computed once
//! for each different value and not once a row; and a rollup of its own would be one more row an event.
//!
//! One reading serves all ecosystems, because where they differ they cannot be confused:
//!
//! | rules | text | minor version |
//! |---|---|---|
//! | Semantic Versioning, with the `v` of Go and of tags | `v1.2.3-rc.1+build` | `1.2` |
//! | PEP 440: epoch, and pre-, post- and development releases without a separator | `1!2.3.dev4`, `2.3rc1` | `2.3` |
//! | Debian and RPM: epoch, upstream version, revision | `2:2.36-9+deb12u1`, `1:2.3~rc1-4.el9` | `2.36`, `2.3` |
//! | Maven | `6.0.0-M4`, `32.1-jre` | `6.0`, `32.1` |
//! | tags of images, by number or by date | `3.19-alpine`, `2024.11` | `3.19`, `2024.11` |
//!
//! What names no second number has no minor version: `latest`, a commit, a date without dots, and a tag such as
//! `3`, which moves from one to the next. An epoch orders versions and is not part of the number, as in
//! `version_major`; numbers are as written, for `24.04` is not `24.4` to anybody.

/// The expression of the pattern, and the pattern itself in the syntax that RE2 and `regex` share. The first
/// number is as long as that of `version_major` at most: longer ones are dates.
macro_rules! minor {
    () => {
        "^[vV]?(?:[0-9]+[!:])?([0-9]{1,6}[.][0-9]+)"
    };
}

/// The minor version of the column `version`, empty where there is none.
pub(super) const MINOR: &str = concat!("extract(version, '", minor!(), "')");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    fn read(version: &str) -> String {
        let pattern = Regex::new(minor!()).expect("a pattern");
        let found = pattern.captures(version);
        found.map_or_else(String::new, |found| found[1].to_owned())
    }

    #[test]
    fn versions_of_every_ecosystem_are_read() {
        let table = [
            "1.2.3",
            "0.10.0-rc.1+build.5",
            "v1.22.0",
            "v0.0.0-20240101120000-abcdefabcdef",
            "1!2.3.dev4",
            "2.3rc1",
            "2.3.post1",
            "2.3+local.7",
            "2:2.36-9+deb12u1",
            "1.1.1n-0+deb11u5",
            "1:2.3~rc1-4.el9",
            "6.0.0-M4",
            "32.1-jre",
            "1.0-SNAPSHOT",
            "6.1.7.10",
            "3.19-alpine",
            "v1.2",
            "24.04",
            "2024.11",
            "2024.11.3",
            "1",
            "v2",
            "18-jdk",
            "8u292-b10",
            "20240101",
            "20240101.2",
            "latest",
            "nightly-1.2",
            "sha256:12.34",
            "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
            "1.",
            ".5",
            "",
        ];
        let lines = table.map(|version| format!("{version:?} {}", read(version)));
        insta::assert_snapshot!(lines.join("\n"), @r#"
        "1.2.3" 1.2
        "0.10.0-rc.1+build.5" 0.10
        "v1.22.0" 1.22
        "v0.0.0-20240101120000-abcdefabcdef" 0.0
        "1!2.3.dev4" 2.3
        "2.3rc1" 2.3
        "2.3.post1" 2.3
        "2.3+local.7" 2.3
        "2:2.36-9+deb12u1" 2.36
        "1.1.1n-0+deb11u5" 1.1
        "1:2.3~rc1-4.el9" 2.3
        "6.0.0-M4" 6.0
        "32.1-jre" 32.1
        "1.0-SNAPSHOT" 1.0
        "6.1.7.10" 6.1
        "3.19-alpine" 3.19
        "v1.2" 1.2
        "24.04" 24.04
        "2024.11" 2024.11
        "2024.11.3" 2024.11
        "1" 
        "v2" 
        "18-jdk" 
        "8u292-b10" 
        "20240101" 
        "20240101.2" 
        "latest" 
        "nightly-1.2" 
        "sha256:12.34" 
        "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d" 
        "1." 
        ".5" 
        "" 
        "#);
    }

    proptest! {
        #[test]
        fn a_minor_version_is_two_numbers_that_the_version_holds(version in "[vV]?([0-9]{1,3}[!:])?[0-9a-z.!:+~-]{0,20}") {
            let minor = read(&version);
            prop_assert!(version.contains(&minor));
            if !minor.is_empty() {
                let (major, rest) = minor.split_once('.').expect("two numbers");
                let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                prop_assert!(is_number(major) && is_number(rest) && major.len() <= 6);
                prop_assert_eq!(read(&minor), minor, "reading it again changes nothing");
            }
        }

        #[test]
        fn what_follows_the_second_number_changes_nothing(
            before in "[vV]?([0-9]{1,3}[!:])?", major in 0u32..1_000_000, minor in any::<u32>(), after in "([.+~a-z-].{0,12})?",
        ) {
            let line = format!("{major}.{minor}");
            prop_assert_eq!(read(&format!("{before}{line}{after}")), line);
        }
    }
}

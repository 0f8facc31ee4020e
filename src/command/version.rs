//! What `weir --version` says: which commit this program was made of, and by what.

use std::env::consts::{ARCH, OS};
use std::sync::LazyLock;

/// Version, commit and compiler, for the command line.
pub(super) static LONG: LazyLock<String> = LazyLock::new(|| {
    long(
        env!("CARGO_PKG_VERSION"),
        option_env!("WEIR_COMMIT"),
        option_env!("WEIR_COMPILER"),
    )
});

/// Releases are told their commit (`setup/release.sh`); what is built by hand may be of no commit at all.
fn long(version: &str, commit: Option<&str>, compiler: Option<&str>) -> String {
    let commit = commit.unwrap_or("none: not built as a release");
    let compiler = compiler.unwrap_or("unknown");
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    format!("{version}\ncommit:   {commit}\ncompiler: {compiler}\nbuild:    {build}, {ARCH}-{OS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_its_commit_and_its_compiler() {
        let told = long("1.2.3", Some("0123abc"), Some("rustc 1.95.0"));
        assert!(
            told.starts_with("1.2.3\ncommit:   0123abc\ncompiler: rustc 1.95.0\nbuild:    "),
            "{told}"
        );
    }

    #[test]
    fn what_is_built_by_hand_says_so() {
        assert!(long("1.2.3", None, None).contains("\ncommit:   none: not built as a release\n"));
    }
}

//! Clients of package registries, run without the settings of the machine they run on.

use std::path::Path;
use std::process::Output;

use tokio::process::Command;

/// A program on the `PATH`, or at a path, that works and is at home in `folder`.
pub(crate) fn client(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .kill_on_drop(true);
    command
}

/// A program that `make setup` puts below `.setup`.
pub(crate) fn from_setup(path: &str) -> String {
    format!("{}/.setup/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs a client to its good end; a missing one fails the test. What it printed.
pub(crate) async fn run(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .await
        .unwrap_or_else(|error| panic!("{command:?} does not start ({error}): run `make setup`"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

/// The version that a client tells when `command` is run.
pub(crate) async fn version(command: &mut Command) -> String {
    let said = run(command).await;
    let version =
        version_in(&said).unwrap_or_else(|| panic!("{command:?} tells no version: {said}"));
    version.to_owned()
}

/// The version in what a client says: the first dotted number, with whatever belongs to it: `go1.27.3`, `v2.5.1,`, `(1.6.20~ds1)`.
pub(crate) fn version_in(said: &str) -> Option<&str> {
    let words = said.split(|c: char| c.is_whitespace() || "(),".contains(c));
    words
        .map(|word| word.trim_start_matches(|c: char| !c.is_ascii_digit()))
        .find(|word| {
            word.split_once('.').is_some_and(|(first, rest)| {
                first.bytes().all(|byte| byte.is_ascii_digit())
                    && rest.starts_with(|c: char| c.is_ascii_digit())
            })
        })
}

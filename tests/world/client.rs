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

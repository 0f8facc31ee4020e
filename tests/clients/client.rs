//! The clients: how to find one, ask it for its version, and run it without this machine's settings.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use crate::world::client::version_in;

/// Longest run of a client; some retry for a while before they give up.
const PATIENCE: Duration = Duration::from_mins(3);

/// A program that pulls packages.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    name: &'static str,
    program: PathBuf,
    ask_version: &'static [&'static str],
}

impl Client {
    /// A program on the `PATH`: part of the system, or one of Debian's that `setup/` installs.
    pub(crate) fn of_the_system(name: &'static str) -> Self {
        Self::new(name, PathBuf::from(name))
    }

    /// A program below `.setup`, at `path`.
    pub(crate) fn from_setup(name: &'static str, path: &str) -> Self {
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join(".setup");
        Self::new(name, setup.join(path))
    }

    fn new(name: &'static str, program: PathBuf) -> Self {
        Self {
            name,
            program,
            ask_version: &["--version"],
        }
    }

    /// The same, for one whose version is not asked with `--version`.
    pub(crate) fn tells_version_by(self, ask_version: &'static [&'static str]) -> Self {
        Self {
            ask_version,
            ..self
        }
    }

    /// What its users call it.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The arguments that make it tell its version.
    pub(crate) fn ask_version(&self) -> &'static [&'static str] {
        self.ask_version
    }

    /// The program with a home of its own and nothing else from outside but where programs are.
    pub(crate) fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(home)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs to the end. A client that is missing or hangs fails the test.
    pub(crate) async fn output(&self, mut command: Command) -> Output {
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.unwrap_or_else(|elapsed| panic!("{command:?}: {elapsed}"));
        output.unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}): run `make setup`, or `make test-clients` for all clients",
                self.program.display()
            )
        })
    }
}

/// Everything a run has written.
pub(crate) fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|stream| String::from_utf8_lossy(stream))
        .concat()
}

/// One run as its user would have typed it, for messages.
pub(crate) fn line(name: &str, arguments: &[impl AsRef<OsStr>]) -> String {
    let words = arguments
        .iter()
        .map(|word| word.as_ref().to_string_lossy().into_owned());
    std::iter::once(name.to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn versions_are_found_in_whatever_clients_say() {
    for (said, version) in [
        ("pip 26.3 from /home/x1/pip (python 3.11)", "26.3"),
        ("Poetry (version 2.5.1)", "2.5.1"),
        ("go version go1.27.3 linux/amd64", "1.27.3"),
        ("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1", "7.88.1"),
        ("Docker version 28.2.2, build e6534b4", "28.2.2"),
        ("v20.20.2\n", "20.20.2"),
        (
            "containerd x/y/containerd 1.6.20~ds1 1.6.20~ds1-1",
            "1.6.20~ds1",
        ),
    ] {
        assert_eq!(version_in(said), Some(version));
    }
    assert_eq!(version_in("no such option: -v"), None);
}

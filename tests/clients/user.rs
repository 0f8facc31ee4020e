//! Somebody with one client, a home, and a gateway to pull through.
//!
//! A scenario reads as sentences: the user runs some commands, and is counted for what came of them.
//!
//! ```ignore
//! let user = User::of("PyPI", pip(), CONFIG).await;
//! user.runs(&["install", "weir-demo-compass"]).await;
//! user.is_counted("install a package", &["weir-demo-compass 2.1.0"]).await;
//! ```

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::client::{Client, line, text};
use crate::world::client::version_in;
use crate::world::row::Installed;
use crate::world::{Event, World};

/// One user of one client.
pub(crate) struct User {
    pub(crate) world: World,
    ecosystem: &'static str,
    client: Client,
    /// Settings that the client has from its surroundings, such as a build service.
    env: Vec<(String, String)>,
    config: String,
}

impl User {
    /// A user of `client` with a new home, before a gateway with `config`. `ecosystem` is where the
    /// scenarios stand in the table.
    pub(crate) async fn of(ecosystem: &'static str, client: Client, config: &str) -> Self {
        Self {
            world: World::start(config).await,
            ecosystem,
            client,
            env: Vec::new(),
            config: config.to_owned(),
        }
    }

    /// The same with a setting in the environment of every run.
    pub(crate) fn with_env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Where the client runs, and what it takes for its home.
    pub(crate) fn home(&self) -> &Path {
        self.world.folder.path()
    }

    /// Writes a file below [`Self::home`].
    pub(crate) fn writes(&self, path: &str, text: &str) -> PathBuf {
        let path = self.home().join(path);
        let folder = path.parent().expect("a file is in a folder");
        std::fs::create_dir_all(folder).expect("a folder in a temporary one");
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path
    }

    /// Reads a file below [`Self::home`].
    pub(crate) fn reads(&self, path: &str) -> String {
        let path = self.home().join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Whether the client has left something at `path`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.home().join(path).exists()
    }

    /// Forgets what was left at `path`: a cache, or what was installed.
    pub(crate) fn loses(&self, path: &str) {
        let path = self.home().join(path);
        let lost = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        lost.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Later that day: the gateway was started again at the same address and remembers nobody, so what
    /// the user asks for now is no repeat of what was asked before.
    pub(crate) fn comes_back_later(&mut self) {
        let listen = self.world.weir.gateway;
        let ended = self.world.weir.terminate();
        assert_eq!(ended, Some(0), "{}", self.world.weir.said());
        let listeners =
            format!("[gateway]\nhttp = [\"{listen}\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n");
        self.world.configure(&(listeners + &self.config));
        self.world.restart();
    }

    /// Runs the client, which has to succeed; what it wrote.
    pub(crate) async fn runs(&self, arguments: &[impl AsRef<OsStr>]) -> String {
        let (succeeded, said) = self.tries(arguments).await;
        assert!(succeeded, "{}\n{said}", line(self.client.name(), arguments));
        said
    }

    /// Runs the client, which has to fail; what it wrote.
    pub(crate) async fn fails(&self, arguments: &[impl AsRef<OsStr>]) -> String {
        let (succeeded, said) = self.tries(arguments).await;
        assert!(
            !succeeded,
            "{}\n{said}",
            line(self.client.name(), arguments)
        );
        said
    }

    /// Runs the client; whether it succeeded, and what it wrote.
    pub(crate) async fn tries(&self, arguments: &[impl AsRef<OsStr>]) -> (bool, String) {
        let mut command = self.client.command(self.home());
        command
            .args(arguments)
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = self.client.output(command).await;
        (output.status.success(), text(&output))
    }

    /// Compares what was counted since the last look with what should have been, each as
    /// `PACKAGE VERSION`, with its kind in front if it is no download. Leaves a row for the table and
    /// gives the counted events.
    pub(crate) async fn is_counted(&self, scenario: &str, expected: &[&str]) -> Vec<Event> {
        let client = Installed::new(self.ecosystem, self.client.name(), self.version().await);
        self.world.counts(&client, scenario, expected).await
    }

    /// What the client says its version is.
    async fn version(&self) -> String {
        let said = self.runs(self.client.ask_version()).await;
        version_in(&said)
            .unwrap_or_else(|| panic!("{} tells no version: {said}", self.client.name()))
            .to_owned()
    }
}

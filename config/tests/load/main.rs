//! What an operator sees: a configuration that loads, or every problem with it and what to write instead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conflicts;
mod environment;
mod events;
mod example;
mod images;
mod listening;
mod oidc;
mod packages;
mod privacy;
mod routes;
mod secrets;
mod settings;
mod syntax;
mod tls;
mod watch;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use weir_config::{Config, Errors};

/// A folder with a `weir.toml`.
struct Site {
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// Writes a configuration.
fn site(toml: &str) -> Site {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("weir.toml"), toml).unwrap();
    Site {
        folder,
        env: Vec::new(),
    }
}

impl Site {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    fn load(&self) -> Result<Config, Errors> {
        Config::load(&self.path("weir.toml"), self.env.clone())
    }

    fn config(&self) -> Config {
        self.load().unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The errors as printed, without the folder's name.
    fn errors(&self) -> String {
        self.plain(&self.load().unwrap_err().to_string())
    }

    fn warnings(&self) -> String {
        let warnings: Vec<_> = self
            .config()
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        self.plain(&warnings.join("\n\n"))
    }

    fn plain(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

/// The errors in a configuration.
fn errors(toml: &str) -> String {
    site(toml).errors()
}

/// A package of kind `file` on one domain with these lines as its only route.
fn route(lines: &str) -> String {
    format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"get.example\"]\n[[package.route]]\n{lines}\n"
    )
}

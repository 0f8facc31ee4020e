//! Which registries the package managers of this machine use, as they say themselves.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A package manager that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    Pip,
    Npm,
    Cargo,
    Go,
    Gem,
    Apt,
}

/// A registry that a client uses.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) client: Client,
    pub(super) upstream: String,
}

impl Client {
    pub(super) const ALL: [Self; 6] = [
        Self::Pip,
        Self::Npm,
        Self::Cargo,
        Self::Go,
        Self::Gem,
        Self::Apt,
    ];

    /// The kind of index that speaks with it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Pip => "pypi",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Gem => "rubygems",
            Self::Apt => "apt",
        }
    }

    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Gem => "gem",
            Self::Apt => "apt",
        }
    }

    pub(super) fn language(self) -> &'static str {
        match self {
            Self::Pip => "Python",
            Self::Npm => "JavaScript",
            Self::Cargo => "Rust",
            Self::Go => "Go",
            Self::Gem => "Ruby",
            Self::Apt => "Debian",
        }
    }

    /// Whether `pattern` may be the name of one of its packages.
    pub(super) fn may_have(self, pattern: &str) -> bool {
        let scoped = pattern.starts_with('@');
        match self {
            Self::Npm => scoped || !pattern.contains('/'),
            Self::Go => !scoped && pattern.contains('/'),
            Self::Cargo => !pattern.contains(['@', '/', '.']),
            Self::Pip | Self::Gem | Self::Apt => !pattern.contains(['@', '/']),
        }
    }

    fn upstream(self) -> Option<String> {
        let upstream = match self {
            Self::Pip => python(),
            Self::Npm => ask("npm", &["config", "get", "registry"]),
            Self::Cargo => crates(),
            Self::Go => ask("go", &["env", "GOPROXY"]),
            Self::Gem => ask("gem", &["sources", "--list"]),
            Self::Apt => ask(
                "apt-get",
                &[
                    "indextargets",
                    "--format",
                    "$(REPO_URI)",
                    "Created-By: Packages",
                ],
            ),
        };
        upstream.map(|upstream| format!("{}/", upstream.trim_end_matches('/')))
    }
}

/// The registries of all clients that are installed and have one.
pub(super) fn found() -> Vec<Found> {
    let ask = |client: Client| {
        Some(Found {
            client,
            upstream: client.upstream()?,
        })
    };
    Client::ALL.into_iter().filter_map(ask).collect()
}

/// The index that pip uses: as set, else as built into it.
fn python() -> Option<String> {
    const BUILT_IN: &str = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
    std::env::var("PIP_INDEX_URL")
        .ok()
        .or_else(|| ask("pip", &["config", "get", "global.index-url"]))
        .or_else(|| {
            ask(
                "python3",
                &["-m", "pip", "config", "get", "global.index-url"],
            )
        })
        .or_else(|| ask("python3", &["-c", BUILT_IN]))
}

/// The index that cargo keeps the newest copy of. It has no command that tells its default, but the
/// folder of a sparse index's copy is called `HOST-HASH` and holds the index's `config.json`.
fn crates() -> Option<String> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")))?;
    let copies = std::fs::read_dir(home.join("registry/index")).ok()?;
    let newest = copies
        .filter_map(Result::ok)
        .filter(|copy| copy.path().join("config.json").exists())
        .max_by_key(|copy| copy.metadata().and_then(|data| data.modified()).ok())?;
    let name = newest.file_name().into_string().ok()?;
    let (host, _) = name.rsplit_once('-')?;
    Some(format!("https://{host}/"))
}

/// The first address in a client's answer about itself, if it is installed and has one.
fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    output
        .status
        .success()
        .then(|| first_address(&answer).map(str::to_owned))?
}

/// Clients say one address, or a list of them with a heading, or parted by `,` and `|`.
fn first_address(answer: &str) -> Option<&str> {
    answer
        .split(|character: char| character.is_whitespace() || ",|".contains(character))
        .find(|word| word.starts_with("https://") || word.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_address_is_found_in_what_clients_say() {
        for (said, address) in [
            ("https://a.example/\n", Some("https://a.example/")),
            ("https://a.example,direct", Some("https://a.example")),
            (
                "*** CURRENT SOURCES ***\n\nhttps://gems.example/\n",
                Some("https://gems.example/"),
            ),
            ("off", None),
            ("undefined", None),
        ] {
            assert_eq!(first_address(said), address, "{said}");
        }
    }
}

//! Whether this machine and what is around it can carry what the configuration asks for. Looks, and changes nothing.
//!
//! Each file looks at one thing and says what it found in [`Finding`]s. What they judge by comes in as plain values
//! where it can, so that the judging is pure.

mod clickhouse;
mod data;
mod domains;
mod folder;
mod limits;
mod ports;
mod spool;
mod traces;
mod upstreams;

use std::path::Path;

use serde::Serialize;
use weir_config::Config;

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Fine,
    /// Downloads and their numbers work; something is worse than it could be, or will be soon.
    Warning,
    /// Downloads or their numbers are lost, or will be.
    Problem,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub about: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What was found.
    pub says: String,
    /// What to do about it; none where all is well.
    pub todo: Option<String>,
}

impl Finding {
    fn fine(about: &'static str, says: impl Into<String>) -> Self {
        Self {
            about,
            level: Level::Fine,
            says: says.into(),
            todo: None,
        }
    }

    fn warning(about: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            about,
            level: Level::Warning,
            says: says.into(),
            todo: Some(todo.into()),
        }
    }

    fn problem(about: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            about,
            level: Level::Problem,
            says: says.into(),
            todo: Some(todo.into()),
        }
    }
}

/// Looks at everything that `config`, which was read from `path`, has to do with.
pub async fn examine(config: Config, path: &Path) -> Vec<Finding> {
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut findings = configuration(&config, path);
    let Config {
        settings,
        catalogue,
        ..
    } = config;
    let catalogue = std::sync::Arc::new(catalogue);
    let (spool, running) = spool::look(&settings);
    findings.extend(ports::look(&settings, running));
    findings.extend(folder::look(&settings));
    findings.extend(spool);
    findings.extend(limits::look(running));
    findings.extend(data::look(&settings));
    findings.extend(clickhouse::look(&settings).await);
    findings.extend(upstreams::look(&settings, &catalogue).await);
    findings.extend(domains::look(&settings, &catalogue).await);
    findings.extend(traces::look(&settings).await);
    findings
}

/// What the settings name and reading them alone does not prove.
fn configuration(config: &Config, path: &Path) -> Vec<Finding> {
    const ABOUT: &str = "configuration";
    let faults = crate::program::faults_of_named(&config.settings);
    if faults.is_empty() {
        return vec![Finding::fine(ABOUT, format!("{} is fine", path.display()))];
    }
    let todo = "mend it, and see that weir check is content";
    let said = faults.iter().map(|fault| whole(fault.as_ref()));
    said.map(|says| Finding::problem(ABOUT, says, todo))
        .collect()
}

/// An error and what is behind it, in a line.
fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    let mut said: Vec<String> = all.map(ToString::to_string).collect();
    // Some say their cause themselves.
    said.dedup_by(|cause, error| error.ends_with(cause.as_str()));
    said.join(": ")
}

/// What is behind an error of an HTTP client: its own words only name the address again.
fn cause(error: &reqwest::Error) -> String {
    let error: &dyn std::error::Error = error;
    let last = std::iter::successors(Some(error), |error| error.source()).last();
    last.unwrap_or(error).to_string()
}

/// A size for people.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.iter().find(|(_, unit)| bytes >= *unit);
    match unit {
        Some((name, unit)) => {
            let (whole, rest) = (bytes / unit, bytes % unit);
            format!("{whole}.{} {name}", rest * 10 / unit)
        }
        None => format!("{bytes} bytes"),
    }
}

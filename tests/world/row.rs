//! The rows of `docs/CLIENTS.md`: one scenario of one client, what should be counted and what was.
//!
//! Each scenario leaves its row in a file, since each runs in a process of its own; `tests/clients`
//! makes the page from them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::client::version;
use super::{Event, World, columns};

/// What is counted; everything else is a look.
const COUNTED: [&str; 4] = ["download", "install_ping", "mirror", "script"];

/// What a wrong count is explained by: what the gateway was asked, and what that led to.
const ASKED: [&str; 6] = ["kind", "package", "artifact", "method", "status", "answer"];

/// One scenario of one client, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) ecosystem: String,
    pub(crate) client: String,
    pub(crate) version: String,
    pub(crate) scenario: String,
    /// The events that should be counted, as scenarios name them.
    pub(crate) expected: Vec<String>,
    /// The events that were.
    pub(crate) seen: Vec<String>,
}

/// A client as the table names it.
#[derive(Clone, Debug)]
pub(crate) struct Installed {
    ecosystem: &'static str,
    name: String,
    version: String,
}

impl Installed {
    /// A client whose version is known.
    pub(crate) fn new(ecosystem: &'static str, name: &str, version: String) -> Self {
        Self {
            ecosystem,
            name: name.to_owned(),
            version,
        }
    }

    /// The same of a client that tells its version when `command` is run, wherever that is at home:
    /// some write there even then, so it gets a home for the question.
    pub(crate) async fn asked(
        ecosystem: &'static str,
        name: &str,
        command: &mut tokio::process::Command,
    ) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let command = command.current_dir(home.path()).env("HOME", home.path());
        Self::new(ecosystem, name, version(command).await)
    }

    /// What came of a scenario, in whatever order it was counted.
    pub(crate) fn row(
        &self,
        scenario: &str,
        expected: impl IntoIterator<Item = impl Into<String>>,
        seen: impl IntoIterator<Item = String>,
    ) -> Row {
        Row {
            ecosystem: self.ecosystem.to_owned(),
            client: self.name.clone(),
            version: self.version.clone(),
            scenario: scenario.to_owned(),
            expected: sorted(expected.into_iter().map(Into::into)),
            seen: sorted(seen),
        }
    }
}

impl Row {
    /// Leaves the row where the page is made from.
    pub(crate) fn write(&self) {
        fs::create_dir_all(folder()).expect("target/ can be written");
        let name = [&self.ecosystem, &self.client, &self.version, &self.scenario];
        let name = name.map(|part| slug(part)).join("--");
        let text = serde_json::to_string_pretty(self).expect("text is JSON");
        fs::write(folder().join(name + ".json"), text).expect("target/ can be written");
    }

    /// Whether what should be counted was.
    pub(crate) fn holds(&self) -> bool {
        self.seen == self.expected
    }
}

impl World {
    /// Compares what `client` was counted for since the last look with what it should have been, each as
    /// `PACKAGE VERSION`, with its kind in front if it is no download. Leaves a row for the table and
    /// gives the counted events.
    pub(crate) async fn counts(
        &self,
        client: &Installed,
        scenario: &str,
        expected: &[&str],
    ) -> Vec<Event> {
        let events = self.since_last_look().await;
        let counted: Vec<_> = counted(&events).cloned().collect();
        let row = client.row(scenario, expected.iter().copied(), counted.iter().map(name));
        row.write();
        assert_eq!(
            row.seen,
            row.expected,
            "{scenario}\n{}\n{}",
            lines(events.iter().map(|event| columns(event, &ASKED))),
            lines(self.registry.seen().iter().map(|seen| {
                let range = seen.header("range").unwrap_or_default();
                format!("-> {} {} {} {range}", seen.method, seen.path, seen.status)
            }))
        );
        counted
    }

    /// The events that were recorded since this was last asked.
    pub(crate) async fn since_last_look(&self) -> Vec<Event> {
        let mut events = self.recorded().await;
        let mut looked_at = self.looked_at.lock().expect("no panic while looking");
        let id = |event: &Event| event["event_id"].as_str().unwrap_or_default().to_owned();
        events.retain(|event| looked_at.insert(id(event)));
        events
    }
}

/// The events that are more than a look.
pub(crate) fn counted(events: &[Event]) -> impl Iterator<Item = &Event> {
    let is_counted = |event: &&Event| COUNTED.iter().any(|kind| event["kind"] == *kind);
    events.iter().filter(is_counted)
}

/// Some fields of an event as scenarios name it: a kind only where it is no download, and what is known.
pub(crate) fn named(event: &Event, fields: &[&str]) -> String {
    let field = |name: &&str| event[*name].as_str().unwrap_or_default().to_owned();
    let words = [&["kind"], fields].concat();
    let words = words.iter().map(field);
    let words = words.filter(|word| !word.is_empty() && word != "download");
    words.collect::<Vec<_>>().join(" ")
}

fn name(event: &Event) -> String {
    named(event, &["package", "version"])
}

/// Where rows are left.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients")
}

fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn sorted(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort();
    names
}

//! `examples.toml`: what a page's examples stand for here, and why a few are not run.

use std::collections::BTreeMap;

use serde::Deserialize;

const TABLE: &str = include_str!("examples.toml");

/// By page.
pub(crate) type Table = BTreeMap<String, Needs>;

/// What one page needs. A page that needs nothing is not in the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Needs {
    /// What stands on the page, and what takes its place, in this order. In the second, `REGISTRY`,
    /// `GATEWAY`, `PAGE` and `TOKEN` are what they are in this run.
    pub(crate) means: Vec<[String; 2]>,
    /// Variables of the reader's environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// What the reader has done before Weir was started, as a script.
    pub(crate) before: String,
    /// Which blocks of `toml` are the configuration, from 1; all that name no file unless given.
    pub(crate) configured_by: Option<Vec<usize>>,
    /// Files that its configuration names, with what is in them.
    pub(crate) files: BTreeMap<String, String>,
    /// Settings that the page takes for granted.
    pub(crate) beside: String,
    /// The clients that are counted for a download once everything ran.
    pub(crate) counted: Vec<String>,
    /// What runs beside the reader.
    pub(crate) beside_runs: Runs,
    /// A test that runs the whole page in another way.
    pub(crate) run_by: Option<String>,
    /// Commands that are not run, by how they begin, and why.
    pub(crate) not_run: BTreeMap<String, String>,
    /// Examples that no configuration or language here reads, by how they begin: who reads them, and why so.
    pub(crate) read_by: BTreeMap<String, String>,
}

/// What a reader finds running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Runs {
    /// `weir serve` with the page's configuration.
    #[default]
    Serve,
    /// `weir demo`.
    Demo,
    /// Nothing: the page says how to start Weir.
    Nothing,
}

/// The table as it is written.
pub(crate) fn table() -> Table {
    toml::from_str(TABLE).unwrap_or_else(|error| panic!("tests/book/examples.toml: {error}"))
}

/// What `page` needs.
pub(crate) fn of(page: &str) -> Needs {
    table().remove(page).unwrap_or_default()
}

impl Needs {
    /// Why a command is not run, if it is not.
    pub(crate) fn reason(&self, command: &str) -> Option<&str> {
        listed(&self.not_run, command)
    }

    /// Who reads an example, if it is not read by its language.
    pub(crate) fn reader(&self, example: &str) -> Option<&str> {
        listed(&self.read_by, example)
    }
}

fn listed<'t>(entries: &'t BTreeMap<String, String>, text: &str) -> Option<&'t str> {
    let mut entries = entries.iter();
    let found = entries.find(|(beginning, _)| text.starts_with(beginning.as_str()));
    found.map(|(_, why)| why.as_str())
}

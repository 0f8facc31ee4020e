//! Loading: one file and the environment in, a configuration or all that is wrong with it out.

use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::catalogue::Catalogue;
use crate::conflicts;
use crate::environment::{self, Variable};
use crate::private;
use crate::problem::{Errors, Problem};
use crate::settings::Settings;
use crate::source::Source;
use crate::watch::Seen;
use crate::written::{self, Item, Override, Reading, Table};

/// A configuration without errors.
#[derive(Debug)]
pub struct Config {
    /// How the process runs.
    pub settings: Settings,
    /// What is served.
    pub catalogue: Catalogue,
    /// Every file that was read, as it was before; a change of one is a reason to load again.
    pub files: Vec<Seen>,
    /// What works but is probably not meant.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Reads `path`, with the settings among the variables of `env` in the place of the file's.
    pub fn load(
        path: &Path,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Errors> {
        let file = Seen::now(path);
        let source = read(path).map_err(|problem| Errors(vec![problem]))?;
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            return Err(Errors(
                errors.iter().map(|error| syntax(&source, error)).collect(),
            ));
        }
        let env: Vec<_> = env.into_iter().collect();
        let variables = environment::settings(&env);
        let values: Vec<_> = variables.iter().map(Variable::value).collect();
        let overrides = variables
            .iter()
            .zip(&values)
            .map(|(variable, value)| Override {
                section: variable.section.as_deref(),
                key: &variable.key,
                item: Item::new(&variable.source, value),
            });
        let table = Table::new(&source, root.span(), root.get_ref()).with(overrides.collect());
        let mut reading = Reading {
            credentials_directory: credentials_directory(&env),
            files: vec![file],
            ..Reading::default()
        };
        let (settings, catalogue) = written::config(table, &mut reading);
        // It takes twice what is made of it.
        drop(root);
        conflicts::find(&catalogue, &source, &mut reading);
        private::find(&catalogue, &settings.gateway, &source, &mut reading);
        if reading.errors.is_empty() {
            Ok(Self {
                settings,
                catalogue,
                files: reading.files,
                warnings: in_order(reading.warnings),
            })
        } else {
            Err(Errors(in_order(reading.errors)))
        }
    }
}

fn read(path: &Path) -> Result<Source, Problem> {
    let name = path.display().to_string();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Source::new(name, text, folder)),
        Err(error) => {
            let message = format!("cannot read the configuration: {error}");
            let problem = Source::new(name, String::new(), folder).problem(0..0, message);
            Err(problem
                .without_excerpt()
                .help("name another file with --config"))
        }
    }
}

fn syntax(source: &Source, error: &toml::de::Error) -> Problem {
    let end = source.text.len();
    source.problem(error.span().unwrap_or(end..end), error.message())
}

/// Where the service manager puts the credentials that its unit file names (`LoadCredential=`).
fn credentials_directory(env: &[(String, String)]) -> Option<PathBuf> {
    let (_, folder) = env
        .iter()
        .find(|(name, _)| name == "CREDENTIALS_DIRECTORY")?;
    Some(folder.into())
}

fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| {
        (&a.place.file, a.place.line, a.place.column).cmp(&(
            &b.place.file,
            b.place.line,
            b.place.column,
        ))
    });
    problems
}

//! Settings from the environment: `WEIR_SECTION__KEY`, or `WEIR_KEY` for a key outside all sections.
//!
//! The value is read as TOML (`8`, `true`, `["0.0.0.0:80"]`) and, where it is none, as text. A variable with `__` names
//! a setting, so one that names an unknown one is an error; others that begin with `WEIR_` may be anything.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::DeValue;

use crate::source::Source;

/// Keys that stand outside all sections.
const TOP: [&str; 1] = ["data_dir"];

/// The variables of `env` that name settings.
pub(crate) fn settings(env: &[(String, String)]) -> Vec<Variable> {
    let mut found: Vec<_> = env
        .iter()
        .filter_map(|(name, value)| setting(name, value))
        .collect();
    found.sort_by(|a, b| a.source.name.cmp(&b.source.name));
    found
}

/// A variable that names a setting.
#[derive(Debug)]
pub(crate) struct Variable {
    /// None for a key outside all sections.
    pub(crate) section: Option<String>,
    pub(crate) key: String,
    pub(crate) source: Source,
}

impl Variable {
    /// The value, read as TOML or else as text.
    pub(crate) fn value(&self) -> Spanned<DeValue<'_>> {
        let text = self.source.text.as_str();
        DeValue::parse(text)
            .unwrap_or_else(|_| Spanned::new(0..text.len(), DeValue::String(text.into())))
    }
}

fn setting(name: &str, value: &str) -> Option<Variable> {
    let path = name.strip_prefix("WEIR_")?.to_ascii_lowercase();
    let (section, key) = match path.split_once("__") {
        Some((section, key)) => (Some(section.to_owned()), key.to_owned()),
        None => (None, TOP.contains(&path.as_str()).then_some(path)?),
    };
    let source = Source::new(format!("${name}"), value.to_owned(), PathBuf::new());
    Some(Variable {
        section,
        key,
        source,
    })
}

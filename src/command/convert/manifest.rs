//! A Scarf gateway manifest as read: `{"rules": [ … ]}`, and where in the file each rule stands.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::report::Refusal;

/// One rule, in the manifest's own terms.
pub(super) struct Rule {
    /// From 1, as the report counts them.
    pub(super) number: usize,
    /// Where it begins, from 1.
    pub(super) line: usize,
    /// What is in it, or why that cannot be told.
    pub(super) written: Result<Written, Refusal>,
}

/// What every rule has.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Written {
    pub(super) domain: String,
    package_name: Option<String>,
    owner: Option<String>,
    package_id: Option<String>,
    #[serde(flatten)]
    pub(super) kind: Kind,
}

/// What a rule serves.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all_fields = "kebab-case")]
pub(super) enum Kind {
    /// One image, under the name that it has at its registry.
    #[serde(rename = "docker-v1")]
    Image {
        repository_name: String,
        #[serde(alias = "backend-registry")]
        registry: String,
    },
    /// Every image whose name fits.
    #[serde(rename = "docker-v2")]
    Images {
        pattern: String,
        #[serde(alias = "backend-registry")]
        registry: String,
    },
    /// A URL template and where it leads, if anywhere.
    #[serde(rename = "file-v1")]
    File {
        incoming_path: String,
        outgoing_url: Option<String>,
    },
    /// The same with a PCRE.
    #[serde(rename = "file-v2")]
    Regex {
        incoming_path: String,
        outgoing_url: Option<String>,
    },
    /// One file of a Python project.
    #[serde(rename = "python-v1")]
    Python(PythonFile),
    /// All of a domain.
    #[serde(rename = "catch-all-v1")]
    CatchAll {
        redirect_target_domain: Option<String>,
    },
    /// Events by POST.
    #[serde(rename = "telemetry-v1")]
    Telemetry {
        incoming_path: String,
        access_tokens: Option<Vec<String>>,
    },
}

/// One file of a Python project.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct PythonFile {
    pub(super) file_name: String,
    pub(super) backend_url: String,
    pub(super) hash_value: Option<Hash>,
    pub(super) gpg_sig: Option<bool>,
    pub(super) requires_python: Option<String>,
    #[serde(alias = "backend-simple-index")]
    pub(super) backend_simple_index_url: Option<String>,
}

/// A hash by the name of its algorithm in Python's hashlib.
#[derive(Deserialize)]
pub(super) struct Hash {
    #[serde(rename = "type")]
    pub(super) algorithm: String,
    #[serde(rename = "hash")]
    pub(super) hex: String,
}

/// Why a file is no manifest.
#[derive(Debug, thiserror::Error)]
#[error("this is not a manifest of Scarf's gateway, which is {{\"rules\": [ … ]}}: {0}")]
pub(super) struct NotAManifest(#[from] serde_json::Error);

#[derive(Deserialize)]
#[serde(expecting = "an object with rules")]
struct Manifest<'t> {
    #[serde(borrow)]
    rules: Vec<&'t RawValue>,
}

/// Reads a manifest; a rule that is wrong spoils no other.
pub(super) fn read(text: &str) -> Result<Vec<Rule>, NotAManifest> {
    let Manifest { rules } = serde_json::from_str(text)?;
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    let rules = rules.into_iter().enumerate().map(|(index, raw)| Rule {
        number: index + 1,
        line: lines.of(raw.get()),
        written: rule(raw.get()),
    });
    Ok(rules.collect())
}

fn rule(raw: &str) -> Result<Written, Refusal> {
    let refuse = |error: serde_json::Error| {
        let help = "see which keys such a rule has in Scarf's documentation";
        Refusal::new(format!("it cannot be read: {error}"), help)
    };
    let value: Value = serde_json::from_str(raw).map_err(refuse)?;
    if !value.is_object() {
        return Err(Refusal::new("it is no object", "write {\"type\": …}"));
    }
    if holds_control(&value) {
        return Err(Refusal::new(
            "it holds a line break or another control character",
            "take it out of the manifest",
        ));
    }
    serde_json::from_value(value).map_err(refuse)
}

/// What is on one line in the manifest stays on one line here.
fn holds_control(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().any(char::is_control),
        Value::Array(items) => items.iter().any(holds_control),
        Value::Object(fields) => fields.values().any(holds_control),
        _ => false,
    }
}

/// Counts lines up to pieces of a text, which come in order.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line on which `piece`, a part of the text itself, begins.
    fn of(&mut self, piece: &str) -> usize {
        let at = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        self.line += self.text[self.at..at].matches('\n').count();
        self.at = at;
        self.line
    }
}

impl Written {
    /// What events are to be called by: `owner/package`, as far as the manifest says.
    pub(super) fn package(&self) -> String {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        match (given(&self.package_name), given(&self.owner)) {
            (Some(name), _) if matches!(self.kind, Kind::Python(_)) => name,
            (Some(name), Some(owner)) if !name.contains('/') => format!("{owner}/{name}"),
            (Some(name), _) => name,
            (None, _) => match &self.kind {
                Kind::Image {
                    repository_name, ..
                } => repository_name.clone(),
                Kind::Images { pattern, .. } => pattern.clone(),
                _ => given(&self.package_id).unwrap_or_else(|| self.domain.clone()),
            },
        }
    }

    /// Scarf's own key of the package, unless it is all that is known of it.
    pub(super) fn id(&self) -> Option<String> {
        let id = self.package_id.clone();
        id.filter(|id| !id.is_empty() && *id != self.package())
    }
}

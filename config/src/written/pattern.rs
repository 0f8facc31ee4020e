//! Package name patterns, in the alphabet of each kind.

use super::{Item, Reading};
use crate::catalogue::{IndexKind, Pattern};

/// Reads a pattern and puts it into the normal form of its kind's names.
pub(super) fn pattern(kind: IndexKind, item: &Item<'_>, reading: &mut Reading) -> Option<Pattern> {
    let text = item.string(reading)?;
    let (marks, example) = alphabet(kind);
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || byte == b'*' || marks.as_bytes().contains(&byte);
    if text.is_empty() || !text.bytes().all(known) {
        let problem = item.problem(format!("{text:?} fits no package name"));
        let marks: Vec<String> = marks.chars().map(|mark| format!("\"{mark}\"")).collect();
        reading.error(problem.help(format!(
            "use letters, digits, {} and \"*\" for any run of them, such as {example:?}",
            marks.join(", ")
        )));
        return None;
    }
    Some(Pattern(normal(kind, text)))
}

/// What names hold besides letters and digits, and a pattern to learn from.
fn alphabet(kind: IndexKind) -> (&'static str, &'static str) {
    match kind {
        IndexKind::Npm => ("@/._~-", "@acme/*"),
        IndexKind::Cargo => ("_-", "rocket-*"),
        IndexKind::Go => ("/._~-", "acme.example/rocket*"),
        IndexKind::Maven => (":._-", "example.acme:*"),
        IndexKind::Pypi | IndexKind::Rubygems | IndexKind::Helm | IndexKind::Conda => {
            ("._-", "rocket-*")
        }
        IndexKind::Nuget => ("._-", "Acme.*"),
        IndexKind::Composer => ("/._-", "acme/*"),
        IndexKind::Apt => ("+.-", "rocket*"),
        IndexKind::Rpm => ("+._-", "rocket*"),
        IndexKind::Hex => ("_", "rocket_*"),
        IndexKind::Homebrew => ("@+._-", "rocket*"),
        IndexKind::Terraform => ("/_-", "acme/*"),
    }
}

/// One spelling for every name that its registry takes for the same.
fn normal(kind: IndexKind, text: &str) -> String {
    match kind {
        IndexKind::Pypi => normal_python_name(text),
        // Their registries ignore case.
        IndexKind::Nuget | IndexKind::Composer | IndexKind::Terraform => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    }
}

/// PEP 503: lower case, one `-` for each run of `-`, `_` and `.`.
pub(super) fn normal_python_name(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for character in text.chars() {
        let character = if "_.".contains(character) {
            '-'
        } else {
            character.to_ascii_lowercase()
        };
        if character != '-' || !normal.ends_with('-') {
            normal.push(character);
        }
    }
    normal
}

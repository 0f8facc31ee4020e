//! Entries as TOML that reads as if written by hand, and which rules each line came from.

use std::collections::BTreeMap;

use toml::Value;

use super::block::blocks;
use super::entry::{Entry, ListedFile, Route, Way};

/// A configuration as text.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) text: String,
    /// Files with tokens, by name.
    pub(super) tokens: BTreeMap<String, Vec<String>>,
    /// The first line of each piece, from 1, and the rules that it came from.
    pieces: BTreeMap<usize, Vec<usize>>,
}

impl Draft {
    /// The rules that a line came from.
    pub(super) fn rules_at(&self, line: u32) -> &[usize] {
        let piece = self.pieces.range(..=line as usize).next_back();
        piece.map_or(&[], |(_, rules)| rules)
    }
}

/// Writes entries, which are in Scarf's order.
pub(super) fn draft(entries: &[Entry]) -> Draft {
    let mut draft = Draft::default();
    let mut line = 1;
    for block in blocks(entries, &mut draft.tokens) {
        for piece in block.pieces() {
            draft.pieces.insert(line, piece.rules);
            line += piece.text.matches('\n').count();
            draft.text.push_str(&piece.text);
        }
    }
    draft
}

/// Notes the tokens of a route under the name of a file for them.
pub(super) fn keep(
    list: &[String],
    entry: &Entry,
    route: &Route,
    tokens: &mut BTreeMap<String, Vec<String>>,
) -> String {
    let path = match &route.way {
        Way::Path(path) => path.as_str(),
        Way::Regex(_) | Way::CatchAll => "",
    };
    let known = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    let name = format!("{}{path}", entry.domain).replace(|character| !known(character), "-");
    let names = std::iter::once(format!("{name}.tokens"))
        .chain((2..).map(|number| format!("{name}-{number}.tokens")));
    let free = names
        .into_iter()
        .find(|name| tokens.get(name).is_none_or(|kept| kept == list));
    let free = free.expect("numbers do not end");
    tokens.insert(free.clone(), list.to_vec());
    free
}

pub(super) fn route_text(route: &Route, tokens: Option<&str>) -> String {
    let mut lines = vec![match &route.way {
        Way::Path(path) => format!("path = {}", string(path)),
        Way::Regex(regex) => format!("regex = {}", string(regex)),
        Way::CatchAll => "catch_all = true".to_owned(),
    }];
    if let Some(to) = &route.to {
        lines.push(format!("to = {}", string(to)));
        lines.push("status = 307".to_owned());
    }
    if route.collects {
        lines.push("status = 200".to_owned());
    }
    if route.post_only {
        lines.push("post_only = true".to_owned());
    }
    if let Some(file) = tokens {
        lines.push(format!("tokens_file = {}", string(file)));
    }
    table("route", &lines)
}

pub(super) fn file_text(file: &ListedFile) -> String {
    let mut lines = vec![format!("url = {}", string(&file.url))];
    let path = file.url.split('?').next().unwrap_or_default();
    if path.rsplit('/').next() != Some(file.filename.as_str()) {
        lines.push(format!("filename = {}", string(&file.filename)));
    }
    if let Some(hash) = &file.hash {
        lines.push(format!("hash = {}", string(hash)));
    }
    if let Some(versions) = &file.requires_python {
        lines.push(format!("requires_python = {}", string(versions)));
    }
    if let Some(signed) = file.gpg_sig {
        lines.push(format!("gpg_sig = {signed}"));
    }
    table("file", &lines)
}

fn table(name: &str, lines: &[String]) -> String {
    let lines = lines.iter().flat_map(|line| ["  ", line, "\n"]);
    let lines: String = lines.collect();
    format!("\n  [[package.{name}]]\n{lines}")
}

pub(super) fn string(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}

//! `index.yaml` on its way through: the addresses of our charts are pointed at us, no other byte changes.
//!
//! These lists reach tens of megabytes, and a YAML library would print every line of them anew, so
//! they are read by line. That is exact for what Helm and its kin write: in a block mapping, a line
//! indented as deep as the mapping's first key is a key, a sequence's entry or a comment, since
//! whatever a value goes on with is indented deeper (YAML 1.2.2 §8.2). A list in JSON, which Helm
//! takes as well, is parsed.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;
use url::Url;

use super::{ARCHIVE, CHARTS, scalar};
use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// Points the first address of each of our charts here.
pub(super) fn rewrite(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let text = std::str::from_utf8(source.body)
        .map_err(|_| Unreadable("a repository's index.yaml is UTF-8"))?;
    if text.trim_start().starts_with('{') {
        return in_json(source, text);
    }
    let mut body = Vec::with_capacity(text.len() + 1024);
    let mut files = Files::default();
    let mut copied = 0;
    for entry in entries(text) {
        let Some((file, url)) = ours(source, &entry.name, &entry.version, &entry.url) else {
            continue;
        };
        let here = Value::from(address(source, &file)).to_string();
        body.extend_from_slice(&source.body[copied..entry.place.start]);
        body.extend_from_slice(here.as_bytes());
        copied = entry.place.end;
        files.insert(&file, url.into());
    }
    body.extend_from_slice(&source.body[copied..]);
    Ok(Rewritten { body, files })
}

fn in_json(source: &Source<'_>, text: &str) -> Result<Rewritten, Unreadable> {
    let mut list: Value = serde_json::from_str(text)
        .map_err(|_| Unreadable("a repository's index.yaml is YAML or JSON"))?;
    let mut files = Files::default();
    let charts = list.get_mut("entries").and_then(Value::as_object_mut);
    let versions = charts
        .into_iter()
        .flatten()
        .filter_map(|(_, versions)| versions.as_array_mut());
    for entry in versions.flatten() {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let first = entry.pointer("/urls/0").and_then(Value::as_str);
        let (Some(name), Some(version), Some(first)) = (text("name"), text("version"), first)
        else {
            continue;
        };
        if let Some((file, url)) = ours(source, name, version, first) {
            entry["urls"][0] = address(source, &file).into();
            files.insert(&file, url.into());
        }
    }
    let body = list.to_string().into_bytes();
    Ok(Rewritten { body, files })
}

/// The name of a chart's archive here and its real address, if the chart is ours and has one that
/// can be sent on to.
fn ours(source: &Source<'_>, name: &str, version: &str, url: &str) -> Option<(String, Url)> {
    let plain = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    };
    // Helm resolves against the repository's own address, wherever the list came from.
    let url = source.index.upstream.join(url).ok()?;
    let counts = plain(name)
        && super::is_version(version)
        && source.index.counts(name)
        && matches!(url.scheme(), "https" | "http");
    counts.then(|| (format!("{name}-{version}{ARCHIVE}"), url))
}

fn address(source: &Source<'_>, file: &str) -> String {
    format!("{}{CHARTS}{file}", source.base)
}

/// One version of a chart, as listed.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'t> {
    name: Cow<'t, str>,
    version: Cow<'t, str>,
    /// The first of its addresses.
    url: Cow<'t, str>,
    /// Where that stands in the text.
    place: Range<usize>,
}

/// Every version of every chart, as far as they say what is needed.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut reader = Reader::default();
    for line in lines(text) {
        reader.read(line);
    }
    reader.finish();
    reader.entries
}

/// A line with something on it.
#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    /// Where what follows the indentation begins in the text.
    start: usize,
    indent: usize,
    said: &'t str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut next = 0;
    let lines = text.split_inclusive('\n').map(move |whole| {
        let start = next;
        next += whole.len();
        let said = whole.trim_start_matches(' ');
        let indent = whole.len() - said.len();
        Line {
            start: start + indent,
            indent,
            said: said.trim_end(),
        }
    });
    lines.filter(|line| !line.said.is_empty() && !line.said.starts_with('#'))
}

/// Which columns the keys of a list's levels stand in, and the version that is being read.
#[derive(Default)]
struct Reader<'t> {
    /// Below `entries:`.
    inside: bool,
    /// Column of the charts' names.
    charts: Option<usize>,
    /// Column of the hyphens before a chart's versions.
    versions: Option<usize>,
    /// Column of a version's keys.
    keys: Option<usize>,
    /// The next entry of a sequence is the first address.
    at_urls: bool,
    name: Option<Cow<'t, str>>,
    version: Option<Cow<'t, str>>,
    url: Option<(Range<usize>, Cow<'t, str>)>,
    entries: Vec<Entry<'t>>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, line: Line<'t>) {
        let item = item(line);
        if line.indent == 0 && item.is_none() {
            self.finish();
            *self = Self {
                inside: line
                    .said
                    .trim_end_matches([' ', ':', '"'])
                    .trim_matches('"')
                    == "entries",
                entries: std::mem::take(&mut self.entries),
                ..Self::default()
            };
        } else if !self.inside {
        } else if item.is_none() && line.indent <= *self.charts.get_or_insert(line.indent) {
            self.finish();
            (self.versions, self.keys) = (None, None);
        } else if let Some(first_key) = item.filter(|_| line.indent <= self.hyphens(line)) {
            self.finish();
            self.keys = Some(first_key.indent);
            self.key(first_key);
        } else if self.keys == Some(line.indent) && item.is_none() {
            self.key(line);
        } else if let Some(url) = item.filter(|_| self.at_urls) {
            self.at_urls = false;
            self.url = placed(url, false);
        }
    }

    fn hyphens(&mut self, line: Line<'_>) -> usize {
        *self.versions.get_or_insert(line.indent)
    }

    /// Reads one of a version's own keys.
    fn key(&mut self, line: Line<'t>) {
        self.at_urls = false;
        let Some((key, value)) = line.said.split_once(':') else {
            return;
        };
        let behind = line.said.len() - value.trim_start().len();
        let value = Line {
            start: line.start + behind,
            indent: line.indent,
            said: value.trim_start(),
        };
        let said = || scalar::read(value.said, false).map(|(_, said)| said);
        match key.trim_matches(['"', '\'']) {
            "name" => self.name = said(),
            "version" => self.version = said(),
            "urls" => match value.said.strip_prefix('[') {
                Some(flow) => self.url = first_in_flow(value, flow),
                None => self.at_urls = true,
            },
            _ => {}
        }
    }

    /// Ends a version.
    fn finish(&mut self) {
        let read = (self.name.take(), self.version.take(), self.url.take());
        self.at_urls = false;
        if let (Some(name), Some(version), Some((place, url))) = read {
            self.entries.push(Entry {
                name,
                version,
                url,
                place,
            });
        }
    }
}

/// What follows the hyphen of a sequence's entry, as a line of its own.
fn item(line: Line<'_>) -> Option<Line<'_>> {
    let rest = line.said.strip_prefix("- ")?;
    let said = rest.trim_start();
    let moved = line.said.len() - said.len();
    Some(Line {
        start: line.start + moved,
        indent: line.indent + moved,
        said,
    })
}

fn first_in_flow<'t>(value: Line<'t>, flow: &'t str) -> Option<(Range<usize>, Cow<'t, str>)> {
    let said = flow.trim_start();
    let start = value.start + value.said.len() - said.len();
    placed(
        Line {
            start,
            indent: 0,
            said,
        },
        true,
    )
}

/// The scalar that a line begins with, and its place in the text.
fn placed(line: Line<'_>, flow: bool) -> Option<(Range<usize>, Cow<'_, str>)> {
    let (range, said) = scalar::read(line.said, flow)?;
    Some((line.start + range.start..line.start + range.end, said))
}

#[cfg(test)]
mod tests;

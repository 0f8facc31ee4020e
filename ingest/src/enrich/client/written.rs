//! Rules as they are written: TOML read into rules, each remembering its line.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use weir_config::catalogue::IndexKind;

use super::rules::{ClientRule, Version, kept};
use super::vocabulary::{AUDIENCES, CLASSES, FORMATS, LISTS, NETWORKS, Words};
use crate::enrich::audience::AudienceRule;
use crate::enrich::words;

/// Longest text that a rule looks for, in bytes.
const LONGEST_TEXT: usize = 128;
/// Most rules of a kind in one file: each agent may be compared with all that begin as it does.
const MOST_RULES: usize = 4_096;
/// Ecosystems of packages that no index serves.
const BESIDE_INDEXES: &[&str] = &["file", "script", "event", "oci", "docs"];
/// Versions within a minute are counted up to this.
const MOST_VERSIONS: u32 = 64;
/// Most events within a minute that a rule can ask for.
const MOST_EVENTS: u32 = 10_000;

/// Why a file of rules is not used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It cannot be read.
    #[error("cannot read the client rules {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It says what cannot be meant.
    #[error("{file}:{line}:{column}: {message}")]
    Wrong {
        /// The file.
        file: String,
        /// Line of it, from 1.
        line: usize,
        /// Character of the line, from 1.
        column: usize,
        /// What is wrong and what to write instead.
        message: String,
    },
}

/// Rules in the order they were written in.
#[derive(Default)]
pub(super) struct Written {
    pub(super) clients: Vec<ClientRule>,
    pub(super) audiences: Vec<AudienceRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    client: Vec<Spanned<WrittenClient>>,
    #[serde(default)]
    audience: Vec<Spanned<WrittenAudience>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClient {
    #[serde(default)]
    agent: String,
    #[serde(default)]
    has: String,
    #[serde(default)]
    ecosystem: String,
    name: String,
    class: String,
    version: Option<bool>,
    version_after: Option<String>,
    format: Option<String>,
    #[serde(default)]
    os: String,
    #[serde(default)]
    ci: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAudience {
    rule: String,
    is: String,
    ci: Option<bool>,
    class: Option<OneOrMore<String>>,
    client: Option<OneOrMore<String>>,
    lists: Option<OneOrMore<String>>,
    network: Option<OneOrMore<String>>,
    asn: Option<OneOrMore<u32>>,
    versions: Option<u32>,
    events: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected one value or a list of them")]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    fn all<U, E>(self, of: impl Fn(T) -> Result<U, E>) -> Result<Box<[U]>, E> {
        match self {
            Self::One(one) => Ok([of(one)?].into()),
            Self::More(more) => more.into_iter().map(of).collect(),
        }
    }
}

impl Written {
    /// The rules of a file.
    pub(super) fn read(file: &Path) -> Result<Self, RulesError> {
        let text = std::fs::read_to_string(file).map_err(|source| RulesError::Read {
            file: file.to_owned(),
            source,
        })?;
        Self::parse(&text, Some(file))
    }

    /// The rules of a text; `file` is where it comes from, if it is not the program's own.
    pub(super) fn parse(text: &str, file: Option<&Path>) -> Result<Self, RulesError> {
        let source = Source { text, file };
        let File { client, audience } = toml::from_str(text)
            .map_err(|error| source.wrong(error.span().unwrap_or(0..0), error.message()))?;
        if client.len().max(audience.len()) > MOST_RULES {
            return Err(source.wrong(0..0, &format!("more than {MOST_RULES} rules of a kind")));
        }
        let clients = client.into_iter().map(|rule| source.client(rule));
        let audiences = audience.into_iter().map(|rule| source.audience(rule));
        Ok(Self {
            clients: clients.collect::<Result<_, _>>()?,
            audiences: audiences.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn append(&mut self, mut later: Self) {
        self.clients.append(&mut later.clients);
        self.audiences.append(&mut later.audiences);
    }
}

/// A text of rules and where it comes from.
struct Source<'s> {
    text: &'s str,
    file: Option<&'s Path>,
}

impl Source<'_> {
    fn client(&self, rule: Spanned<WrittenClient>) -> Result<ClientRule, RulesError> {
        let span = rule.span();
        let line = self.place(span.start).0;
        let rule = rule.into_inner();
        let wrong = |message: String| self.wrong(span.clone(), &message);
        check(&rule).map_err(wrong)?;
        Ok(ClientRule {
            version: match (rule.version, rule.version_after) {
                (_, Some(text)) => Version::After(text.into()),
                (Some(false), None) => Version::Nowhere,
                (_, None) if rule.agent.is_empty() => Version::Nowhere,
                (_, None) => Version::Next,
            },
            agent: rule.agent.into(),
            has: rule.has.into(),
            ecosystem: rule.ecosystem.into(),
            name: kept(&rule.name),
            class: meant(CLASSES, &rule.class, "class").map_err(wrong)?,
            format: meant(FORMATS, rule.format.as_deref().unwrap_or("words"), "format")
                .map_err(wrong)?,
            os: kept(&rule.os),
            ci: kept(&rule.ci),
            file: self.file.map(Path::to_owned),
            line,
        })
    }

    fn audience(&self, rule: Spanned<WrittenAudience>) -> Result<AudienceRule, RulesError> {
        let span = rule.span();
        let rule = rule.into_inner();
        let wrong = |message: String| self.wrong(span.clone(), &message);
        if !is_code(&rule.rule) {
            return Err(wrong(
                "a rule's name has up to 32 small letters, digits, \":\" and \"-\"".into(),
            ));
        }
        if rule
            .versions
            .is_some_and(|versions| !(2..=MOST_VERSIONS).contains(&versions))
        {
            return Err(wrong(format!("versions is between 2 and {MOST_VERSIONS}")));
        }
        if rule
            .events
            .is_some_and(|events| !(2..=MOST_EVENTS).contains(&events))
        {
            return Err(wrong(format!("events is between 2 and {MOST_EVENTS}")));
        }
        Ok(AudienceRule {
            rule: kept(&rule.rule),
            audience: meant(AUDIENCES, &rule.is, "audience").map_err(wrong)?,
            ci: rule.ci,
            classes: all(rule.class, |class| meant(CLASSES, &class, "class"))
                .map_err(wrong)?
                .map(|classes| classes.iter().collect()),
            clients: all(rule.client, |client| Ok(client.into())).map_err(wrong)?,
            lists: all(rule.lists, |list| meant(LISTS, &list, "list")).map_err(wrong)?,
            networks: all(rule.network, |kind| meant(NETWORKS, &kind, "network")).map_err(wrong)?,
            asns: all(rule.asn, Ok).map_err(wrong)?,
            versions: rule.versions,
            events: rule.events,
        })
    }

    fn wrong(&self, span: Range<usize>, message: &str) -> RulesError {
        let (line, column) = self.place(span.start);
        RulesError::Wrong {
            file: self.file.map_or("the program's own rules".into(), |file| {
                file.display().to_string()
            }),
            line,
            column,
            message: message.trim().replace('\n', "; "),
        }
    }

    /// Line and column of a byte, both from 1.
    fn place(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before[start..].chars().count() + 1,
        )
    }
}

/// What a rule about agents must keep to.
fn check(rule: &WrittenClient) -> Result<(), String> {
    if rule.agent.is_empty() && rule.has.is_empty() {
        return Err("no agent: say what it begins with (agent), or what stands in it (has)".into());
    }
    if !is_ecosystem(&rule.ecosystem) {
        return Err(format!(
            "no ecosystem {:?}: write an index's kind, or one of {}",
            rule.ecosystem,
            BESIDE_INDEXES.join(", ")
        ));
    }
    let after = rule.version_after.as_deref().unwrap_or("");
    if [&*rule.agent, &*rule.has, after]
        .iter()
        .any(|text| text.len() > LONGEST_TEXT)
    {
        return Err(format!(
            "too long: a rule looks for {LONGEST_TEXT} bytes at most"
        ));
    }
    if rule.version == Some(false) && rule.version_after.is_some() {
        return Err("version = false and version_after exclude each other: leave one out".into());
    }
    let is_name = |word: &str| words::name(word).is_some_and(|name| name == word);
    let optional = [&rule.os, &rule.ci]
        .into_iter()
        .filter(|word| !word.is_empty());
    let wrong = [&rule.name]
        .into_iter()
        .chain(optional)
        .find(|word| !is_name(word));
    wrong.map_or(Ok(()), |word| {
        Err(format!(
            "{word:?} is no name: write up to 32 small letters, digits, \".\", \"_\" and \"-\", and no number alone"
        ))
    })
}

/// Whether events can carry this ecosystem; no word stands for any.
fn is_ecosystem(word: &str) -> bool {
    let mut kinds = IndexKind::ALL.iter();
    word.is_empty() || BESIDE_INDEXES.contains(&word) || kinds.any(|kind| kind.as_str() == word)
}

fn is_code(word: &str) -> bool {
    let known = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b':' | b'-')
    };
    (1..=32).contains(&word.len()) && word.bytes().all(known)
}

/// What each of some words means, where any are written.
fn all<T, U>(
    written: Option<OneOrMore<T>>,
    of: impl Fn(T) -> Result<U, String>,
) -> Result<Option<Box<[U]>>, String> {
    written.map(|written| written.all(of)).transpose()
}

/// What a word means.
fn meant<T: Copy>(words: Words<T>, word: &str, what: &str) -> Result<T, String> {
    let known = || {
        words
            .iter()
            .map(|(word, _)| *word)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = words.iter().find(|(known, _)| *known == word);
    found
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| format!("no {what} {word:?}: write one of {}", known()))
}

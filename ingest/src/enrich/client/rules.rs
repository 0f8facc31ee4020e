//! The table of clients and audiences, compiled from what is [`written`](super::written).
//!
//! Names that rules give are kept for the life of the process, so that a row can borrow them from whichever table was
//! in use when its request came; a file read again mostly says the same words, and says each once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use weir_event::{Audience, Ci};

use super::written::{RulesError, Written};
use super::{
    Class, Client, LONGEST_BYTES, agent_json, browser, formats, notes, open_data, unknown,
};
use crate::enrich::audience::AudienceRule;
use crate::enrich::words;

const BUILTIN: &str = include_str!("../../../clients/builtin.toml");

/// Every rule in use, in order. Made once, then only read.
#[derive(Debug)]
pub struct ClientRules {
    clients: Vec<ClientRule>,
    /// For each first byte of an agent the rules that can fit it, in order.
    by_first: Vec<Box<[u32]>>,
    pub(crate) audiences: Vec<AudienceRule>,
    /// Tells tables of this process apart.
    generation: u64,
}

/// One rule about agents.
#[derive(Debug)]
pub struct ClientRule {
    /// What the agent begins with, in large or small letters; empty where only `has` counts.
    pub(super) agent: Box<str>,
    /// What must stand somewhere in it.
    pub(super) has: Box<str>,
    /// The ecosystem that it must be asked in; empty for any.
    pub(super) ecosystem: Box<str>,
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) version: Version,
    pub(super) format: Format,
    pub(super) os: &'static str,
    /// The build service that nothing else runs in.
    pub(super) ci: &'static str,
    /// The file that the rule stands in; none for a rule of the program.
    pub(super) file: Option<PathBuf>,
    pub(super) line: usize,
}

/// Where an agent says its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Behind what the rule fits.
    Next,
    /// Behind this text.
    After(Box<str>),
    /// Nowhere.
    Nowhere,
}

/// How the rest of an agent is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Words that most agents share.
    Words,
    PythonJson,
    Browser,
    Opera,
    Gradle,
    Hex,
    Podman,
}

impl ClientRules {
    /// The rules of the program itself, read once.
    pub fn builtin() -> Arc<Self> {
        static OWN: LazyLock<Arc<ClientRules>> = LazyLock::new(|| {
            let rules = ClientRules::load(&[]);
            Arc::new(rules.expect("the program's own rules are tested"))
        });
        Arc::clone(&OWN)
    }

    /// The rules of these files, in their order, before those of the program.
    pub fn load(files: &[PathBuf]) -> Result<Self, RulesError> {
        let mut all = Written::default();
        for file in files {
            all.append(Written::read(file)?);
        }
        all.append(Written::parse(BUILTIN, None)?);
        Ok(Self::compile(all))
    }

    /// The rules of this text before those of the program.
    #[cfg(test)]
    pub(crate) fn with(text: &str) -> Result<Self, RulesError> {
        let mut all = Written::parse(text, Some(std::path::Path::new("own.toml")))?;
        all.append(Written::parse(BUILTIN, None)?);
        Ok(Self::compile(all))
    }

    fn compile(written: Written) -> Self {
        static GENERATIONS: AtomicU64 = AtomicU64::new(1);
        let Written { clients, audiences } = written;
        let fitting = |first: u8| {
            let fits = |rule: &ClientRule| {
                let begin = rule.agent.as_bytes().first();
                begin.is_none_or(|begin| begin.eq_ignore_ascii_case(&first))
            };
            let numbered = (0_u32..).zip(&clients);
            numbered
                .filter(|(_, rule)| fits(rule))
                .map(|(number, _)| number)
                .collect()
        };
        Self {
            by_first: (0..=u8::MAX).map(fitting).collect(),
            clients,
            audiences,
            generation: GENERATIONS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The names of the rules about audiences and what each decides, in the order in which they are asked.
    pub fn audiences(&self) -> impl Iterator<Item = (&'static str, Audience)> + '_ {
        self.audiences.iter().map(|rule| (rule.rule, rule.audience))
    }

    /// Reads an agent. `ecosystem` settles the agents that several programs share.
    pub fn read<'a>(&self, agent: &'a str, ecosystem: &str) -> Client<'a> {
        let agent = trimmed(agent);
        let mut client = Client::default();
        if agent.is_empty() {
            return client;
        }
        match self.find(agent, ecosystem) {
            Some((rule, rest)) => rule.tell(&mut client, agent, rest),
            None => unknown(&mut client, agent),
        }
        client
    }

    /// The rule that an agent is read by.
    pub fn rule(&self, agent: &str, ecosystem: &str) -> Option<&ClientRule> {
        Some(self.find(trimmed(agent), ecosystem)?.0)
    }

    /// All rules about agents, in their order.
    pub fn clients(&self) -> &[ClientRule] {
        &self.clients
    }

    /// The table's number within this process.
    pub(super) fn number(&self) -> u64 {
        self.generation
    }

    /// A number that is another one whenever agents may be read otherwise: by other rules, or with the open data, which
    /// comes later than the first of them.
    pub(crate) fn generation(&self) -> u64 {
        self.generation << 1 | u64::from(open_data::is_ready())
    }

    /// The rule for `agent`, and what follows its beginning.
    fn find<'a>(&self, agent: &'a str, ecosystem: &str) -> Option<(&ClientRule, &'a str)> {
        let first = *agent.as_bytes().first()?;
        let fitting = self.by_first[usize::from(first)].iter();
        fitting
            .map(|number| &self.clients[*number as usize])
            .find_map(|rule| Some((rule, rule.fits(agent, ecosystem)?)))
    }
}

impl ClientRule {
    /// What the client is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What sort of program it is.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The file and line that the rule stands in, or that it is the program's own.
    pub fn place(&self) -> String {
        match &self.file {
            Some(file) => format!("{}:{}", file.display(), self.line),
            None => "built in".to_owned(),
        }
    }

    /// What the rule fits, for people.
    pub fn shape(&self) -> String {
        let condition = |word: &str, text: &str| match text {
            "" => String::new(),
            text => format!(" {word} {text:?}"),
        };
        let begins = condition("begins", &self.agent);
        let has = condition("has", &self.has);
        let ecosystem = condition("ecosystem", &self.ecosystem);
        format!("{begins}{has}{ecosystem}").trim_start().to_owned()
    }

    /// What follows the rule's beginning of an agent, where the rule is about it.
    fn fits<'a>(&self, agent: &'a str, ecosystem: &str) -> Option<&'a str> {
        let rest = behind_start(agent, &self.agent)?;
        // A rule that ends in the middle of a word would take `nodemon` for `node`.
        if self.agent.ends_with(char::is_alphanumeric) && rest.starts_with(in_word) {
            return None;
        }
        let has = self.has.is_empty() || agent.contains(&*self.has);
        let asked = self.ecosystem.is_empty() || *self.ecosystem == *ecosystem;
        (has && asked).then_some(rest)
    }

    fn tell<'a>(&self, client: &mut Client<'a>, agent: &'a str, rest: &'a str) {
        client.name = self.name.into();
        client.class = self.class;
        client.version = match &self.version {
            Version::Next => words::version(rest.strip_prefix('/').unwrap_or(rest)),
            Version::After(text) => behind(agent, text).map_or("", words::version),
            Version::Nowhere => "",
        }
        .into();
        client.os = self.os.into();
        if !self.ci.is_empty() {
            client.ci = Ci::Yes;
            client.ci_name = self.ci.into();
        }
        self.format.read(client, agent, rest);
    }
}

impl Format {
    fn read<'a>(self, client: &mut Client<'a>, agent: &'a str, rest: &'a str) {
        match self {
            Self::Words => notes::read(client, rest),
            Self::PythonJson => agent_json::read(client, rest),
            Self::Browser => browser::read(client, agent, rest),
            Self::Opera => browser::opera(client, rest),
            Self::Gradle => formats::gradle(client, rest),
            Self::Hex => formats::hex(client, rest),
            Self::Podman => formats::podman(client, rest),
        }
    }
}

fn in_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// What follows `start`, whichever letters of it are large.
fn behind_start<'a>(agent: &'a str, start: &str) -> Option<&'a str> {
    let (begin, rest) = agent.split_at_checked(start.len())?;
    begin.eq_ignore_ascii_case(start).then_some(rest)
}

fn behind<'a>(agent: &'a str, text: &str) -> Option<&'a str> {
    agent.split_once(text).map(|(_, rest)| rest)
}

/// As much of an agent as is looked at; nothing where none was sent.
fn trimmed(agent: &str) -> &str {
    match agent[..agent.floor_char_boundary(LONGEST_BYTES)].trim() {
        "-" => "",
        agent => agent,
    }
}

/// A rule's word, kept once for the life of the process.
pub(crate) fn kept(word: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(word) {
        return known;
    }
    let word: &'static str = Box::leak(word.into());
    kept.insert(word);
    word
}

#[cfg(test)]
mod tests;

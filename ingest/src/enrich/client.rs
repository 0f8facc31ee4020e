//! Reads the `User-Agent`: which program asked, in which version, on what.
//!
//! An ordered table of prefixes ([`table`]) names the program and how its agent goes on. Every word
//! that is kept is a word of our tables, a short plain name or a version; the agent itself is not kept.

mod agent_json;
mod browser;
mod crawlers;
mod formats;
mod notes;
mod table;

use weir_event::{Ci, Text};

use super::words;

/// Longer agents are read as far as this.
const LONGEST_BYTES: usize = 1024;

/// What an agent says of the program that sent it. Empty text means that it does not say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Client<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) version: Text<'a>,
    pub(crate) runtime: Text<'a>,
    pub(crate) runtime_version: Text<'a>,
    pub(crate) os: Text<'a>,
    pub(crate) os_version: Text<'a>,
    pub(crate) arch: Text<'a>,
    pub(crate) libc: Text<'a>,
    pub(crate) ci: Ci,
    pub(crate) ci_name: Text<'a>,
    pub(crate) class: Class,
}

/// What sort of program it is; with `ci`, all that the audience is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// No agent was sent.
    Silent,
    /// In no table.
    Unknown,
    /// A package manager or downloader, which people start.
    Tool,
    Browser,
    /// What programs of every sort fetch with; says nothing of who does.
    Library,
    Mirror,
    Updater,
    Crawler,
    /// A browser that nobody looks at.
    Headless,
    /// Fetches pictures for readers whom it hides.
    ImageProxy,
}

impl Default for Client<'_> {
    fn default() -> Self {
        Self {
            name: Text::default(),
            version: Text::default(),
            runtime: Text::default(),
            runtime_version: Text::default(),
            os: Text::default(),
            os_version: Text::default(),
            arch: Text::default(),
            libc: Text::default(),
            ci: Ci::Unknown,
            ci_name: Text::default(),
            class: Class::Silent,
        }
    }
}

impl Client<'_> {
    /// The same, without copying what it holds.
    pub(crate) fn borrowed(&self) -> Client<'_> {
        Client {
            name: Text::Borrowed(&self.name),
            version: Text::Borrowed(&self.version),
            runtime: Text::Borrowed(&self.runtime),
            runtime_version: Text::Borrowed(&self.runtime_version),
            os: Text::Borrowed(&self.os),
            os_version: Text::Borrowed(&self.os_version),
            arch: Text::Borrowed(&self.arch),
            libc: Text::Borrowed(&self.libc),
            ci: self.ci,
            ci_name: Text::Borrowed(&self.ci_name),
            class: self.class,
        }
    }

    /// The same, free of the agent that it was read from.
    pub(crate) fn into_owned(self) -> Client<'static> {
        let own = |text: Text<'_>| Text::<'static>::Owned(text.into_owned());
        Client {
            name: own(self.name),
            version: own(self.version),
            runtime: own(self.runtime),
            runtime_version: own(self.runtime_version),
            os: own(self.os),
            os_version: own(self.os_version),
            arch: own(self.arch),
            libc: own(self.libc),
            ci: self.ci,
            ci_name: own(self.ci_name),
            class: self.class,
        }
    }
}

/// Reads an agent. `ecosystem` settles the agents that several programs share.
pub(crate) fn read<'a>(agent: &'a str, ecosystem: &str) -> Client<'a> {
    let agent = agent[..agent.floor_char_boundary(LONGEST_BYTES)].trim();
    let mut client = Client::default();
    if agent.is_empty() || agent == "-" {
        return client;
    }
    match table::find(agent) {
        Some((entry, rest)) => {
            client.name = entry.name.into();
            client.class = entry.class;
            client.version = words::version(rest).into();
            (entry.read)(&mut client, rest);
        }
        None => unknown(&mut client, agent),
    }
    if client.name == "got" && ecosystem == "npm" {
        // Yarn 2 and later leave their HTTP library's name in place.
        client.name = "yarn".into();
        client.class = Class::Tool;
    }
    client
}

/// Keeps a short name, so that an operator sees what the tables lack.
fn unknown<'a>(client: &mut Client<'a>, agent: &'a str) {
    let product = agent.split(['/', ' ', '(', ';', ',']).next().unwrap_or("");
    client.name = words::name(product).unwrap_or_default();
    client.class = if notes::words(agent).any(crawlers::is_crawler) {
        Class::Crawler
    } else {
        Class::Unknown
    };
}

//! Reads the `User-Agent`: which program asked, in which version, on what.
//!
//! An ordered table ([`rules`]) names the program and how its agent goes on. Every word that is kept is
//! a word of a table, a short plain name or a version; the agent itself is not kept.

mod agent_json;
mod browser;
mod crawlers;
mod formats;
mod live;
mod notes;
mod open_data;
mod rules;
mod vocabulary;
mod written;

use weir_event::{Ci, Text};

pub use live::LiveRules;
pub use open_data::load as load_open_data;
pub use rules::{ClientRule, ClientRules};
pub use vocabulary::{list_named, network_named};
pub use written::RulesError;

use super::longest::KEY as LONGEST_WORD;
use super::{scrub, words};

/// Longer agents are read as far as this.
const LONGEST_BYTES: usize = 1024;

/// What an agent says of the program that sent it. Empty text means that it does not say.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // named as the event's columns
pub struct Client<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub runtime: Text<'a>,
    pub runtime_version: Text<'a>,
    pub os: Text<'a>,
    pub os_version: Text<'a>,
    pub arch: Text<'a>,
    pub libc: Text<'a>,
    pub ci: Ci,
    pub ci_name: Text<'a>,
    /// What sort of program it is.
    pub class: Class,
    /// What a crawler is for, where that is known.
    pub tag: &'static str,
    /// The words are known to hold no address, anybody's, in any spelling: see [`Client::into_owned`].
    pub(crate) is_harmless: bool,
}

/// What sort of program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// No agent was sent.
    Silent,
    /// In no table.
    Unknown,
    /// A package manager or downloader, which people start.
    Tool,
    /// A program that shows pages to a person.
    Browser,
    /// What programs of every sort fetch with; says nothing of who does.
    Library,
    /// Copies for others.
    Mirror,
    /// Looks for something newer.
    Updater,
    /// Collects, watches or probes.
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
            tag: "",
            is_harmless: false,
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
            tag: self.tag,
            is_harmless: self.is_harmless,
        }
    }

    /// The same, free of the agent that it was read from. It is for keeping, so its words are looked at now and not at
    /// each request.
    pub fn into_owned(self) -> Client<'static> {
        let is_harmless = self
            .words()
            .iter()
            .all(|word| scrub::leaves(word, LONGEST_WORD));
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
            tag: self.tag,
            is_harmless,
        }
    }

    /// The words that are the client's own, and not those of a table.
    fn words(&self) -> [&str; 5] {
        [
            &self.name,
            &self.version,
            &self.runtime,
            &self.runtime_version,
            &self.os_version,
        ]
    }
}

/// Keeps a short name, so that an operator sees what the tables lack.
fn unknown<'a>(client: &mut Client<'a>, agent: &'a str) {
    if let Some(crawler) = crawlers::find(agent) {
        return crawler.tell(client);
    }
    let product = agent.split(['/', ' ', '(', ';', ',']).next().unwrap_or("");
    client.name = words::name(product).unwrap_or_default();
    client.class = Class::Unknown;
}

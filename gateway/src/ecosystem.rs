//! What a request is and what to answer, one pure file an ecosystem.
//!
//! Each ecosystem turns a head and its part of the routes into a [`Decision`]. Nothing here reads
//! a socket, a clock or a cache: a plan that needs the upstream says what to ask it.

pub(crate) mod apt;
pub(crate) mod badge;
pub(crate) mod cargo;
pub(crate) mod collector;
pub(crate) mod compat;
pub(crate) mod composer;
pub(crate) mod conda;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod file;
pub(crate) mod go;
pub(crate) mod helm;
pub(crate) mod hex;
pub(crate) mod homebrew;
pub(crate) mod maven;
pub(crate) mod npm;
pub(crate) mod nuget;
pub(crate) mod oci;
pub(crate) mod onward;
pub(crate) mod page_script;
pub(crate) mod pixel;
pub(crate) mod pypi;
pub(crate) mod rpm;
pub(crate) mod rubygems;
pub(crate) mod script;
pub(crate) mod terraform;
#[cfg(test)]
pub(crate) mod trace;

use url::Url;
use weir_config::Captures;
use weir_config::catalogue::{Credentials, Route};

use crate::answer::{Dialect, Failure, Reply};
use crate::cors::Page;
use crate::ecosystem::collector::Collector;
use crate::ecosystem::document::{Document, Told};
use crate::fact::Fact;
use crate::privacy::Form;
use crate::traced::Pattern;

/// What is done about a request.
#[derive(Debug)]
pub(crate) enum Plan<'a> {
    /// Answer at once with this.
    Reply(Reply),
    /// Send the client to this address.
    Redirect { status: u16, location: String },
    /// Pass the upstream's answer through, body and all; `credentials` are for that upstream alone.
    Forward {
        url: Url,
        credentials: Option<&'a Credentials>,
    },
    /// Ask the upstream what a GET would give, and answer 200 with its headers.
    Probe {
        url: Url,
        credentials: Option<&'a Credentials>,
    },
    /// Serve a document with the addresses in it pointed at us.
    Document(Document<'a>),
    /// Send the client to where a document says that `file` is; `beside` is what stands behind the
    /// file's name, such as `.prov` for what lies next to it.
    Listed {
        document: Document<'a>,
        file: String,
        beside: &'static str,
    },
    /// Find out which version is the latest, then go where `route` leads with it.
    Latest {
        route: &'a Route,
        taken: Captures<'a>,
    },
    /// Serve the text at this address, wherever it leads.
    Script {
        url: Url,
        content_type: &'static str,
    },
    /// Do something with what lies where a first document says. Boxed: every decision would be as large.
    Told(Box<Told<'a>>),
    /// Something of a container registry.
    Oci(oci::Ask<'a>),
    /// Something of a Python index.
    Pypi(pypi::Ask<'a>),
    /// Something of an npm registry.
    Npm(npm::Ask<'a>),
    /// Something of a crates index.
    Cargo(cargo::Ask<'a>),
    /// Something of a conda channel.
    Conda(conda::Ask<'a>),
    /// Read the body for what its sender has to tell.
    Collect(Collector),
    /// Tell what is kept of a request.
    Statement(Form),
    /// Tell the client that it cannot be had.
    Fail(Failure),
}

/// What a request is, and what is done about it.
#[derive(Debug)]
pub(crate) struct Decision<'a> {
    pub(crate) plan: Plan<'a>,
    /// What to record; `None` for what is not ours to count.
    pub(crate) fact: Option<Fact<'a>>,
    pub(crate) dialect: Dialect,
    /// The page whose script may read the answer.
    pub(crate) page: Page,
    /// What of the configuration it fits.
    pub(crate) pattern: Pattern<'a>,
}

impl<'a> Decision<'a> {
    pub(crate) fn new(plan: Plan<'a>, fact: Fact<'a>) -> Self {
        Self {
            plan,
            fact: Some(fact),
            dialect: Dialect::Plain,
            page: Page::Unnamed,
            pattern: Pattern::Unknown,
        }
    }

    pub(crate) fn uncounted(plan: Plan<'a>) -> Self {
        Self {
            plan,
            fact: None,
            dialect: Dialect::Plain,
            page: Page::Unnamed,
            pattern: Pattern::Unknown,
        }
    }

    pub(crate) fn of(mut self, pattern: Pattern<'a>) -> Self {
        self.pattern = pattern;
        self
    }

    pub(crate) fn for_page(mut self, page: Page) -> Self {
        self.page = page;
        self
    }

    pub(crate) fn in_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
}

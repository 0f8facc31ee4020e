//! What a request is and what to answer, one pure file an ecosystem.
//!
//! Each ecosystem turns a head and its part of the routes into a [`Decision`]. Nothing here reads
//! a socket, a clock or a cache: a plan that needs the upstream says what to ask it.

pub(crate) mod cargo;
pub(crate) mod event;
pub(crate) mod file;
pub(crate) mod npm;
pub(crate) mod oci;
pub(crate) mod pixel;
pub(crate) mod pypi;

use std::collections::HashMap;

use url::Url;

use crate::answer::{Dialect, Failure, Reply};
use crate::fact::Fact;

/// What is done about a request.
#[derive(Debug)]
pub(crate) enum Plan<'a> {
    /// Answer at once with this.
    Reply(Reply),
    /// Send the client to this address.
    Redirect { status: u16, location: String },
    /// Pass the upstream's answer through, body and all.
    Forward(Url),
    /// Ask the upstream what a GET would give, and answer 200 with its headers.
    Probe(Url),
    /// Something of a container registry.
    Oci(oci::Ask<'a>),
    /// Something of a Python index.
    Pypi(pypi::Ask<'a>),
    /// Something of an npm registry.
    Npm(npm::Ask<'a>),
    /// Something of a crates index.
    Cargo(cargo::Ask<'a>),
    /// Read the body for the sender's own events, and acknowledge them with this status.
    Collect { status: u16 },
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
}

impl<'a> Decision<'a> {
    pub(crate) fn new(plan: Plan<'a>, fact: Fact<'a>) -> Self {
        Self {
            plan,
            fact: Some(fact),
            dialect: Dialect::Plain,
        }
    }

    pub(crate) fn uncounted(plan: Plan<'a>) -> Self {
        Self {
            plan,
            fact: None,
            dialect: Dialect::Plain,
        }
    }

    pub(crate) fn in_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
}

/// A document that lists files, with the files' addresses pointed at us.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) body: Vec<u8>,
    /// Where the files really are, by file name.
    pub(crate) files: HashMap<String, Url>,
}

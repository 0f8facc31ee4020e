//! Bodies that tell of something: who reads them, and what their senders are answered.

use weir_config::catalogue::Pattern;

use crate::answer::{Dialect, Failure, Reply};
use crate::ecosystem::composer::installs;
use crate::ecosystem::event;
use crate::fact::Fact;

/// What a body tells of.
#[derive(Clone, Debug)]
pub(crate) enum Collector {
    /// A sender's own events, acknowledged with this status.
    Events { status: u16 },
    /// What Composer has installed. Only packages of `ours` are taken.
    Installs { ours: Vec<Pattern> },
}

impl Collector {
    /// What `body` tells, each on top of `base`, and the answer.
    pub(crate) fn read(&self, base: &Fact<'static>, body: &[u8]) -> (Vec<Fact<'static>>, Reply) {
        match self {
            Self::Events { status } => match event::read_body(base, body) {
                Ok(facts) => {
                    let reply = event::accepted(*status, facts.len());
                    (facts, reply)
                }
                Err(error) => {
                    let error = serde_json::json!({ "error": error.to_string() });
                    (Vec::new(), Reply::json(400, &error))
                }
            },
            Self::Installs { ours } => (installs::read(base, body, ours), installs::thanks()),
        }
    }

    /// The answer to a body that did not arrive whole.
    pub(crate) fn unread(&self, failure: Failure, dialect: Dialect) -> Reply {
        match self {
            Self::Events { .. } => dialect.reply(&failure),
            Self::Installs { .. } => installs::thanks(),
        }
    }
}

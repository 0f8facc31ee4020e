//! Bodies that tell of something: who reads them, and what their senders are answered.

use std::time::Duration;

use weir_config::catalogue::Pattern;

use crate::answer::{Dialect, Failure, Reply};
use crate::body::Bounds;
use crate::ecosystem::compat::Message;
use crate::ecosystem::composer::installs;
use crate::ecosystem::event::lines::Lines;
use crate::ecosystem::event::{self, document};
use crate::ecosystem::page_script;
use crate::fact::Fact;

/// Of a body that is taken as it arrives.
const BY_LINE: Bounds = Bounds {
    bytes: 8 * 1024 * 1024,
    time: Duration::from_mins(1),
};

/// What a body tells of.
#[derive(Clone, Debug)]
pub(crate) enum Collector {
    /// A sender's own events.
    Events(event::Wanted),
    /// What Composer has installed. Only packages of `ours` are taken.
    Installs { ours: Vec<Pattern> },
    /// What the snippet of another product sends.
    Compat(Message),
    /// What the script on a page saw; of no site where nobody knows its pixel.
    Page(Option<page_script::Site>),
}

impl Collector {
    /// How much of a body is read, and for how long.
    pub(crate) fn bounds(&self) -> Bounds {
        match self {
            Self::Events(wanted) if wanted.by_line => BY_LINE,
            _ => Bounds::WHOLE,
        }
    }

    /// The status that events taken of the body carry.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Events(wanted) => wanted.status,
            Self::Installs { .. } => 200,
            Self::Compat(message) => message.status(),
            Self::Page(_) => 204,
        }
    }

    /// Begins to read a body, each of whose events is on top of `base`.
    pub(crate) fn begin(&self, base: Fact<'static>) -> Reading<'_> {
        match self {
            Self::Events(wanted) if wanted.by_line => {
                Reading::Lines(Lines::new(wanted.clone(), base))
            }
            _ => Reading::Whole {
                collector: self,
                base,
                body: Vec::new(),
            },
        }
    }

    /// What `body` tells, each on top of `base`, and the answer.
    fn read(&self, base: &Fact<'static>, body: &[u8]) -> (Vec<Fact<'static>>, Reply) {
        match self {
            Self::Events(wanted) => document::take(wanted, base, body),
            Self::Installs { ours } => (installs::read(base, body, ours), installs::thanks()),
            Self::Compat(message) => message.read(base, body),
            Self::Page(site) => page_script::read(site.as_ref(), base, body),
        }
    }

    /// The answer to a body that did not arrive whole.
    fn unread(&self, failure: Failure, dialect: Dialect) -> Reply {
        match self {
            Self::Events { .. } | Self::Compat(_) => dialect.reply(&failure),
            Self::Installs { .. } => installs::thanks(),
            Self::Page(_) => page_script::unread(failure),
        }
    }
}

/// A body as far as it has arrived.
pub(crate) enum Reading<'c> {
    /// Each line is taken when it ends.
    Lines(Lines),
    /// All of it or nothing.
    Whole {
        collector: &'c Collector,
        base: Fact<'static>,
        body: Vec<u8>,
    },
}

impl Reading<'_> {
    /// What is known of the body's events by its next `piece`.
    pub(crate) fn piece(&mut self, piece: &[u8]) -> Vec<Fact<'static>> {
        match self {
            Self::Lines(lines) => lines.piece(piece),
            Self::Whole { body, .. } => {
                body.extend_from_slice(piece);
                Vec::new()
            }
        }
    }

    /// The other events and the answer; `arrived` says whether the body is whole.
    pub(crate) fn end(
        self,
        arrived: Result<(), Failure>,
        dialect: Dialect,
    ) -> (Vec<Fact<'static>>, Reply) {
        match (self, arrived) {
            (Self::Lines(lines), arrived) => {
                let (last, reply) = lines.end(arrived);
                (last.into_iter().collect(), reply)
            }
            (
                Self::Whole {
                    collector,
                    base,
                    body,
                },
                Ok(()),
            ) => collector.read(&base, &body),
            (Self::Whole { collector, .. }, Err(failure)) => {
                (Vec::new(), collector.unread(failure, dialect))
            }
        }
    }
}

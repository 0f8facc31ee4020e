//! A request as a span: what the configuration says of it, how it was answered, and nothing of who asked for what.

use std::borrow::Cow;
use std::time::Instant;

use weir_traces::{Key, Remote, Request, Span};

use crate::head::Head;
use crate::recorder::Outcome;
use crate::routes::Routes;
use crate::traffic::Mark;

/// The part of the configuration that a request fits: never its own path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pattern<'a> {
    /// None.
    #[default]
    Unknown,
    /// This one.
    Whole(&'a str),
    /// Anything below this path.
    Below(&'a str),
}

impl<'a> Pattern<'a> {
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Unknown => None,
            Self::Whole(pattern) => Some(Cow::Borrowed(pattern)),
            Self::Below(path) => Some(Cow::Owned(format!("{}/*", path.trim_end_matches('/')))),
        }
    }
}

/// Who asks for it, and where that is served.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) head: &'a Head<'a>,
    /// The client came by TLS, here or to a trusted proxy.
    pub(crate) secure: bool,
    /// What the peer says of others is believed.
    pub(crate) trusted: bool,
    pub(crate) routes: &'a Routes,
    pub(crate) pattern: Pattern<'a>,
}

/// The moment, where requests are traced.
pub(crate) fn begun() -> Option<Instant> {
    weir_traces::traces_requests().then(Instant::now)
}

/// The span of a request that came at `begun`, if it is one of those that are traced. None of who asked not to be
/// counted are.
pub(crate) fn request(begun: Instant, asked: Asked<'_>) -> Span {
    if !weir_traces::traces_requests() || asked.head.opted_out {
        return Span::default();
    }
    let Asked {
        head,
        secure,
        trusted,
        routes,
        pattern,
    } = asked;
    Span::request(begun, joined(head, trusted), || Request {
        method: head.method.as_str(),
        scheme: if secure { "https" } else { "http" },
        domain: routes.domain(&head.host),
        route: pattern.text(),
    })
}

/// The trace that a trusted proxy says this belongs to, where that is believed.
fn joined(head: &Head<'_>, trusted: bool) -> Option<Remote> {
    let believed = trusted && weir_traces::joins();
    Remote::parse(head.field("traceparent").filter(|_| believed)?)
}

/// Says how it was answered.
pub(crate) fn answered(span: &mut Span, mark: Mark, outcome: Outcome) {
    if !span.is_on() {
        return;
    }
    let [ecosystem, _, ending] = mark.words();
    span.note(Key::Ecosystem, ecosystem);
    span.note(Key::Outcome, ending);
    span.answered(outcome.status);
}

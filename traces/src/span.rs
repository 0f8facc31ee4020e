//! One piece of work, from its beginning to where it is dropped.

use std::borrow::Cow;
use std::time::{Duration, Instant, SystemTime};

use crate::attribute::{Key, Value};
use crate::remote::Remote;
use crate::sink;

/// Where a span stands: its trace and itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
}

tokio::task_local! {
    /// The span that the work at hand is part of.
    static CURRENT: Option<Place>;
}

/// Which side of a call this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Neither.
    Internal,
    /// Who is asked.
    Server,
    /// Who asks.
    Client,
}

/// A span that has ended.
#[derive(Debug)]
pub struct Finished {
    pub(crate) name: Cow<'static, str>,
    pub(crate) side: Side,
    pub(crate) place: Place,
    pub(crate) parent: Option<[u8; 8]>,
    pub(crate) begun: SystemTime,
    pub(crate) took: Duration,
    pub(crate) failed: bool,
    pub(crate) attributes: Vec<(Key, Value)>,
}

/// What is known of a request that is traced.
#[derive(Debug)]
pub struct Request<'a> {
    /// Its method.
    pub method: &'static str,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The domain of the configuration that it is for.
    pub domain: Option<&'a str>,
    /// The pattern of the configuration that it fits: never the path that was asked for.
    pub route: Option<Cow<'a, str>>,
}

/// A piece of work under way. It ends, and is handed over, where it is dropped. Nothing is kept while nobody wants it.
#[derive(Debug, Default)]
pub struct Span(Option<Box<Live>>);

#[derive(Debug)]
struct Live {
    /// `None` only in the moment of handing it over.
    finished: Option<Finished>,
    begun: Instant,
}

impl Span {
    /// A request that came at `begun`, if it is one of those that are traced. Who joined a trace of somebody else's
    /// stands below that one's span.
    #[inline]
    pub fn request<'a>(
        begun: Instant,
        joined: Option<Remote>,
        what: impl FnOnce() -> Request<'a>,
    ) -> Self {
        if sink::wants_request(joined) {
            Self::of_request(begun, joined, what())
        } else {
            Self(None)
        }
    }

    #[cold]
    fn of_request(begun: Instant, joined: Option<Remote>, what: Request<'_>) -> Self {
        let parent = joined.map(|Remote { trace, span, .. }| Place { trace, span });
        let Request {
            method,
            scheme,
            domain,
            route,
        } = what;
        let name = match &route {
            Some(route) => Cow::Owned(format!("{method} {route}")),
            None => Cow::Borrowed(method),
        };
        let mut span = Self::begin(name, Side::Server, parent);
        span.note(Key::Method, method);
        span.note(Key::Scheme, scheme);
        if let Some(route) = &route {
            span.note(Key::Route, Value::written(route));
        }
        if let Some(domain) = domain {
            span.note(Key::Server, Value::written(domain));
        }
        span.since(begun);
        span
    }

    /// A piece of the program's own work: part of what is at hand, or a trace of its own.
    pub fn work(name: &'static str) -> Self {
        if sink::wants_work() {
            Self::begin(name.into(), Side::Internal, current())
        } else {
            Self(None)
        }
    }

    /// The same where it is a question to somebody else.
    pub fn call(name: &'static str) -> Self {
        if sink::wants_work() {
            Self::begin(name.into(), Side::Client, current())
        } else {
            Self(None)
        }
    }

    /// A question to somebody else that is part of it.
    #[must_use]
    pub fn asking(&self, name: &'static str) -> Self {
        match self.place() {
            Some(place) => Self::begin(name.into(), Side::Client, Some(place)),
            None => Self(None),
        }
    }

    /// A question to somebody else that is part of the work at hand, where that is traced.
    pub fn asking_now(name: &'static str) -> Self {
        match current() {
            Some(parent) => Self::begin(name.into(), Side::Client, Some(parent)),
            None => Self(None),
        }
    }

    fn begin(name: Cow<'static, str>, side: Side, parent: Option<Place>) -> Self {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        if getrandom::fill(&mut span).is_err() {
            return Self(None);
        }
        match parent {
            Some(parent) => trace = parent.trace,
            None if getrandom::fill(&mut trace).is_err() => return Self(None),
            None => {}
        }
        Self(Some(Box::new(Live {
            begun: Instant::now(),
            finished: Some(Finished {
                name,
                side,
                place: Place { trace, span },
                parent: parent.map(|parent| parent.span),
                begun: SystemTime::now(),
                took: Duration::ZERO,
                failed: false,
                attributes: Vec::with_capacity(8),
            }),
        })))
    }

    /// It began then, which is a moment ago.
    fn since(&mut self, begun: Instant) {
        if let Some(live) = &mut self.0
            && let Some(finished) = &mut live.finished
        {
            finished.begun -= live.begun.saturating_duration_since(begun);
            live.begun = begun;
        }
    }

    /// Tells nobody of it: another span takes its place.
    pub fn forget(mut self) {
        if let Some(live) = &mut self.0 {
            live.finished = None;
        }
    }

    /// Whether anybody wants to know.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Says something of it.
    pub fn note(&mut self, key: Key, value: impl Into<Value>) {
        if let Some(finished) = self.finished() {
            finished.attributes.push((key, value.into()));
        }
    }

    /// It went wrong: `why` is one of a few words.
    pub fn fail(&mut self, why: &'static str) {
        self.note(Key::ErrorType, why);
        if let Some(finished) = self.finished() {
            finished.failed = true;
        }
    }

    /// How it was answered. For whoever is asked, what the client did wrong is no failure; for who asks, it is.
    pub fn answered(&mut self, status: u16) {
        self.note(Key::Status, status);
        if let Some(finished) = self.finished() {
            let fails_from = if finished.side == Side::Client {
                400
            } else {
                500
            };
            finished.failed = status >= fails_from;
        }
    }

    /// Runs `work` as a part of this: what it begins stands below.
    pub fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.place(), work)
    }

    fn place(&self) -> Option<Place> {
        let finished = self.0.as_ref()?.finished.as_ref()?;
        Some(finished.place)
    }

    fn finished(&mut self) -> Option<&mut Finished> {
        self.0.as_mut()?.finished.as_mut()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(finished) = self.finished.take() {
            sink::put(Finished {
                took: self.begun.elapsed(),
                ..finished
            });
        }
    }
}

fn current() -> Option<Place> {
    CURRENT.try_with(|place| *place).ok().flatten()
}

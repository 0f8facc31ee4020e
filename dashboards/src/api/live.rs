//! Events as they arrive, as server-sent events (WHATWG HTML, "Server-sent events").

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use utoipa::{IntoParams, ToSchema};

use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use super::{Shared, access, events};
use crate::accounts::{Caller, Permission};
use crate::answers::AskError;
use crate::live::{Counts, Live, Picture, WatchError, Watching};
use crate::query::{self, LatestEvent, Target};

/// Events that a stream begins with.
const FIRST_EVENTS: u64 = 50;
/// How often something is sent where nothing happens, and it is looked whether the viewer still may.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// What browsers wait before they connect again.
const RECONNECT: Duration = Duration::from_secs(2);
/// How long a usual gap is repeated: it is of whole hours.
const GAP_LASTS: Duration = Duration::from_mins(10);
/// When whoever comes too much may try again, in seconds.
const RETRY_AFTER_S: u64 = 10;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all.
    #[serde(default = "all")]
    #[param(default = "*")]
    package: String,
}

fn all() -> String {
    "*".to_owned()
}

/// The data of one message; its event says which.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LiveMessage {
    /// `hello`: comes first.
    Hello(LiveHello),
    /// `events`: when there are new ones.
    Events(LiveEvents),
    /// `counts`: every few seconds.
    Counts(Counts),
}

/// What holds for the whole stream.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveHello {
    /// Seconds from one event to the next in the middle one of the last week's hours; absent where most have none.
    usual_gap_s: Option<u64>,
}

/// Events that arrived.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveEvents {
    /// Newest first. Of a package that is very busy, only some.
    events: Vec<LatestEvent>,
    /// Whether they take the place of all that came before.
    first: bool,
}

impl LiveMessage {
    fn named(&self) -> Event {
        let name = match self {
            Self::Hello(_) => "hello",
            Self::Events(_) => "events",
            Self::Counts(_) => "counts",
        };
        let data = serde_json::to_string(self).expect("a message is plain data");
        Event::default().event(name).data(data)
    }
}

/// Events as they arrive, and how busy it is.
///
/// A stream of server-sent events: `hello`, then `events` and `counts`, with a comment every 5 s where nothing
/// happens. It ends when whoever asks may not see it any more, and then answers 401 or 404. Whoever connects again
/// with `Last-Event-ID` misses nothing that is still remembered; otherwise it begins with the newest 50 events.
#[utoipa::path(get, path = "/live", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "messages, for as long as somebody listens", body = LiveMessage, content_type = "text/event-stream"),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 429, description = "too many streams at once; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn stream(
    caller: Caller,
    headers: HeaderMap,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(Wanted { package }) = wanted?;
    let target = if package == "*" {
        Target::All
    } else {
        Target::Package(package)
    };
    let target = target
        .within(&caller.packages)
        .ok_or_else(no_such_package)?;
    let resumed = resumed(&headers, &dashboard.live.run).filter(|_| dashboard.live.knows_lately());
    let watching = Live::watch(&dashboard, &caller.user.id, target.clone())?;
    let mut view = View::new(dashboard, caller, headers, target, watching);
    view.begin(resumed).await?;
    let messages = stream::unfold(view, async |mut view| {
        let message = view.next().await?;
        Some((Ok::<_, Infallible>(message), view))
    });
    Ok(unbuffered(messages))
}

/// Proxies in front, such as nginx, would otherwise collect messages before they pass them on.
fn unbuffered(
    messages: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let header = (HeaderName::from_static("x-accel-buffering"), "no");
    ([header], Sse::new(messages)).into_response()
}

/// The number of the first event that a client has not seen, if it was told by this `run` what it has.
fn resumed(headers: &HeaderMap, run: &str) -> Option<u64> {
    let id = headers.get("last-event-id")?.to_str().ok()?;
    let (theirs, next) = id.split_once('-')?;
    (theirs == run).then(|| next.parse().ok()).flatten()
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Self {
        Self::later(ErrorCode::TooManyWatching, &error, RETRY_AFTER_S)
    }
}

/// One stream: what it has sent, and what waits to be.
struct View {
    dashboard: Shared,
    caller: Caller,
    /// By which the caller is recognised again.
    headers: HeaderMap,
    target: Target,
    watching: Watching,
    /// The number of the first event that is to be sent.
    from: u64,
    /// Events that the stream began with, which may come once more in a picture.
    begun: HashSet<String>,
    /// When the counts that were sent last were so.
    counted: Option<Timestamp>,
    waiting: VecDeque<Event>,
    heartbeat: Interval,
}

impl View {
    fn new(
        dashboard: Shared,
        caller: Caller,
        headers: HeaderMap,
        target: Target,
        watching: Watching,
    ) -> Self {
        let mut heartbeat = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            dashboard,
            caller,
            headers,
            target,
            from: watching.picture().next(),
            watching,
            begun: HashSet::new(),
            counted: None,
            waiting: VecDeque::new(),
            heartbeat,
        }
    }

    /// Says hello, and shows what came before or since `resumed`.
    async fn begin(&mut self, resumed: Option<u64>) -> Result<(), Failure> {
        let usual_gap_s = self.usual_gap().await?;
        let hello = LiveMessage::Hello(LiveHello { usual_gap_s }).named();
        self.waiting.push_back(hello.retry(RECONNECT));
        let picture = self.watching.picture();
        match resumed.filter(|&next| picture.remembers(next)) {
            Some(next) => self.from = next,
            None => self.first_events().await?,
        }
        self.take(&picture);
        Ok(())
    }

    async fn usual_gap(&self) -> Result<Option<u64>, Failure> {
        let sql = query::usual_hour(&self.target, (self.dashboard.clock)());
        let rows = self.dashboard.answers.rows(sql, GAP_LASTS).await?;
        Ok(query::read_usual_gap(
            rows.cells.first().and_then(|row| row.first()),
        ))
    }

    async fn first_events(&mut self) -> Result<(), Failure> {
        let rows = events::newest(&self.dashboard, &self.target, FIRST_EVENTS).await?;
        let events = rows.cells.iter().map(|row| query::read_latest(row));
        let events: Vec<_> = events.collect::<Result<_, _>>().map_err(AskError::from)?;
        self.begun = events.iter().map(|event| event.id.clone()).collect();
        self.send_events(events, true);
        Ok(())
    }

    /// The next message; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Some(message);
            }
            tokio::select! {
                picture = self.watching.changed() => {
                    let picture = picture?;
                    self.take(&picture);
                }
                _ = self.heartbeat.tick() => {
                    if !self.may_still().await {
                        return None;
                    }
                    self.waiting.push_back(Event::default().comment(""));
                }
            }
        }
    }

    /// Puts what is new in `picture` into the queue.
    fn take(&mut self, picture: &Picture) {
        let mut events = picture.events(&self.target, self.from);
        self.from = self.from.max(picture.next());
        events.retain(|event| !self.begun.contains(&event.id));
        if !events.is_empty() {
            self.send_events(events, false);
        }
        let counts = picture.counts(&self.target, self.watching.number());
        if let Some(counts) = counts.filter(|counts| self.counted != Some(counts.as_of)) {
            self.counted = Some(counts.as_of);
            self.waiting.push_back(LiveMessage::Counts(counts).named());
        }
    }

    fn send_events(&mut self, events: Vec<LatestEvent>, first: bool) {
        let id = format!("{}-{}", self.dashboard.live.run, self.from);
        let message = LiveMessage::Events(LiveEvents { events, first });
        self.waiting.push_back(message.named().id(id));
    }

    /// Whether they would be let in now, and would see the same.
    async fn may_still(&self) -> bool {
        let now = access::recognised(&self.dashboard, &self.headers).await;
        now.is_ok_and(|now| {
            now.may(Permission::Read)
                && now.user.id == self.caller.user.id
                && now.packages == self.caller.packages
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_this_process_said_is_gone_on_from() {
        let next = |id: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("last-event-id", id.parse().expect("a header"));
            resumed(&headers, "abc")
        };
        assert_eq!(next("abc-12"), Some(12));
        for id in ["abd-12", "abc", "abc-", "abc-x", "-12", ""] {
            assert_eq!(next(id), None, "{id}");
        }
        assert_eq!(resumed(&HeaderMap::new(), "abc"), None);
    }
}

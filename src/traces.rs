//! Traces on their way to the operator's collector: OTLP over HTTP, in the background.
//!
//! A collector that is slow or gone costs a bounded queue and a counter; nothing waits for it.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, StatusCode};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use weir_config::settings::Traces;
use weir_traces::{Dropped, Finished, Joining, Options, Resource, note_dropped, note_sent};

/// Spans of one message, at most, and how long the first of them waits for others.
const MOST: usize = 512;
const GATHERING: Duration = Duration::from_secs(2);
/// How long the collector may take for one message.
const PATIENCE: Duration = Duration::from_secs(10);
/// Tries for one message, with pauses that double from the first; a collector may ask for longer ones, up to the last.
const TRIES: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long the end of the program waits for the last ones.
const LAST: Duration = Duration::from_secs(2);

/// Sends what is traced, until it is told to end.
pub struct Export {
    end: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl Export {
    /// Turns tracing on as `traces` says. Nothing where another part of this process has done so already.
    pub fn start(traces: &Traces, background: &Runtime) -> anyhow::Result<Option<Self>> {
        let joining = if traces.join {
            Joining::Trusted
        } else {
            Joining::Never
        };
        let collector = Collector::new(traces)?;
        let options = Options {
            share: traces.ratio,
            joining,
        };
        let Some(finished) = weir_traces::start(options) else {
            return Ok(None);
        };
        let (end, ended) = oneshot::channel();
        let done = background.spawn(collector.run(finished, ended));
        tracing::info!(
            collector = traces.url.as_str(),
            ratio = traces.ratio,
            "traces are sent"
        );
        Ok(Some(Self { end, done }))
    }

    /// Sends what there is, and no more.
    pub fn finish(self, background: &Runtime) {
        drop(self.end);
        // What a slow collector has not got by then is lost, which is what traces may be.
        let _ = background.block_on(async { timeout(LAST, self.done).await });
    }
}

/// The operator's collector.
pub(crate) struct Collector {
    client: Client,
    traces: Traces,
    resource: Resource,
    /// It did not take the message before, which has been said.
    failing: bool,
}

/// What became of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It took all spans but so many.
    Taken(u64),
    /// It may take them later, at the earliest after this.
    Later(Option<Duration>),
    /// It does not want them.
    Never,
}

impl Collector {
    /// Nothing is sent yet.
    pub(crate) fn new(traces: &Traces) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in &traces.headers {
            let name = HeaderName::try_from(name).context("[operator] traces_headers_file")?;
            let mut value =
                HeaderValue::try_from(value).context("[operator] traces_headers_file")?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-protobuf"),
        );
        let client = Client::builder()
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .context("cannot set up the way to the collector of traces")?;
        Ok(Self {
            client,
            traces: traces.clone(),
            resource: Resource {
                version: env!("CARGO_PKG_VERSION"),
                instance: instance(),
            },
            failing: false,
        })
    }

    async fn run(mut self, mut finished: mpsc::Receiver<Finished>, end: oneshot::Receiver<()>) {
        let mut spans = Vec::with_capacity(MOST);
        let for_ever = async {
            loop {
                gather(&mut finished, &mut spans).await;
                self.send(&spans).await;
                spans.clear();
            }
        };
        tokio::select! {
            () = for_ever => {}
            _ = end => {}
        }
        loop {
            while spans.len() < MOST
                && let Ok(span) = finished.try_recv()
            {
                spans.push(span);
            }
            if spans.is_empty() {
                return;
            }
            self.send(&spans).await;
            spans.clear();
        }
    }

    /// Sends one message, again where that may help. Others gather in the queue meanwhile, as many as it holds.
    async fn send(&mut self, spans: &[Finished]) {
        let message = self.resource.message(spans);
        let count = spans.len() as u64;
        let mut pause = FIRST_PAUSE;
        for tried in 1..=TRIES {
            match self.try_once(message.clone()).await {
                Answer::Taken(rejected) => {
                    let rejected = rejected.min(count);
                    note_sent(count - rejected);
                    note_dropped(Dropped::Refused, rejected);
                    return self.note(Ok(()));
                }
                Answer::Never => {
                    note_dropped(Dropped::Refused, count);
                    return self.note(Err("it refuses them"));
                }
                Answer::Later(asked) if tried < TRIES => {
                    let wait = asked.unwrap_or(pause).min(LONGEST_PAUSE);
                    sleep(wait).await;
                    pause *= 2;
                }
                Answer::Later(_) => {}
            }
        }
        note_dropped(Dropped::Unreachable, count);
        self.note(Err("it does not answer"));
    }

    /// What it answers to a message without a span.
    pub(crate) async fn ask(&self) -> reqwest::Result<StatusCode> {
        let message = self.resource.message(&[]);
        let request = self.client.post(self.traces.url.clone()).body(message);
        Ok(request.send().await?.status())
    }

    async fn try_once(&self, message: Vec<u8>) -> Answer {
        let request = self.client.post(self.traces.url.clone()).body(message);
        let Ok(response) = request.send().await else {
            return Answer::Later(None);
        };
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER);
        let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
        match status {
            StatusCode::OK => {
                let body = response.bytes().await.unwrap_or_default();
                Answer::Taken(weir_traces::rejected(&body))
            }
            other => judge(other, after.map(Duration::from_secs)),
        }
    }

    /// Says when it begins and when it ends that a collector takes nothing.
    fn note(&mut self, sent: Result<(), &str>) {
        let was_failing = std::mem::replace(&mut self.failing, sent.is_err());
        let host = self.traces.url.host_str();
        match sent {
            Ok(()) if was_failing => tracing::info!(host, "the collector takes traces again"),
            Err(reason) if !was_failing => {
                tracing::warn!(host, reason, "the collector takes no traces");
            }
            _ => {}
        }
    }
}

/// Which answers are worth another try (OTLP, "Retryable Response Codes").
fn judge(status: StatusCode, after: Option<Duration>) -> Answer {
    match status.as_u16() {
        200..=299 => Answer::Taken(0),
        429 | 502..=504 => Answer::Later(after),
        _ => Answer::Never,
    }
}

/// Waits for a span, and then a little for others.
async fn gather(finished: &mut mpsc::Receiver<Finished>, spans: &mut Vec<Finished>) {
    if spans.is_empty() && finished.recv_many(spans, MOST).await == 0 {
        // The queue lives as long as the process.
        std::future::pending::<()>().await;
    }
    let until = Instant::now() + GATHERING;
    while spans.len() < MOST {
        let room = MOST - spans.len();
        if timeout_at(until, finished.recv_many(spans, room))
            .await
            .is_err()
        {
            return;
        }
    }
}

/// A name for this process among others: random, so that it says nothing of the machine.
fn instance() -> String {
    let mut bytes = [0; 8];
    match ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes) {
        Ok(()) => hex::encode(bytes),
        Err(_) => std::process::id().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_that_may_change_are_worth_another_try() {
        let judged = |status| {
            let status = StatusCode::from_u16(status).expect("a status");
            judge(status, Some(Duration::from_secs(3)))
        };
        let later = Answer::Later(Some(Duration::from_secs(3)));
        for (status, answer) in [
            (202, Answer::Taken(0)),
            (302, Answer::Never),
            (400, Answer::Never),
            (401, Answer::Never),
            (429, later),
            (500, Answer::Never),
            (502, later),
            (503, later),
            (504, later),
        ] {
            assert_eq!(judged(status), answer, "{status}");
        }
    }
}

//! Where spans go: a queue of the process that is there once tracing is on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::sync::mpsc;

use crate::counts::{Dropped, note_dropped};
use crate::remote::Remote;
use crate::sampling::Chance;
pub use crate::span::Finished;

/// Spans that wait to be sent, at most.
const MOST: usize = 2048;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Which part of requests, from 0 to 1. The program's own work is traced always.
    pub share: f64,
    /// Whether traces of others are joined.
    pub joining: Joining,
}

/// Whether a request that says which trace it belongs to is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// Nobody's.
    Never,
    /// A trusted proxy's, which then says which requests are traced.
    Trusted,
}

struct Sink {
    queue: mpsc::Sender<Finished>,
    chance: Chance,
    options: Options,
}

static SINK: OnceLock<Sink> = OnceLock::new();
/// Whether some requests are traced: what is looked at for every one.
static REQUESTS: AtomicBool = AtomicBool::new(false);

/// Turns tracing on, for as long as the process lives; what comes out is to be sent. A second start in one process
/// keeps the first.
pub fn start(options: Options) -> Option<mpsc::Receiver<Finished>> {
    let (queue, finished) = mpsc::channel(MOST);
    let sink = Sink {
        queue,
        chance: Chance::of(options.share),
        options,
    };
    SINK.set(sink).ok()?;
    let any = options.share > 0.0 || options.joining == Joining::Trusted;
    REQUESTS.store(any, Relaxed);
    Some(finished)
}

/// What is traced, where something is.
pub fn options() -> Option<Options> {
    SINK.get().map(|sink| sink.options)
}

/// Whether some requests are traced. Cheap enough to be asked for every one.
#[inline]
pub fn traces_requests() -> bool {
    REQUESTS.load(Relaxed)
}

/// Whether a trusted proxy's `traceparent` is to be read.
pub fn joins() -> bool {
    let joins = |sink: &Sink| sink.options.joining == Joining::Trusted;
    traces_requests() && SINK.get().is_some_and(joins)
}

/// Whether this request is traced.
#[inline]
pub(crate) fn wants_request(joined: Option<Remote>) -> bool {
    traces_requests() && chosen(joined)
}

#[cold]
fn chosen(joined: Option<Remote>) -> bool {
    match joined {
        Some(remote) => remote.sampled,
        None => SINK.get().is_some_and(|sink| sink.chance.hits()),
    }
}

/// Whether the program's own work is traced.
pub(crate) fn wants_work() -> bool {
    SINK.get().is_some()
}

/// Hands over, or drops what there is no room for.
pub(crate) fn put(finished: Finished) {
    if let Some(sink) = SINK.get()
        && sink.queue.try_send(finished).is_err()
    {
        note_dropped(Dropped::Full, 1);
    }
}

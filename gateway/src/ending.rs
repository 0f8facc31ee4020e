//! How serving ends: soon, or unnoticed where another process serves the same sockets by then.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long answers under way may take once nobody serves here any more: what waits for this process's end,
/// such as systemd or Kubernetes, is not patient for much longer.
const DRAIN: Duration = Duration::from_secs(20);
/// The same while a successor serves: as long as a slow client may take for a large file.
const DRAIN_BEHIND: Duration = Duration::from_mins(30);

/// How this process will end.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    succeeded: AtomicBool,
}

impl Ending {
    pub(crate) fn is_succeeded(&self) {
        self.succeeded.store(true, Ordering::Release);
    }

    fn has_successor(&self) -> bool {
        self.succeeded.load(Ordering::Acquire)
    }

    /// Whether a connection that waits for its next request may have it answered, with `Connection: close`. To
    /// close it now could cross with a request, which the client cannot tell from a failure (RFC 9112 §9.5).
    pub(crate) fn lets_ask_once_more(&self) -> bool {
        self.has_successor()
    }

    /// How long answers under way are waited for.
    pub(crate) fn drain(&self) -> Duration {
        if self.has_successor() {
            DRAIN_BEHIND
        } else {
            DRAIN
        }
    }
}

//! One connection among all: since when it waits for its client, and the word that it ends.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use tokio::sync::Notify;

/// What a connection says of itself, which costs a store, and what it is told.
#[derive(Debug, Default)]
pub(crate) struct Seat {
    /// By [`now_ms`], and one more; 0 while something is done for the client.
    waits: AtomicU64,
    end: Notify,
}

impl Seat {
    /// From now on nothing is done here but waiting for the client.
    pub(crate) fn waits(&self, now: Instant) {
        self.waits.store(ms(now) + 1, Relaxed);
    }

    /// The client has asked for something.
    pub(crate) fn works(&self) {
        self.waits.store(0, Relaxed);
    }

    pub(super) fn waits_since(&self) -> Option<u64> {
        self.waits.load(Relaxed).checked_sub(1)
    }

    pub(crate) fn end(&self) {
        self.end.notify_one();
    }

    /// Waits until another needs the place more.
    pub(crate) async fn ended(&self) {
        self.end.notified().await;
    }
}

/// Milliseconds of a clock that begins with the program and never jumps.
pub(super) fn now_ms() -> u64 {
    ms(Instant::now())
}

fn ms(time: Instant) -> u64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    time.saturating_duration_since(*BEGUN).as_millis() as u64
}

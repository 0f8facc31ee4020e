//! The signals that the program lives by. Listening begins before it says that it runs: a signal
//! that nobody listens for ends a process.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT: end in order.
pub(super) struct End {
    terminate: Signal,
    interrupt: Signal,
}

impl End {
    /// Listens from here on. Needs a runtime around it.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first of them.
    pub(super) async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// SIGHUP: read the configuration again.
pub(super) struct Reloads(Signal);

impl Reloads {
    /// Listens from here on. Needs a runtime around it.
    pub(super) fn listen() -> io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Waits for the next one.
    pub(super) async fn asked(&mut self) {
        // The stream of a signal does not end.
        self.0.recv().await;
    }
}

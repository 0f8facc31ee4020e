//! The signals that the program lives by. Listening begins before it says that it runs: a signal
//! that nobody listens for ends a process.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT: end in order. SIGUSR2: let the program that is on disk now take this one's place.
pub(super) struct End {
    terminate: Signal,
    interrupt: Signal,
    replace: Signal,
}

/// What such a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    End,
    Replace,
}

impl End {
    /// Listens from here on. Needs a runtime around it.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            replace: signal(SignalKind::user_defined2())?,
        })
    }

    /// Waits for the first of them.
    pub(super) async fn asked(&mut self) -> Asked {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Asked::End,
            _ = self.interrupt.recv() => Asked::End,
            _ = self.replace.recv() => Asked::Replace,
        }
    }

    /// Waits until it is to end, whatever else is asked for.
    pub(super) async fn asked_to_end(&mut self) {
        while self.asked().await != Asked::End {}
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

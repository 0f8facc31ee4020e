//! The spool's threads: started as they are needed, ended together.

use std::{
    io,
    sync::mpsc,
    thread::{self, JoinHandle, Thread},
    time::Duration,
};

/// Threads that end when they are told to.
pub(crate) struct Crew {
    threads: Vec<JoinHandle<()>>,
    /// Held by every thread for as long as it works.
    alive: mpsc::Sender<()>,
    /// Disconnected once every thread has ended.
    ended: mpsc::Receiver<()>,
}

impl Crew {
    pub(crate) fn new() -> Self {
        let (alive, ended) = mpsc::channel();
        Self {
            threads: Vec::new(),
            alive,
            ended,
        }
    }

    /// Starts a thread; it can be woken through what is returned.
    pub(crate) fn start(
        &mut self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> io::Result<Thread> {
        let alive = self.alive.clone();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                work();
                drop(alive);
            })?;
        let handle = thread.thread().clone();
        self.threads.push(thread);
        Ok(handle)
    }

    /// Wakes every thread and waits until all have ended; `false` if that takes longer than `patience`.
    pub(crate) fn end(self, patience: Duration) -> bool {
        for thread in &self.threads {
            thread.thread().unpark();
        }
        drop(self.alive);
        if let Err(mpsc::RecvTimeoutError::Timeout) = self.ended.recv_timeout(patience) {
            return false;
        }
        for thread in self.threads {
            thread.join().ok();
        }
        true
    }
}

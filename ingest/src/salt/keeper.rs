//! Keeps the salt of this process the one that its store has, beside the requests and never before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use weir_config::settings::SaltPlace;
use zeroize::zeroize_stack;

use super::store::{Store, StoreError};
use super::{SECONDS_A_DAY, Salts};

/// Seconds between looks at the store.
const EVERY: u32 = 30;
/// Seconds before midnight from which on tomorrow's salt is agreed on, so that the first request of the
/// day finds it.
const EARLY: u32 = 600;
/// Bytes of stack that a look at the store may leave a salt in.
const STACK: usize = 64 * 1024;

/// A thread that looks at the store; it ends with this.
pub(crate) struct Keeper {
    failures: Arc<AtomicU64>,
    _alive: mpsc::Sender<()>,
}

impl Keeper {
    /// Agrees with the store that `place` names, and goes on doing so. A store that cannot be reached is
    /// waited for while the process counts under a salt of its own; one that must not be used is an error.
    pub(crate) fn start(
        place: &SaltPlace,
        salts: &Arc<Salts>,
        now: impl Fn() -> u32 + Send + 'static,
    ) -> Result<Option<Self>, StoreError> {
        let Some(store) = Store::of(place) else {
            return Ok(None);
        };
        let failures = Arc::<AtomicU64>::default();
        let mut watch = Watch::new(store, Arc::clone(salts), Arc::clone(&failures));
        match watch.agree(now()) {
            Err(error) if !error.passes() => return Err(error),
            outcome => watch.note(outcome, now()),
        }
        let (alive, ended) = mpsc::channel();
        let run = move || {
            while ended.recv_timeout(pause(now())) == Err(RecvTimeoutError::Timeout) {
                let outcome = watch.agree(now());
                watch.note(outcome, now());
            }
        };
        std::thread::Builder::new()
            .name("salt".to_owned())
            .spawn(run)
            .map_err(|source| StoreError::Away {
                store: "here".to_owned(),
                source,
            })?;
        Ok(Some(Self {
            failures,
            _alive: alive,
        }))
    }

    /// How often the store gave no salt since the start.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }
}

/// Until the next look: half a minute, or midnight if that is earlier.
fn pause(now: u32) -> Duration {
    let left = SECONDS_A_DAY - now % SECONDS_A_DAY;
    Duration::from_secs(left.min(EVERY).into())
}

/// What the thread works on.
struct Watch {
    store: Store,
    salts: Arc<Salts>,
    failures: Arc<AtomicU64>,
    /// What was wrong at the last look, so that it is said once.
    trouble: Option<String>,
}

impl Watch {
    fn new(store: Store, salts: Arc<Salts>, failures: Arc<AtomicU64>) -> Self {
        Self {
            store,
            salts,
            failures,
            trouble: None,
        }
    }

    /// Agrees on today's salt and, late in the day, on tomorrow's.
    fn agree(&self, now: u32) -> Result<(), StoreError> {
        let outcome = self.agree_leaving_traces(now);
        zeroize_stack::<STACK>();
        outcome
    }

    /// Has a frame of its own, so that whatever it leaves on the stack lies below its caller's.
    #[inline(never)]
    fn agree_leaving_traces(&self, now: u32) -> Result<(), StoreError> {
        let today = self.salts.at(now);
        if let Some(held) = self.store.agree(&today, now)? {
            self.salts.adopt(held);
        }
        if self.store.is_shared() && now % SECONDS_A_DAY >= SECONDS_A_DAY - EARLY {
            self.prepare(today.day() + 1, now)?;
        }
        Ok(())
    }

    fn prepare(&self, day: u32, now: u32) -> Result<(), StoreError> {
        let offer = self.salts.prepared(day);
        let held = self.store.agree(&offer, now)?;
        self.salts.prepare(held.map_or(offer, Arc::new));
        Ok(())
    }

    /// Counts and says what changed.
    fn note(&mut self, outcome: Result<(), StoreError>, now: u32) {
        let error = match outcome {
            Ok(()) => {
                if self.trouble.take().is_some() {
                    tracing::info!(
                        "the store of salts is there again: visitors are counted under its salt"
                    );
                }
                return;
            }
            Err(error) => error,
        };
        self.failures.fetch_add(1, Ordering::Relaxed);
        let text = in_full(&error);
        if self.trouble.as_ref() == Some(&text) {
            return;
        }
        if !error.passes() {
            // What it was told may be anywhere by now.
            self.salts.renew(now);
        }
        tracing::warn!(
            error = text,
            "no salt from the store: until there is, this gateway counts visitors by itself"
        );
        self.trouble = Some(text);
    }
}

/// An error with what caused it, on one line.
fn in_full(error: &StoreError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;

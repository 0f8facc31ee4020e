//! What the tables need beside new events: people are counted before they are forgotten, rollups are
//! compared with the events.
//!
//! Each gateway does it; all of it may be done by several at once. Nothing here is in the way of
//! events: it has a thread and connections of its own, and whatever fails is tried again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use crate::engine::{Access, Engine, EngineState, Role};
use crate::rollups::{ROLLUPS, RollupError, Wrong, differences, note_people, rebuild};
use crate::schema::{Layout, Retention};

/// How often people are counted. They are known for hours at least, so a few misses do not matter.
const EVERY: Duration = Duration::from_mins(10);

/// How soon it is tried again where it failed; tables follow a new engine by a moment.
const SOON: Duration = Duration::from_secs(5);

/// How often rollups are compared with events.
const COMPARED_EVERY: Duration = Duration::from_hours(24);

/// Upkeep in progress, on a thread of its own. Dropping it ends it.
pub struct Upkeep {
    wrong_days: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, thiserror::Error)]
enum UpkeepError {
    #[error(transparent)]
    Rollup(#[from] RollupError),
}

impl Upkeep {
    /// Begins to look after the tables of `engine`.
    ///
    /// Our own engine's rollups are mended. A server's are its operator's to change: what is wrong with
    /// them is said in the log. `retention` says how far back there are events to compare with.
    pub fn start(engine: &Engine, retention: Retention) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel::<()>();
        let round = Round {
            writer: engine.access(Role::Ingest),
            owner: engine.access(Role::Migrate),
            state: engine.state(),
            retention,
            compared: None,
            wrong_days: Arc::default(),
        };
        let wrong_days = Arc::clone(&round.wrong_days);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name("upkeep".into())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        biased;
                        _ = stopped => {}
                        () = round.repeat() => {}
                    }
                });
            })?;
        Ok(Self {
            wrong_days,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Days of rollups that differed from the events at the last comparison and were left as they are.
    pub fn wrong_days(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.wrong_days)
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the upkeep's thread panicked");
        }
    }
}

/// What the thread works with.
struct Round {
    writer: Access,
    owner: Access,
    state: watch::Receiver<EngineState>,
    retention: Retention,
    compared: Option<Instant>,
    wrong_days: Arc<AtomicU64>,
}

impl Round {
    async fn repeat(mut self) {
        let mut worked = false;
        loop {
            self.wait_until_up().await;
            let pause = match self.once().await {
                Ok(()) => {
                    worked = true;
                    EVERY
                }
                // Until the tables are there for the first time, that is to be expected.
                Err(error) if !worked => {
                    tracing::debug!(error = %told(&error), "the tables are not there yet");
                    SOON
                }
                Err(error) => {
                    tracing::warn!(error = %told(&error), "the tables could not be looked after");
                    SOON
                }
            };
            sleep(pause).await;
        }
    }

    async fn wait_until_up(&mut self) {
        let up = |state: &EngineState| matches!(state, EngineState::Ready | EngineState::External);
        if self.state.wait_for(up).await.is_err() {
            // The engine is gone for good, and so are we in a moment.
            std::future::pending::<()>().await;
        }
    }

    async fn once(&mut self) -> Result<(), UpkeepError> {
        note_people(&self.writer).await?;
        if self
            .compared
            .is_none_or(|then| then.elapsed() > COMPARED_EVERY)
        {
            self.compare().await?;
            self.compared = Some(Instant::now());
        }
        Ok(())
    }

    async fn compare(&self) -> Result<(), UpkeepError> {
        let now = now();
        let today = now / 86_400;
        let first = self.retention.first_whole_day(today);
        let mut wrong = 0;
        for rollup in ROLLUPS {
            let table = rollup.table;
            let found = differences(&self.writer, &Layout::Server, rollup, first).await?;
            let days = found.iter().filter(|found| found.day < today).count();
            if days == 0 {
                continue;
            }
            let behind = found.iter().all(|found| found.counted < found.events);
            if self.is_ours() && behind {
                rebuild(&self.owner, &Layout::Server, rollup, first, Wrong::Behind).await?;
                tracing::warn!(table, days, "days of a rollup were counted again");
            } else {
                wrong += days as u64;
                tracing::error!(
                    table,
                    days,
                    "days of a rollup differ from the events: see `weir rebuild`"
                );
            }
        }
        self.wrong_days.store(wrong, Ordering::Relaxed);
        Ok(())
    }

    fn is_ours(&self) -> bool {
        *self.state.borrow() != EngineState::External
    }
}

fn told(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Seconds since 1970.
fn now() -> u32 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}

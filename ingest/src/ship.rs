//! Carries sealed batches from the spool into ClickHouse: oldest first, one in flight, each once.
//!
//! How a batch comes to count once, whatever ends in between:
//!
//! - its events and their ids are fixed when it is sealed, and so is its token;
//! - ClickHouse skips a block whose token it has stored before, in the table and in every rollup, so
//!   sending again is always safe while it remembers, and completes what was cut short;
//! - its memory of tokens is not synced to disk and may be lost with the power. In any doubt (no
//!   clear answer, or a batch of an earlier process) it is therefore looked for first, and sent
//!   again only if something of it is missing;
//! - only then is it acknowledged, and it comes again if that fails;
//! - a ClickHouse that was started again may be an older copy of itself. The spool keeps what it
//!   confirmed lately, and all of that is looked for once more.
//!
//! A batch that is refused is halved until the wrong rows are alone. They go to `dead/`, the others
//! are stored, and the next batch follows: nothing stops the line.

mod delivery;
mod pace;
pub(crate) mod piece;
mod restart;

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;
use weir_event::Event;
use weir_spool::Spool;
use weir_traces::{Key, Span};

use crate::engine::{Access, Engine, EngineState, Role};
use crate::rollups::{ROLLUPS, Wrong, rebuild};
use crate::schema::{self, Layout, Retention};
use crate::store::Store;
use delivery::Delivery;
use pace::Pace;
use restart::Restarts;

const SECONDS_A_DAY: u32 = 86_400;

/// How long one wait for a sealed batch lasts; a stop is noticed within it.
const WAIT: Duration = Duration::from_millis(200);

/// How often ClickHouse is asked for how long it has been running. After a failed attempt it is asked
/// at once.
const ASK_EVERY: Duration = Duration::from_secs(10);

/// How shipping goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShipState {
    /// Whether the tables are those of this build. A server of somebody else's is taken to have them.
    pub prepared: bool,
    /// Batches that are sealed and not yet stored.
    pub pending_batches: usize,
    /// When a batch was last stored.
    pub last_success: Option<SystemTime>,
    /// What is in the way, if something is.
    pub last_error: Option<String>,
    /// Attempts that failed and were repeated.
    pub retries: u64,
    /// Batches that were stored.
    pub batches: u64,
    /// Rows that were stored.
    pub rows: u64,
    /// Rows that were refused and put aside.
    pub dead_rows: u64,
    /// Rows that ClickHouse has once too often: it forgot a token that it should have known.
    pub doubled_rows: u64,
}

/// Shipping in progress, on a thread of its own. Dropping it ends it as [`Shipper::stop`] does.
pub struct Shipper {
    state: watch::Receiver<ShipState>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Shipper {
    /// Begins to ship from `spool` to `engine`.
    ///
    /// Our own engine's tables are brought up to date first, and keep their rows as `retention` says; a
    /// server's are its operator's to migrate, and batches wait until they fit.
    pub fn start(spool: Arc<Spool>, engine: &Engine, retention: Retention) -> io::Result<Self> {
        let (to_state, state) = watch::channel(ShipState::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let line = Line {
            spool,
            store: Store::connect(&engine.access(Role::Ingest)),
            owner: engine.access(Role::Migrate),
            retention,
            pace: Pace::new(engine.state()),
            state: to_state,
            restarts: Restarts::default(),
            asked: None,
            doubted: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new().name("ship".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    // Whatever is in flight is dropped: it stays in the spool and comes again.
                    _ = stopped => {}
                    () = line.run() => {}
                }
            });
        })?;
        Ok(Self {
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// How it goes, and how that changes.
    pub fn state(&self) -> watch::Receiver<ShipState> {
        self.state.clone()
    }

    /// Ends shipping and waits for the thread; what is not stored stays in the spool.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the shipping thread panicked");
        }
    }
}

impl Drop for Shipper {
    fn drop(&mut self) {
        self.end();
    }
}

/// What the thread works with.
struct Line {
    spool: Arc<Spool>,
    store: Store,
    owner: Access,
    retention: Retention,
    pace: Pace,
    state: watch::Sender<ShipState>,
    restarts: Restarts,
    /// When ClickHouse was last asked for how long it has been running, and the failures until then.
    asked: Option<(Instant, u64)>,
    /// The earliest day (since 1970) of batches that were in doubt, until rollups are compared from there on.
    doubted: Option<u32>,
}

impl Line {
    async fn run(mut self) {
        self.prepare().await;
        loop {
            self.ask_for_restart().await;
            let waited = self.spool.backlog().oldest.unwrap_or_default();
            let Some(batch) = self.spool.next() else {
                self.note_pending();
                self.mend_rollups().await;
                self.wait_sealed().await;
                continue;
            };
            self.note_pending();
            let in_doubt = !batch.is_fresh();
            if in_doubt {
                self.note_doubt(&batch);
            }
            let mut span = Span::work("ship batch");
            span.note(Key::Rows, batch.count());
            span.note(Key::Bytes, batch.bytes());
            span.note(Key::Waited, milliseconds(waited));
            let delivery = Delivery {
                store: &self.store,
                pace: &mut self.pace,
                state: &self.state,
                span: &span,
            };
            let refused = delivery.deliver(&batch, in_doubt).await;
            span.note(Key::Refused, refused.len());
            let settled = settle(batch, &refused);
            if settled.is_err() {
                span.fail("not_settled");
            }
            drop(span);
            if let Err(error) = settled {
                // It comes again; what is stored of it is recognised by its token.
                let error = error.to_string();
                tracing::error!(error, "a batch is stored but cannot be settled");
                self.pace.pause(&self.state, &error).await;
            }
        }
    }

    /// Takes batches back that ClickHouse confirmed, if it was started again since or is new to us.
    async fn ask_for_restart(&mut self) {
        let failures = self.state.borrow().retries;
        let is_due = self
            .asked
            .is_none_or(|(then, before)| before != failures || then.elapsed() >= ASK_EVERY);
        if !is_due || !self.pace.may_try() {
            return;
        }
        // No answer is no news: if it matters, the next batch meets the same trouble.
        let Ok((host, uptime)) = self.store.uptime().await else {
            return;
        };
        let now = Instant::now();
        self.asked = Some((now, failures));
        if !self.restarts.note(host, now, uptime) {
            return;
        }
        match self.spool.replay() {
            Ok(0) => {}
            Ok(batches) => tracing::info!(
                batches,
                "ClickHouse has been started: looking for what it confirmed lately"
            ),
            Err(error) => tracing::error!(%error, "what ClickHouse confirmed cannot be sent again"),
        }
    }

    fn note_doubt(&mut self, batch: &weir_spool::Batch) {
        let days = batch
            .records()
            .filter_map(|record| Event::decode(record).ok())
            .map(|event| event.time / SECONDS_A_DAY);
        let first = days.chain(self.doubted).min();
        self.doubted = first;
    }

    /// Has our own engine count the days of doubtful batches again where a rollup and the events differ.
    ///
    /// A kill between a table and a view's target leaves the target behind, and sending again is no cure:
    /// ClickHouse has been seen to count another batch twice then. With nothing on its way, and no other
    /// writer, the events say what is right.
    async fn mend_rollups(&mut self) {
        if self.pace.is_external() || !self.pace.may_try() {
            return;
        }
        let Some(doubted) = self.doubted.take() else {
            return;
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let today = now.map_or(0, |since| since.as_secs() / u64::from(SECONDS_A_DAY)) as u32;
        let first = doubted.max(self.retention.first_whole_day(today));
        for rollup in ROLLUPS {
            let mended = rebuild(&self.owner, &Layout::Server, rollup, first, Wrong::Any).await;
            match mended {
                Ok(days) if days.is_empty() => {}
                Ok(days) => tracing::info!(
                    table = rollup.table,
                    days = days.len(),
                    "a rollup was counted again after ClickHouse was killed"
                ),
                Err(error) => tracing::error!(
                    table = rollup.table,
                    error = with_source(&error),
                    "a rollup could not be compared with the events: see `weir rebuild`"
                ),
            }
        }
    }

    /// Brings our own engine's tables up to date, however long that engine takes to come up.
    async fn prepare(&mut self) {
        while !self.pace.is_external() {
            self.pace.wait_until_up(&self.state).await;
            match schema::prepare(&self.owner, self.retention).await {
                Ok(()) => break,
                Err(error) => {
                    let error = with_source(&error);
                    tracing::error!(
                        error,
                        "the tables cannot be brought up to date; events wait in the spool"
                    );
                    self.pace.pause(&self.state, &error).await;
                }
            }
        }
        self.state.send_modify(|state| state.prepared = true);
    }

    async fn wait_sealed(&self) {
        let spool = Arc::clone(&self.spool);
        // `wait_sealed` blocks; the connection's tasks need this thread meanwhile.
        let waited = tokio::task::spawn_blocking(move || spool.wait_sealed(WAIT)).await;
        debug_assert!(waited.is_ok(), "waiting does not panic");
    }

    fn note_pending(&self) {
        let pending = self.spool.backlog().batches;
        self.state.send_if_modified(|state| {
            std::mem::replace(&mut state.pending_batches, pending) != pending
        });
    }
}

/// Puts aside what was refused and gives up the batch.
fn settle(
    batch: weir_spool::Batch,
    refused: &[piece::Refused],
) -> Result<(), weir_spool::SettleError> {
    let records: Vec<&[u8]> = batch.records().collect();
    let refused: Vec<(&[u8], &str)> = refused
        .iter()
        .map(|refused| (records[refused.position], refused.reason.as_str()))
        .collect();
    batch.bury_records(&refused)?;
    batch.acknowledge()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Whether ClickHouse can be spoken to in this state.
fn is_up(state: &EngineState) -> bool {
    matches!(state, EngineState::Ready | EngineState::External)
}

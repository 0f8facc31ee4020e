//! All exports by the clock, as time passes.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{ExportError, Exporter, Job};
use crate::accounts::Clock;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(30);

/// Says how long the oldest event has waited that is not in ClickHouse yet, if there is one.
pub type Waiting = Arc<dyn Fn() -> Option<Duration> + Send + Sync>;

/// Exports by the clock, and what they need.
pub struct Jobs {
    /// What to do; another list takes the place of this one when the one at hand is through.
    pub jobs: watch::Receiver<Arc<[Job]>>,
    /// Where rows come from.
    pub exporter: Exporter,
    /// Tells the time.
    pub clock: Clock,
    /// Tells what has not arrived.
    pub waiting: Waiting,
}

impl Jobs {
    /// Exports whatever is due, for ever. What fails is tried again at the next look.
    pub async fn run(mut self) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                // Without anybody who could change it, time alone counts.
                Ok(()) = self.jobs.changed() => {}
            }
            self.step().await;
        }
    }

    /// Exports every period that is due now, and answers how many there were. One export that fails
    /// stops none of the others.
    pub async fn step(&self) -> usize {
        let mut done = 0;
        let jobs = Arc::clone(&self.jobs.borrow());
        for job in &*jobs {
            if let Err(error) = self.catch_up(job, &mut done).await {
                tracing::warn!(export = job.name, error = %chain(&error), "an export failed and will be tried again");
            }
        }
        done
    }

    async fn catch_up(&self, job: &Job, done: &mut usize) -> Result<(), ExportError> {
        loop {
            let now = (self.clock)();
            let done_until = job.ledger.done_until().await?;
            let Some(period) =
                job.every
                    .due(done_until, self.known(now), now, self.exporter.event_days)
            else {
                return Ok(());
            };
            job.export(&self.exporter, &period, now).await?;
            *done += 1;
            tracing::info!(export = job.name, period = period.name, "exported");
        }
    }

    /// Up to when every event of this gateway has arrived in ClickHouse.
    fn known(&self, now: Timestamp) -> Timestamp {
        let waiting = (self.waiting)().and_then(|waiting| SignedDuration::try_from(waiting).ok());
        now - waiting.unwrap_or_default()
    }
}

/// An error with its causes, for the log.
fn chain(error: &ExportError) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    });
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

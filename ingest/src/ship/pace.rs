//! When to try again: after a pause that grows, or at once when the engine comes back.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::{ShipState, is_up};
use crate::engine::EngineState;

/// Longest first pause; it doubles with every failure up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// The rhythm of attempts.
pub(super) struct Pace {
    engine: watch::Receiver<EngineState>,
    failures: u32,
}

impl Pace {
    pub(super) fn new(engine: watch::Receiver<EngineState>) -> Self {
        Self {
            engine,
            failures: 0,
        }
    }

    /// The server is somebody else's: whether it is up is only seen by trying.
    pub(super) fn is_external(&self) -> bool {
        *self.engine.borrow() == EngineState::External
    }

    /// Whether it is worth trying: our own engine is known to answer, or it is somebody's server.
    pub(super) fn may_try(&self) -> bool {
        is_up(&self.engine.borrow())
    }

    /// Waits for our own engine, saying what is in the way.
    pub(super) async fn wait_until_up(&mut self, state: &watch::Sender<ShipState>) {
        loop {
            let now = self.engine.borrow_and_update().clone();
            if is_up(&now) {
                return;
            }
            if let EngineState::Down { reason, .. } = now {
                state.send_modify(|state| state.last_error = Some(reason));
            }
            if self.engine.changed().await.is_err() {
                // Supervision has ended, so the process is about to; the batch stays in the spool.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Notes a failed attempt and rests: a random part of a pause that doubles, so that many
    /// gateways do not come back in step. An engine that comes up ends the rest.
    pub(super) async fn pause(&mut self, state: &watch::Sender<ShipState>, error: &str) {
        state.send_modify(|state| {
            state.retries += 1;
            state.last_error = Some(error.to_owned());
        });
        let pause = jittered(longest(self.failures));
        self.failures += 1;
        tokio::select! {
            () = sleep(pause) => {}
            () = comes_up(&mut self.engine) => {}
        }
    }

    /// Notes that an attempt succeeded.
    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }
}

async fn comes_up(engine: &mut watch::Receiver<EngineState>) {
    while engine.changed().await.is_ok() {
        if is_up(&engine.borrow_and_update()) {
            return;
        }
    }
    std::future::pending::<()>().await;
}

fn longest(failures: u32) -> Duration {
    SHORTEST.saturating_mul(1 << failures.min(16)).min(LONGEST)
}

fn jittered(longest: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let pauses: Vec<_> = (0..9)
            .map(|failures| longest(failures).as_millis())
            .collect();
        assert_eq!(
            pauses,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]
        );
        assert_eq!(longest(u32::MAX), LONGEST);
        assert!((0..100).all(|_| jittered(LONGEST) <= LONGEST));
    }

    #[tokio::test]
    async fn an_engine_that_comes_up_ends_the_pause() {
        let (to_engine, engine) = watch::channel(EngineState::Starting);
        let (state, _) = watch::channel(ShipState::default());
        let mut pace = Pace {
            failures: 16,
            ..Pace::new(engine)
        };
        to_engine.send_replace(EngineState::Ready);
        let pause = pace.pause(&state, "down");
        tokio::time::timeout(Duration::from_secs(1), pause)
            .await
            .expect("not the full pause");
    }
}

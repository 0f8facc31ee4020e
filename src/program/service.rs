//! What a service manager is told (`sd_notify(3)`): that we serve, read the configuration again, end, and live.
//! Without one, nothing is said to anybody.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::runtime::Runtime;
use tokio::time::MissedTickBehavior;

/// Downloads are answered.
pub(super) fn ready() {
    say(&[NotifyState::Ready]);
}

/// The configuration is being read again; [`ready`] says when that is done, whatever came of it.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => say(&[NotifyState::Reloading, now]),
        Err(_) => say(&[NotifyState::Reloading]),
    }
}

/// Another process of ours, `pid`, serves in this one's place.
pub(super) fn succeeded_by(pid: u32) {
    say(&[NotifyState::MainPid(pid), NotifyState::Ready]);
}

/// No new downloads are answered.
pub(super) fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Gives a sign of life from `runtime`, twice as often as is asked for: what hangs there is noticed.
pub(super) fn live(runtime: &Runtime) {
    let Some(within) = sd_notify::watchdog_enabled().filter(|within| !within.is_zero()) else {
        return;
    };
    runtime.spawn(sign(within / 2));
}

async fn sign(every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // A manager that reads nothing holds up who writes to it, which must not be a request.
        let said = tokio::task::spawn_blocking(|| say(&[NotifyState::Watchdog]));
        let _ = said.await;
    }
}

fn say(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager does not listen");
    }
}

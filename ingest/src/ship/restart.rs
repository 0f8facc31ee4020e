//! When ClickHouse has been started again, it may have less than it confirmed.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// How much later than it was, by its own account, a server may seem to have started: it counts in
/// whole seconds, and its answer takes a while to get here.
const SLACK: Duration = Duration::from_millis(1500);

/// What the servers behind the address said last.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    /// When a server answered, and for how long it had been running then.
    seen: HashMap<String, (Instant, Duration)>,
}

impl Restarts {
    /// Notes that `host` has been running for `uptime`; whether it was started again since it last
    /// said so. The first server that answers counts as started: nobody knows what it was before.
    pub(super) fn note(&mut self, host: String, now: Instant, uptime: Duration) -> bool {
        let is_first = self.seen.is_empty();
        match self.seen.insert(host, (now, uptime)) {
            Some((then, before)) => uptime + SLACK < before + (now - then),
            None => is_first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_runs_shorter_than_it_should_was_started_again() {
        let start = Instant::now();
        let seconds = Duration::from_secs;
        let mut restarts = Restarts::default();
        let mut note = |host: &str, at, uptime| {
            restarts.note(host.into(), start + seconds(at), seconds(uptime))
        };
        assert!(note("a", 0, 100), "nothing is known of the first");
        assert!(!note("a", 10, 109), "it counts in whole seconds");
        assert!(!note("b", 10, 5), "another node of a cluster");
        assert!(!note("a", 20, 120));
        assert!(note("a", 30, 2));
        assert!(!note("a", 40, 12));
        assert!(note("b", 50, 40));
    }
}

//! The circuits of all upstreams, by host and port.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::sync::Cache;
use url::Url;

use super::circuit::{Circuit, Way};
use crate::answer::Failure;

/// Circuits of all upstreams that were asked lately.
#[derive(Debug)]
pub(crate) struct Health {
    circuits: Cache<(String, u16), Arc<Mutex<Circuit>>>,
}

/// Leave to ask an upstream once. Says how that went; dropped without a word, it says nothing of the upstream.
#[derive(Debug)]
pub(crate) struct Leave {
    host: String,
    circuit: Arc<Mutex<Circuit>>,
    way: Way,
    told: bool,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            circuits: Cache::builder()
                .max_capacity(10_000)
                .time_to_idle(Duration::from_hours(1))
                .build(),
        }
    }

    /// Leave to ask the upstream of `url`, unless it has failed lately.
    pub(crate) fn enter(&self, url: &Url) -> Result<Leave, Failure> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or_default();
        let circuit = self.circuits.get_with((host.clone(), port), Arc::default);
        let way = lock(&circuit).enter(Instant::now());
        match way {
            Way::Closed => Err(Failure::Upstream),
            Way::Open | Way::Trial => Ok(Leave {
                host,
                circuit,
                way,
                told: false,
            }),
        }
    }
}

impl Leave {
    /// The upstream answers, whatever it says.
    pub(crate) fn answered(mut self) {
        self.told = true;
        if lock(&self.circuit).answered() {
            tracing::info!(host = self.host, "upstream answers again");
        }
    }

    /// The upstream cannot be reached, or says nothing in time.
    pub(crate) fn failed(mut self) {
        self.told = true;
        let chance = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let rest = lock(&self.circuit).failed(self.way, Instant::now(), chance);
        if let Some(rest) = rest {
            let rest_ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                host = self.host,
                rest_ms,
                "upstream keeps failing; not asked for a while"
            );
        }
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if !self.told {
            lock(&self.circuit).abandoned(self.way);
        }
    }
}

/// No state of a circuit is half made, so one that was locked in a panic is as good as any.
fn lock(circuit: &Mutex<Circuit>) -> std::sync::MutexGuard<'_, Circuit> {
    circuit.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn a_failing_port_says_nothing_of_another() {
        let health = Health::new();
        let failing = url("http://registry.test:5000/v2/");
        while let Ok(leave) = health.enter(&failing) {
            leave.failed();
        }
        assert_eq!(health.enter(&failing).map(drop), Err(Failure::Upstream));
        assert!(health.enter(&url("http://registry.test/")).is_ok());
        assert!(health.enter(&url("https://registry.test:5001/")).is_ok());
    }
}

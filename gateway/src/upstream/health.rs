//! The circuits of upstreams that fail, by host and port.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::Method;
use url::Url;
use weir_traces::{Key, Span, Value};

use super::circuit::{Circuit, Way};
use crate::answer::Failure;
use crate::traffic::{Asked, Traffic};

/// Most upstreams whose failures are remembered.
const MOST: usize = 10_000;
/// How long a failure is, where there are so many.
const LONG_AGO: Duration = Duration::from_hours(1);

/// A host and a port.
type Upstream = (String, u16);

/// Which upstreams did not answer when they were asked last. One that answers is as good as one that nobody knows, so
/// as long as all do, there is nothing to look up.
pub(crate) struct Health {
    failing: Mutex<HashMap<Upstream, Failing>>,
    /// How many these are, for who would look one up.
    count: AtomicUsize,
    traffic: Arc<Traffic>,
}

struct Failing {
    circuit: Circuit,
    last: Instant,
}

/// Leave to ask an upstream once. Says how that went; dropped without a word, it says nothing of the upstream.
pub(crate) struct Leave {
    upstream: Upstream,
    way: Way,
    told: bool,
    begun: Instant,
    health: Arc<Health>,
    span: Span,
}

impl Health {
    pub(crate) fn new(traffic: Arc<Traffic>) -> Self {
        Self {
            failing: Mutex::default(),
            count: AtomicUsize::new(0),
            traffic,
        }
    }

    /// Leave to ask the upstream of `url` with `method`, unless it has failed lately.
    pub(crate) fn enter(self: &Arc<Self>, method: &Method, url: &Url) -> Result<Leave, Failure> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let upstream = (host, url.port_or_known_default().unwrap_or_default());
        let begun = Instant::now();
        let way = self.with(&upstream, |circuit| circuit.enter(begun));
        match way.unwrap_or(Way::Open) {
            Way::Closed => {
                self.traffic.spared();
                Err(Failure::Upstream)
            }
            way @ (Way::Open | Way::Trial) => Ok(Leave {
                span: asking(method, &upstream),
                upstream,
                way,
                told: false,
                begun,
                health: Arc::clone(self),
            }),
        }
    }

    /// Asks the circuit of `upstream`, if it is one of those that fail.
    fn with<T>(&self, upstream: &Upstream, ask: impl FnOnce(&mut Circuit) -> T) -> Option<T> {
        if self.count.load(Relaxed) == 0 {
            return None;
        }
        let mut failing = self.failing();
        failing
            .get_mut(upstream)
            .map(|known| ask(&mut known.circuit))
    }

    /// It answers; true where it was given a rest before.
    fn answered(&self, upstream: &Upstream) -> bool {
        if self.count.load(Relaxed) == 0 {
            return false;
        }
        let mut failing = self.failing();
        let known = failing.remove(upstream);
        self.count.store(failing.len(), Relaxed);
        known.is_some_and(|mut known| known.circuit.answered())
    }

    /// It does not; the rest that it is given now, if it is. `chance` is a number from 0 to 1.
    fn failed(&self, upstream: &Upstream, way: Way, chance: f64) -> Option<Duration> {
        let now = Instant::now();
        let mut failing = self.failing();
        if failing.len() >= MOST && !failing.contains_key(upstream) {
            failing.retain(|_, known| now - known.last < LONG_AGO);
            if failing.len() >= MOST {
                return None;
            }
        }
        let known = failing.entry(upstream.clone()).or_insert(Failing {
            circuit: Circuit::default(),
            last: now,
        });
        known.last = now;
        let rest = known.circuit.failed(way, now, chance);
        self.count.store(failing.len(), Relaxed);
        rest
    }

    fn failing(&self) -> MutexGuard<'_, HashMap<Upstream, Failing>> {
        // No state of a circuit is half made, so one that was locked in a panic is as good as any.
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave {
    /// The upstream answers at this `instant`, whatever it says.
    pub(crate) fn answered(mut self, status: u16, instant: Instant) {
        self.told = true;
        self.span.answered(status);
        let took = instant - self.begun;
        self.health.traffic.asked(Asked::Answered, took);
        if self.health.answered(&self.upstream) {
            tracing::info!(host = self.upstream.0, "upstream answers again");
        }
    }

    /// The upstream cannot be reached, or says nothing in time.
    pub(crate) fn failed(mut self) {
        self.told = true;
        self.span.fail("no_answer");
        let took = self.begun.elapsed();
        self.health.traffic.asked(Asked::Failed, took);
        let chance = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let rest = self.health.failed(&self.upstream, self.way, chance);
        if let Some(rest) = rest {
            let rest_ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                host = self.upstream.0,
                rest_ms,
                "upstream keeps failing; not asked for a while"
            );
        }
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if !self.told {
            let (health, way) = (&self.health, self.way);
            health.with(&self.upstream, |circuit| circuit.abandoned(way));
        }
    }
}

/// The question as a span of the request that it is asked for: to whom, and not what for.
fn asking(method: &Method, (host, port): &Upstream) -> Span {
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "_OTHER",
    };
    let mut span = Span::asking_now(method);
    if span.is_on() {
        span.note(Key::Method, method);
        span.note(Key::Server, Value::written(host));
        span.note(Key::Port, *port);
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn a_failing_port_says_nothing_of_another() {
        let traffic = Arc::new(Traffic::new());
        let health = Arc::new(Health::new(Arc::clone(&traffic)));
        let failing = url("http://registry.test:5000/v2/");
        while let Ok(leave) = health.enter(&Method::GET, &failing) {
            leave.failed();
        }
        assert_eq!(
            traffic.counts().upstreams,
            [("answered", 0), ("failed", 5), ("spared", 1)]
        );
        assert_eq!(
            health.enter(&Method::GET, &failing).map(drop),
            Err(Failure::Upstream)
        );
        assert!(
            health
                .enter(&Method::GET, &url("http://registry.test/"))
                .is_ok()
        );
        assert!(
            health
                .enter(&Method::GET, &url("https://registry.test:5001/"))
                .is_ok()
        );
    }

    #[test]
    fn one_that_answers_is_forgotten_whoever_asked_it_first() {
        let traffic = Arc::new(Traffic::new());
        let health = Arc::new(Health::new(traffic));
        let upstream = url("http://registry.test/");
        let enter = || health.enter(&Method::GET, &upstream).expect("leave");
        let first = enter();
        for _ in 0..4 {
            enter().failed();
        }
        assert_eq!(health.count.load(Relaxed), 1);
        first.answered(200, Instant::now());
        assert_eq!(health.count.load(Relaxed), 0);
        enter().failed();
        assert!(
            health.enter(&Method::GET, &upstream).is_ok(),
            "the first failure in a row"
        );
    }

    #[test]
    fn so_many_failing_upstreams_are_remembered_and_no_more() {
        let traffic = Arc::new(Traffic::new());
        let health = Arc::new(Health::new(traffic));
        let fail = |name: &str| health.failed(&(name.to_owned(), 80), Way::Open, 0.5);
        for number in 0..MOST {
            fail(&number.to_string());
        }
        for _ in 0..9 {
            assert_eq!(fail("one-more.test"), None);
        }
        for _ in 0..3 {
            assert_eq!(fail("1"), None);
        }
        assert!(fail("1").is_some());
        assert_eq!(health.count.load(Relaxed), MOST);
    }
}

//! Sealed batches, oldest first, until each is settled.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What waits for the shipper: sealed and not settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Batches that wait.
    pub batches: usize,
    /// Bytes of their files.
    pub bytes: u64,
    /// How long the oldest has been waiting.
    pub oldest: Option<Duration>,
}

impl Backlog {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            batches: self.batches + other.batches,
            bytes: self.bytes + other.bytes,
            oldest: self.oldest.max(other.oldest),
        }
    }
}

/// The queue of sealed batches.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    batches: BTreeMap<u64, Sealed>,
    closed: bool,
}

#[derive(Debug)]
struct Sealed {
    bytes: u64,
    since: Instant,
    taken: bool,
    /// Nobody has ever had it.
    fresh: bool,
    /// Not to be tried again before, because it could not be read so many times.
    not_before: Option<Instant>,
    failures: u32,
}

/// Whether a batch may have been sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// Sealed by this process, and nobody has had it.
    None,
    /// Left by an earlier process, handed out before, or given back from `returned/`.
    Unknown,
}

/// Pause before a batch whose file could not be read is handed out again; twice as long every time.
const REST: Duration = Duration::from_secs(1);
/// So often the pause doubles.
const MOST_DOUBLINGS: u32 = 6;

impl Waiting {
    /// Queues batch `seq`, sealed at `since`; `false` if it waits already.
    pub(crate) fn push(&self, seq: u64, bytes: u64, since: Instant, past: Past) -> bool {
        let sealed = Sealed {
            bytes,
            since,
            taken: false,
            fresh: past == Past::None,
            not_before: None,
            failures: 0,
        };
        let mut queue = self.lock();
        let new = !queue.batches.contains_key(&seq);
        if new {
            queue.batches.insert(seq, sealed);
        }
        drop(queue);
        self.changed.notify_all();
        new
    }

    /// Takes the oldest batch that nobody has and that may be tried `now`.
    pub(crate) fn take(&self, now: Instant) -> Option<(u64, Past)> {
        let mut queue = self.lock();
        let seq = queue.first_free(now)?;
        let sealed = queue.batches.get_mut(&seq)?;
        sealed.taken = true;
        let past = if sealed.fresh {
            Past::None
        } else {
            Past::Unknown
        };
        Some((seq, past))
    }

    /// Gives back a batch that somebody had in their hands.
    pub(crate) fn put_back(&self, seq: u64) {
        if let Some(sealed) = self.lock().batches.get_mut(&seq) {
            sealed.taken = false;
            sealed.fresh = false;
        }
        self.changed.notify_all();
    }

    /// Gives back a batch that could not be read, to be tried again later.
    pub(crate) fn rest(&self, seq: u64) {
        if let Some(sealed) = self.lock().batches.get_mut(&seq) {
            sealed.taken = false;
            let pause = REST * (1 << sealed.failures.min(MOST_DOUBLINGS));
            sealed.failures += 1;
            sealed.not_before = Some(Instant::now() + pause);
        }
        self.changed.notify_all();
    }

    /// Whether a batch can be taken now.
    pub(crate) fn has_free(&self) -> bool {
        self.lock().first_free(Instant::now()).is_some()
    }

    /// Forgets a settled batch; its bytes.
    pub(crate) fn settle(&self, seq: u64) -> u64 {
        self.lock()
            .batches
            .remove(&seq)
            .map_or(0, |sealed| sealed.bytes)
    }

    /// Waits until a batch can be taken; `false` after `timeout` or once closed with none left.
    pub(crate) fn wait(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut queue = self.lock();
        loop {
            let now = Instant::now();
            if queue.first_free(now).is_some() {
                return true;
            }
            if queue.closed || now >= deadline {
                return false;
            }
            let until = queue.next_try().map_or(deadline, |next| next.min(deadline));
            queue = self
                .changed
                .wait_timeout(queue, until.saturating_duration_since(now))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until `done`, which has to come with a [`Waiting::wake`]; `false` after `timeout`.
    pub(crate) fn wait_for(&self, done: impl Fn() -> bool, timeout: Duration) -> bool {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), timeout, |_| !done());
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Lets whoever waits look again.
    pub(crate) fn wake(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Wakes whoever waits, for good.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn backlog(&self) -> Backlog {
        let queue = self.lock();
        Backlog {
            batches: queue.batches.len(),
            bytes: queue.batches.values().map(|sealed| sealed.bytes).sum(),
            oldest: queue
                .batches
                .values()
                .next()
                .map(|sealed| sealed.since.elapsed()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().batches.len()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn first_free(&self, now: Instant) -> Option<u64> {
        let free =
            |sealed: &Sealed| !sealed.taken && sealed.not_before.is_none_or(|then| then <= now);
        self.batches
            .iter()
            .find(|(_, sealed)| free(sealed))
            .map(|(seq, _)| *seq)
    }

    fn next_try(&self) -> Option<Instant> {
        self.batches
            .values()
            .filter(|sealed| !sealed.taken)
            .filter_map(|sealed| sealed.not_before)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_comes_first_and_comes_again_when_given_back() {
        let waiting = Waiting::default();
        for seq in [3, 1, 2] {
            assert!(waiting.push(seq, 10, Instant::now(), Past::None));
        }
        assert_eq!(waiting.take(Instant::now()), Some((1, Past::None)));
        assert_eq!(waiting.take(Instant::now()), Some((2, Past::None)));
        waiting.put_back(1);
        assert_eq!(waiting.take(Instant::now()), Some((1, Past::Unknown)));
        assert!(!waiting.push(1, 10, Instant::now(), Past::None), "it waits");
        assert_eq!(waiting.settle(1), 10);
        assert_eq!(waiting.backlog().batches, 2);
    }

    #[test]
    fn a_batch_that_failed_to_read_rests_a_while() {
        let waiting = Waiting::default();
        let now = Instant::now();
        waiting.push(1, 10, now, Past::None);
        for seconds in [1, 2, 4] {
            assert!(waiting.take(now + Duration::from_hours(1)).is_some());
            waiting.rest(1);
            let after = |seconds| Instant::now() + Duration::from_secs(seconds);
            assert!(!waiting.has_free());
            assert_eq!(waiting.take(after(seconds - 1)), None);
            assert!(waiting.take(after(seconds)).is_some());
            waiting.put_back(1);
        }
    }

    #[test]
    fn closing_ends_a_wait() {
        let waiting = Waiting::default();
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| waiting.wait(Duration::from_mins(1)));
            waiting.close();
            assert!(!waiter.join().expect("it returns"));
        });
    }
}

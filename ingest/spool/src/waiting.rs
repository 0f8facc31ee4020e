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
    /// Taken, or not to be tried again before.
    not_before: Option<Instant>,
    taken: bool,
}

impl Waiting {
    /// Queues batch `seq`, sealed at `since`.
    pub(crate) fn push(&self, seq: u64, bytes: u64, since: Instant) {
        let sealed = Sealed {
            bytes,
            since,
            not_before: None,
            taken: false,
        };
        self.lock().batches.insert(seq, sealed);
        self.changed.notify_all();
    }

    /// Takes the oldest batch that nobody has and that may be tried.
    pub(crate) fn take(&self) -> Option<u64> {
        let mut queue = self.lock();
        let seq = queue.first_free(Instant::now())?;
        queue.batches.get_mut(&seq)?.taken = true;
        Some(seq)
    }

    /// Gives a taken batch back, to be tried again after `pause`.
    pub(crate) fn put_back(&self, seq: u64, pause: Duration) {
        if let Some(sealed) = self.lock().batches.get_mut(&seq) {
            sealed.taken = false;
            sealed.not_before = (!pause.is_zero()).then(|| Instant::now() + pause);
        }
        self.changed.notify_all();
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
            waiting.push(seq, 10, Instant::now());
        }
        assert_eq!(waiting.take(), Some(1));
        assert_eq!(waiting.take(), Some(2));
        waiting.put_back(1, Duration::ZERO);
        assert_eq!(waiting.take(), Some(1));
        assert_eq!(waiting.settle(1), 10);
        assert_eq!(waiting.backlog().batches, 2);
    }

    #[test]
    fn a_batch_that_failed_to_read_rests_a_while() {
        let waiting = Waiting::default();
        waiting.push(1, 10, Instant::now());
        assert_eq!(waiting.take(), Some(1));
        waiting.put_back(1, Duration::from_millis(20));
        assert_eq!(waiting.take(), None);
        assert!(waiting.wait(Duration::from_secs(10)));
        assert_eq!(waiting.take(), Some(1));
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

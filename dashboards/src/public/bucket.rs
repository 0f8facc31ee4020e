//! How many questions are answered at a time, whoever asks: nobody is remembered for it. Pure.

use std::time::{Duration, Instant};

/// Questions at once, after a pause.
const MOST: u32 = 200;

/// Time after which one more is answered.
const EACH: Duration = Duration::from_millis(20);

/// Room for questions, which fills up by itself.
pub(super) struct Bucket {
    /// When it was last, or will be, full.
    full_at: Instant,
}

impl Bucket {
    pub(super) fn new(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes one, or says after how many seconds there is one.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), u64> {
        let full_at = self.full_at.max(now) + EACH;
        let missing = full_at.saturating_duration_since(now);
        let excess = missing.saturating_sub(EACH * MOST);
        if !excess.is_zero() {
            return Err(excess.as_secs() + 1);
        }
        self.full_at = full_at;
        Ok(())
    }
}

#[test]
fn so_many_at_once_and_then_fifty_a_second() {
    let start = Instant::now();
    let mut bucket = Bucket::new(start);
    let mut taken = |seconds| {
        let now = start + Duration::from_secs(seconds);
        std::iter::from_fn(|| bucket.take(now).ok()).count()
    };
    assert_eq!(
        [taken(0), taken(1), taken(3), taken(1000)],
        [200, 50, 100, 200]
    );
    assert_eq!(bucket.take(start + Duration::from_secs(1000)), Err(1));
}

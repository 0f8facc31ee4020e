//! The keeper: one thread that syncs, seals and accounts for drops, so that no request has to.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    counters::{Counters, Dropped},
    pace::{no_pause, pause},
    segment::Segment,
    shared::Shared,
    spare,
    waiting::Past,
};

/// Pause before a segment that could not be sealed is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// With this many batches waiting, one more a second helps nobody.
const BACKLOG: usize = 16;
/// Segments stay open so many times longer while there is a backlog.
const BACKLOG_FACTOR: u32 = 30;
/// Shortest time between two accounts of dropped records.
const ACCOUNT_EVERY: Duration = Duration::from_secs(1);
/// The same while there is no room: the reserve is small, and there is only one.
const ACCOUNT_EVERY_SHORT: Duration = Duration::from_mins(1);
/// Shortest time between two reports of dropped records.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// What the keeper remembers from turn to turn.
pub(crate) struct Keeper {
    shared: Arc<Shared>,
    watched: Option<Watched>,
    failed: VecDeque<Arc<Segment>>,
    /// What segments are read into. As large as the last one.
    room: Vec<u8>,
    retry_at: Instant,
    /// Sealed segments that some append still looks at; unmapping is not that request's work.
    retired: Vec<Arc<Segment>>,
    accounted_at: Option<Instant>,
    reported: Counters,
    report_at: Instant,
}

/// The current segment as the keeper saw it.
struct Watched {
    segment: Arc<Segment>,
    since: Instant,
    synced: usize,
}

impl Keeper {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let now = Instant::now();
        Self {
            shared,
            watched: None,
            failed: VecDeque::new(),
            room: Vec::new(),
            retry_at: now,
            retired: Vec::new(),
            accounted_at: None,
            reported: Counters::default(),
            report_at: now,
        }
    }

    /// Works until the spool closes, then seals what is left.
    pub(crate) fn run(mut self) {
        let options = &self.shared.options;
        let tick = options.sync_every.min(options.seal_after);
        loop {
            let (begun, last) = (Instant::now(), self.shared.is_closed());
            self.turn(last);
            if last {
                break;
            }
            thread::park_timeout(tick.saturating_sub(begun.elapsed()));
        }
        self.shared.keeper_ended.store(true, Ordering::Release);
        spare::remove_spares(&self.shared);
    }

    /// One round of all that is due; everything is, in the `last`.
    pub(crate) fn turn(&mut self, last: bool) {
        self.sync();
        if last || self.is_due() {
            let mut front = self.shared.front();
            self.shared.replace_current(&mut front, None);
        }
        self.account(last);
        self.seal_all(last);
        self.report();
    }

    /// Brings the current segment to disk. One that cannot be synced is left for a new one.
    fn sync(&mut self) {
        let current = self.shared.current.load_full();
        let Some(watched) = watch(&mut self.watched, current) else {
            return;
        };
        match watched.segment.sync(&self.shared.folder, watched.synced) {
            Ok(synced) => watched.synced = synced,
            Err(error) => {
                self.shared
                    .counts
                    .complain(&error, "a segment could not be synced");
                let mut front = self.shared.front();
                self.shared.replace_current(&mut front, None);
            }
        }
    }

    fn is_due(&self) -> bool {
        let shared = &self.shared;
        let patience = if shared.waiting.len() < BACKLOG {
            shared.options.seal_after
        } else {
            shared.options.seal_after * BACKLOG_FACTOR
        };
        self.watched
            .as_ref()
            .is_some_and(|watched| watched.since.elapsed() >= patience)
    }

    /// Accounts for dropped records. A minute of them may be lost with the process while there is no
    /// room, and a second of them otherwise.
    fn account(&mut self, last: bool) {
        let shared = &self.shared;
        if shared.missed.is_empty() {
            return;
        }
        let mut front = shared.front();
        let pause = match front.shortage {
            None => ACCOUNT_EVERY,
            Some(_) => ACCOUNT_EVERY_SHORT,
        };
        let due = self.accounted_at.is_none_or(|at| at.elapsed() >= pause);
        if !(last || due) {
            return;
        }
        let Some(reserve) = front.reserve.take() else {
            return;
        };
        drop(front);
        shared.account(reserve);
        shared.wake_spares();
        self.accounted_at = Some(Instant::now());
    }

    fn seal_all(&mut self, last: bool) {
        let mut due = std::mem::take(&mut self.shared.front().full);
        if last || Instant::now() >= self.retry_at {
            due.append(&mut self.failed);
        }
        let is_behind = last || due.len() > 1;
        let pause: fn() = if is_behind { no_pause } else { pause };
        for segment in due {
            match self.seal(&segment, pause) {
                Ok(()) => self.retired.push(segment),
                Err(error) => {
                    let what = "a segment could not be sealed yet";
                    self.shared.counts.complain(&error, what);
                    self.retry_at = Instant::now() + RETRY;
                    self.failed.push_back(segment);
                }
            }
        }
        self.retired
            .retain(|segment| Arc::strong_count(segment) > 1);
    }

    fn seal(&mut self, segment: &Segment, pause: fn()) -> io::Result<()> {
        let shared = &self.shared;
        let sync_failed = |error: &io::Error| {
            shared
                .counts
                .complain(error, "a sealed segment is not synced");
        };
        let sealed = segment.seal(&shared.folder, &mut self.room, pause, sync_failed)?;
        let used = sealed.unwrap_or(0);
        if self.room.len() < self.room.capacity() / 2 {
            self.room.shrink_to_fit();
        }
        shared.spare_bytes.store(
            spare::next_size(&shared.options, segment.capacity, used as usize),
            Ordering::Relaxed,
        );
        shared.shrink((segment.capacity as u64).saturating_sub(used));
        if let Some(bytes) = sealed {
            shared.counts.sealed.add(1);
            shared
                .waiting
                .push(segment.label.seq, bytes, Instant::now(), Past::None);
        }
        shared.unsealed.fetch_sub(1, Ordering::Relaxed);
        shared.waiting.wake();
        Ok(())
    }

    /// Tells the log of dropped records: the first at once, then rarely.
    fn report(&mut self) {
        let now = Instant::now();
        if now < self.report_at {
            return;
        }
        let counters = self.shared.counts.read();
        for why in Dropped::ALL {
            let (dropped, before) = (counters.dropped(why), self.reported.dropped(why));
            if dropped > before {
                let (reason, more) = (why.as_str(), dropped - before);
                tracing::warn!(reason, more, dropped, "records were dropped");
                self.report_at = now + REPORT_EVERY;
            }
        }
        self.reported = counters;
    }
}

/// Keeps an eye on `current`, from its beginning if it is a new one.
fn watch(watched: &mut Option<Watched>, current: Option<Arc<Segment>>) -> Option<&mut Watched> {
    let known = match (&watched, &current) {
        (Some(watched), Some(current)) => Arc::ptr_eq(&watched.segment, current),
        _ => false,
    };
    if !known {
        *watched = current.map(|segment| Watched {
            segment,
            since: Instant::now(),
            synced: 0,
        });
    }
    watched.as_mut()
}

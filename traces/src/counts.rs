//! What became of spans, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Why a span reached no collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The collector is slower than spans arise, or has been away for too long.
    Full,
    /// It does not answer, or answers that it cannot now.
    Unreachable,
    /// It does not want them.
    Refused,
}

impl Dropped {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Full, Self::Unreachable, Self::Refused];

    /// The word for it in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
        }
    }
}

static SENT: AtomicU64 = AtomicU64::new(0);
static DROPPED: [AtomicU64; Dropped::ALL.len()] = [const { AtomicU64::new(0) }; 3];

/// What became of spans since the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Spans that the collector took.
    pub sent: u64,
    dropped: [u64; Dropped::ALL.len()],
}

impl Counts {
    /// Spans that were dropped for this reason.
    pub fn dropped(&self, why: Dropped) -> u64 {
        self.dropped[why as usize]
    }
}

/// What became of spans until now.
pub fn counts() -> Counts {
    Counts {
        sent: SENT.load(Relaxed),
        dropped: [0, 1, 2].map(|at: usize| DROPPED[at].load(Relaxed)),
    }
}

/// So many spans were taken.
pub fn note_sent(spans: u64) {
    SENT.fetch_add(spans, Relaxed);
}

/// So many spans were not.
pub fn note_dropped(why: Dropped, spans: u64) {
    DROPPED[why as usize].fetch_add(spans, Relaxed);
}

//! What passes, counted where it passes, for whoever watches this gateway.
//!
//! To count is an addition or two on a line of memory that most threads have for themselves: no lock, no allocation,
//! nothing to wait for. Whoever reads adds up the lines, which may be a moment apart.

mod spread;
mod words;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use crate::answer::Failure;
use crate::fact::Fact;
use crate::recorder::Outcome;
pub use spread::Durations;
use spread::{Hand, Spread};
pub(crate) use words::{Asked, Connection, Ending, Handshake, Reason};
use words::{ECOSYSTEMS, KINDS};

/// Sets of counts that one thread has for itself.
const OWN: usize = 16;
/// Sets that the threads beyond share, which costs them a little time.
const SHARED: usize = 16;
const REQUESTS: usize = ECOSYSTEMS.len() * KINDS * Ending::WORDS.len();

/// Where an answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// At the door, from the head alone.
    Door,
    /// Behind it, where an upstream may be asked.
    Behind,
}

/// What a request counts as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Mark {
    pub(crate) fn new(fact: Option<&Fact<'_>>, outcome: Outcome) -> Self {
        let (ecosystem, kind) = fact.map_or((0, 0), |fact| {
            (words::ecosystem(fact.ecosystem), fact.kind as usize)
        });
        let cell = ecosystem * KINDS + kind;
        Self(cell * Ending::WORDS.len() + outcome.ending() as usize)
    }

    /// Ecosystem, kind and ending.
    pub(crate) fn words(self) -> [&'static str; 3] {
        let (cell, ending) = (self.0 / Ending::WORDS.len(), self.0 % Ending::WORDS.len());
        let (ecosystem, kind) = (cell / KINDS, cell % KINDS);
        [
            ECOSYSTEMS[ecosystem],
            words::kind(kind),
            Ending::WORDS[ending],
        ]
    }
}

/// Counts what passes.
pub(crate) struct Traffic(Box<[Shard]>);

/// Aligned so that no two share a line of memory, nor a pair of lines that are fetched together.
#[repr(align(128))]
struct Shard {
    requests: [AtomicU64; REQUESTS],
    failures: [AtomicU64; Reason::WORDS.len()],
    connections: [AtomicU64; Connection::WORDS.len()],
    handshakes: [AtomicU64; Handshake::WORDS.len()],
    asked: [AtomicU64; Asked::WORDS.len()],
    door: Spread,
    behind: Spread,
    upstream: Spread,
}

impl Default for Shard {
    fn default() -> Self {
        Self {
            requests: [const { AtomicU64::new(0) }; REQUESTS],
            failures: Default::default(),
            connections: Default::default(),
            handshakes: Default::default(),
            asked: Default::default(),
            door: Spread::default(),
            behind: Spread::default(),
            upstream: Spread::default(),
        }
    }
}

impl Traffic {
    pub(crate) fn new() -> Self {
        Self((0..OWN + SHARED).map(|_| Shard::default()).collect())
    }

    /// A request was answered `took` after its head was whole.
    pub(crate) fn answered(&self, stage: Stage, mark: Mark, took: Duration) {
        let (shard, hand) = self.shard();
        hand.add(&shard.requests[mark.0], 1);
        match stage {
            Stage::Door => shard.door.add(took, hand),
            Stage::Behind => shard.behind.add(took, hand),
        }
    }

    /// A request got `failure` for an answer.
    pub(crate) fn failed(&self, failure: Failure) {
        let (shard, hand) = self.shard();
        hand.add(&shard.failures[failure.reason() as usize], 1);
    }

    /// Somebody connected, or tried to.
    pub(crate) fn connected(&self, how: Connection) {
        let (shard, hand) = self.shard();
        hand.add(&shard.connections[how as usize], 1);
    }

    /// A handshake came to an end.
    pub(crate) fn shook_hands(&self, how: Handshake) {
        let (shard, hand) = self.shard();
        hand.add(&shard.handshakes[how as usize], 1);
    }

    /// An upstream was asked, and its answer began or failed to after `took`.
    pub(crate) fn asked(&self, how: Asked, took: Duration) {
        let (shard, hand) = self.shard();
        hand.add(&shard.asked[how as usize], 1);
        shard.upstream.add(took, hand);
    }

    /// An upstream was not asked, because it has been failing.
    pub(crate) fn spared(&self) {
        let (shard, hand) = self.shard();
        hand.add(&shard.asked[Asked::Spared as usize], 1);
    }

    /// Where this thread counts, and how.
    fn shard(&self) -> (&Shard, Hand) {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static NUMBER: usize = THREADS.fetch_add(1, Relaxed);
        }
        let number = NUMBER.with(|number| *number);
        if number < OWN {
            (&self.0[number], Hand::Own)
        } else {
            (&self.0[OWN + number % SHARED], Hand::Shared)
        }
    }

    /// Everything until now.
    pub(crate) fn counts(&self) -> TrafficCounts {
        let words = (0..REQUESTS).map(|at| Mark(at).words());
        let requests = words.zip(self.sums(|shard| &shard.requests));
        let requests = requests.filter(|(_, count)| *count > 0);
        TrafficCounts {
            requests: requests
                .map(|([ecosystem, kind, outcome], count)| RequestCount {
                    ecosystem,
                    kind,
                    outcome,
                    count,
                })
                .collect(),
            failures: self.by_word(Reason::WORDS, |shard| &shard.failures),
            connections: self.by_word(Connection::WORDS, |shard| &shard.connections),
            handshakes: self.by_word(Handshake::WORDS, |shard| &shard.handshakes),
            upstreams: self.by_word(Asked::WORDS, |shard| &shard.asked),
            door: self.durations(|shard| &shard.door),
            behind: self.durations(|shard| &shard.behind),
            upstream: self.durations(|shard| &shard.upstream),
        }
    }

    /// One set of counts, added up over all shards.
    fn sums(&self, of: impl Fn(&Shard) -> &[AtomicU64]) -> Vec<u64> {
        let mut sums = Vec::new();
        for shard in &self.0 {
            let counts = of(shard);
            sums.resize(counts.len(), 0);
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count.load(Relaxed);
            }
        }
        sums
    }

    fn durations(&self, of: impl Fn(&Shard) -> &Spread) -> Durations {
        let spreads: Vec<_> = self.0.iter().map(of).collect();
        Durations::of(&spreads)
    }

    fn by_word(&self, words: &[&'static str], of: impl Fn(&Shard) -> &[AtomicU64]) -> ByWord {
        words.iter().copied().zip(self.sums(of)).collect()
    }
}

/// Counts by a word of a closed vocabulary, each of which is there.
pub type ByWord = Vec<(&'static str, u64)>;

/// What passed since the start.
#[derive(Clone, Debug, Default)]
pub struct TrafficCounts {
    /// Requests that were answered; combinations that never came are left out.
    pub requests: Vec<RequestCount>,
    /// What went wrong with requests.
    pub failures: ByWord,
    /// What became of connections.
    pub connections: ByWord,
    /// What became of TLS handshakes.
    pub handshakes: ByWord,
    /// What became of asking upstreams.
    pub upstreams: ByWord,
    /// From a whole head to its answer, where the head alone was enough.
    pub door: Durations,
    /// The same where more was needed, upstreams included.
    pub behind: Durations,
    /// From asking an upstream to the beginning of its answer, names and connections included.
    pub upstream: Durations,
}

/// How many requests ended so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCount {
    /// The ecosystem's word in events; `none` for requests of none.
    pub ecosystem: &'static str,
    /// The word for the event's kind; `none` where none is recorded.
    pub kind: &'static str,
    /// How it ended: `redirect`, `proxy`, `serve`, `client_error`, `upstream_error` or `error`.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use weir_event::{Answer, Kind};

    use super::*;

    #[test]
    fn requests_of_all_threads_are_one_count() {
        let traffic = Traffic::new();
        let fact = Fact::new(Kind::Repeat, "terraform", "acme/rocket", "module");
        let outcome = |status, answer| Outcome {
            status,
            answer,
            bytes: 0,
        };
        std::thread::scope(|scope| {
            for _ in 0..2 * (OWN + SHARED) {
                scope.spawn(|| {
                    let mark = Mark::new(Some(&fact), outcome(302, Answer::Redirect));
                    traffic.answered(Stage::Door, mark, Duration::from_micros(8));
                });
            }
        });
        let uncounted = Mark::new(None, outcome(500, Answer::None));
        traffic.answered(Stage::Behind, uncounted, Duration::from_secs(1));
        let counts = traffic.counts();
        let lines = counts.requests.iter().map(|request| {
            let RequestCount {
                ecosystem,
                kind,
                outcome,
                count,
            } = request;
            format!("{ecosystem} {kind} {outcome} {count}")
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
        none none error 1
        terraform repeat redirect 64
        ");
        assert_eq!((counts.door.count(), counts.behind.count()), (64, 1));
    }

    #[test]
    fn a_failure_is_counted_by_its_reason() {
        let traffic = Traffic::new();
        traffic.failed(Failure::UnknownHost);
        let counts = traffic.counts();
        let failures = counts.failures.iter().filter(|(_, count)| *count > 0);
        assert_eq!(failures.collect::<Vec<_>>(), [&("unknown_host", 1)]);
    }
}

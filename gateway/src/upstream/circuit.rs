//! When an upstream is not worth asking: a pure state machine of time and chance.

use std::time::{Duration, Instant};

/// Failures in a row after which an upstream is given a rest.
const ENOUGH: u32 = 5;
/// First rest; each failed trial doubles it, up to the longest.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// What is known of one upstream's health. A failure is an upstream that does not answer, whatever it answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Circuit {
    failures: u32,
    rest: Option<Rest>,
}

/// Nobody asks until a time; then one tries for all.
#[derive(Debug, PartialEq, Eq)]
struct Rest {
    until: Instant,
    /// How often the upstream was given a rest in a row.
    count: u32,
    trying: bool,
}

/// Whether a request may go to the upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Like all others.
    Open,
    /// As the one that tries for all.
    Trial,
    /// Not now.
    Closed,
}

impl Circuit {
    /// Asks to be let through. A [`Way::Trial`] must end in one of the other three.
    pub(super) fn enter(&mut self, now: Instant) -> Way {
        match &mut self.rest {
            None => Way::Open,
            Some(rest) if rest.trying || now < rest.until => Way::Closed,
            Some(rest) => {
                rest.trying = true;
                Way::Trial
            }
        }
    }

    /// The upstream answered; true where it was given a rest before.
    pub(super) fn answered(&mut self) -> bool {
        self.failures = 0;
        self.rest.take().is_some()
    }

    /// The upstream did not answer. `chance` is a number from 0 to 1 that keeps many gateways out of step. The rest
    /// that begins now, if one does; one that others began is not made longer.
    pub(super) fn failed(&mut self, way: Way, now: Instant, chance: f64) -> Option<Duration> {
        self.failures = self.failures.saturating_add(1);
        let count = match &self.rest {
            Some(rest) if way == Way::Trial => rest.count + 1,
            None if self.failures >= ENOUGH => 0,
            Some(_) | None => return None,
        };
        let pause = pause(count, chance);
        self.rest = Some(Rest {
            until: now + pause,
            count,
            trying: false,
        });
        Some(pause)
    }

    /// A trial was given up by who asked for it: the next may try.
    pub(super) fn abandoned(&mut self, way: Way) {
        if let (Way::Trial, Some(rest)) = (way, &mut self.rest) {
            rest.trying = false;
        }
    }
}

/// Half of a pause that doubles, and up to as much again.
fn pause(count: u32, chance: f64) -> Duration {
    let whole = SHORTEST.saturating_mul(1 << count.min(8)).min(LONGEST);
    whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn failing(now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        for _ in 0..ENOUGH {
            assert_eq!(circuit.enter(now), Way::Open);
            circuit.failed(Way::Open, now, 1.0);
        }
        circuit
    }

    #[test]
    fn failures_in_a_row_give_the_upstream_a_rest_and_one_answer_ends_it() {
        let now = Instant::now();
        let mut circuit = failing(now);
        assert_eq!(circuit.enter(now), Way::Closed);
        assert_eq!(circuit.enter(now + SHORTEST), Way::Trial);
        assert_eq!(
            circuit.enter(now + SHORTEST),
            Way::Closed,
            "one tries for all"
        );
        assert!(circuit.answered());
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn failures_between_answers_are_no_reason() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        for _ in 0..ENOUGH * 3 {
            assert_eq!(circuit.failed(Way::Open, now, 0.5), None);
            assert!(!circuit.answered());
        }
    }

    #[test]
    fn rests_grow_and_stay_within_half_a_minute() {
        let mut now = Instant::now();
        let mut circuit = failing(now);
        let mut rests = Vec::new();
        for _ in 0..7 {
            now += LONGEST;
            assert_eq!(circuit.enter(now), Way::Trial);
            rests.push(
                circuit
                    .failed(Way::Trial, now, 1.0)
                    .expect("a rest")
                    .as_secs(),
            );
        }
        assert_eq!(rests, [2, 4, 8, 16, 30, 30, 30]);
    }

    #[test]
    fn a_trial_given_up_leaves_the_next_one_to_others() {
        let now = Instant::now();
        let mut circuit = failing(now);
        let later = now + SHORTEST;
        assert_eq!(circuit.enter(later), Way::Trial);
        circuit.abandoned(Way::Trial);
        assert_eq!(circuit.enter(later), Way::Trial);
    }

    #[test]
    fn requests_that_were_under_way_do_not_make_a_rest_longer() {
        let now = Instant::now();
        let mut circuit = failing(now);
        assert_eq!(
            circuit.failed(Way::Open, now + Duration::from_millis(900), 1.0),
            None
        );
        assert_eq!(circuit.enter(now + SHORTEST), Way::Trial);
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Enter,
        Answered,
        Failed,
        Abandoned,
        Wait(u16),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => Just(Step::Enter),
            1 => Just(Step::Answered),
            4 => Just(Step::Failed),
            1 => Just(Step::Abandoned),
            2 => any::<u16>().prop_map(Step::Wait),
        ];
        proptest::collection::vec(step, 0..200)
    }

    proptest! {
        /// Whatever happens, who waits long enough gets through.
        #[test]
        fn nobody_is_shut_out_for_good(steps in steps(), chance in 0.0..=1.0) {
            let mut now = Instant::now();
            let mut circuit = Circuit::default();
            let mut under_way = Vec::new();
            for step in steps {
                match step {
                    Step::Enter => match circuit.enter(now) {
                        Way::Closed => {}
                        way => under_way.push(way),
                    },
                    Step::Answered => if under_way.pop().is_some() { circuit.answered(); },
                    Step::Failed => if let Some(way) = under_way.pop() {
                        let rest = circuit.failed(way, now, chance);
                        prop_assert!(rest.is_none_or(|rest| SHORTEST / 2 <= rest && rest <= LONGEST));
                    },
                    Step::Abandoned => if let Some(way) = under_way.pop() { circuit.abandoned(way); },
                    Step::Wait(millis) => now += Duration::from_millis(millis.into()),
                }
            }
            for way in under_way {
                circuit.abandoned(way);
            }
            prop_assert_ne!(circuit.enter(now + LONGEST), Way::Closed);
        }
    }
}

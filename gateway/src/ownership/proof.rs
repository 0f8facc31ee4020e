//! What was seen of one domain's record, and when to look again. Times are seconds since 1970.

use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// How soon a record that is not there yet is looked for again: somebody may be writing it.
const SOON: i64 = 5;
/// How soon, once nobody seems to be.
const LATER: i64 = 5 * MINUTE;
/// How many times it is looked for soon: for ten minutes.
const EAGER: u32 = 120;
/// How often a record that is there is looked at.
const RECHECK: i64 = 7 * DAY;
/// How many days in a row it has to be missing until the domain is nobody's.
const MISSED: u32 = 3;

/// What DNS says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The record names the owner.
    Shown,
    /// There is none, or it names others.
    Absent,
    /// Nobody could tell.
    Unknown,
}

/// What is known of one domain under one owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    /// Whom it is about: another owner has to show it anew.
    pub(super) owner: String,
    /// When the record was seen last; none while the domain is not the owner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen_at: Option<i64>,
    /// How often in a row it was not there.
    #[serde(default)]
    pub(super) missed: u32,
    /// Not before this is it looked at again.
    #[serde(default)]
    pub(super) ask_at: i64,
}

impl Proof {
    pub(super) fn begin(owner: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            ..Self::default()
        }
    }

    /// Notes what DNS said at `now`.
    pub(crate) fn note(&mut self, seen: Seen, now: i64) {
        let wait = match (seen, self.seen_at) {
            (Seen::Shown, _) => {
                self.seen_at = Some(now);
                self.missed = 0;
                RECHECK
            }
            // A name server that is silent takes nothing from anybody.
            (Seen::Unknown, Some(_)) => HOUR,
            (Seen::Unknown, None) => SOON,
            (Seen::Absent, Some(_)) => {
                self.missed += 1;
                if self.missed < MISSED {
                    DAY
                } else {
                    *self = Self::begin(&self.owner);
                    SOON
                }
            }
            (Seen::Absent, None) => {
                self.missed = self.missed.saturating_add(1);
                if self.missed < EAGER { SOON } else { LATER }
            }
        };
        self.ask_at = now + wait;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    /// A proof that was told `seen`, each when it asked for it; and when it asks next.
    fn told(seen: &[Seen]) -> (Proof, i64) {
        let mut proof = Proof::begin("acme");
        let mut now = NOW;
        for seen in seen {
            proof.note(*seen, now);
            now = proof.ask_at;
        }
        (proof, now)
    }

    #[test]
    fn a_record_that_is_there_is_looked_at_again_in_a_week() {
        let (proof, next) = told(&[Seen::Absent, Seen::Shown]);
        assert_eq!(proof.seen_at, Some(NOW + SOON));
        assert_eq!(next, NOW + SOON + 7 * DAY);
    }

    #[test]
    fn a_record_that_is_gone_counts_for_two_days_more_and_then_no_longer() {
        use Seen::{Absent, Shown};
        let (proof, _) = told(&[Shown, Absent, Absent]);
        assert!(proof.seen_at.is_some());
        let (proof, next) = told(&[Shown, Absent, Absent, Absent]);
        assert_eq!(proof.seen_at, None);
        assert_eq!(next, NOW + 7 * DAY + 2 * DAY + SOON);
        let (proof, _) = told(&[Shown, Absent, Absent, Shown, Absent, Absent]);
        assert!(proof.seen_at.is_some(), "it came back between");
    }

    #[test]
    fn one_that_nobody_writes_is_looked_for_seldom() {
        let (_, next) = told(&[Seen::Absent; 119]);
        let (_, last) = told(&[Seen::Absent; 120]);
        assert_eq!(last - next, LATER);
    }

    proptest! {
        #[test]
        fn silence_takes_nothing_away(silences in 1_usize..500, shown in 0_i64..1_000_000) {
            let mut proof = Proof::begin("acme");
            proof.note(Seen::Shown, NOW + shown);
            for _ in 0..silences {
                let now = proof.ask_at;
                proof.note(Seen::Unknown, now);
                prop_assert!(proof.ask_at > now, "it asks again, later");
            }
            prop_assert_eq!(proof.seen_at, Some(NOW + shown));
        }

        #[test]
        fn nothing_is_proven_by_what_is_not_there(silences: Vec<bool>) {
            let seen: Vec<_> = silences.iter().map(|silent| if *silent { Seen::Unknown } else { Seen::Absent }).collect();
            prop_assert_eq!(told(&seen).0.seen_at, None);
        }
    }
}

//! Which look comes next: events each second, counts each fifth or when somebody new waits for theirs.

use std::collections::BTreeSet;

use crate::query::Target;

/// Looks at events between two at counts, where nobody new comes.
const EVENTS_PER_COUNT: u32 = 4;

/// What a look is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// What came.
    Events,
    /// How many came, by minute.
    Counts,
}

/// What was looked at lately.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Looks at events since the last at counts; none before the first.
    events: Option<u32>,
    /// Viewers that the last counts were for, those of lower number.
    counted: u64,
}

impl Turns {
    /// The next look, when as many viewers as `viewers` have come so far. Counts never come twice in a row, so that
    /// somebody who comes again and again stops no events.
    pub(super) fn next(&mut self, viewers: u64) -> Look {
        let wanted = match self.events {
            None => true,
            Some(0) => false,
            Some(events) => events >= EVENTS_PER_COUNT || viewers > self.counted,
        };
        if wanted {
            *self = Self {
                events: Some(0),
                counted: viewers,
            };
            return Look::Counts;
        }
        self.events = self.events.map(|events| events + 1);
        Look::Events
    }
}

/// Everything that any of them watches.
pub(super) fn union<'t>(targets: impl Iterator<Item = &'t Target>) -> Target {
    let mut names = BTreeSet::new();
    for target in targets {
        match target {
            Target::All => return Target::All,
            Target::Package(name) => drop(names.insert(name.clone())),
            Target::Among(some) => names.extend(some.iter().cloned()),
        }
    }
    Target::Among(names.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(turns: &mut Turns, viewers: &[u64]) -> String {
        let looks = viewers.iter().map(|&viewers| match turns.next(viewers) {
            Look::Events => 'e',
            Look::Counts => 'C',
        });
        looks.collect()
    }

    #[test]
    fn counts_come_first_and_then_each_fifth_time() {
        assert_eq!(looks(&mut Turns::default(), &[1; 12]), "CeeeeCeeeeCe");
    }

    #[test]
    fn whoever_is_new_waits_two_looks_at_most_and_stops_no_events() {
        assert_eq!(looks(&mut Turns::default(), &[1, 1, 1, 2, 2, 2]), "CeeCee");
        assert_eq!(looks(&mut Turns::default(), &[1, 2, 3, 4, 5, 6]), "CeCeCe");
    }

    #[test]
    fn no_more_is_looked_at_than_somebody_watches() {
        let package = Target::Package("b".to_owned());
        let among = Target::Among(vec!["c".to_owned(), "a".to_owned(), "b".to_owned()]);
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(union([&package, &among].into_iter()), Target::Among(names));
        assert_eq!(union([&package, &Target::All].into_iter()), Target::All);
        assert_eq!(union([].into_iter()), Target::Among(Vec::new()));
    }
}

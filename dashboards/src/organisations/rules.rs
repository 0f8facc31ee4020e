//! Rules about stages: conditions over the days before one, and why one of them holds.

use super::activity::{Activity, Day, What};
use super::stage::Stage;
use super::tally::{Over, Tally};

/// Something that holds on a day or not. Weeks are the seven days that end with it, and those before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What counts.
    pub what: What,
    /// How it counts.
    pub measure: Measure,
}

/// How a condition counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// At least `least` of the last `of` weeks have some.
    Weeks {
        /// So many weeks.
        least: u16,
        /// Of so many.
        of: u16,
    },
    /// At least `least` in the last `days` days.
    Sum {
        /// So many.
        least: u32,
        /// In so many days.
        days: u16,
    },
    /// None in the last `days` days.
    None {
        /// For so many days.
        days: u16,
    },
}

/// A stage, and what must hold for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stage.
    pub stage: Stage,
    /// All of these.
    pub when: Vec<Condition>,
}

/// Rules in their order; the first that holds decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageRules(pub(super) Vec<Rule>);

/// Why a stage was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The stage.
    pub stage: Stage,
    /// Position of the rule.
    pub rule: usize,
    /// Its conditions with what was found.
    pub found: Vec<Found>,
}

/// A condition and the number that met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The condition.
    pub condition: Condition,
    /// Weeks, or how many; days since the last of it where there must be none, 0 if there was none ever.
    pub found: u64,
}

impl StageRules {
    /// All of them.
    pub fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// Why which stage holds on `day`; none where no rule does.
    pub fn judge(&self, activity: &Activity, day: Day) -> Option<Reason> {
        self.judge_by(|tally| tally.count(activity, day))
    }

    /// The same from numbers that were counted elsewhere.
    pub(crate) fn judge_by(&self, counted: impl Fn(Tally) -> Option<u64>) -> Option<Reason> {
        let mut reasons = self.0.iter().enumerate().filter_map(|(at, rule)| {
            let found: Option<Vec<_>> = rule
                .when
                .iter()
                .map(|condition| condition.met(counted(condition.tally())))
                .collect();
            Some(Reason {
                stage: rule.stage,
                rule: at,
                found: found?,
            })
        });
        reasons.next()
    }

    /// What there is to count for them, each once.
    pub(crate) fn tallies(&self) -> Vec<Tally> {
        let mut tallies = Vec::new();
        for condition in self.0.iter().flat_map(|rule| &rule.when) {
            let tally = condition.tally();
            if !tallies.contains(&tally) {
                tallies.push(tally);
            }
        }
        tallies
    }
}

impl Condition {
    /// What it counts.
    fn tally(self) -> Tally {
        let over = match self.measure {
            Measure::Weeks { of, .. } => Over::Weeks(of),
            Measure::Sum { days, .. } => Over::Days(days),
            Measure::None { .. } => Over::Since,
        };
        Tally {
            what: self.what,
            over,
        }
    }

    /// What was found, if `counted` meets the condition.
    fn met(self, counted: Option<u64>) -> Option<Found> {
        let at_least = |least: u32| counted.is_some_and(|counted| counted >= u64::from(least));
        let holds = match self.measure {
            Measure::Weeks { least, .. } => at_least(u32::from(least)),
            Measure::Sum { least, .. } => at_least(least),
            Measure::None { days } => counted.is_none_or(|ago| ago >= u64::from(days)),
        };
        let found = Found {
            condition: self,
            found: counted.unwrap_or(0),
        };
        holds.then_some(found)
    }
}

impl std::fmt::Display for Condition {
    /// The condition as a rule has it: `downloads in at least 8 of the last 12 weeks`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = named(self.what, 0);
        match self.measure {
            Measure::Weeks { least, of } => {
                write!(f, "{what} in at least {least} of the last {of} weeks")
            }
            Measure::Sum { least, days } => {
                let what = named(self.what, u64::from(least));
                write!(f, "at least {least} {what} in the last {days} days")
            }
            Measure::None { days } => write!(f, "no {what} in the last {days} days"),
        }
    }
}

impl std::fmt::Display for Found {
    /// The same with what was found: `downloads in 11 of the last 12 weeks`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let found = self.found;
        let what = named(self.condition.what, 0);
        match self.condition.measure {
            Measure::Weeks { of, .. } => write!(f, "{what} in {found} of the last {of} weeks"),
            Measure::Sum { days, .. } => {
                let what = named(self.condition.what, found);
                write!(f, "{found} {what} in the last {days} days")
            }
            Measure::None { .. } if found == 0 => write!(f, "no {what} ever"),
            Measure::None { .. } => write!(f, "no {what} for {found} days"),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        sentence(f, &self.found)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        sentence(f, &self.when)
    }
}

fn sentence(f: &mut std::fmt::Formatter<'_>, parts: &[impl std::fmt::Display]) -> std::fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        let joint = if at == 0 { "" } else { ", and " };
        write!(f, "{joint}{part}")?;
    }
    Ok(())
}

/// What counts, of which there are `count`.
fn named(what: What, count: u64) -> &'static str {
    match (what, count) {
        (What::Anything, 1) => "page view or download",
        (What::Anything, _) => "page views or downloads",
        (What::Views, 1) => "page view",
        (What::Views, _) => "page views",
        (What::Downloads, 1) => "download",
        (What::Downloads, _) => "downloads",
        (What::Ci, 1) => "download by a build service",
        (What::Ci, _) => "downloads by build services",
    }
}

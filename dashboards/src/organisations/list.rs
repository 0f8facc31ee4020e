//! A page of organisations: found, filtered, sorted and counted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::activity::Day;
use super::rules::{Reason, StageRules};
use super::seen::Seen;
use super::stage::Stage;
use super::standing::Standing;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// Name, as it is read.
    Name,
    /// Type, then name.
    Type,
    /// Stage, furthest first when descending; inactive ones are the least.
    Stage,
    /// Downloads of the period.
    #[default]
    Downloads,
    /// Downloads of build services in the period.
    Ci,
    /// Pages read in the period.
    Views,
    /// Packages used.
    Packages,
    /// First day.
    FirstSeen,
    /// Last day.
    LastSeen,
}

/// Which organisations, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Part of the name or domain, whatever the case.
    pub search: String,
    /// Type.
    pub kind: Option<String>,
    /// Least confidence in percent.
    pub confidence: u64,
    /// How they stand.
    pub standing: Option<Standing>,
    /// How far they have come.
    pub stage: Option<Stage>,
    /// What they are sorted by.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
    /// Most of them.
    pub limit: usize,
    /// How many are left out at the beginning.
    pub offset: usize,
}

/// An organisation of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    /// As the store has it.
    pub seen: Seen,
    /// How it stands.
    pub standing: Option<Standing>,
    /// How far it has come, and why.
    pub reason: Option<Reason>,
}

/// How many organisations stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Standings {
    /// Seen for the first time.
    pub new: usize,
    /// Doing more.
    pub growing: usize,
    /// Doing about as much.
    pub steady: usize,
    /// Doing less, or nothing.
    pub quiet: usize,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    /// Those of the page.
    pub page: Vec<Listed>,
    /// How many there are on all pages.
    pub total: usize,
    /// How those stand that all other conditions let through.
    pub standings: Standings,
}

impl Listing {
    /// The organisations that are wished for among `seen`, as of `day`.
    pub(crate) fn of(seen: Vec<Seen>, rules: &StageRules, day: Day, wish: &Wish) -> Self {
        let judged = seen.into_iter().filter(|seen| wish.fits(seen));
        let judged = judged.map(|seen| Listed::judged(seen, rules, day));
        let mut judged: Vec<_> = judged.filter(|listed| wish.fits_stage(listed)).collect();
        let standings = Standings::of(&judged);
        judged.retain(|listed| wish.standing.is_none() || wish.standing == listed.standing);
        wish.sort(&mut judged);
        let total = judged.len();
        let page = judged.into_iter().skip(wish.offset).take(wish.limit);
        Self {
            page: page.collect(),
            total,
            standings,
        }
    }
}

impl Listed {
    /// How an organisation stands on `day`, and how far it has come.
    pub(crate) fn judged(seen: Seen, rules: &StageRules, day: Day) -> Self {
        Self {
            standing: Standing::of(seen.lately, seen.earlier, seen.first, day),
            reason: rules.judge_by(|tally| seen.counted(tally)),
            seen,
        }
    }

    fn stage(&self) -> Option<Stage> {
        self.reason.as_ref().map(|reason| reason.stage)
    }
}

impl Wish {
    fn fits(&self, seen: &Seen) -> bool {
        let search = self.search.to_lowercase();
        let named = |text: &str| text.to_lowercase().contains(&search);
        seen.confidence >= self.confidence
            && self.kind.as_ref().is_none_or(|kind| *kind == seen.kind)
            && (search.is_empty() || named(&seen.name) || named(&seen.domain))
    }

    fn fits_stage(&self, listed: &Listed) -> bool {
        self.stage.is_none() || self.stage == listed.stage()
    }

    /// Equal ones come by name, so that pages never overlap.
    fn sort(&self, listed: &mut [Listed]) {
        listed.sort_by(|one, other| {
            let (a, b) = (&one.seen, &other.seen);
            let downloads = |seen: &Seen| seen.period.downloads.saturating_add(seen.period.ci);
            let name = |seen: &Seen| (seen.name.to_lowercase(), seen.key.clone());
            let order = match self.sort {
                Sort::Name => name(a).cmp(&name(b)),
                Sort::Type => a.kind.cmp(&b.kind),
                Sort::Stage => progress(one.stage()).cmp(&progress(other.stage())),
                Sort::Downloads => downloads(a).cmp(&downloads(b)),
                Sort::Ci => a.period.ci.cmp(&b.period.ci),
                Sort::Views => a.period.views.cmp(&b.period.views),
                Sort::Packages => a.packages.cmp(&b.packages),
                Sort::FirstSeen => a.first.cmp(&b.first),
                Sort::LastSeen => a.last.cmp(&b.last),
            };
            let order = if self.ascending {
                order
            } else {
                order.reverse()
            };
            order.then_with(|| name(a).cmp(&name(b)))
        });
    }
}

/// How far a stage is; whoever is inactive is nowhere.
fn progress(stage: Option<Stage>) -> Option<Stage> {
    stage.filter(|stage| *stage != Stage::Inactive)
}

impl Standings {
    fn of(listed: &[Listed]) -> Self {
        let count = |standing| {
            let so = listed
                .iter()
                .filter(|listed| listed.standing == Some(standing));
            so.count()
        };
        Self {
            new: count(Standing::New),
            growing: count(Standing::Growing),
            steady: count(Standing::Steady),
            quiet: count(Standing::Quiet),
        }
    }
}

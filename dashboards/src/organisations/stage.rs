//! How far an organisation has come with a package, on each day of its history.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::activity::{Activity, Day};
use super::rules::StageRules;

/// How far it has come; rules say when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It reads.
    Interest,
    /// It reads much, or has had a first look at the software itself.
    Investigation,
    /// It tries the software.
    Experimentation,
    /// It works with it.
    OngoingUse,
    /// It did once.
    Inactive,
}

impl Stage {
    /// In the order in which organisations come through them.
    pub const ALL: [Self; 5] = [
        Self::Interest,
        Self::Investigation,
        Self::Experimentation,
        Self::OngoingUse,
        Self::Inactive,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interest => "interest",
            Self::Investigation => "investigation",
            Self::Experimentation => "experimentation",
            Self::OngoingUse => "ongoing_use",
            Self::Inactive => "inactive",
        }
    }

    /// The stage that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// Days in a row at one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// None where no rule holds.
    pub stage: Option<Stage>,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// The stages from the first day with anything on until `last`, as the rules of today have them.
pub(crate) fn history(rules: &StageRules, activity: &Activity, last: Day) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let first = activity.days().first().map_or(last + 1, |(day, _)| *day);
    for day in first..=last {
        let stage = rules.judge(activity, day).map(|reason| reason.stage);
        match spans.last_mut() {
            Some(span) if span.stage == stage => span.last = day,
            _ => spans.push(Span {
                stage,
                first: day,
                last: day,
            }),
        }
    }
    spans
}

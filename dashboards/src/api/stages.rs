//! The rules about stages that are in force.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Shared;
use super::failure::ErrorBody;
use crate::organisations::{self, Found, Measure, Rule, Stage};

/// Rules about stages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stages {
    /// In their order; the first of which all conditions hold decides.
    rules: Vec<StageRule>,
    /// Whether they are the operator's own.
    own: bool,
}

/// A rule about a stage.
#[derive(Debug, Serialize, ToSchema)]
struct StageRule {
    /// The stage that it gives.
    stage: Stage,
    /// The rule in a sentence.
    sentence: String,
    /// Its conditions.
    when: Vec<Condition>,
}

/// A condition over the days before one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageCondition)]
struct Condition {
    /// anything, views, downloads (all of them), ci (those of build services).
    what: &'static str,
    /// weeks: so many of the last weeks have some; sum: so many in the last days; none: none in the last days.
    measure: &'static str,
    /// So many weeks, or so many of it; 0 for none.
    least: u32,
    /// Weeks or days that are looked at.
    window: u16,
}

/// Why an organisation is at its stage.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageReason)]
pub(super) struct Reason {
    /// Position of the rule among those of `/stages`, from 0.
    rule: usize,
    /// Why, in a sentence.
    sentence: String,
    /// What its conditions found.
    found: Vec<FoundCondition>,
}

/// A condition and what it found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundCondition {
    #[serde(flatten)]
    condition: Condition,
    /// Weeks, or how many; days since the last of it for none.
    found: u64,
}

impl From<organisations::Condition> for Condition {
    fn from(condition: organisations::Condition) -> Self {
        let (measure, least, window) = match condition.measure {
            Measure::Weeks { least, of } => ("weeks", u32::from(least), of),
            Measure::Sum { least, days } => ("sum", least, days),
            Measure::None { days } => ("none", 0, days),
        };
        Self {
            what: condition.what.as_str(),
            measure,
            least,
            window,
        }
    }
}

impl From<&Rule> for StageRule {
    fn from(rule: &Rule) -> Self {
        Self {
            stage: rule.stage,
            sentence: rule.to_string(),
            when: rule.when.iter().copied().map(Condition::from).collect(),
        }
    }
}

impl From<&organisations::Reason> for Reason {
    fn from(reason: &organisations::Reason) -> Self {
        let found = reason
            .found
            .iter()
            .map(|Found { condition, found }| FoundCondition {
                condition: (*condition).into(),
                found: *found,
            });
        Self {
            rule: reason.rule,
            sentence: reason.to_string(),
            found: found.collect(),
        }
    }
}

/// The rules about stages that are in force. They hold for all history: nothing about stages is stored.
#[utoipa::path(get, path = "/stages", tag = "numbers", responses(
    (status = 200, description = "in their order", body = Stages),
    (status = 401, description = "not signed in", body = ErrorBody),
))]
pub(crate) async fn list(State(dashboard): State<Shared>) -> Json<Stages> {
    let rules = dashboard.stages.rules();
    Json(Stages {
        rules: rules.rules().iter().map(StageRule::from).collect(),
        own: dashboard.stages.file().is_some(),
    })
}

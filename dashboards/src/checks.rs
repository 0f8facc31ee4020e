//! Whether downloads of a package can come through: what is looked at, and how it went.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::operation::Told;

/// Looks at what a package of this name needs.
pub type Checking = Arc<dyn Fn(String) -> Told<Vec<Check>> + Send + Sync>;

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Check {
    /// What was looked at.
    pub what: Checked,
    /// Of which domain, or of which upstream's host.
    pub of: String,
    /// How it went.
    pub outcome: Outcome,
    /// What was found, in the words of whoever answered: a status, an error.
    pub found: String,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// The configuration has a domain for the package.
    Route,
    /// DNS knows the domain.
    Dns,
    /// This gateway answers there.
    Gateway,
    /// The domain's certificate is valid.
    Certificate,
    /// Where downloads are sent answers.
    Upstream,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Good,
    /// Downloads do not come through like this.
    Bad,
    /// It cannot be told from here, or need not be so.
    Unsure,
}

//! What somebody says of a match that is wrong, as far as this side knows it: who writes it down is outside.

use std::pin::Pin;

/// What is true of events that were matched to organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are nobody's.
    Wrong,
    /// They are an organisation's of another name; an empty domain or type leaves what was stored.
    Rename {
        /// As it is shown.
        name: String,
        /// Its domain.
        domain: String,
        /// business, education, government or nonprofit.
        kind: String,
    },
    /// They are whose they were stored as.
    Undo,
}

/// A verdict on organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongMatch {
    /// Which, by the number they were stored under.
    pub ids: Vec<u32>,
    /// What is true of them.
    pub verdict: Verdict,
    /// Why, for whoever reads the list later.
    pub note: String,
}

/// Why a verdict was not written down.
#[derive(Debug, thiserror::Error)]
#[error("ClickHouse does not take the correction; try again later")]
pub struct CorrectionFailure(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// Writes a verdict down; it holds from the next question on.
pub type Correct = dyn Fn(WrongMatch) -> Pin<Box<dyn Future<Output = Result<(), CorrectionFailure>> + Send>>
    + Send
    + Sync;

//! Whether an organisation is new, does more than before, about as much, or less.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::activity::Day;

/// Length of the windows that are compared, in days.
pub(crate) const WINDOW_DAYS: Day = 28;

/// How the last 28 days compare with the 28 before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Seen for the first time within the last 28 days.
    New,
    /// At least half as much again as before.
    Growing,
    /// Neither.
    Steady,
    /// At most half as much as before, which includes nothing.
    Quiet,
}

impl Standing {
    /// How an organisation that was first seen on `first` stands on `day`, when it did `now` in the window that ends
    /// with it and `before` in the one before; none where it did nothing in either.
    pub(crate) fn of(now: u64, before: u64, first: Day, day: Day) -> Option<Self> {
        if now == 0 && before == 0 {
            return None;
        }
        Some(if first > day - WINDOW_DAYS {
            Self::New
        } else if now.saturating_mul(2) <= before {
            Self::Quiet
        } else if now.saturating_mul(2) >= before.saturating_mul(3) {
            Self::Growing
        } else {
            Self::Steady
        })
    }
}

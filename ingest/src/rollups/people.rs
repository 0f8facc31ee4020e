//! Writes down how many people there were before their ids are forgotten.

use super::{RollupError, run};
use crate::engine::Access;

/// Counts the people of days whose visitors are still known, and keeps the numbers.
///
/// To be called every few minutes, by as many processes as like to: counting again never makes a
/// number smaller.
pub async fn note_people(access: &Access) -> Result<(), RollupError> {
    run(access, "count people", include_str!("people.sql")).await
}

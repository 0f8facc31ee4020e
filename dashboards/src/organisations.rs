//! Organisations as the page shows them: how far each has come with a package, and whether it does more or less
//! than before. Pure; `query` asks for the numbers and `api` puts both together.

mod activity;
mod correction;
mod list;
mod profile;
mod rules;
mod seen;
mod stage;
mod standing;
mod tally;
mod written;

#[cfg(test)]
mod tests;

pub use activity::{Activity, Day, Done, What};
pub(crate) use activity::{date_of, day_of};
pub use correction::{Correct, CorrectionFailure, Verdict, WrongMatch};
pub(crate) use list::{Listed, Listing, Sort, Standings, Wish};
pub(crate) use profile::{Page, Profile, Sources, Used};
pub use rules::{Condition, Found, Measure, Reason, Rule, StageRules};
pub(crate) use seen::seen_of;
pub use stage::Stage;
pub(crate) use stage::{Span, history};
pub(crate) use standing::{Standing, WINDOW_DAYS};
pub(crate) use tally::{Over, Tally};
pub use written::{StageRulesError, Stages};

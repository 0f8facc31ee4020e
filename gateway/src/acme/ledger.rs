//! What was asked of the authority and how it went, kept on disk: a restart is no reason to ask again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Wait after the first failure for a name, in seconds. An authority may stop listening after five in an hour.
const FIRST_WAIT: i64 = 15 * 60;
/// Longest wait after a failure, in seconds.
const LONGEST_WAIT: i64 = 24 * 3600;
/// Least wait where the authority says that it was asked too often, in seconds.
const LIMITED_WAIT: i64 = 3600;
/// Orders in an hour, for all names.
pub(super) const ORDERS: usize = 60;
/// An hour, in seconds.
pub(super) const HOUR: i64 = 3600;

/// Everything that is remembered. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    /// When orders of the last hour were begun.
    #[serde(default)]
    pub(super) orders: Vec<i64>,
    #[serde(default)]
    pub(crate) names: BTreeMap<String, Attempts>,
}

/// How it went for one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempts {
    /// Failures since the last certificate.
    #[serde(default)]
    pub(crate) failures: u32,
    /// Not before this is it tried again.
    #[serde(default)]
    pub(crate) not_before: i64,
    /// What was wrong last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) problem: String,
    /// When the authority would like to renew the certificate (RFC 9773).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) renew_at: Option<i64>,
    /// When to ask it again for that.
    #[serde(default)]
    pub(crate) ask_at: i64,
}

impl Ledger {
    /// Notes that an order for `name` begins. Should the process end before it does, that was a failure.
    pub(crate) fn begin(&mut self, name: &str, now: i64) {
        self.orders.retain(|&begun| begun > now - HOUR);
        self.orders.push(now);
        self.fail(name, "it was not finished", false, now);
    }

    /// Notes that there is a certificate.
    pub(crate) fn succeed(&mut self, name: &str) {
        self.names.insert(name.to_owned(), Attempts::default());
    }

    /// Notes why there is none; what [`Self::begin`] noted counts as this failure.
    pub(crate) fn explain(&mut self, name: &str, problem: &str, limited: bool, now: i64) {
        if let Some(attempts) = self.names.get_mut(name) {
            attempts.failures = attempts.failures.saturating_sub(1);
        }
        self.fail(name, problem, limited, now);
    }

    fn fail(&mut self, name: &str, problem: &str, limited: bool, now: i64) {
        let attempts = self.names.entry(name.to_owned()).or_default();
        attempts.failures += 1;
        problem.clone_into(&mut attempts.problem);
        let doubled = attempts.failures.saturating_sub(1).min(16);
        let wait = (FIRST_WAIT << doubled).min(LONGEST_WAIT);
        let wait = if limited {
            wait.max(LIMITED_WAIT)
        } else {
            wait
        };
        attempts.not_before = now + wait + spread(name, now, wait / 10);
    }
}

/// A number from 0 to below `within` that hangs on `name` and `at` alone, so that not everybody comes at once.
pub(super) fn spread(name: &str, at: i64, within: i64) -> i64 {
    let hash = crc32c::crc32c_append(crc32c::crc32c(name.as_bytes()), &at.to_be_bytes());
    i64::from(hash) * within.max(0) / (i64::from(u32::MAX) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "get.acme.example";

    #[test]
    fn waits_double_from_a_quarter_of_an_hour_to_a_day() {
        let mut ledger = Ledger::default();
        for quarters in [1, 2, 4, 8, 16, 32, 64, 96, 96, 96] {
            ledger.begin(NAME, 0);
            ledger.explain(NAME, "nobody answers", false, 0);
            let (wait, least) = (ledger.names[NAME].not_before, quarters * FIRST_WAIT);
            assert!((least..=least * 11 / 10).contains(&wait), "{wait}");
        }
        ledger.succeed(NAME);
        assert_eq!(ledger.names[NAME], Attempts::default());
    }

    #[test]
    fn an_order_that_a_restart_cut_short_counts_as_a_failure() {
        let mut ledger = Ledger::default();
        ledger.begin(NAME, 100);
        let text = serde_json::to_string(&ledger).expect("JSON");
        let read: Ledger = serde_json::from_str(&text).expect("a ledger");
        assert_eq!(read, ledger);
        assert!(read.names[NAME].not_before >= 100 + FIRST_WAIT);
    }

    #[test]
    fn an_authority_that_was_asked_too_often_has_an_hour_at_least() {
        let mut ledger = Ledger::default();
        ledger.begin(NAME, 0);
        ledger.explain(NAME, "too many", true, 0);
        assert!(ledger.names[NAME].not_before >= LIMITED_WAIT);
    }
}

//! How far a package has come: what makes its numbers good, and what of it is done; pure.

use serde::Serialize;
use utoipa::ToSchema;

/// One download in so many may be of an unknown audience before somebody should look at it.
const FEW_UNKNOWN: u64 = 20;
/// Days after which data about networks misses too many new ones.
const FRESH_DAYS: i64 = 45;
/// Suffixes of names that only this machine or nobody resolves (RFC 2606, RFC 6761).
const NOT_PUBLIC: [&str; 6] = [
    "localhost",
    "example",
    "test",
    "invalid",
    "local",
    "internal",
];

/// Something worth doing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScorecardStep)]
pub(crate) struct Step {
    /// What.
    step: Worth,
    /// Whether it is done.
    done: bool,
}

/// What is worth doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Worth {
    /// A domain of one's own.
    Domain,
    /// A first download.
    Download,
    /// A version that was downloaded.
    Release,
    /// The pixel in the docs.
    Docs,
    /// The pixel in a README, which code hosts fetch through a proxy.
    Readme,
    /// Few clients that no rule knows, or rules of one's own.
    Audience,
    /// Data about networks that is there and not old.
    Places,
    /// Somebody else who may do everything.
    Owner,
}

/// What is true of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) domains: Vec<String>,
    /// Of the last 28 days.
    pub(crate) downloads: u64,
    /// Of those, the ones whose audience is unknown.
    pub(crate) unknown: u64,
    pub(crate) docs_views: u64,
    pub(crate) readme_views: u64,
    /// Versions that were ever downloaded.
    pub(crate) versions: u64,
}

/// What is true of the installation, for those who run it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Running {
    /// Whether there are rules of the operator's own.
    pub(crate) own_rules: bool,
    /// Age of the newest data about networks in days.
    pub(crate) places_days: Option<i64>,
    pub(crate) owners: usize,
}

/// Everything worth doing, in the order in which one does it. What only who runs the installation can do is told to
/// them alone.
pub(crate) fn steps(facts: &Facts, running: Option<&Running>) -> Vec<Step> {
    let own_rules = running.is_some_and(|running| running.own_rules);
    let mut steps = vec![
        (
            Worth::Domain,
            facts.domains.iter().any(|domain| is_public(domain)),
        ),
        (Worth::Download, facts.downloads > 0),
        (Worth::Release, facts.versions > 0),
        (Worth::Docs, facts.docs_views > 0),
        (Worth::Readme, facts.readme_views > 0),
        (Worth::Audience, own_rules || has_few_unknown(facts)),
    ];
    if let Some(running) = running {
        let fresh = running.places_days.is_some_and(|days| days <= FRESH_DAYS);
        steps.push((Worth::Places, fresh));
        steps.push((Worth::Owner, running.owners > 1));
    }
    let steps = steps.into_iter();
    steps.map(|(step, done)| Step { step, done }).collect()
}

/// Whether others can resolve it.
fn is_public(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or(domain);
    let is_address = last.chars().all(|letter| letter.is_ascii_digit()) || domain.contains(':');
    domain.contains('.') && !is_address && !NOT_PUBLIC.contains(&last)
}

fn has_few_unknown(facts: &Facts) -> bool {
    facts.downloads > 0 && facts.unknown <= facts.downloads / FEW_UNKNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(facts: &Facts, running: Option<&Running>) -> String {
        let steps = steps(facts, running);
        let words = steps.iter().map(|step| {
            let word = serde_json::to_value(step.step).expect("a word");
            let mark = if step.done { "+" } else { "-" };
            format!("{mark}{}", word.as_str().unwrap_or(""))
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_fresh_installation_has_everything_before_it() {
        insta::assert_snapshot!(done(&Facts::default(), Some(&Running { owners: 1, ..Running::default() })),
            @"-domain -download -release -docs -readme -audience -places -owner");
        insta::assert_snapshot!(done(&Facts::default(), None),
            @"-domain -download -release -docs -readme -audience");
    }

    #[test]
    fn what_is_true_is_done() {
        let facts = Facts {
            domains: vec!["localhost".to_owned(), "get.acme.dev".to_owned()],
            downloads: 100,
            unknown: 5,
            docs_views: 1,
            readme_views: 1,
            versions: 1,
        };
        let running = Running {
            own_rules: false,
            places_days: Some(45),
            owners: 2,
        };
        insta::assert_snapshot!(done(&facts, Some(&running)),
            @"+domain +download +release +docs +readme +audience +places +owner");
        let facts = Facts {
            unknown: 6,
            ..facts
        };
        let running = Running {
            places_days: Some(46),
            ..running
        };
        insta::assert_snapshot!(done(&facts, Some(&running)),
            @"+domain +download +release +docs +readme -audience -places +owner");
        let running = Running {
            own_rules: true,
            ..running
        };
        assert!(done(&facts, Some(&running)).contains("+audience"));
    }

    #[test]
    fn names_that_only_this_machine_knows_are_no_domain_of_ones_own() {
        for name in [
            "localhost",
            "get.localhost",
            "127.0.0.1",
            "::1",
            "get.acme.example",
            "weir",
            "a.internal",
        ] {
            assert!(!is_public(name), "{name}");
        }
        assert!(is_public("get.acme.dev") && is_public("xn--bcher-kva.ch"));
    }
}

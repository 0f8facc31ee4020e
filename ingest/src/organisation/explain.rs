//! The decision step by step, for people. Nothing is stored.

use super::class::class;
use super::directory::{Directory, Meaning};
use super::domain::{Suffix, suffix};
use super::judge::{Case, judge};
use super::name::Name;
use super::{Organisation, Organisations, Rule};
use crate::ClientIp;
use crate::enrich::{Network, NetworkType};

/// Each step, what it looked at and what it said, and what is stored in the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Label and text.
    pub steps: Vec<(&'static str, String)>,
    /// What decided.
    pub rule: Rule,
    /// What the network is used for, all told.
    pub kind: NetworkType,
    /// Who was found, whether or not the policy lets it be stored.
    pub found: Option<Organisation>,
    /// What a row would hold.
    pub stored: Option<Organisation>,
}

/// Explains what would be made of a request from `network`, from `address` where one is given, in `country`, and with
/// a confirmed name in the domain `pointer`.
pub fn explain(
    organisations: &Organisations,
    network: &Network,
    address: Option<&ClientIp>,
    country: &str,
    pointer: Option<&str>,
) -> Explained {
    let overrides = organisations.overrides.load();
    let name = Name::new(&network.name);
    let by_address = address.and_then(|address| overrides.by_address(address));
    let is_local = address.is_some_and(ClientIp::is_local);
    let listed: Vec<_> = network.lists.words().collect();
    let mut steps = vec![
        ("network", described(network)),
        (
            "overrides",
            overriding(&overrides, network, by_address, &name),
        ),
        (
            "address",
            or_none(if is_local { "a local one" } else { "" }, "an ordinary one"),
        ),
        ("lists", or_none(&listed.join(", "), "on none")),
        ("category", or_none(network.kind.as_str(), "unknown")),
        (
            "name",
            or_none(
                &class(&name).map_or_else(String::new, |class| {
                    format!("says {class:?}").to_lowercase()
                }),
                "says nothing",
            ),
        ),
        (
            "domain",
            or_none(suffix(&network.domain).map_or("", sentence), "says nothing"),
        ),
    ];
    if let Some(pointer) = pointer {
        steps.push(("pointer", format!("a confirmed name in {pointer}")));
    }
    let verdict = judge(&Case {
        network,
        overrides: &overrides,
        by_address,
        is_local,
        pointer,
    });
    steps.push(("rule", verdict.rule.as_str().to_owned()));
    let found = verdict.organisation;
    let said = found.as_ref().map_or_else(String::new, shown);
    steps.push(("found", or_none(&said, "nobody")));
    let stored = found
        .clone()
        .filter(|found| organisations.stores(found, country));
    let number = stored
        .as_ref()
        .map_or_else(String::new, |stored| format!("org_id {}", stored.id));
    steps.push((
        "policy",
        policy(organisations, found.is_some(), stored.is_some(), country),
    ));
    steps.push(("stored", or_none(&number, "nothing")));
    Explained {
        steps,
        rule: verdict.rule,
        kind: verdict.kind,
        found,
        stored,
    }
}

fn policy(organisations: &Organisations, found: bool, is_stored: bool, country: &str) -> String {
    let said = match &organisations.policy {
        None => "organisations are off: set [organisations] enabled",
        Some(policy) if policy.excludes_country(country) => "excluded",
        Some(_) if is_stored => "allowed",
        Some(_) if found => "too weak, or of an excluded type",
        Some(_) => "nobody to store",
    };
    format!("in {}: {said}", or_none(country, "an unknown country"))
}

fn or_none(text: &str, none: &str) -> String {
    if text.is_empty() { none } else { text }.to_owned()
}

fn described(network: &Network) -> String {
    if network.asn == 0 {
        return "no system is known to announce it".to_owned();
    }
    let Network {
        asn,
        name,
        domain,
        size,
        ..
    } = network;
    let domain = if domain.is_empty() {
        "no domain"
    } else {
        domain
    };
    format!("AS{asn} {name:?}, {domain}, {size} IPv4 addresses")
}

fn overriding(
    overrides: &Directory,
    network: &Network,
    by_address: Option<&Meaning>,
    name: &Name,
) -> String {
    let ways = [
        ("the address", by_address),
        ("the system", overrides.by_system(network.asn)),
        ("the domain", overrides.by_domain(&network.domain)),
        ("the name", overrides.by_name(name)),
    ];
    let said = ways
        .into_iter()
        .find_map(|(way, meaning)| Some((way, meaning?)));
    match said {
        None => "say nothing".to_owned(),
        Some((way, Meaning::Nobody)) => format!("by {way}: nobody"),
        Some((way, Meaning::Organisation(entry))) => format!("by {way}: {}", entry.name),
    }
}

fn sentence(suffix: Suffix) -> &'static str {
    match suffix {
        Suffix::Education => "says education, by its suffix",
        Suffix::Government => "says government, by its suffix",
        Suffix::Hosting => "says hosting, by its suffix",
    }
}

fn shown(found: &Organisation) -> String {
    let Organisation {
        name,
        domain,
        kind,
        confidence,
        evidence,
        ..
    } = found;
    let domain = if domain.is_empty() {
        "no domain"
    } else {
        domain
    };
    let words = evidence.words();
    format!(
        "{name:?}, {domain}, {}, confidence {confidence} by {words}",
        kind.as_str()
    )
}

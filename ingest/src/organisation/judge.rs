//! The decision: from what is known of a network to an organisation, or to nobody and why.
//!
//! In this order, and the first that decides does: the operator's word; special addresses; lists that name the
//! address; what the system is used for by the data, held against its name and domain; the address's name in DNS.
//! Who carries or hosts others is never an organisation. A confidence is 90 where two sources agree on what the holder
//! is, 80 where the second only agrees on who it is, 70 for the data or a domain alone, 50 for a name alone; where
//! sources disagree there is nobody.

use std::cell::LazyCell;
use std::sync::Arc;

use super::class::{Class, class};
use super::directory::{self, Directory, Entry, Meaning};
use super::domain::{Suffix, registered, suffix};
use super::name::Name;
use super::rule::Rule;
use super::{Evidence, Organisation, OrganisationType, id};
use crate::enrich::{Lists, Network, NetworkType};

/// A system with no more addresses than this and nothing else known of it may be a person's.
const PERSONAL_ADDRESSES: u64 = 1024;

/// What a verdict is made from.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) network: &'a Network,
    /// The operator's own.
    pub(crate) overrides: &'a Directory,
    /// What they say of the address itself.
    pub(crate) by_address: Option<&'a Meaning>,
    /// Whether the address says nothing about a place.
    pub(crate) is_local: bool,
    /// The registered domain of the address's confirmed name.
    pub(crate) pointer: Option<&'a str>,
}

/// Who runs a network, and why that is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// What decided.
    pub(crate) rule: Rule,
    /// What the network is used for, all told.
    pub(crate) kind: NetworkType,
    /// Nobody where the network carries or hosts others, or nothing is known for sure.
    pub(crate) organisation: Option<Organisation>,
}

/// Decides one case.
pub(crate) fn judge(case: &Case<'_>) -> Verdict {
    // Most networks are decided before their name is read.
    let name = LazyCell::new(|| Name::new(&case.network.name));
    if let Some(verdict) = by_override(case, &name) {
        return verdict;
    }
    if case.is_local {
        return nobody(Rule::Local, NetworkType::Unknown);
    }
    if let Some((rule, kind)) = listed(case.network.lists) {
        return nobody(rule, kind);
    }
    let verdict = by_data(case.network, &name);
    match case.pointer {
        Some(pointer) if verdict.is_open_to_pointers() => by_pointer(case, pointer, verdict),
        _ => verdict,
    }
}

impl Verdict {
    /// Whether the address's name in DNS could tell more: companies lease lines and addresses of providers, and
    /// nobody's phone has a name.
    pub(crate) fn is_open_to_pointers(&self) -> bool {
        let unsure = self
            .organisation
            .as_ref()
            .is_none_or(|found| found.confidence < 85);
        let leased = matches!(self.rule, Rule::CategoryPassage | Rule::NameCarrier)
            && matches!(self.kind, NetworkType::Residential | NetworkType::Carrier);
        let unnamed = matches!(
            self.rule,
            Rule::Category
                | Rule::CategoryAndLabel
                | Rule::Domain
                | Rule::Known
                | Rule::Name
                | Rule::Nothing
        );
        unsure && (leased || unnamed)
    }
}

fn nobody(rule: Rule, kind: NetworkType) -> Verdict {
    Verdict {
        rule,
        kind,
        organisation: None,
    }
}

fn by_override<F: FnOnce() -> Name>(case: &Case<'_>, name: &LazyCell<Name, F>) -> Option<Verdict> {
    let overrides = case.overrides;
    let network = case.network;
    let by_name = if overrides.has_names() {
        overrides.by_name(name)
    } else {
        None
    };
    let ways = [
        (Rule::OverrideNetwork, case.by_address),
        (Rule::OverrideAsn, overrides.by_system(network.asn)),
        (Rule::OverrideDomain, overrides.by_domain(&network.domain)),
        (Rule::OverrideName, by_name),
    ];
    let (rule, meaning) = ways
        .into_iter()
        .find_map(|(rule, meaning)| Some((rule, meaning?)))?;
    Some(match meaning {
        Meaning::Nobody => nobody(Rule::OverrideNobody, network.kind),
        Meaning::Organisation(entry) => named(rule, entry, 100, Evidence::OVERRIDE),
    })
}

/// A list that names the address hides who is behind it.
fn listed(lists: Lists) -> Option<(Rule, NetworkType)> {
    let ways = [
        (Lists::TOR, Rule::ListTor, NetworkType::Hosting),
        (Lists::RELAY, Rule::ListRelay, NetworkType::Cdn),
        (Lists::VPN, Rule::ListVpn, NetworkType::Hosting),
        (Lists::GATEWAY, Rule::ListGateway, NetworkType::Unknown),
        (Lists::CI, Rule::ListCi, NetworkType::Hosting),
        (Lists::CLOUD, Rule::ListCloud, NetworkType::Hosting),
        (Lists::CDN, Rule::ListCdn, NetworkType::Cdn),
    ];
    ways.into_iter()
        .find(|(list, ..)| lists.has(*list))
        .map(|(_, rule, kind)| (rule, kind))
}

/// What the data, the name and the domain say, held against each other.
fn by_data<F: FnOnce() -> Name>(network: &Network, name: &LazyCell<Name, F>) -> Verdict {
    if network.asn == 0 {
        return nobody(Rule::Unrouted, network.kind);
    }
    let category = organisation_type(network.kind);
    if category.is_none() && network.kind != NetworkType::Unknown {
        return nobody(Rule::CategoryPassage, network.kind);
    }
    let class = class(name);
    if class == Some(Class::Gateway) {
        return nobody(Rule::NameGateway, NetworkType::Unknown);
    }
    let said = Said::new(network, name, class);
    match category {
        Some(kind) => said.beside_category(kind),
        None => said.without_category(),
    }
}

fn organisation_type(kind: NetworkType) -> Option<OrganisationType> {
    match kind {
        NetworkType::Business => Some(OrganisationType::Business),
        NetworkType::Education => Some(OrganisationType::Education),
        NetworkType::Government => Some(OrganisationType::Government),
        NetworkType::Nonprofit => Some(OrganisationType::Nonprofit),
        _ => None,
    }
}

/// What a network's name and domain say.
struct Said<'a> {
    network: &'a Network,
    name: &'a Name,
    /// An organisation that is built in, by the name or the domain.
    known: Option<&'a Arc<Entry>>,
    class: Option<Class>,
    by_name: Option<OrganisationType>,
    by_domain: Option<OrganisationType>,
}

impl<'a> Said<'a> {
    fn new(network: &'a Network, name: &'a Name, class: Option<Class>) -> Self {
        let known = |meaning: Option<&'a Meaning>| match meaning {
            Some(Meaning::Organisation(entry)) => Some(entry),
            _ => None,
        };
        let known_name = known(directory::known().by_name(name));
        let known_domain = known(directory::known().by_domain(&network.domain));
        let by_suffix = match suffix(&network.domain) {
            Some(Suffix::Education) => Some(OrganisationType::Education),
            Some(Suffix::Government) => Some(OrganisationType::Government),
            Some(Suffix::Hosting) | None => None,
        };
        Self {
            network,
            name,
            known: known_domain.or(known_name),
            class,
            by_name: known_name
                .map(|entry| entry.kind)
                .or(class.and_then(type_of)),
            by_domain: known_domain.map(|entry| entry.kind).or(by_suffix),
        }
    }

    fn beside_category(&self, kind: OrganisationType) -> Verdict {
        let said = [self.by_name, self.by_domain];
        // "Business" of the data holds associations too.
        let agrees = |said: OrganisationType| {
            said == kind
                || (said, kind) == (OrganisationType::Nonprofit, OrganisationType::Business)
        };
        let disagrees = said.iter().flatten().any(|said| !agrees(*said));
        if self.known.is_none() && self.class == Some(Class::ResearchNetwork) {
            return nobody(Rule::NameResearchNetwork, NetworkType::Education);
        }
        if disagrees || (self.known.is_none() && self.is_passage()) {
            return nobody(Rule::Disagree, NetworkType::Unknown);
        }
        let kind = self.by_name.unwrap_or(kind);
        let base = match self.by_domain {
            Some(_) => Evidence::ASN
                .with(Evidence::CATEGORY)
                .with(Evidence::DOMAIN),
            None => Evidence::ASN.with(Evidence::CATEGORY),
        };
        if self.by_name.is_some() {
            return self.found(Rule::CategoryAndName, kind, 90, base.with(Evidence::NAME));
        }
        if self.by_domain.is_some() {
            return self.found(Rule::CategoryAndDomain, kind, 90, base);
        }
        if self.name.is_label_of(&self.network.domain) {
            return self.found(
                Rule::CategoryAndLabel,
                kind,
                80,
                base.with(Evidence::DOMAIN),
            );
        }
        self.found(Rule::Category, kind, 70, base)
    }

    fn without_category(&self) -> Verdict {
        if self.known.is_none()
            && let Some(class) = self.class.filter(|class| class.is_passage())
        {
            return nobody(rule_of(class), use_of(class));
        }
        let name = Evidence::ASN.with(Evidence::NAME);
        let domain = Evidence::ASN.with(Evidence::DOMAIN);
        match (self.by_name, self.by_domain) {
            (Some(one), Some(other)) if one != other => {
                nobody(Rule::Disagree, NetworkType::Unknown)
            }
            (Some(kind), Some(_)) => self.found(Rule::NameAndDomain, kind, 90, name.with(domain)),
            (None, Some(kind)) => self.found(Rule::Domain, kind, 70, domain),
            (Some(kind), None) if self.known.is_some() => self.found(Rule::Known, kind, 70, name),
            (Some(_), None) if self.may_be_personal() => {
                nobody(Rule::Personal, NetworkType::Unknown)
            }
            (Some(kind), None) => self.found(Rule::Name, kind, 50, name),
            (None, None) => nobody(Rule::Nothing, NetworkType::Unknown),
        }
    }

    fn is_passage(&self) -> bool {
        self.class.is_some_and(Class::is_passage)
    }

    fn may_be_personal(&self) -> bool {
        self.network.size <= PERSONAL_ADDRESSES && !self.name.has_legal_form()
    }

    fn found(
        &self,
        rule: Rule,
        kind: OrganisationType,
        confidence: u8,
        evidence: Evidence,
    ) -> Verdict {
        if let Some(entry) = self.known {
            return named(rule, entry, confidence, evidence);
        }
        let domain = registered(&self.network.domain).unwrap_or(&self.network.domain);
        Verdict {
            rule,
            kind: kind.into(),
            organisation: Some(Organisation {
                id: id(&self.network.name, domain),
                name: Arc::clone(&self.network.name),
                domain: domain.into(),
                kind,
                confidence,
                evidence,
            }),
        }
    }
}

fn named(rule: Rule, entry: &Entry, confidence: u8, evidence: Evidence) -> Verdict {
    Verdict {
        rule,
        kind: entry.kind.into(),
        organisation: Some(Organisation {
            id: id(&entry.name, &entry.domain),
            name: Arc::clone(&entry.name),
            domain: Arc::clone(&entry.domain),
            kind: entry.kind,
            confidence,
            evidence,
        }),
    }
}

/// What a confirmed name of the address adds to a verdict on its network.
fn by_pointer(case: &Case<'_>, pointer: &str, verdict: Verdict) -> Verdict {
    let network = case.network;
    let own = !network.domain.is_empty() && registered(&network.domain) == Some(pointer);
    if own {
        return match verdict.organisation {
            Some(organisation) => Verdict {
                rule: Rule::PointerOfHolder,
                kind: verdict.kind,
                organisation: Some(Organisation {
                    confidence: 95,
                    evidence: organisation.evidence.with(Evidence::PTR),
                    ..organisation
                }),
            },
            None => verdict,
        };
    }
    let written = [case.overrides, directory::known()]
        .into_iter()
        .find_map(|directory| directory.by_domain(pointer));
    match (written, suffix(pointer)) {
        (Some(Meaning::Nobody), _) | (None, Some(Suffix::Hosting) | None) => verdict,
        (Some(Meaning::Organisation(entry)), _) => {
            named(Rule::PointerKnown, entry, 80, Evidence::PTR)
        }
        (None, Some(Suffix::Education)) => by_suffix(pointer, OrganisationType::Education),
        (None, Some(Suffix::Government)) => by_suffix(pointer, OrganisationType::Government),
    }
}

/// Under such a suffix the domain is the organisation, though its name is not known.
fn by_suffix(pointer: &str, kind: OrganisationType) -> Verdict {
    let entry = Entry {
        name: pointer.into(),
        domain: pointer.into(),
        kind,
    };
    named(
        Rule::PointerSuffix,
        &entry,
        80,
        Evidence::PTR.with(Evidence::DOMAIN),
    )
}

fn type_of(class: Class) -> Option<OrganisationType> {
    match class {
        Class::Education => Some(OrganisationType::Education),
        Class::Government => Some(OrganisationType::Government),
        Class::Nonprofit => Some(OrganisationType::Nonprofit),
        Class::Business => Some(OrganisationType::Business),
        _ => None,
    }
}

fn rule_of(class: Class) -> Rule {
    match class {
        Class::Gateway => Rule::NameGateway,
        Class::Vpn => Rule::NameVpn,
        Class::Hosting => Rule::NameHosting,
        Class::ResearchNetwork => Rule::NameResearchNetwork,
        _ => Rule::NameCarrier,
    }
}

fn use_of(class: Class) -> NetworkType {
    match class {
        Class::Vpn | Class::Hosting => NetworkType::Hosting,
        Class::ResearchNetwork => NetworkType::Education,
        Class::Gateway => NetworkType::Unknown,
        _ => NetworkType::Carrier,
    }
}

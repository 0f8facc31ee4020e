//! How each domain stands: whether DNS knows it, which certificate is shown for it, and what is missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use weir_config::Catalogue;
use weir_config::catalogue::Owned;
use weir_config::settings::{CertificateFiles, Settings};

use crate::acme::ledger::Ledger;
use crate::acme::store::Store;
use crate::acme::{due, is_public, names};
use crate::ownership::{self, Proofs, Seen};
use crate::routes::Routes;
use crate::tls::by_name::ByName;
use crate::tls::certificates::{now, whole};
use crate::tls::pair::{Pair, PairError};
use crate::upstream::address::Addresses;

/// A certificate that ends within so many seconds should have been renewed.
const SOON: i64 = 7 * 24 * 3600;

/// One domain. Times are seconds since 1970.
#[derive(Debug, Serialize)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// Where DNS leads.
    pub addresses: Vec<String>,
    /// Whom it belongs to, where that has to be shown.
    pub owner: Option<Owner>,
    /// What is shown for it, if anything is.
    pub certificate: Option<Certificate>,
    /// What has to be done, a sentence each; nothing where all is well.
    pub missing: Vec<String>,
}

/// Whom a domain belongs to.
#[derive(Debug, Serialize)]
pub struct Owner {
    /// The operator's word for them.
    pub name: String,
    /// Where DNS has to say so, by a TXT record.
    pub record: String,
    /// What it has to say.
    pub value: String,
    /// Whether it says so at this moment; none where DNS does not answer.
    pub shown: Option<bool>,
    /// Whether the domain is served: what was seen once holds for a while.
    pub served: bool,
}

/// A certificate for a domain.
#[derive(Debug, Serialize)]
pub struct Certificate {
    /// Who made it.
    pub issuer: String,
    /// Until when it is good.
    pub until: i64,
    /// When it is renewed by itself; those of files are renewed by whoever writes them.
    pub renewed: Option<i64>,
}

/// Why certificates in files cannot be shown.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CertificateError(String);

/// Proves certificates in files: each can be shown.
pub fn check_certificates(files: &[CertificateFiles]) -> Result<(), CertificateError> {
    let failed = |error: PairError| CertificateError(whole(&error));
    files
        .iter()
        .try_for_each(|files| Pair::read(files).map(drop).map_err(failed))
}

/// How each domain of `catalogue` stands, and each name that certificates are ordered for besides. Nothing is ordered.
pub async fn domains(settings: &Settings, catalogue: Arc<Catalogue>) -> Vec<Domain> {
    let owned = catalogue.owned.clone();
    let look = Look::new(settings, &Routes::new(catalogue).domains(), owned);
    let mut all = Vec::new();
    for name in &look.all {
        all.push(look.domain(settings, name).await);
    }
    all
}

/// What is known before names are looked at.
struct Look {
    all: BTreeSet<String>,
    ordered: Vec<String>,
    files: ByName,
    /// What is wrong with files.
    broken: Vec<String>,
    /// What an authority made, where there is one.
    store: Option<Store>,
    ledger: Ledger,
    addresses: Arc<Addresses>,
    owned: Vec<Owned>,
    proofs: Proofs,
}

impl Look {
    fn new(settings: &Settings, domains: &BTreeSet<String>, owned: Vec<Owned>) -> Self {
        let (pairs, broken): (Vec<_>, Vec<_>) = settings
            .certificates
            .iter()
            .map(Pair::read)
            .partition(Result::is_ok);
        let files = ByName::new(pairs.into_iter().flatten().map(Arc::new));
        let broken = broken.iter().filter_map(|one| one.as_ref().err());
        let ordered = settings.acme.as_ref().map(|acme| names(acme, domains));
        let ordered: Vec<_> = ordered
            .unwrap_or_default()
            .into_iter()
            .filter(|name| files.find(name).is_none())
            .collect();
        let store = settings.acme.as_ref();
        let store = store.map(|acme| Store::within(&settings.data_dir, &acme.directory));
        // Whatever it is: only where DNS leads is asked for here.
        let anywhere = ["0.0.0.0/0", "::/0"].map(|all| all.parse().expect("a network"));
        let name_servers = &settings.gateway.name_servers;
        Self {
            all: domains.iter().chain(&ordered).cloned().collect(),
            ordered,
            files,
            broken: broken.map(|error| whole(error)).collect(),
            ledger: store.as_ref().map(Store::ledger).unwrap_or_default(),
            store,
            addresses: Arc::new(Addresses::new(name_servers, anywhere.to_vec())),
            owned,
            proofs: Proofs::read(&settings.data_dir),
        }
    }

    async fn domain(&self, settings: &Settings, name: &str) -> Domain {
        let found = self.addresses.resolve(name).await;
        let addresses = found.unwrap_or_default();
        let mut missing = Vec::new();
        if addresses.is_empty() {
            missing.push(
                "DNS has no address for it: add an A or AAAA record that leads here".to_owned(),
            );
        }
        let owner = self.owner(name).await;
        missing.extend(owner.as_ref().and_then(without_record));
        let certificate = self.certificate(name);
        // Whoever does not listen for TLS has it in front, or wants none.
        if !settings.gateway.https.is_empty() {
            missing.extend(self.without(name, certificate.as_ref()));
        }
        Domain {
            name: name.to_owned(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
            owner,
            certificate,
            missing,
        }
    }

    async fn owner(&self, name: &str) -> Option<Owner> {
        let domain = name.strip_prefix(weir_config::UNCOUNTED).unwrap_or(name);
        let owned = self.owned.iter().find(|owned| owned.domain == domain)?;
        let shown = match ownership::look(&self.addresses, owned).await {
            Seen::Shown => Some(true),
            Seen::Absent => Some(false),
            Seen::Unknown => None,
        };
        Some(Owner {
            name: owned.owner.clone(),
            record: ownership::record(domain),
            value: ownership::value(&owned.owner),
            shown,
            served: self.proofs.holds(owned),
        })
    }

    fn certificate(&self, name: &str) -> Option<Certificate> {
        if let Some(pair) = self.files.find(name) {
            return Some(Certificate {
                issuer: pair.issuer.clone(),
                until: pair.until,
                renewed: None,
            });
        }
        let pair = self.store.as_ref()?.read_made(name)?.ok()?;
        let attempts = self.ledger.names.get(name);
        let renewed = due::renewal(name, (pair.from, pair.until), attempts);
        let is_ordered = self.ordered.iter().any(|ordered| ordered == name);
        is_ordered.then_some(Certificate {
            issuer: pair.issuer,
            until: pair.until,
            renewed: Some(renewed),
        })
    }

    /// What is wrong with the certificate, or with having none.
    fn without(&self, name: &str, certificate: Option<&Certificate>) -> Vec<String> {
        let is_ordered = self.ordered.iter().any(|ordered| ordered == name);
        let attempts = self.ledger.names.get(name).filter(|_| is_ordered);
        let problem = attempts
            .map(|attempts| attempts.problem.as_str())
            .filter(|problem| !problem.is_empty());
        let why = |what: &str| match problem {
            Some(problem) => format!("{what}: {problem}"),
            None => what.to_owned(),
        };
        match certificate {
            Some(held) if held.until <= now() => vec![why("its certificate has expired")],
            Some(held) if held.until <= now() + SOON => {
                vec![why("its certificate ends within a week")]
            }
            Some(_) => Vec::new(),
            None if is_ordered => vec![why("its certificate is not made yet: run weir serve")],
            None => self
                .broken
                .iter()
                .cloned()
                .chain([no_source(name, self.store.is_some())])
                .collect(),
        }
    }
}

/// What is missing until a domain is shown to be its owner's, or to stay so.
fn without_record(owner: &Owner) -> Option<String> {
    let Owner {
        name,
        record,
        value,
        shown,
        served,
    } = owner;
    let what = match (shown, served) {
        (Some(true), _) | (None, true) => return None,
        (Some(false), true) => format!(
            "{name} no longer says that it is theirs, and it is served for two days at most"
        ),
        (Some(false), false) => {
            format!("{name} has not shown that it is theirs, so nothing is served on it")
        }
        (None, false) => "DNS does not answer, so nothing is served on it".to_owned(),
    };
    Some(format!(
        "{what}: have them add the TXT record {record} with {value}"
    ))
}

/// Where a certificate for `name` could be from, where there is an authority or not.
fn no_source(name: &str, has_authority: bool) -> String {
    let also = match (is_public(name), has_authority) {
        (false, _) => "",
        (true, true) => ", or add it to [acme] names",
        (true, false) => ", or [acme]",
    };
    format!("no certificate is for it: add a [[certificate]] made out to {name}{also}")
}

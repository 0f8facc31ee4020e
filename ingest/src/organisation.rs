//! Which organisation a request came from, where it comes from a network of its own.
//!
//! Companies behind a provider's line, at home or behind a gateway are not seen, and nobody is guessed: a name is
//! given where two sources agree, or an operator says so. `judge` is the whole decision, pure; this file puts the
//! operator's policy and overrides around it. It is a switch of its own, off unless asked for.

mod class;
pub mod corrections;
mod directory;
mod domain;
mod explain;
mod judge;
mod name;
mod pointer;
mod policy;
mod prefixes;
mod reverse;
mod rule;

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use serde::Deserialize;
use weir_config::settings::Organisations as Settings;
use weir_config::{Seen, Watch};

use directory::Directory;
pub use directory::DirectoryError;
pub use explain::{Explained, explain};
use judge::{Case, judge};
pub use policy::Policy;
pub(crate) use prefixes::Prefixes;
use reverse::Reverse;
pub use rule::Rule;

use crate::ClientIp;
use crate::enrich::{Network, NetworkType};

/// What an organisation is, in the words of the column `org_type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrganisationType {
    /// A company.
    #[default]
    Business,
    /// A school, a university, a research institute.
    Education,
    /// A public administration.
    Government,
    /// A foundation, an association, a charity.
    Nonprofit,
}

impl OrganisationType {
    /// Every type.
    pub const ALL: [Self; 4] = [
        Self::Business,
        Self::Education,
        Self::Government,
        Self::Nonprofit,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Education => "education",
            Self::Government => "government",
            Self::Nonprofit => "nonprofit",
        }
    }
}

/// What a match rests on, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence(u8);

impl Evidence {
    /// The number of the system that announces the network.
    pub const ASN: Self = Self(1);
    /// What the data says networks of the system are for.
    pub const CATEGORY: Self = Self(1 << 1);
    /// The name that the holder registered.
    pub const NAME: Self = Self(1 << 2);
    /// The holder's domain.
    pub const DOMAIN: Self = Self(1 << 3);
    /// The address's name in DNS, confirmed by the name's own addresses.
    pub const PTR: Self = Self(1 << 4);
    /// The operator's word.
    pub const OVERRIDE: Self = Self(1 << 5);

    const WORDS: [(Self, &str); 6] = [
        (Self::OVERRIDE, "override"),
        (Self::PTR, "ptr"),
        (Self::ASN, "asn"),
        (Self::CATEGORY, "category"),
        (Self::NAME, "name"),
        (Self::DOMAIN, "domain"),
    ];

    /// Both sets.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are in the set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The words for it, a space between: what the column `org_evidence` holds.
    pub fn words(self) -> String {
        let held = Self::WORDS.iter().filter(|(one, _)| self.has(*one));
        held.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }
}

/// An organisation that a request came from, as far as open data tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// Stays the same for the same domain or, without one, the same name: see [`id`].
    pub id: u32,
    /// As it is shown.
    pub name: Arc<str>,
    /// Its domain, where one is known.
    pub domain: Arc<str>,
    /// What it is.
    pub kind: OrganisationType,
    /// 0 to 100; 85 and more is high, 60 and more medium.
    pub confidence: u8,
    /// What the match rests on.
    pub evidence: Evidence,
}

/// The number of an organisation, the same everywhere and for ever: the first four bytes of BLAKE3 over
/// `domain:` and its domain in lower case or, where it has none, `name:` and its name as names are compared. Never 0.
pub fn id(name: &str, domain: &str) -> u32 {
    let mut hasher = blake3::Hasher::new();
    if domain.is_empty() {
        hasher.update(b"name:");
        hasher.update(name::Name::new(name).spelled().as_bytes());
    } else {
        hasher.update(b"domain:");
        hasher.update(domain.to_ascii_lowercase().as_bytes());
    }
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    u32::from_be_bytes([a, b, c, d]).max(1)
}

/// Names organisations, by the operator's policy and overrides; shared by all requests.
#[derive(Default)]
pub struct Organisations {
    policy: Option<Policy>,
    overrides: Arc<ArcSwap<Directory>>,
    reverse: Option<Reverse>,
    /// Ends with this.
    _watch: Option<Watch>,
}

impl Organisations {
    /// Names nobody.
    pub fn off() -> Self {
        Self::default()
    }

    /// As the settings say. Overrides that cannot be used are left out, and the log says why; they are read again
    /// whenever their file changes, and stay as they were where something is wrong with it then.
    pub fn open(settings: &Settings) -> Self {
        if !settings.enabled {
            return Self::off();
        }
        let overrides = Arc::<ArcSwap<Directory>>::default();
        let reverse = settings.ptr.then(|| Reverse::new(&settings.resolvers));
        Self {
            policy: Some(Policy::new(settings)),
            _watch: settings
                .overrides
                .as_deref()
                .and_then(|path| follow(path, &overrides)),
            overrides,
            reverse: reverse.and_then(|reverse| {
                reverse
                    .inspect_err(
                        |error| tracing::warn!(%error, "names of addresses are not asked for"),
                    )
                    .ok()
            }),
        }
    }

    /// Whether the overrides of the settings can be used.
    pub fn check(settings: &Settings) -> Result<(), DirectoryError> {
        let overrides = settings.overrides.as_deref();
        let read = overrides.filter(|_| settings.enabled).map(Directory::open);
        read.transpose().map(drop)
    }

    /// What is never stored; nothing where nobody is named.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// Whether the names of addresses are asked of a resolver.
    pub(crate) fn asks_dns(&self) -> bool {
        self.reverse.is_some()
    }

    /// The organisation that runs the network which the address lies in. `country` is where that is.
    pub fn of(&self, address: &ClientIp, network: &Network, country: &str) -> Option<Organisation> {
        let policy = self.policy.as_ref()?;
        if policy.excludes_country(country) {
            return None;
        }
        let overrides = self.overrides.load();
        let case = Case {
            network,
            overrides: &overrides,
            by_address: overrides.by_address(address),
            is_local: address.is_local(),
            pointer: None,
        };
        let verdict = judge(&case);
        let reverse = self
            .reverse
            .as_ref()
            .filter(|_| verdict.is_open_to_pointers());
        let pointer = reverse.and_then(|reverse| reverse.domain(address));
        let verdict = match pointer {
            Some(pointer) => judge(&Case {
                pointer: Some(&pointer),
                ..case
            }),
            None => verdict,
        };
        verdict
            .organisation
            .filter(|organisation| policy.allows(organisation))
    }

    /// Whether an organisation that was found in `country` is stored.
    fn stores(&self, found: &Organisation, country: &str) -> bool {
        let policy = self.policy.as_ref();
        policy.is_some_and(|policy| policy.allows(found) && !policy.excludes_country(country))
    }
}

/// Reads the overrides now and whenever they change.
fn follow(path: &Path, overrides: &Arc<ArcSwap<Directory>>) -> Option<Watch> {
    let seen = Seen::now(path);
    read(path, overrides);
    let changed = {
        let (path, overrides) = (path.to_owned(), Arc::clone(overrides));
        move || read(&path, &overrides)
    };
    weir_config::watch(vec![seen], changed)
        .inspect_err(|error| tracing::warn!(%error, "overrides of organisations are not watched"))
        .ok()
}

fn read(path: &Path, overrides: &ArcSwap<Directory>) {
    match Directory::open(path) {
        Ok(directory) => overrides.store(Arc::new(directory)),
        Err(error) => {
            tracing::error!(%error, "overrides of organisations not read, those before stay");
        }
    }
}

impl From<OrganisationType> for NetworkType {
    fn from(kind: OrganisationType) -> Self {
        match kind {
            OrganisationType::Business => Self::Business,
            OrganisationType::Education => Self::Education,
            OrganisationType::Government => Self::Government,
            OrganisationType::Nonprofit => Self::Nonprofit,
        }
    }
}

#[cfg(test)]
mod tests;

//! Signing in through a provider of the operator's: OpenID Connect, authorisation code with PKCE.
//!
//! | module | what it does |
//! |---|---|
//! | `round_trip` | what a browser carries to the provider and back, and what is derived from it; pure |
//! | `provider` | the provider's description, keys and tokens |
//! | `transport` | the one HTTP client that asks it |
//! | `person` | what an ID token says of somebody; pure |
//! | `admission` | what that lets them do here; pure |

mod admission;
mod person;
mod provider;
mod round_trip;
mod transport;

use std::sync::Arc;

use crate::accounts::{Clock, Packages, Role};

pub(crate) use admission::WrongDomain;
pub(crate) use person::Person;
pub(crate) use provider::{Provider, ProviderError};
pub(crate) use round_trip::{Purpose, RoundTrip, safe_next};

/// Where the provider sends browsers back to, below the page's own address.
pub(crate) const CALLBACK: &str = "/api/v2/oidc/callback";

/// What the operator says about the provider.
#[derive(Clone)]
pub struct OidcSettings {
    /// The provider, to the letter of its own description.
    pub issuer: String,
    /// The name under which it knows this dashboard.
    pub client_id: String,
    /// The password that goes with it.
    pub client_secret: Option<String>,
    /// What the page calls it.
    pub name: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists groups.
    pub groups_claim: String,
    /// Where an e-mail address must be, in lower case; empty for anywhere.
    pub domains: Vec<String>,
    /// What members of groups may do; the first that fits counts.
    pub groups: Vec<GroupRole>,
    /// The role of whoever is in none of them and was not invited.
    pub join: Option<Role>,
    /// Whether a verified e-mail address opens the account of that name.
    pub link_by_email: bool,
    /// Whether passwords sign in as well.
    pub password: bool,
    /// Scheme, host and port under which people open the page, without a slash at the end.
    pub public_origin: String,
}

/// What members of a group may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRole {
    /// As the provider names it.
    pub group: String,
    /// What they may do.
    pub role: Role,
    /// What they may see; all for everybody but guests.
    pub packages: Packages,
}

/// The provider, and what the operator says about it.
pub(crate) struct Oidc {
    pub(crate) settings: Arc<OidcSettings>,
    pub(crate) provider: Provider,
}

impl Oidc {
    pub(crate) fn new(settings: OidcSettings, clock: Clock) -> Self {
        let settings = Arc::new(settings);
        Self {
            provider: Provider::new(Arc::clone(&settings), clock),
            settings,
        }
    }

    /// Whether browsers reach the page over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.settings.public_origin.starts_with("https://")
    }
}

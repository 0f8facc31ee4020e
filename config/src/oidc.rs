//! Signing in through a provider of the operator's: OpenID Connect.

use std::fmt;

/// `[dashboards.oidc]`
#[derive(Clone)]
pub struct Oidc {
    /// The provider, exactly as its own description names it.
    pub issuer: String,
    /// The name under which it knows this dashboard.
    pub client_id: String,
    /// The password that goes with it, read from the file the operator named; none for a public client.
    pub client_secret: Option<String>,
    /// What the page calls the provider. Default `single sign-on`.
    pub name: String,
    /// What is asked for beside `openid`. Default `profile` and `email`.
    pub scopes: Vec<String>,
    /// The claim that lists groups. Default `groups`.
    pub groups_claim: String,
    /// Where the e-mail address must be, and be verified, of whoever comes in. Default anywhere, or none.
    pub domains: Vec<String>,
    /// What members of groups may do; the first that fits counts.
    pub groups: Vec<OidcGroup>,
    /// The role of whoever is in none of the groups and was not invited. Default none: they stay out.
    pub join: Option<&'static str>,
    /// Whether a verified e-mail address that is an account's name opens that account. Default false.
    pub link_by_email: bool,
    /// Whether passwords sign in as well. Default true.
    pub password: bool,
}

/// `[[dashboards.oidc.group]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcGroup {
    /// As the provider names it.
    pub name: String,
    /// One of [`Oidc::ROLES`].
    pub role: &'static str,
    /// The packages that a guest sees; none for everybody else.
    pub packages: Vec<String>,
}

impl Oidc {
    /// The words for roles.
    pub const ROLES: [&str; 5] = ["owner", "admin", "editor", "viewer", "guest"];
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            issuer, client_id, ..
        } = self;
        write!(f, "Oidc({client_id} at {issuer})")
    }
}

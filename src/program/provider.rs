//! The provider that signs people in, as the settings name it and as the dashboard takes it.

use weir_config::settings::Settings;
use weir_config::{Oidc, OidcGroup};
use weir_dashboards::{GroupRole, OidcSettings, Packages, Role};

/// The provider, where there is one.
pub(super) fn of(settings: &Settings) -> Option<OidcSettings> {
    let public_url = settings.dashboards.public_url.as_ref()?;
    let oidc = settings.dashboards.oidc.clone()?;
    // Its HTTP client takes whichever was installed first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Oidc {
        issuer,
        client_id,
        client_secret,
        name,
        scopes,
        groups_claim,
        domains,
        groups,
        join,
        link_by_email,
        password,
    } = oidc;
    Some(OidcSettings {
        issuer,
        client_id,
        client_secret,
        name,
        scopes,
        groups_claim,
        domains,
        groups: groups.into_iter().map(group).collect(),
        join: join.map(role),
        link_by_email,
        password,
        public_origin: public_url.origin().ascii_serialization(),
    })
}

fn group(group: OidcGroup) -> GroupRole {
    GroupRole {
        role: role(group.role),
        packages: match group.role {
            "guest" => Packages::only(group.packages),
            _ => Packages::ALL,
        },
        group: group.name,
    }
}

fn role(word: &'static str) -> Role {
    Role::from_word(word).expect("the settings take no other words")
}

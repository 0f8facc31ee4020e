//! `[dashboards.oidc]` as written.

use ::url::Url;

use super::{Item, Reading, Table, secret, url};
use crate::oidc::{Oidc, OidcGroup};

const WORDS: [(&str, &str); 5] = [
    ("owner", "owner"),
    ("admin", "admin"),
    ("editor", "editor"),
    ("viewer", "viewer"),
    ("guest", "guest"),
];

/// Reads the provider; without `public_url` it could not send anybody back.
pub(super) fn oidc(
    mut table: Table<'_>,
    public_url: Option<&Url>,
    reading: &mut Reading,
) -> Option<Oidc> {
    let errors = reading.errors.len();
    if public_url.is_none() {
        let problem = table.problem("the provider must know where the page is");
        reading.error(problem.help(
            "add public_url = \"https://weir.acme.example\" to [dashboards], the address that people open",
        ));
    }
    let issuer = table
        .require("issuer", "\"https://id.acme.example\"", reading)
        .and_then(|item| issuer(&item, reading));
    let client_id = table
        .require("client_id", "\"weir\", as it is registered there", reading)
        .and_then(|item| word(&item, reading));
    let client_secret = table
        .take("client_secret_file")
        .and_then(|item| secret(&item, reading));
    let name = table.take("name").and_then(|item| word(&item, reading));
    let scopes = words(table.take("scopes"), reading);
    let groups_claim = table
        .take("groups_claim")
        .and_then(|item| word(&item, reading));
    let domains = words(table.take("domains"), reading).unwrap_or_default();
    let join = table.take("join").and_then(|item| join(&item, reading));
    let link_by_email = flag(table.take("link_by_email"), reading);
    let password = flag(table.take("password"), reading);
    let groups = table.tables("group", reading).into_iter();
    let groups = groups.filter_map(|table| group(table, reading)).collect();
    table.finish(reading);
    let (issuer, client_id) = (issuer?, client_id?);
    (reading.errors.len() == errors).then(|| Oidc {
        issuer,
        client_id,
        client_secret,
        name: name.unwrap_or_else(|| "single sign-on".to_owned()),
        scopes: scopes.unwrap_or_else(|| vec!["profile".to_owned(), "email".to_owned()]),
        groups_claim: groups_claim.unwrap_or_else(|| "groups".to_owned()),
        domains: domains.iter().map(|name| name.to_lowercase()).collect(),
        groups,
        join,
        link_by_email: link_by_email.unwrap_or(false),
        password: password.unwrap_or(true),
    })
}

/// Reads where people open the page: an origin, since the session's cookie belongs to a host as a whole.
pub(super) fn public_url(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    let url = secure(item, reading)?;
    if url.path() == "/" {
        return Some(url);
    }
    let problem = item.problem("the page has a host of its own, without a path");
    reading.error(problem.help("leave out what follows the host"));
    None
}

/// The text counts, not what it means: a provider's tokens name it to the letter.
fn issuer(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    secure(item, reading)?;
    item.string(reading).map(ToOwned::to_owned)
}

fn secure(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    let address = url::upstream(item, reading)?;
    if address.scheme() == "https" || url::is_loopback(&address) {
        return Some(address);
    }
    let problem = item.problem("who signs in must not be read or changed on the way");
    reading.error(problem.help("write https://"));
    None
}

fn group(mut table: Table<'_>, reading: &mut Reading) -> Option<OidcGroup> {
    let name = table
        .require("name", "\"weir-admins\"", reading)
        .and_then(|item| word(&item, reading));
    let role = table
        .require("role", "\"viewer\"", reading)
        .and_then(|item| item.kind(&WORDS, reading));
    let packages = words(table.take("packages"), reading).unwrap_or_default();
    let head = table.problem("a guest sees packages by name, and everybody else sees all");
    table.finish(reading);
    let (name, role) = (name?, role?);
    if (role == "guest") == packages.is_empty() {
        reading.error(head.help("add packages = [\"acme/rocket\"] to a guest, and to nobody else"));
        return None;
    }
    Some(OidcGroup {
        name,
        role,
        packages,
    })
}

/// Whoever comes unasked runs nothing: an owner or admin is invited, or in a group.
fn join(item: &Item<'_>, reading: &mut Reading) -> Option<&'static str> {
    item.kind(&[("viewer", "viewer"), ("editor", "editor")], reading)
}

fn flag(item: Option<Item<'_>>, reading: &mut Reading) -> Option<bool> {
    item?.boolean(reading)
}

fn words(item: Option<Item<'_>>, reading: &mut Reading) -> Option<Vec<String>> {
    let items = item?.list(reading);
    Some(
        items
            .iter()
            .filter_map(|item| word(item, reading))
            .collect(),
    )
}

fn word(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if !text.trim().is_empty() && text.len() <= 256 && !text.chars().any(char::is_control) {
        return Some(text.to_owned());
    }
    reading.error(item.problem("write 1 to 256 bytes without control characters"));
    None
}

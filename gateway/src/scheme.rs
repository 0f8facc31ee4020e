//! Whether a client came by https, and what follows for plain http: a way to https, and that browsers remember it.

use std::net::IpAddr;

use weir_config::settings::Gateway as Settings;

use crate::answer::Reply;
use crate::head::Head;

/// Name of the field that tells browsers to use https alone (RFC 6797 §6.1).
pub(crate) const STRICT: &str = "strict-transport-security";

/// Beginnings of agents that do not follow from http to https, or cannot speak TLS: Java's plain client, which build
/// tools' wrappers download with, and apt, which needs a package for https on older systems and checks signatures.
const STAYS: [&str; 4] = ["Java/", "gradlew/", "mvnw/", "Debian APT-HTTP/"];

/// Whether the client came by TLS, here (`tls`) or to a trusted proxy that says so.
pub(crate) fn is_secure(head: &Head<'_>, peer: IpAddr, tls: bool, settings: &Settings) -> bool {
    tls || head.text("x-forwarded-proto") == "https" && is_trusted(peer, settings)
}

/// Whether what `peer` says of others is believed.
pub(crate) fn is_trusted(peer: IpAddr, settings: &Settings) -> bool {
    let peer = peer.to_canonical();
    let mut trusted = settings.trusted_proxies.iter();
    trusted.any(|network| network.contains(&peer))
}

/// The way to https, for domains that want everybody there. A name in the request has a port where it is not the usual
/// one; https is at `port` then.
pub(crate) fn to_https(
    head: &Head<'_>,
    peer: IpAddr,
    tls: bool,
    settings: &Settings,
    port: Option<u16>,
) -> Option<Reply> {
    if !settings.redirects_to_https(&head.host) || is_secure(head, peer, tls, settings) {
        return None;
    }
    let agent = head.text("user-agent");
    if STAYS.iter().any(|stays| agent.starts_with(stays)) {
        return None;
    }
    let (name, written_port) = match head.authority.split_once(':') {
        Some((name, _)) => (name, port),
        None => (head.authority, None),
    };
    let authority = match written_port {
        Some(port) if port != 443 => format!("{name}:{port}"),
        _ => name.to_owned(),
    };
    let location = format!("https://{authority}{}{}", head.prefix, head.target);
    Some(Reply::redirect(307, location))
}

/// What browsers are told to remember, of what was asked by TLS here.
pub(crate) fn strict(head: &Head<'_>, tls: bool, settings: &Settings) -> Option<String> {
    let days = settings.hsts_days;
    (tls && days > 0 && settings.redirects_to_https(&head.host))
        .then(|| format!("max-age={}", u64::from(days) * 86_400))
}

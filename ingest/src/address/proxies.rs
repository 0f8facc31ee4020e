//! Proxies in front of us, and which of the addresses that they name is the client's.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;

use ipnet::IpNet;
use weir_config::settings::ForwardedHeader;

use super::ClientIp;

/// The proxies in front of us whose word counts, and the header that it stands in.
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    /// From the first to the last number of each network, since every request is looked for in them, twice or more.
    v4: Vec<RangeInclusive<u32>>,
    v6: Vec<RangeInclusive<u128>>,
    header: ForwardedHeader,
}

impl TrustedProxies {
    /// Trusts the networks given and nobody else.
    pub fn new(networks: &[IpNet], header: ForwardedHeader) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks {
            match network {
                IpNet::V4(net) => v4.push(net.network().to_bits()..=net.broadcast().to_bits()),
                IpNet::V6(net) => v6.push(net.network().to_bits()..=net.broadcast().to_bits()),
            }
        }
        Self { v4, v6, header }
    }

    /// Name of the header that they write, in lower case.
    pub fn header(&self) -> &'static str {
        match self.header {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        }
    }

    /// Only the mapped form is unwrapped here: a 6to4 or NAT64 address can be chosen so that it wraps
    /// any IPv4 address, and would let a stranger pass for a proxy.
    fn contain(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(v4) => self.v4.iter().any(|net| net.contains(&v4.to_bits())),
            IpAddr::V6(v6) => self.v6.iter().any(|net| net.contains(&v6.to_bits())),
        }
    }

    fn hop(&self, text: &str) -> Option<IpAddr> {
        match self.header {
            ForwardedHeader::XForwardedFor => node(text.trim_matches([' ', '\t'])),
            ForwardedHeader::Forwarded => element(text),
        }
    }
}

/// The address that asked: the peer, or behind trusted proxies the nearest hop that is none of them.
///
/// `forwarded` is the value of their header, several lines joined by commas. It is read from the right,
/// each hop being the word of the one after it; at a hop that is no address reading stops, since
/// whatever stands further left is anybody's claim.
pub fn client_ip(peer: IpAddr, forwarded: &str, trusted: &TrustedProxies) -> ClientIp {
    let mut nearest = peer;
    let mut left = Some(forwarded);
    while trusted.contain(nearest) {
        // A comma in a quoted string makes two hops that are none, and no more: a quotation mark that
        // somebody left open further left cannot swallow what a proxy added.
        let hop = left.map(|hops| match memchr::memrchr(b',', hops.as_bytes()) {
            Some(comma) => (Some(&hops[..comma]), &hops[comma + 1..]),
            None => (None, hops),
        });
        let Some((more, hop)) = hop else { break };
        left = more;
        match trusted.hop(hop) {
            Some(next) => nearest = next,
            None => break,
        }
    }
    ClientIp::new(nearest)
}

/// The node that one element of `Forwarded` is for (RFC 7239 §4): `for=192.0.2.7;proto=https`.
fn element(text: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in text.split(';') {
        let (name, value) = pair.trim_matches([' ', '\t']).split_once('=')?;
        if name.eq_ignore_ascii_case("for") && found.replace(value).is_some() {
            // Each parameter stands once; which of two is the proxy's cannot be told.
            return None;
        }
    }
    let value = found?;
    let quoted = || value.strip_prefix('"')?.strip_suffix('"');
    node(quoted().unwrap_or(value))
}

/// One hop as proxies write it: an address, or an address with a port.
fn node(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse()
            .ok()
            .map(IpAddr::V6)
    };
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bracketed).or_else(with_port)
}

#[cfg(test)]
mod tests;

//! The address of whoever asked: who may hold it, and the few questions that may be asked of it.
//!
//! [`ClientIp`] cannot be printed, copied, compared, hashed or serialised; it answers its questions
//! and is wiped when it goes. Everything that outlives a request is made of the answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use zeroize::Zeroize;

use crate::salt::{DaySalt, ProcessKey};

/// Bits of an address that make its network.
pub(crate) const V4_PREFIX: u32 = 24;
pub(crate) const V6_PREFIX: u32 = 48;

/// A client's address in one canonical spelling, however it arrived.
///
/// Addresses that only wrap an IPv4 one (mapped, 6to4, Teredo, NAT64) are unwrapped, so that one
/// client is one visitor and cutting the address to its network really cuts it.
///
/// ```
/// let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// assert!(ip.is_local());
/// ```
/// It cannot be shown:
/// ```compile_fail,E0277
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// println!("{ip:?}");
/// ```
/// nor printed:
/// ```compile_fail,E0277
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// println!("{ip}");
/// ```
/// nor kept twice:
/// ```compile_fail,E0599
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// let second = ip.clone();
/// ```
/// nor written:
/// ```compile_fail,E0277
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// serde_json::to_string(&ip);
/// ```
/// nor used as a key:
/// ```compile_fail,E0277
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// fn key<T: std::hash::Hash>(of: T) {}
/// key(ip);
/// ```
pub struct ClientIp([u8; 16]);

impl ClientIp {
    /// Takes an address in; from here on it can only be asked.
    pub fn new(address: IpAddr) -> Self {
        Self(canonical(address).octets())
    }

    /// The network the address lies in: /24 or /48, the only form that lookups ever see.
    pub fn net_key(&self) -> IpAddr {
        match self.v4() {
            Some(v4) => Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << (32 - V4_PREFIX))).into(),
            None => {
                Ipv6Addr::from_bits(self.v6().to_bits() & (u128::MAX << (128 - V6_PREFIX))).into()
            }
        }
    }

    /// Whether the address says nothing about a place: loopback, private, link-local, carrier NAT.
    pub fn is_local(&self) -> bool {
        let v6 = self.v6();
        match self.v4() {
            Some(v4) => {
                v4.is_loopback()
                    || v4.is_private()
                    || v4.is_link_local()
                    || is_carrier_nat(v4)
                    || v4.is_unspecified()
            }
            None => {
                v6.is_loopback()
                    || v6.is_unicast_link_local()
                    || v6.is_unique_local()
                    || v6.is_unspecified()
            }
        }
    }

    /// This client as it is known for one package, one client family and one salt.
    ///
    /// The words make a key and the address is hashed under it, alone and in a fixed length, so no
    /// two inputs run together and ids of two packages cannot be joined.
    pub fn visitor(&self, salt: &DaySalt, package: &str, client: &str, os: &str) -> Visitor {
        let [id, source, ..] = self.hash(salt.key(), &[package, client, os]);
        Visitor {
            id: (id as u32).max(1),
            source,
        }
    }

    /// A number for this client's short-lived state inside this process; it never leaves memory.
    pub fn session(&self, key: &ProcessKey, agent: &str) -> u64 {
        self.hash(key.key(), &[agent])[0]
    }

    fn hash(&self, key: &[u8; 32], words: &[&str]) -> [u64; 4] {
        let hash = blake3::keyed_hash(&scope(key, words), &self.0);
        let word = |number: usize| std::array::from_fn(|at| hash.as_bytes()[8 * number + at]);
        std::array::from_fn(|number| u64::from_le_bytes(word(number)))
    }

    /// Whether the four bytes, read in either direction, are this address.
    pub(crate) fn is_quad(&self, quad: [u8; 4]) -> bool {
        let number = u32::from_be_bytes(quad);
        self.is_number(number) || self.is_number(number.swap_bytes())
    }

    /// Whether the number, as some write an address, is this address.
    pub(crate) fn is_number(&self, number: u32) -> bool {
        self.v4().is_some_and(|own| own.to_bits() == number)
    }

    /// Whether the hexadecimal digits (values 0 to 15) hold this address anywhere.
    pub(crate) fn is_within_hex(&self, digits: impl Iterator<Item = u32>) -> bool {
        let bits = self.v6().to_bits();
        let (length, mask) = if self.v4().is_some() {
            (8, u128::from(u32::MAX))
        } else {
            (32, u128::MAX)
        };
        let mut last = 0_u128;
        digits.zip(1..).any(|(digit, count)| {
            last = last << 4 | u128::from(digit);
            count >= length && last & mask == bits & mask
        })
    }

    fn v6(&self) -> Ipv6Addr {
        Ipv6Addr::from(self.0)
    }

    fn v4(&self) -> Option<Ipv4Addr> {
        self.v6().to_ipv4_mapped()
    }
}

impl Drop for ClientIp {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Who asked, for a day. Both numbers are parts of one hash, so the one that is written tells nothing of
/// the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// What a row holds; never 0.
    pub id: u32,
    /// Long enough to stand for the client in memory; it never leaves it.
    pub(crate) source: u64,
}

fn scope(key: &[u8; 32], words: &[&str]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for word in words {
        hasher.update(&(word.len() as u64).to_le_bytes());
        hasher.update(word.as_bytes());
    }
    hasher.finalize().into()
}

/// 100.64.0.0/10, which carriers share out behind one public address.
fn is_carrier_nat(v4: Ipv4Addr) -> bool {
    v4.to_bits() >> 22 == u32::from_be_bytes([100, 64, 0, 0]) >> 22
}

/// The address as 16 bytes, IPv4 as `::ffff:a.b.c.d`, with wrappers of IPv4 taken off.
fn canonical(address: IpAddr) -> Ipv6Addr {
    let v6 = match address {
        IpAddr::V4(v4) => return v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    wrapped_v4(v6).map_or(v6, |v4| v4.to_ipv6_mapped())
}

fn wrapped_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let pair =
        |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            pair(high, low)
        }
        [0x2002, high, low, ..] => pair(high, low),
        // Teredo keeps the client's address with every bit turned.
        [0x2001, 0, .., high, low] => pair(!high, !low),
        _ => None,
    }
}

/// The proxies in front of us whose `X-Forwarded-For` counts.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Trusts the networks given and nobody else.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Only the mapped form is unwrapped here: a 6to4 or NAT64 address can be chosen so that it wraps
    /// any IPv4 address, and would let a stranger pass for a proxy.
    fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The address that asked: the peer, or behind trusted proxies the nearest hop that is none of them.
///
/// `forwarded_for` is the header's value, several lines joined by commas. It is read from the right,
/// each hop being the word of the one after it; at a hop that is no address reading stops, since
/// whatever stands further left is anybody's claim.
pub fn client_ip(peer: IpAddr, forwarded_for: Option<&str>, trusted: &TrustedProxies) -> ClientIp {
    let mut nearest = peer;
    let mut hops = forwarded_for
        .into_iter()
        .flat_map(|value| value.rsplit(','));
    while trusted.contain(nearest) {
        match hops.next().and_then(hop) {
            Some(next) => nearest = next,
            None => break,
        }
    }
    ClientIp::new(nearest)
}

/// One hop as proxies write it: an address, or an address with a port.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches([' ', '\t']);
    let bracketed = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse()
            .ok()
            .map(IpAddr::V6)
    };
    let with_port = || {
        text.parse::<std::net::SocketAddr>()
            .ok()
            .map(|address| address.ip())
    };
    text.parse().ok().or_else(bracketed).or_else(with_port)
}

#[cfg(test)]
mod tests;

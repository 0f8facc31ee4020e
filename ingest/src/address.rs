//! The address of whoever asked: who may hold it, and the few questions that may be asked of it.
//!
//! [`ClientIp`] cannot be printed, copied, compared, hashed or serialised; it answers its questions
//! and is wiped when it goes. Everything that outlives a request is made of the answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use zeroize::{Zeroize, zeroize_stack};

mod proxies;

pub use proxies::{TrustedProxies, client_ip};

use crate::geo::Ranges;
use crate::organisation::Prefixes;
use crate::salt::{DaySalt, ProcessKey, scope};

/// Bytes of stack that a hash may leave its key and the address in; it uses less than half of them.
const STACK: usize = 2 * 1024;

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
/// nor compared:
/// ```compile_fail,E0369
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// # let other = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// let same = ip == other;
/// ```
/// nor used twice:
/// ```compile_fail,E0382
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// fn take(ip: weir_ingest::ClientIp) {}
/// take(ip);
/// take(ip);
/// ```
/// nor taken apart:
/// ```compile_fail,E0616
/// # let ip = weir_ingest::ClientIp::new([127, 0, 0, 1].into());
/// let bytes = ip.0;
/// ```
pub struct ClientIp(
    /// The octets as they lie in memory: one number is wiped at once.
    u128,
);

impl ClientIp {
    /// Takes an address in; from here on it can only be asked.
    pub fn new(address: IpAddr) -> Self {
        Self(u128::from_ne_bytes(canonical(address).octets()))
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

    /// The same as a network with its length.
    pub(crate) fn network(&self) -> IpNet {
        let key = self.net_key();
        let length = if key.is_ipv4() { V4_PREFIX } else { V6_PREFIX };
        IpNet::new(key, length as u8).expect("both lengths are within their family's")
    }

    /// Whether the address says nothing about a place: loopback, private, link-local, carrier
    /// NAT, or translated within one network (RFC 8215).
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
                    || matches!(v6.segments(), [0x64, 0xff9b, 1, ..])
            }
        }
    }

    /// This client as it is known for one package, one client family and one salt.
    ///
    /// The words make a key and the address is hashed under it, alone and in a fixed length, so no
    /// two inputs run together and ids of two packages cannot be joined.
    pub fn visitor(&self, salt: &DaySalt, package: &str, client: &str, os: &str) -> Visitor {
        let [id, source, ..] = self.hash(|| salt.scope([package, client, os]));
        Visitor {
            id: (id as u32).max(1),
            source,
        }
    }

    /// A number for this client's short-lived state inside this process; it never leaves memory.
    pub fn session(&self, key: &ProcessKey, agent: &str) -> u64 {
        self.hash(|| scope(key.key(), &[agent]))[0]
    }

    /// Hashes the address under the key that is made by `key`.
    fn hash(&self, key: impl FnOnce() -> [u8; 32]) -> [u64; 4] {
        #[cfg(test)]
        looks::note();
        without_traces::<STACK, _>(|| {
            let hash = blake3::keyed_hash(&key(), &self.0.to_ne_bytes());
            let word = |number: usize| std::array::from_fn(|at| hash.as_bytes()[8 * number + at]);
            std::array::from_fn(|number| u64::from_le_bytes(word(number)))
        })
    }

    /// The value of the longest of these networks that the address lies in.
    pub(crate) fn find_in<'p, T>(&self, networks: &'p Prefixes<T>) -> Option<&'p T> {
        networks.longest(self.v6().to_bits())
    }

    /// What ranges of exact addresses say of this one: neighbours in its network may be others'.
    pub(crate) fn found_in<V: Copy + PartialEq>(&self, ranges: &Ranges<V>) -> Option<V> {
        ranges.at(self.v6().to_canonical())
    }

    /// A second holder, for a question to DNS that outlives the request.
    pub(crate) fn for_dns(&self) -> Self {
        Self(self.0)
    }

    /// The address as a question to DNS needs it.
    pub(crate) fn to_dns(&self) -> IpAddr {
        self.v6().to_canonical()
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

    /// Whether this is the address, IPv6 as it came or wrapping an IPv4 one.
    pub(crate) fn is_v6(&self, address: Ipv6Addr) -> bool {
        canonical(address.into()) == self.v6()
    }

    /// Whether the bytes, as they go over the wire, are this address.
    pub(crate) fn is_bytes(&self, bytes: &[u8]) -> bool {
        let four = bytes.first_chunk().filter(|_| bytes.len() == 4);
        let sixteen = bytes.first_chunk::<16>().filter(|_| bytes.len() == 16);
        four.is_some_and(|quad| self.is_quad(*quad))
            || sixteen.is_some_and(|bytes| self.is_v6(Ipv6Addr::from(*bytes)))
    }

    /// Whether the hexadecimal digits (values 0 to 15) hold this address anywhere; an IPv4 one in either order of bytes.
    pub(crate) fn is_within_hex(&self, digits: impl Iterator<Item = u32>) -> bool {
        let bits = self.v6().to_bits();
        let (length, mask) = if self.v4().is_some() {
            (8, u128::from(u32::MAX))
        } else {
            (32, u128::MAX)
        };
        let mut last = 0_u128;
        let little = u128::from((bits as u32).swap_bytes());
        digits.zip(1..).any(|(digit, count)| {
            last = last << 4 | u128::from(digit);
            let is_own = last & mask == bits & mask;
            count >= length && (is_own || length == 8 && last & mask == little)
        })
    }

    fn v6(&self) -> Ipv6Addr {
        #[cfg(test)]
        looks::note();
        Ipv6Addr::from(self.0.to_ne_bytes())
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

/// Does what may leave an address or a key in as many bytes of stack, and wipes those.
pub(crate) fn without_traces<const BYTES: usize, T>(work: impl FnOnce() -> T) -> T {
    let made = apart(work);
    zeroize_stack::<BYTES>();
    made
}

/// Has a frame of its own, so that whatever is left on the stack lies below its caller's.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
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

/// Wrappers that are the same everywhere. What lies in `64:ff9b:1::/48` is as each network chose it (RFC 8215)
/// and seen within it only, so it stays as it is.
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

/// How often an address was looked at by this thread: every question goes through one of two doors.
#[cfg(test)]
pub(crate) mod looks {
    use std::cell::Cell;

    thread_local! {
        static TAKEN: Cell<u64> = const { Cell::new(0) };
    }

    pub(super) fn note() {
        TAKEN.set(TAKEN.get() + 1);
    }

    pub(crate) fn taken() -> u64 {
        TAKEN.get()
    }
}

#[cfg(test)]
mod tests;

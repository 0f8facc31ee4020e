//! The network that somebody asks from, which can be counted by and neither shown nor turned back into an address.

use std::net::{IpAddr, SocketAddr};

use crate::network::Sort;

/// The first 24 bits of an address, or 48 of IPv6: what one customer is given, and what an office shares.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(u128);

impl Network {
    /// That of an address on the public internet. Others may be a proxy's, with everybody behind it.
    pub fn of(address: IpAddr) -> Option<Self> {
        let address = address.to_canonical();
        Sort::of(address).is_none().then(|| match address {
            IpAddr::V4(v4) => Self(v4.to_ipv6_mapped().to_bits() & !0xff),
            IpAddr::V6(v6) => Self(v6.to_bits() & (!0 << 80)),
        })
    }

    /// That of the last in a list of `X-Forwarded-For`: whom the nearest proxy saw.
    pub fn last_of(named: &str) -> Option<Self> {
        let last = named.rsplit(',').next()?.trim();
        let address = last.parse().or_else(|_| {
            let with_port = last.parse::<SocketAddr>();
            with_port.map(|address| address.ip())
        });
        Self::of(address.ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Option<Network> {
        Network::of(address.parse().expect("an address"))
    }

    #[test]
    fn neighbours_are_one_and_others_are_not() {
        assert!(of("9.9.9.9") == of("9.9.9.200") && of("9.9.9.9") == of("::ffff:9.9.9.1"));
        assert!(of("9.9.9.9") != of("9.9.8.9"));
        assert!(of("2606:4700:1::1") == of("2606:4700:1:ffff::2"));
        assert!(of("2606:4700:1::1") != of("2606:4700:2::1"));
        for local in ["127.0.0.1", "10.0.0.1", "fd00::1", "::ffff:192.168.1.1"] {
            assert!(of(local).is_none(), "{local}");
        }
    }

    #[test]
    fn of_a_list_the_last_counts() {
        assert!(Network::last_of("1.2.3.4, 9.9.9.9") == of("9.9.9.9"));
        assert!(Network::last_of("9.9.9.9:5000") == of("9.9.9.9"));
        assert!(Network::last_of("[2606:4700:1::1]:80") == of("2606:4700:1::1"));
        for none in ["", "unknown", "9.9.9.9,", "10.0.0.1"] {
            assert!(Network::last_of(none).is_none(), "{none}");
        }
    }
}

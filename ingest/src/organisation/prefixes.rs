//! Networks by their prefixes: the longest that an address lies in.

use std::collections::HashMap;

use ipnet::IpNet;

/// Values by network. Both families are one, IPv4 as it is mapped into IPv6.
#[derive(Clone, Debug)]
pub(crate) struct Prefixes<T> {
    /// The longest first.
    by_length: Vec<(u8, HashMap<u128, T>)>,
}

impl<T> Default for Prefixes<T> {
    fn default() -> Self {
        Self {
            by_length: Vec::new(),
        }
    }
}

impl<T> Prefixes<T> {
    /// Gives `network` a value; a second one takes the first one's place.
    pub(crate) fn insert(&mut self, network: IpNet, value: T) {
        let (bits, length) = match network {
            IpNet::V4(v4) => (
                v4.network().to_ipv6_mapped().to_bits(),
                v4.prefix_len() + 96,
            ),
            IpNet::V6(v6) => (v6.network().to_bits(), v6.prefix_len()),
        };
        let at = self.by_length.partition_point(|(known, _)| *known > length);
        if self
            .by_length
            .get(at)
            .is_none_or(|(known, _)| *known != length)
        {
            self.by_length.insert(at, (length, HashMap::new()));
        }
        self.by_length[at].1.insert(bits, value);
    }

    /// The value of the longest network that the address, in 128 bits, lies in.
    pub(crate) fn longest(&self, address: u128) -> Option<&T> {
        self.by_length.iter().find_map(|(length, values)| {
            let host = u128::MAX.checked_shr(u32::from(*length)).unwrap_or(0);
            values.get(&(address & !host))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::prelude::*;

    use super::*;

    fn bits(address: IpAddr) -> u128 {
        match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
            IpAddr::V6(v6) => v6.to_bits(),
        }
    }

    #[test]
    fn the_longest_network_wins_and_a_neighbour_is_none() {
        let mut prefixes = Prefixes::default();
        for (network, value) in [
            ("198.51.100.0/24", "net"),
            ("198.51.100.7/32", "host"),
            ("198.0.0.0/8", "wide"),
            ("2001:db8::/32", "six"),
        ] {
            prefixes.insert(network.parse().expect("a network"), value);
        }
        let find = |address: &str| {
            let address = address.parse().expect("an address");
            prefixes.longest(bits(address)).copied()
        };
        assert_eq!(find("198.51.100.7"), Some("host"));
        assert_eq!(find("198.51.100.8"), Some("net"));
        assert_eq!(find("198.51.101.1"), Some("wide"));
        assert_eq!(find("2001:db8:7::1"), Some("six"));
        assert_eq!(find("2001:db9::1"), None);
        assert_eq!(find("199.0.0.1"), None);
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_at_every_network_finds(
            networks in proptest::collection::vec((any::<[u8; 4]>(), 0_u8..=32), 0..20),
            address in any::<[u8; 4]>(),
        ) {
            let networks: Vec<IpNet> = networks
                .into_iter()
                .map(|(octets, length)| IpNet::new(octets.into(), length).expect("a length").trunc())
                .collect();
            let mut prefixes = Prefixes::default();
            for network in &networks {
                prefixes.insert(*network, *network);
            }
            let address = IpAddr::from(address);
            let plain = networks.iter().filter(|network| network.contains(&address)).max_by_key(|network| network.prefix_len());
            prop_assert_eq!(prefixes.longest(bits(address)), plain);
        }
    }
}

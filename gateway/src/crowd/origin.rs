//! As whose an address's connections are counted.

use std::net::IpAddr;

use weir_config::network::Sort;
use weir_config::settings::Gateway as Settings;

/// Somebody on the public internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Of IPv6 the first 64 bits: the rest is the client's own choice.
    pub(super) address: u128,
    /// The first 24 bits, or 48 of IPv6.
    pub(super) network: u128,
}

impl Origin {
    /// Whose a connection from `peer` is; nobody's where that is a proxy with everybody behind it, or may be one:
    /// private addresses are often a balancer's.
    pub(crate) fn of(peer: IpAddr, settings: &Settings) -> Option<Self> {
        let peer = peer.to_canonical();
        let mut trusted = settings.trusted_proxies.iter();
        let is_proxy = trusted.any(|network| network.contains(&peer))
            || settings.expects_proxy_header(peer)
            || Sort::of(peer).is_some();
        (!is_proxy).then(|| match peer {
            // What IPv4 is mapped to, lest it be another's.
            IpAddr::V4(address) => {
                let bits = address.to_ipv6_mapped().to_bits();
                Self {
                    address: bits,
                    network: bits & !0xff,
                }
            }
            IpAddr::V6(address) => Self {
                address: address.to_bits() & (!0 << 64),
                network: address.to_bits() & (!0 << 80),
            },
        })
    }
}

#[cfg(test)]
impl Origin {
    pub(super) fn in_tests(address: u128, network: u128) -> Self {
        Self { address, network }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted_by_who_is_out_there_and_not_by_what_is_between() {
        let settings = Settings {
            trusted_proxies: vec!["9.9.9.0/24".parse().expect("a network")],
            proxy_protocol: vec!["8.8.4.4/32".parse().expect("a network")],
            ..weir_config::Settings::default().gateway
        };
        let of = |peer: &str| Origin::of(peer.parse().expect("an address"), &settings);
        for between in [
            "127.0.0.1",
            "10.1.2.3",
            "::ffff:10.1.2.3",
            "9.9.9.9",
            "8.8.4.4",
            "fd00::1",
        ] {
            assert_eq!(of(between), None, "{between}");
        }
        let (address, network) = (
            |peer| Some(of(peer)?.address),
            |peer| Some(of(peer)?.network),
        );
        assert_eq!(of("1.1.1.1"), of("::ffff:1.1.1.1"));
        assert_ne!(address("1.1.1.1"), address("1.1.1.2"));
        assert_eq!(network("1.1.1.1"), network("1.1.1.2"));
        assert_ne!(network("1.1.1.1"), network("1.1.2.1"));
        assert_eq!(
            of("2606:4700::1"),
            of("2606:4700::ffff:2"),
            "one client's choice"
        );
        assert_ne!(address("2606:4700::1"), address("2606:4700:0:1::1"));
        assert_eq!(network("2606:4700::1"), network("2606:4700:0:1::1"));
        assert_ne!(network("2606:4700::1"), network("2606:4700:1::1"));
    }
}

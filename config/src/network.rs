//! Which addresses are the public internet's, and which an upstream may have only where the operator says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use Sort::{
    Documentation, LinkLocal, Loopback, Metadata, Multicast, Private, Reserved, Shared, Tunnel,
    Unspecified,
};

/// A sort of address that is not the public internet's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// No address at all.
    Unspecified,
    /// This machine.
    Loopback,
    /// A network of one's own.
    Private,
    /// Between a provider's customers and its address translation (RFC 6598).
    Shared,
    /// This link.
    LinkLocal,
    /// Where clouds tell a machine its own secrets.
    Metadata,
    /// Many machines at once.
    Multicast,
    /// For texts only.
    Documentation,
    /// IPv6 in IPv4 or the other way round, which may lead anywhere.
    Tunnel,
    /// Anything else that no public server has.
    Reserved,
}

/// From the IANA registry of IPv4 special-purpose addresses (RFC 6890); the first that fits counts.
const IPV4: [(Ipv4Net, Sort); 19] = [
    (v4([0, 0, 0, 0], 8), Unspecified),
    (v4([10, 0, 0, 0], 8), Private),
    // Alibaba Cloud's, inside the next.
    (v4([100, 100, 100, 200], 32), Metadata),
    (v4([100, 64, 0, 0], 10), Shared),
    (v4([127, 0, 0, 0], 8), Loopback),
    // The link-local address of most clouds' metadata.
    (v4([169, 254, 169, 254], 32), Metadata),
    (v4([169, 254, 0, 0], 16), LinkLocal),
    // Azure's, amid public addresses.
    (v4([168, 63, 129, 16], 32), Metadata),
    (v4([172, 16, 0, 0], 12), Private),
    // Oracle Cloud's, inside the next.
    (v4([192, 0, 0, 192], 32), Metadata),
    (v4([192, 0, 0, 0], 24), Reserved),
    (v4([192, 0, 2, 0], 24), Documentation),
    (v4([192, 88, 99, 0], 24), Tunnel),
    (v4([192, 168, 0, 0], 16), Private),
    (v4([198, 18, 0, 0], 15), Reserved),
    (v4([198, 51, 100, 0], 24), Documentation),
    (v4([203, 0, 113, 0], 24), Documentation),
    (v4([224, 0, 0, 0], 4), Multicast),
    (v4([240, 0, 0, 0], 4), Reserved),
];

/// From the IANA registry of IPv6 special-purpose addresses (RFC 6890); the first that fits counts.
const IPV6: [(Ipv6Net, Sort); 14] = [
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), Unspecified),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), Loopback),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), Private),
    (v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), Reserved),
    // Teredo, inside the next.
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), Tunnel),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), Reserved),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), Documentation),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), Tunnel),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), Documentation),
    // Amazon's, inside the next.
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128), Metadata),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), Private),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), LinkLocal),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), Private),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), Multicast),
];

/// All public IPv6 addresses lie in here (RFC 4291 §2.4), so the rest needs no list.
const IPV6_PUBLIC: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);
/// IPv4 addresses as IPv6 clients see them through NAT64 (RFC 6052 §2.1).
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(s: [u16; 8], prefix: u8) -> Ipv6Net {
    let address = Ipv6Addr::new(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
    Ipv6Net::new_assert(address, prefix)
}

impl Sort {
    /// The word for it in a sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Unspecified => "unspecified",
            Loopback => "loopback",
            Private => "private",
            Shared => "carrier-grade NAT",
            LinkLocal => "link-local",
            Metadata => "cloud metadata",
            Multicast => "multicast",
            Documentation => "documentation",
            Tunnel => "tunnel",
            Reserved => "reserved",
        }
    }

    /// The sort of `address`, also where IPv6 only wraps it; none for the public internet's.
    pub fn of(address: IpAddr) -> Option<Self> {
        match unwrapped(address) {
            IpAddr::V4(address) => IPV4
                .iter()
                .find(|(network, _)| network.contains(&address))
                .map(|(_, sort)| *sort),
            IpAddr::V6(address) => IPV6
                .iter()
                .find(|(network, _)| network.contains(&address))
                .map(|(_, sort)| *sort)
                .or_else(|| (!IPV6_PUBLIC.contains(&address)).then_some(Reserved)),
        }
    }

    /// Why nothing at `address` may be asked: its sort, unless it is in one of the `allowed` networks.
    pub fn refused(address: IpAddr, allowed: &[IpNet]) -> Option<Self> {
        let plain = unwrapped(address);
        let is_allowed = allowed
            .iter()
            .any(|network| network.contains(&plain) || network.contains(&address));
        Self::of(address).filter(|_| !is_allowed)
    }
}

/// The IPv4 address that `address` stands for: mapped (RFC 4291 §2.5.5.2) or translated.
fn unwrapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if NAT64.contains(&v6) => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::from([a, b, c, d])
        }
        _ => address.to_canonical(),
    }
}

/// The address that a host stands for without being resolved (RFC 6761 §6.3 for `localhost`).
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let local = name == "localhost" || name.ends_with(".localhost");
            local.then_some(Ipv4Addr::LOCALHOST.into())
        }
    }
}

/// The addresses of the host of `url` now, as far as they are not on the public internet: what `private_upstreams` must
/// allow before such an upstream works. Asks the system's resolver, and waits for it.
pub fn private_addresses(url: &str) -> Vec<IpAddr> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let addresses = if let Some(address) = literal(&url) {
        vec![address]
    } else {
        let resolved = url.socket_addrs(|| None).unwrap_or_default();
        resolved.iter().map(SocketAddr::ip).collect()
    };
    addresses
        .into_iter()
        .map(|address| address.to_canonical())
        .filter(|address| Sort::of(*address).is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_the_public_internets_is_named() {
        let sorts: Vec<String> = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.9.9.9",
            "169.254.1.1",
            "169.254.169.254",
            "168.63.129.16",
            "172.31.255.255",
            "192.0.2.1",
            "192.168.0.1",
            "198.19.0.1",
            "224.0.0.251",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2001:0:1::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fd00:ec2::254",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "4000::1",
        ]
        .iter()
        .map(|text| {
            let sort = Sort::of(text.parse().expect("an address")).map(Sort::as_str);
            format!("{text} {}", sort.unwrap_or("public"))
        })
        .collect();
        insta::assert_snapshot!(sorts.join("\n"), @r"
        0.0.0.0 unspecified
        10.1.2.3 private
        100.64.0.1 carrier-grade NAT
        100.100.100.200 cloud metadata
        127.9.9.9 loopback
        169.254.1.1 link-local
        169.254.169.254 cloud metadata
        168.63.129.16 cloud metadata
        172.31.255.255 private
        192.0.2.1 documentation
        192.168.0.1 private
        198.19.0.1 reserved
        224.0.0.251 multicast
        255.255.255.255 reserved
        :: unspecified
        ::1 loopback
        ::7f00:1 reserved
        ::ffff:127.0.0.1 loopback
        64:ff9b::10.0.0.1 private
        64:ff9b:1::1 private
        2001:0:1::1 tunnel
        2001:db8::1 documentation
        2002:7f00:1:: tunnel
        3fff::1 documentation
        fd00:ec2::254 cloud metadata
        fd12::1 private
        fe80::1 link-local
        ff02::1 multicast
        4000::1 reserved
        ");
    }

    #[test]
    fn public_addresses_are_of_no_sort() {
        for text in [
            "1.1.1.1",
            "11.0.0.0",
            "172.32.0.0",
            "100.128.0.0",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2606:4700::1111",
            "2a00::1",
        ] {
            assert_eq!(Sort::of(text.parse().expect("an address")), None, "{text}");
        }
    }

    #[test]
    fn an_allowed_network_admits_its_addresses_however_they_are_written_and_no_others() {
        let allowed = ["10.1.0.0/16".parse().expect("a network")];
        for (text, refused) in [
            ("10.1.2.3", false),
            ("::ffff:10.1.2.3", false),
            ("64:ff9b::10.1.2.3", false),
            ("10.2.0.1", true),
            ("127.0.0.1", true),
            ("9.9.9.9", false),
        ] {
            let address = text.parse().expect("an address");
            assert_eq!(
                Sort::refused(address, &allowed).is_some(),
                refused,
                "{text}"
            );
        }
    }

    #[test]
    fn a_url_is_private_by_where_its_host_is() {
        for (url, address) in [
            ("http://10.0.0.5:3141/simple/", Some("10.0.0.5")),
            ("http://0x7f.1/", Some("127.0.0.1")),
            ("http://[::1]/", Some("::1")),
            ("http://index.localhost./", Some("127.0.0.1")),
            ("https://9.9.9.9/", None),
            ("https://index.example/", None),
            ("not a url", None),
        ] {
            let found = private_addresses(url);
            let found: Vec<String> = found.iter().map(IpAddr::to_string).collect();
            assert_eq!(found.first().map(String::as_str), address, "{url}");
        }
    }

    /// Addresses of which a tenth or so is special: some of their networks are small.
    fn ipv4() -> impl Strategy<Value = Ipv4Addr> {
        let listed = (0..IPV4.len(), any::<u32>()).prop_map(|(at, bits)| {
            let network = IPV4[at].0;
            (network.network().to_bits() | (bits & network.hostmask().to_bits())).into()
        });
        prop_oneof![any::<Ipv4Addr>(), listed]
    }

    proptest! {
        #[test]
        fn wrapping_an_address_in_ipv6_changes_nothing(address in ipv4()) {
            let [a, b, c, d] = address.octets();
            let mut translated = NAT64.network().octets();
            translated[12..].copy_from_slice(&[a, b, c, d]);
            let sort = Sort::of(address.into());
            prop_assert_eq!(Sort::of(address.to_ipv6_mapped().into()), sort);
            prop_assert_eq!(Sort::of(Ipv6Addr::from(translated).into()), sort);
        }

        #[test]
        fn what_the_standard_library_calls_special_is_of_some_sort(address in ipv4()) {
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_broadcast() || address.is_documentation() || address.is_multicast()
                || address.is_unspecified();
            prop_assert!(!special || Sort::of(address.into()).is_some());
        }

        #[test]
        fn nothing_outside_global_unicast_is_public(address: Ipv6Addr) {
            let public = Sort::of(address.into()).is_none();
            let wraps_ipv4 = address.to_ipv4_mapped().is_some() || NAT64.contains(&address);
            prop_assert!(!public || wraps_ipv4 || address.segments()[0] >> 13 == 1);
        }
    }
}

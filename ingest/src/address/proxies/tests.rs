use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn proxies(networks: &[&str], header: ForwardedHeader) -> TrustedProxies {
    let networks = networks
        .iter()
        .map(|network| network.parse().expect("a network"));
    TrustedProxies::new(&networks.collect::<Vec<_>>(), header)
}

/// Tests may look inside; nothing else can.
fn seen_in(header: ForwardedHeader, peer: &str, value: &str, networks: &[&str]) -> String {
    let client = client_ip(ip(peer), value, &proxies(networks, header));
    client.v6().to_canonical().to_string()
}

fn seen(peer: &str, forwarded_for: &str, networks: &[&str]) -> String {
    seen_in(
        ForwardedHeader::XForwardedFor,
        peer,
        forwarded_for,
        networks,
    )
}

/// From a proxy in 10.0.0.0/8.
fn forwarded(value: &str) -> String {
    seen_in(
        ForwardedHeader::Forwarded,
        "10.0.0.1",
        value,
        &["10.0.0.0/8"],
    )
}

#[test]
fn a_peer_that_is_no_proxy_of_ours_is_the_client_whatever_it_claims() {
    assert_eq!(
        seen("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]),
        "203.0.113.9"
    );
    assert_eq!(seen("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
}

#[test]
fn the_nearest_hop_that_is_not_trusted_is_the_client() {
    let proxies = &["10.0.0.0/8"];
    assert_eq!(seen("10.0.0.1", "198.51.100.1", proxies), "198.51.100.1");
    assert_eq!(
        seen("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", proxies),
        "198.51.100.1"
    );
    assert_eq!(
        seen("::ffff:10.0.0.1", "198.51.100.1", proxies),
        "198.51.100.1"
    );
    assert_eq!(
        seen("10.0.0.1", "[2001:db8::7]:443", proxies),
        "2001:db8::7"
    );
    assert_eq!(
        seen("10.0.0.1", "198.51.100.1:5000", proxies),
        "198.51.100.1"
    );
}

#[test]
fn a_hop_that_is_no_address_ends_the_reading() {
    let proxies = &["10.0.0.0/8"];
    assert_eq!(
        seen("10.0.0.1", "198.51.100.1, unknown", proxies),
        "10.0.0.1"
    );
    assert_eq!(
        seen("10.0.0.1", "198.51.100.1, , 10.0.0.2", proxies),
        "10.0.0.2"
    );
    assert_eq!(
        seen("10.0.0.1", "198.51.100.1, fe80::1%eth0", proxies),
        "10.0.0.1"
    );
    assert_eq!(seen("10.0.0.1", "", proxies), "10.0.0.1");
}

#[test]
fn a_header_of_trusted_hops_alone_gives_the_farthest() {
    assert_eq!(
        seen("10.0.0.1", "10.0.0.3, 10.0.0.2", &["10.0.0.0/8"]),
        "10.0.0.3"
    );
}

#[test]
fn an_address_that_wraps_a_proxys_does_not_pass_for_it() {
    let claim = "198.51.100.1";
    assert_eq!(seen("2002:a00:1::", claim, &["10.0.0.0/8"]), "10.0.0.1");
    assert_eq!(seen("64:ff9b::a00:1", claim, &["10.0.0.0/8"]), "10.0.0.1");
}

#[test]
fn an_element_of_forwarded_names_the_client_however_it_is_written() {
    for value in [
        "for=198.51.100.1",
        "For=198.51.100.1",
        "proto=https;for=198.51.100.1;by=10.0.0.1",
        "proto=https; for=\"198.51.100.1:5000\" ;host=get.test",
        "for=\"[::ffff:198.51.100.1]:443\"",
        "for=1.1.1.1, for=198.51.100.1, for=10.0.0.2",
        "for=\"evil, for=198.51.100.1",
        "for=1.1.1.1;x=\",for=198.51.100.1",
    ] {
        assert_eq!(forwarded(value), "198.51.100.1", "{value}");
    }
    assert_eq!(forwarded("for=\"[2001:db8::7]\""), "2001:db8::7");
}

#[test]
fn an_element_of_forwarded_that_names_no_address_ends_the_reading() {
    for value in [
        "",
        "for=unknown",
        "for=_hidden",
        "proto=https",
        "198.51.100.1",
        "for",
        "for=",
        "for=\"198.51.100.1",
        "for=198.51.100.1\"",
        "for=198.51.100.1;for=198.51.100.2",
        "for=198.51.100.1;proto",
        "for=1.1.1.1;host=\"a,b\"",
    ] {
        assert_eq!(forwarded(value), "10.0.0.1", "{value}");
    }
}

#[test]
fn only_the_header_that_was_chosen_is_understood() {
    let networks = ["10.0.0.0/8"];
    assert_eq!(seen("10.0.0.1", "for=198.51.100.1", &networks), "10.0.0.1");
    assert_eq!(forwarded("198.51.100.1"), "10.0.0.1");
    let header = |kind| proxies(&[], kind).header();
    assert_eq!(header(ForwardedHeader::XForwardedFor), "x-forwarded-for");
    assert_eq!(header(ForwardedHeader::Forwarded), "forwarded");
}

fn header() -> impl Strategy<Value = ForwardedHeader> {
    prop_oneof![
        Just(ForwardedHeader::XForwardedFor),
        Just(ForwardedHeader::Forwarded)
    ]
}

proptest! {
    #[test]
    fn no_header_makes_it_panic_or_gives_a_stranger_a_say(kind in header(), value in ".{0,120}", peer: u32) {
        let peer = Ipv4Addr::from_bits(peer);
        let client = client_ip(peer.into(), &value, &proxies(&[], kind));
        prop_assert!(client.v6() == peer.to_ipv6_mapped());
    }

    #[test]
    fn what_stands_left_of_the_client_never_matters(kind in header(), left in ".{0,60}", client: u32) {
        let client = Ipv4Addr::from_bits(client | 0x8000_0000);
        let hop = match kind {
            ForwardedHeader::XForwardedFor => client.to_string(),
            ForwardedHeader::Forwarded => format!("for={client};proto=http"),
        };
        let networks = ["10.0.0.0/8"];
        prop_assert_eq!(
            seen_in(kind, "10.0.0.1", &format!("{left},{hop}"), &networks),
            client.to_string()
        );
    }

    #[test]
    fn trusted_hops_in_any_number_lead_to_the_nearest_that_is_not(
        kind in header(), client: u32, hops in proptest::collection::vec(any::<u16>(), 0..6),
    ) {
        let client = Ipv4Addr::from_bits(client | 0x8000_0000);
        let mut chain = vec![client];
        chain.extend(hops.iter().map(|hop| Ipv4Addr::from_bits(0x0a00_0000 | u32::from(*hop))));
        let written: Vec<String> = chain
            .iter()
            .map(|hop| match kind {
                ForwardedHeader::XForwardedFor => hop.to_string(),
                ForwardedHeader::Forwarded => format!("for=\"{hop}:80\""),
            })
            .collect();
        let networks = ["10.0.0.0/8"];
        prop_assert_eq!(
            seen_in(kind, "10.9.9.9", &written.join(", "), &networks),
            client.to_string()
        );
    }
}

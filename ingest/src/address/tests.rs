use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::{ClientIp, canonical};
use crate::salt::{ProcessKey, Salts};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn every_wrapper_of_an_ipv4_address_is_taken_off() {
    let plain = canonical(ip("203.0.113.77"));
    for wrapped in [
        "::ffff:203.0.113.77",
        "2002:cb00:714d::1",
        "2002:cb00:714d:1:2:3:4:5",
        "64:ff9b::203.0.113.77",
        "2001:0:4136:e378:8000:63bf:34ff:8eb2",
    ] {
        assert_eq!(canonical(ip(wrapped)), plain, "{wrapped}");
    }
}

#[test]
fn lookups_see_the_network_only() {
    let key = |text| ClientIp::new(ip(text)).net_key().to_string();
    assert_eq!(key("203.0.113.77"), "203.0.113.0");
    assert_eq!(key("2002:cb00:714d::1"), "203.0.113.0");
    assert_eq!(key("2001:db8:1234:5678::9"), "2001:db8:1234::");
}

#[test]
fn addresses_without_a_place_are_local() {
    for local in [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.7.7",
        "100.64.0.1",
        "100.127.255.254",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b:1::203.0.113.77",
    ] {
        assert!(ClientIp::new(ip(local)).is_local(), "{local}");
    }
    for public in [
        "8.8.8.8",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "2001:4860:4860::8888",
    ] {
        assert!(!ClientIp::new(ip(public)).is_local(), "{public}");
    }
}

#[test]
fn a_visitor_is_one_per_package_client_platform_and_day() {
    let salts = Salts::new(0).expect("random bytes");
    let today = salts.at(0);
    let client = ClientIp::new(ip("203.0.113.77"));
    let visitor = client.visitor(&today, "acme/rocket", "pip", "linux");
    assert_eq!(
        visitor,
        ClientIp::new(ip("::ffff:203.0.113.77")).visitor(&today, "acme/rocket", "pip", "linux")
    );
    for (package, name, os) in [
        ("acme/other", "pip", "linux"),
        ("acme/rocket", "uv", "linux"),
        ("acme/rocket", "pip", "darwin"),
    ] {
        assert_ne!(visitor, client.visitor(&today, package, name, os));
    }
    assert_ne!(
        visitor,
        ClientIp::new(ip("203.0.113.78")).visitor(&today, "acme/rocket", "pip", "linux")
    );
    assert_ne!(
        visitor,
        client.visitor(&salts.at(86_400), "acme/rocket", "pip", "linux")
    );
}

#[test]
fn words_that_only_join_alike_make_other_visitors() {
    let salts = Salts::new(0).expect("random bytes");
    let client = ClientIp::new(ip("203.0.113.77"));
    let today = salts.at(0);
    assert_ne!(
        client.visitor(&today, "ab", "c", ""),
        client.visitor(&today, "a", "bc", "")
    );
}

#[test]
fn a_session_holds_for_one_agent_and_one_process() {
    let (key, other) = (
        ProcessKey::new().expect("random bytes"),
        ProcessKey::new().expect("random bytes"),
    );
    let client = ClientIp::new(ip("203.0.113.77"));
    let session = client.session(&key, "docker/28");
    assert_eq!(
        session,
        ClientIp::new(ip("203.0.113.77")).session(&key, "docker/28")
    );
    assert_ne!(session, client.session(&key, "docker/27"));
    assert_ne!(session, client.session(&other, "docker/28"));
}

proptest! {
    #[test]
    fn canonicalising_twice_changes_nothing(bits: u128) {
        let once = canonical(Ipv6Addr::from_bits(bits).into());
        prop_assert_eq!(canonical(once.into()), once);
    }

    #[test]
    fn an_ipv4_address_is_the_same_client_in_every_wrapper(bits: u32, tail: u64) {
        let v4 = Ipv4Addr::from_bits(bits);
        let six_to_four = (0x2002_u128 << 112) | (u128::from(bits) << 80) | u128::from(tail);
        let teredo = (0x2001_0000_u128 << 96) | (u128::from(tail) << 32) | u128::from(!bits);
        let nat64 = (0x0064_ff9b_u128 << 96) | u128::from(bits);
        for wrapped in [six_to_four, teredo, nat64] {
            prop_assert_eq!(canonical(Ipv6Addr::from_bits(wrapped).into()), v4.to_ipv6_mapped());
        }
    }

    #[test]
    fn a_network_key_is_its_own_network(bits: u128, v4: u32, small: bool) {
        let address: IpAddr = if small { Ipv4Addr::from_bits(v4).into() } else { Ipv6Addr::from_bits(bits).into() };
        let key = ClientIp::new(address).net_key();
        prop_assert_eq!(ClientIp::new(key).net_key(), key);
    }
}

//! IPv6 addresses that carry an IPv4 one, whose owner they name as well as it does.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Each way to carry `v4`, by name.
pub(crate) fn carriers(v4: Ipv4Addr) -> [(&'static str, Ipv6Addr); 4] {
    let bits = u128::from(v4.to_bits());
    let teredo = 0x2001_0000_4136_e378_8000_63bf_0000_0000 | (!bits & 0xffff_ffff);
    [
        // RFC 4291, section 2.5.5.2.
        ("mapped", v4.to_ipv6_mapped()),
        // RFC 3056, section 2.
        (
            "6to4",
            Ipv6Addr::from_bits((0x2002 << 112) | (bits << 80) | 1),
        ),
        // RFC 6052, section 2.1.
        ("NAT64", Ipv6Addr::from_bits((0x0064_ff9b << 96) | bits)),
        // RFC 4380, section 4; every bit of the client's address is turned round.
        ("Teredo", Ipv6Addr::from_bits(teredo)),
    ]
}

#[test]
fn carriers_are_written_as_their_standards_say() {
    let all = carriers(Ipv4Addr::new(198, 51, 100, 7));
    insta::assert_snapshot!(all.map(|(name, address)| format!("{name} {address}")).join("\n"), @"
    mapped ::ffff:198.51.100.7
    6to4 2002:c633:6407::1
    NAT64 64:ff9b::c633:6407
    Teredo 2001:0:4136:e378:8000:63bf:39cc:9bf8
    ");
}

//! Names in DNS that belong to a line and not to whoever uses it. Pure: text in, a domain or nothing out.

use std::net::IpAddr;

use super::domain::{Suffix, registered, suffix};

/// Labels that say by themselves that a name was made for a customer's line.
const STRONG: &[&str] = &[
    "adsl",
    "broadband",
    "cable",
    "catv",
    "cgn",
    "cgnat",
    "cpe",
    "cust",
    "customer",
    "customers",
    "dhcp",
    "dial",
    "dialin",
    "dialup",
    "dip",
    "dsl",
    "dyn",
    "dynamic",
    "dynip",
    "fiber",
    "ftth",
    "gprs",
    "hsd",
    "isdn",
    "lte",
    "mobile",
    "modem",
    "pool",
    "pools",
    "ppp",
    "pppoe",
    "res",
    "residential",
    "subs",
    "subscriber",
    "umts",
    "vdsl",
    "wimax",
    "wireless",
    "xdsl",
];

/// Labels that say so beside two groups of digits.
const WEAK: &[&str] = &[
    "client",
    "host",
    "ip",
    "ipv4",
    "ipv6",
    "nat",
    "static",
    "unassigned",
    "user",
    "wlan",
];

/// The registered domain of an address's name, where the name may be an organisation's; nothing for names of lines
/// and of machines for hire.
pub(crate) fn organisation_domain(name: &str, address: IpAddr) -> Option<&str> {
    let name = name.trim_end_matches('.');
    let domain = registered(name)?;
    let host = name.strip_suffix(domain)?;
    let is_hired = suffix(name) == Some(Suffix::Hosting);
    if is_hired || holds_address(host, address) || is_of_a_line(host) {
        return None;
    }
    Some(domain)
}

/// Whether the name spells the address: its parts in order or backwards, padded or not, or in hexadecimal.
fn holds_address(host: &str, address: IpAddr) -> bool {
    let IpAddr::V4(v4) = address else {
        return holds_nibbles(host, address);
    };
    let parts = v4.octets();
    let numbers: Vec<u32> = digits(host).collect();
    let is_run = |wanted: &[u8]| {
        let wanted: Vec<u32> = wanted.iter().map(|part| u32::from(*part)).collect();
        numbers.windows(wanted.len()).any(|run| run == wanted)
    };
    let mut backwards = parts;
    backwards.reverse();
    // The last two parts are enough: the rest is often left out as known.
    is_run(&parts[2..]) || is_run(&backwards[..2]) || {
        let [a, b, c, d] = parts;
        let plain = host.to_ascii_lowercase();
        plain.contains(&format!("{a:02x}{b:02x}{c:02x}{d:02x}"))
            || plain.contains(&format!("{d:02x}{c:02x}{b:02x}{a:02x}"))
            || plain.contains(&format!("{a:03}{b:03}{c:03}{d:03}"))
            || plain.contains(&v4.to_bits().to_string())
    }
}

/// Whether eight hexadecimal digits of an IPv6 address stand in the name, separators apart.
fn holds_nibbles(host: &str, address: IpAddr) -> bool {
    let IpAddr::V6(v6) = address else {
        return false;
    };
    let plain: String = host
        .chars()
        .filter(char::is_ascii_hexdigit)
        .map(|digit| digit.to_ascii_lowercase())
        .collect();
    let spelled = format!("{:032x}", v6.to_bits());
    plain.contains(&spelled[24..]) || plain.contains(&spelled[8..16])
}

/// The groups of digits in a text, as numbers.
fn digits(text: &str) -> impl Iterator<Item = u32> {
    let groups = text.split(|letter: char| !letter.is_ascii_digit());
    groups.filter_map(|group| group.parse().ok())
}

fn is_of_a_line(host: &str) -> bool {
    let words = || {
        let parts = host.split(|letter: char| !letter.is_ascii_alphabetic());
        parts
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
    };
    words().any(|word| STRONG.contains(&word.as_str()))
        || (digits(host).count() >= 2 && words().any(|word| WEAK.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_nobodys_and_an_office_is_somebodys() {
        let address = IpAddr::from([198, 51, 100, 7]);
        let read = |name: &str| {
            let domain = organisation_domain(name, address).unwrap_or("-");
            format!("{name} {domain}")
        };
        let read: Vec<String> = [
            "vpn.acme.com",
            "mail.office.acme.co.uk.",
            "nat-gw1.stanford.edu",
            "wlan-gast.uni-ulm.de",
            "office-nat.acme.io",
            "static.acme.net",
            "7.100.51.198.static.provider.net",
            "host-198-51-100-7.provider.net",
            "c6336407.provider.net",
            "198051100007.provider.net",
            "3325256711.provider.net",
            "p4fc1a2b3.dip0.t-ipconnect.de",
            "dsl-2-17.provider.net",
            "cust-pool.provider.net",
            "ip-10-2.provider.net",
            "ec2-1-2-3-4.compute.amazonaws.com",
            "static.9.8.clients.your-server.de",
            "acme.github.io",
            "localhost",
            "",
        ]
        .into_iter()
        .map(read)
        .collect();
        insta::assert_snapshot!(read.join("\n"), @"
        vpn.acme.com acme.com
        mail.office.acme.co.uk. acme.co.uk
        nat-gw1.stanford.edu stanford.edu
        wlan-gast.uni-ulm.de uni-ulm.de
        office-nat.acme.io acme.io
        static.acme.net acme.net
        7.100.51.198.static.provider.net -
        host-198-51-100-7.provider.net -
        c6336407.provider.net -
        198051100007.provider.net -
        3325256711.provider.net -
        p4fc1a2b3.dip0.t-ipconnect.de -
        dsl-2-17.provider.net -
        cust-pool.provider.net -
        ip-10-2.provider.net -
        ec2-1-2-3-4.compute.amazonaws.com -
        static.9.8.clients.your-server.de -
        acme.github.io -
        localhost -
         -
        ");
    }

    #[test]
    fn an_address_of_ipv6_is_seen_in_a_name() {
        let address: IpAddr = "2001:db8:7:1:0:2:abcd:ef01".parse().expect("an address");
        assert_eq!(
            organisation_domain("2001-db8-7-1-0-2-abcd-ef01.provider.net", address),
            None
        );
        assert_eq!(
            organisation_domain("vpn.acme.com", address),
            Some("acme.com")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(name in "\\PC{0,80}", address in any::<[u8; 4]>()) {
            if let Some(domain) = organisation_domain(&name, address.into()) {
                prop_assert!(name.contains(domain));
            }
        }

        #[test]
        fn a_name_with_the_address_in_it_is_a_lines(address in any::<[u8; 4]>(), word in "[a-z]{1,8}") {
            let [a, b, c, d] = address;
            for name in [
                format!("{word}-{a}-{b}-{c}-{d}.acme.com"),
                format!("{d}.{c}.{b}.{a}.{word}.acme.com"),
                format!("{word}{a:02x}{b:02x}{c:02x}{d:02x}.acme.com"),
            ] {
                prop_assert_eq!(organisation_domain(&name, address.into()), None);
            }
        }
    }
}

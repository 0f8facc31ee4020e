//! No column holds the client's address, however it is spelled in whatever was sent: for addresses that nobody chose.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use weir_event::Event;

use super::{ID, NOON, agents, carrying, enricher};
use crate::{ClientIp, Enricher, Observation};

/// One for all cases: it takes long to make.
static ENRICHER: LazyLock<Enricher> = LazyLock::new(enricher);

/// What a sender may write, and what of it must not be in a row.
struct Spelling {
    written: String,
    bare: String,
}

fn plain(text: String) -> Spelling {
    Spelling {
        bare: text.clone(),
        written: text,
    }
}

fn escaped(text: &str, escape: fn(u8) -> String) -> Spelling {
    plain(text.bytes().map(escape).collect())
}

fn of_v4(v4: Ipv4Addr) -> Vec<Spelling> {
    let [a, b, c, d] = v4.octets();
    let dotted = v4.to_string();
    let six_to_four = Ipv6Addr::from_bits(0x2002 << 112 | u128::from(v4.to_bits()) << 80);
    let texts = [
        dotted.clone(),
        format!("{a:03}.{b:03}.{c:03}.{d:03}"),
        format!("{a}-{b}-{c}-{d}"),
        format!("{a}_{b}_{c}_{d}"),
        format!("{d}.{c}.{b}.{a}.in-addr.arpa"),
        format!("{a:02x}{b:02x}{c:02x}{d:02x}"),
        format!("{a:02X}{b:02X}{c:02X}{d:02X}"),
        format!("{d:02X}{c:02X}{b:02X}{a:02X}"),
        format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}"),
        format!("0x{a:02x}{b:02x}{c:02x}{d:02x}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0{:o}", v4.to_bits()),
        v4.to_bits().to_string(),
        v4.to_ipv6_mapped().to_string(),
        format!("::ffff:{a:02x}{b:02x}:{c:02x}{d:02x}"),
        format!("64:ff9b::{dotted}"),
        six_to_four.to_string(),
    ];
    let once = escaped(&dotted, |byte| format!("%{byte:02X}"));
    let twice = escaped(&dotted, |byte| format!("%25{byte:02x}"));
    texts.map(plain).into_iter().chain([once, twice]).collect()
}

fn of_v6(v6: Ipv6Addr) -> Vec<Spelling> {
    let hex = format!("{:032x}", v6.to_bits());
    let groups = |mark: &str| v6.segments().map(|group| format!("{group:04x}")).join(mark);
    let nibbles: Vec<String> = hex.chars().rev().map(String::from).collect();
    let texts = [
        v6.to_string(),
        v6.to_string().to_uppercase(),
        groups(":"),
        groups("-"),
        v6.to_string().replace(':', "-"),
        hex.to_uppercase(),
        format!("{}.ip6.arpa", nibbles.join(".")),
        hex,
    ];
    let once = escaped(&v6.to_string(), |byte| format!("%{byte:02X}"));
    let in_url = Spelling {
        written: format!("http://[{v6}]:443/"),
        bare: v6.to_string(),
    };
    texts.map(plain).into_iter().chain([once, in_url]).collect()
}

fn of(address: IpAddr) -> Vec<Spelling> {
    match address {
        IpAddr::V4(v4) => of_v4(v4),
        IpAddr::V6(v6) => of_v6(v6),
    }
}

/// In base64, which is looked for in a sender's own data alone.
fn in_base64(address: IpAddr) -> Vec<String> {
    let text = address.to_string();
    let bytes = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let both = |bytes: &[u8]| [STANDARD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)];
    [both(text.as_bytes()), both(&bytes)].concat()
}

fn written(event: &Event<'_>) -> String {
    let mut bytes = Vec::new();
    event.encode(&mut bytes);
    format!("{event:?} {}", String::from_utf8_lossy(&bytes)).to_lowercase()
}

/// The row of a request that says `word` wherever a request can say anything.
fn row(word: &str, agent: &str, referrer: &str, address: IpAddr) -> String {
    let seen = Observation {
        // Of these the catalogue or the method has the words, not the sender.
        route: "/a",
        ..carrying(word, agent, referrer)
    };
    let event = ENRICHER
        .enrich(&seen, ClientIp::new(address), ID, NOON)
        .expect("an event");
    written(&event)
}

fn holds(row: &str, spelling: &str) -> bool {
    row.contains(&spelling.to_lowercase())
}

fn address() -> impl Strategy<Value = IpAddr> {
    // Smaller numbers are as short as everybody's versions, and no client has them.
    let v4 = (0x0100_0000..=u32::MAX).prop_map(|bits| Ipv4Addr::from_bits(bits).into());
    let v6 = any::<u128>().prop_map(|bits| Ipv6Addr::from_bits(bits >> 3 | 1 << 125).into());
    prop_oneof![v4, v6]
}

proptest! {
    #[test]
    fn no_column_holds_the_clients_address(address in address(), agent in 0_usize..18, before in "[g-wyz /=]{0,6}") {
        for spelling in of(address) {
            let word = format!("{before}{}", spelling.written);
            let agents = agents(&spelling.written);
            let referrers = [
                format!("http://{}/x", spelling.written),
                format!("http://a.example/?from={word}"),
            ];
            for referrer in referrers {
                let row = row(&word, &agents[agent % agents.len()], &referrer, address);
                prop_assert!(!holds(&row, &spelling.bare), "{} of {address}: {row}", spelling.bare);
            }
        }
    }

    #[test]
    fn no_data_of_a_senders_own_holds_it_in_base64(address in address()) {
        for word in in_base64(address) {
            let seen = Observation {
                props: vec![("note".into(), word.clone().into()), (word.clone().into(), "note".into())],
                ..Observation::new(weir_event::Kind::Custom)
            };
            let event = ENRICHER.enrich(&seen, ClientIp::new(address), ID, NOON).expect("an event");
            prop_assert!(!holds(&written(&event), &word), "{word} of {address}");
        }
    }

    /// The tests above are not blind: the same words of somebody else's address are found where they may stand.
    #[test]
    fn the_same_words_are_found_where_they_may_stand(address in address()) {
        let other: IpAddr = "192.0.2.1".parse().expect("an address");
        let number = match address {
            IpAddr::V4(v4) => v4.to_bits().to_string(),
            IpAddr::V6(v6) => format!("{:032x}", v6.to_bits()),
        };
        prop_assert!(holds(&row(&number, "tool/1.0", "", other), &number));
    }
}

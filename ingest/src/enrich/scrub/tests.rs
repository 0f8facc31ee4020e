use proptest::prelude::*;

use super::*;

fn own() -> ClientIp {
    ClientIp::new([203, 0, 113, 77].into())
}

#[test]
fn ordinary_text_passes_untouched_and_uncopied() {
    for text in [
        "",
        "docs/start.html",
        "Grüße aus Bern",
        "50% off",
        "a%20b",
        "v1.2.3",
        "std::fmt",
    ] {
        assert!(
            matches!(prose(text, 100, &own()), Cow::Borrowed(kept) if kept == text),
            "{text}"
        );
    }
}

#[test]
fn addresses_leave_a_mark_and_no_digit() {
    let clean = |text| prose(text, 100, &own()).into_owned();
    insta::assert_snapshot!(clean("from 198.51.100.7 to [2001:db8::7]:80"), @"from (ip) to [(ip)]:80");
    insta::assert_snapshot!(clean("via%3D198%2E51%2E100%2E7"), @"(ip)");
    insta::assert_snapshot!(clean("198%252E51%252E100%252E7"), @"(ip)");
    insta::assert_snapshot!(clean("id=cb00714d, n=3405803853"), @"id=(ip), n=(ip)");
    insta::assert_snapshot!(clean("198.\u{7}51.100.7"), @"(ip)");
}

#[test]
fn text_ends_where_a_character_ends() {
    assert_eq!(prose("aé", 2, &own()), "a");
    assert_eq!(prose("abc", 2, &own()), "ab");
}

#[test]
fn a_referrer_is_its_host() {
    let host = |referrer| host(referrer, &own()).into_owned();
    assert_eq!(host("https://Docs.Acme.Example/a?b#c"), "docs.acme.example");
    assert_eq!(
        host("https://user:secret@acme.example:8443/"),
        "acme.example"
    );
    assert_eq!(
        host("android-app://com.example.reader/"),
        "com.example.reader"
    );
    assert_eq!(host("not a url"), "");
    assert_eq!(host("https://a b/"), "");
    for address in [
        "http://203.0.113.77/",
        "http://[2001:db8::7]:80/",
        "http://3405803853/",
        "http://0xcb00714d/x",
        "http://0313.0.0161.0115/",
        "http://203.0.113.77./",
        "http://ip-203-0-113-77.acme.example/",
    ] {
        assert_eq!(host(address), "(ip)", "{address}");
    }
}

#[test]
fn a_page_loses_query_and_fragment() {
    assert_eq!(path("/docs/start?mail=a@b#x", 100, &own()), "/docs/start");
}

#[test]
fn versions_and_files_are_passed_by_one_look() {
    for text in [
        "1.38.2",
        "10.0.19",
        "v131.0",
        "rocket-linux-amd64.tar.gz",
        "/rocket/{version}/{os}-{arch}.tar.gz",
        "python-requests",
        "deadbee",
    ] {
        assert!(glance::is_harmless(text), "{text}");
    }
}

/// What may stand beside an address.
const BESIDE: &str = "[a-z0-9 ._-]{0,3}";

/// Whether the long look finds `own` in `text`.
fn is_found(text: &str, own: &ClientIp) -> bool {
    let literal = literals::find(text, Dots::Address, Some(own)).next();
    literal.is_some() || disguises::in_text(text, own)
}

fn spellings(address: [u8; 4]) -> [String; 11] {
    let [a, b, c, d] = address;
    let number = u32::from_be_bytes(address);
    [
        format!("{a}.{b}.{c}.{d}"),
        format!("{d}.{c}.{b}.{a}"),
        format!("{a}-{b}-{c}-{d}"),
        format!("{a}.{b}.{}", number & 0xffff),
        format!("{a}.{}", number & 0xff_ffff),
        number.to_string(),
        format!("{number:x}"),
        format!("0x{number:X}"),
        format!("0{number:o}"),
        format!("0{a:o}.{b}.0{c:o}.{d}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_grow(text in "\\PC{0,80}|.{0,80}", longest in 0_usize..90) {
        let clean = prose(&text, longest, &own());
        prop_assert!(clean.len() <= longest.max(GONE.len()));
        prop_assert!(!clean.chars().any(char::is_control));
    }

    #[test]
    fn what_one_look_passes_holds_nothing_that_a_longer_one_finds(text in "[ -~]{0,12}|[0-9a-f.:_ %-]{0,12}") {
        let found = literals::find(&text, Dots::Address, Some(&own())).next().is_some()
            || hides_address(&text, Dots::Address, &own())
            || without_controls(&text) != text;
        prop_assert!(!(glance::is_harmless(&text) && found));
    }

    #[test]
    fn a_stretch_is_found_wherever_it_stands(before in "[g-wyz/]{0,20}", stretch in "[0-9a-f.:_-]{6,9}", after in "[g-wyz/]{0,20}") {
        let long = format!("{before}{stretch}{after}");
        let short = format!("{before}{}{after}", &stretch[..literals::SHORTEST - 1]);
        prop_assert!(!glance::is_of_short_stretches(&long), "{long}");
        prop_assert!(glance::is_of_short_stretches(&short), "{short}");
    }

    #[test]
    fn one_look_passes_no_spelling_of_the_clients_own_address(address: [u8; 4], before in BESIDE, after in BESIDE) {
        // No client is within 0.0.0.0/8, and what is shorter is anybody's.
        prop_assume!(address[0] > 0);
        let own = ClientIp::new(address.into());
        for spelled in spellings(address).into_iter().filter(|spelled| spelled.len() >= literals::SHORTEST) {
            let text = format!("{before}{spelled}{after}");
            prop_assert!(!(glance::is_harmless(&text) && is_found(&text, &own)), "{text}");
        }
    }

    #[test]
    fn one_look_passes_no_spelling_of_ipv6(bits: u128, zeros in 0_u32..112, mark in "[:_-]", before in BESIDE, after in BESIDE) {
        // Zeros in the middle, which are left out.
        let bits = bits >> zeros | bits << 112;
        let address = std::net::Ipv6Addr::from_bits(bits);
        let own = ClientIp::new(address.into());
        let text = format!("{before}{}{after}", address.to_string().replace(':', &mark));
        prop_assert!(!(glance::is_harmless(&text) && is_found(&text, &own)), "{text}");
    }

    #[test]
    fn scrubbing_twice_changes_nothing(text in "[0-9a-f.:%x -]{0,60}") {
        let once = prose(&text, 200, &own()).into_owned();
        prop_assert_eq!(prose(&once, 200, &own()), once.as_str());
    }

    #[test]
    fn an_address_never_passes(address: [u8; 4], before in "[a-z =/]{0,12}", after in "[a-z =/]{0,12}") {
        let dotted = std::net::Ipv4Addr::from(address).to_string();
        let clean = prose(&format!("{before}{dotted}{after}"), 200, &own()).into_owned();
        prop_assert!(!clean.contains(&dotted), "{clean}");
    }

    #[test]
    fn the_clients_own_address_never_passes_even_as_a_version(address: [u8; 4], before in "[g-z-]{0,8}") {
        // No client is within 0.0.0.0/8 (RFC 1122 §3.2.1.3).
        prop_assume!(address[0] > 0);
        let own = ClientIp::new(address.into());
        let [a, b, c, d] = address;
        for spelled in [
            format!("{a}.{b}.{c}.{d}"), format!("{d}.{c}.{b}.{a}"), format!("{a:02x}{b:02x}{c:02x}{d:02x}"),
            u32::from_be_bytes(address).to_string(),
        ] {
            // Shorter numbers are everybody's.
            prop_assume!(spelled.len() >= 7);
            let clean = label(&format!("{before}{spelled}"), 200, &own).into_owned();
            prop_assert!(!clean.contains(&spelled), "{clean}");
        }
    }

    #[test]
    fn a_global_ipv6_address_never_passes(bits: u128, before in "[g-z /]{0,8}") {
        let address = std::net::Ipv6Addr::from_bits(bits >> 3 | 1 << 125).to_string();
        let clean = label(&format!("{before}{address}"), 200, &own()).into_owned();
        prop_assert!(!clean.contains(&address), "{clean}");
    }
}

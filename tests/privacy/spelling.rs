//! How an address might be written, as text, as bytes or as a hash without a key. Pure.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;

use crate::carrier::carriers;

/// One way to write an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// So short that it stands in some files by chance: about once in 2^32 bytes.
    pub(crate) weak: bool,
}

/// Every spelling of `address` that is searched for.
pub(crate) fn spellings(address: IpAddr) -> Vec<Spelling> {
    let mut all = match address {
        IpAddr::V4(v4) => of_v4(v4),
        IpAddr::V6(v6) => of_v6(v6),
    };
    let (text, bytes) = (address.to_string(), octets(address));
    for (name, text) in texts(address) {
        all.extend(wrapped(name, &text));
    }
    all.extend(hashes("its text", text.as_bytes()));
    all.extend(hashes("its bytes", &bytes));
    all.extend(hashes("its sixteen bytes", &sixteen(address)));
    all
}

fn strong(name: &str, bytes: impl Into<Vec<u8>>) -> Spelling {
    Spelling {
        name: name.to_owned(),
        bytes: bytes.into(),
        weak: false,
    }
}

fn weak(name: &str, bytes: impl Into<Vec<u8>>) -> Spelling {
    Spelling {
        weak: true,
        ..strong(name, bytes)
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

fn turned(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

fn of_v4(v4: Ipv4Addr) -> Vec<Spelling> {
    let number = v4.to_bits();
    let bytes = v4.octets();
    let [a, b, c, d] = bytes;
    let joined = |between: &str| bytes.map(|byte| byte.to_string()).join(between);
    let lower = hex::encode(bytes);
    let mut all = vec![
        strong("dashes", joined("-")),
        strong("underscores", joined("_")),
        strong("spaces", joined(" ")),
        strong("commas", joined(",")),
        strong("zero-padded", format!("{a:03}.{b:03}.{c:03}.{d:03}")),
        strong("octal", format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}")),
        strong("number", number.to_string()),
        strong("number, turned", number.swap_bytes().to_string()),
        strong("signed number", number.cast_signed().to_string()),
        strong("in-addr.arpa", format!("{d}.{c}.{b}.{a}")),
        strong("/24 prefix", format!("{a}.{b}.{c}.")),
        strong(
            "half of 6to4 or NAT64",
            format!("{}:{}", &lower[..4], &lower[4..]),
        ),
        strong("6to4 /48 in bytes", [&[0x20, 0x02][..], &bytes].concat()),
        strong("mapped in bytes", [&[0xff, 0xff][..], &bytes].concat()),
        strong(
            "hexadecimal with colons",
            bytes.map(|byte| format!("{byte:02x}")).join(":"),
        ),
        strong(
            "HEXADECIMAL WITH COLONS",
            bytes.map(|byte| format!("{byte:02X}")).join(":"),
        ),
        weak("hexadecimal", lower.clone()),
        weak("HEXADECIMAL", lower.to_uppercase()),
        weak("hexadecimal, turned", hex::encode(turned(&bytes))),
        weak("four bytes", bytes),
        weak("four bytes, turned", turned(&bytes)),
        weak("four bytes, inverted as in Teredo", bytes.map(|byte| !byte)),
        weak("/24 prefix in bytes", [a, b, c, 0]),
        weak("/24 prefix in bytes, turned", [0, c, b, a]),
        weak(
            "base64 of four bytes",
            STANDARD.encode(bytes).trim_end_matches('='),
        ),
    ];
    for (name, carrier) in carriers(v4) {
        all.extend(carried(name, carrier));
    }
    all
}

/// An address that carries another is looked for whole: its parts are anybody's.
fn carried(name: &str, carrier: Ipv6Addr) -> Vec<Spelling> {
    let octets = carrier.octets();
    vec![
        strong(name, carrier.to_string()),
        strong(&format!("{name} in full"), in_full(carrier)),
        strong(&format!("{name} in hexadecimal"), hex::encode(octets)),
        strong(&format!("{name} in bytes"), octets),
        strong(&format!("{name} in bytes, turned"), turned(&octets)),
    ]
}

fn in_full(v6: Ipv6Addr) -> String {
    v6.segments()
        .map(|segment| format!("{segment:04x}"))
        .join(":")
}

fn of_v6(v6: Ipv6Addr) -> Vec<Spelling> {
    let number = v6.to_bits();
    let bytes = v6.octets();
    let [network, host] = [(number >> 64) as u64, number as u64];
    let nibbles = |bytes: &[u8]| {
        let digits: Vec<_> = hex::encode(bytes).chars().rev().map(String::from).collect();
        digits.join(".")
    };
    let prefix = v6.segments()[..3]
        .iter()
        .fold(String::new(), |mut text, segment| {
            let _ = write!(text, "{segment:x}:");
            text
        });
    vec![
        strong("hexadecimal", hex::encode(bytes)),
        strong("HEXADECIMAL", hex::encode_upper(bytes)),
        strong("sixteen bytes", bytes),
        strong("sixteen bytes, turned", turned(&bytes)),
        strong("number", number.to_string()),
        strong("network as a number", network.to_string()),
        strong("interface as a number", host.to_string()),
        strong("network's bytes", network.to_be_bytes()),
        strong("network's bytes, turned", network.to_le_bytes()),
        strong("interface's bytes", host.to_be_bytes()),
        strong("interface's bytes, turned", host.to_le_bytes()),
        strong("/48 prefix", prefix.clone()),
        strong("/48 PREFIX", prefix.to_uppercase()),
        strong("/48 prefix in bytes", &bytes[..6]),
        strong("/48 prefix in hexadecimal", hex::encode(&bytes[..6])),
        strong("ip6.arpa", nibbles(&bytes)),
        strong("ip6.arpa of /48", nibbles(&bytes[..6])),
        strong("base64 of sixteen bytes", &STANDARD.encode(bytes)[..20]),
    ]
}

/// The ways to write it that people read.
fn texts(address: IpAddr) -> Vec<(&'static str, String)> {
    let mut texts = vec![("text", address.to_string())];
    if let IpAddr::V6(v6) = address {
        let full = in_full(v6);
        texts.push(("text in full", full.clone()));
        texts.push(("text with dashes", v6.to_string().replace(':', "-")));
        texts.push(("TEXT", v6.to_string().to_uppercase()));
        texts.push(("TEXT IN FULL", full.to_uppercase()));
    }
    texts
}

/// A text, and what it becomes inside of other formats.
fn wrapped(name: &str, text: &str) -> Vec<Spelling> {
    let digits = text.bytes().map(|byte| format!("%{byte:02X}"));
    let all_percent = digits.collect::<Vec<_>>().concat();
    let escaped = |mark: char, with: &str| text.replace(mark, with);
    let mark = if text.contains('.') { '.' } else { ':' };
    let code = u32::from(mark);
    let mut all = vec![
        strong(name, text),
        strong(
            &format!("{name}, percent-encoded"),
            all_percent.to_uppercase(),
        ),
        strong(
            &format!("{name}, percent-encoded in lower case"),
            all_percent.to_lowercase(),
        ),
        strong(
            &format!("{name}, JSON-escaped"),
            escaped(mark, &format!("\\u{code:04x}")),
        ),
        strong(
            &format!("{name}, JSON-ESCAPED"),
            escaped(mark, &format!("\\u{code:04X}")),
        ),
        strong(&format!("{name} as hexadecimal"), hex::encode(text)),
        strong(
            &format!("{name} as UTF-16"),
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>(),
        ),
    ];
    if text.contains(mark) {
        all.push(strong(
            &format!("{name}, marks percent-encoded"),
            escaped(mark, &format!("%{code:02X}")),
        ));
        all.push(strong(
            &format!("{name}, marks percent-encoded in lower case"),
            escaped(mark, &format!("%{code:02x}")),
        ));
    }
    for offset in 0..3 {
        all.push(strong(
            &format!("{name} as base64"),
            base64_at(offset, text.as_bytes()),
        ));
    }
    all
}

/// The letters that `bytes` become in base64 whatever stands around, `offset` bytes into a group of three.
fn base64_at(offset: usize, bytes: &[u8]) -> String {
    let encoded = STANDARD.encode([&vec![0; offset], bytes].concat());
    let from = (offset * 8).div_ceil(6);
    let to = (offset + bytes.len()) * 8 / 6;
    encoded[from..to].to_owned()
}

/// Hashes without a key, which anybody turns round by trying all addresses.
fn hashes(of: &str, bytes: &[u8]) -> Vec<Spelling> {
    let digests: [(&str, Vec<u8>); 4] = [
        ("MD5", md5::Md5::digest(bytes).to_vec()),
        ("SHA-1", sha1::Sha1::digest(bytes).to_vec()),
        ("SHA-256", sha2::Sha256::digest(bytes).to_vec()),
        ("BLAKE3", blake3::hash(bytes).as_bytes().to_vec()),
    ];
    let mut all = Vec::new();
    for (algorithm, digest) in digests {
        let name = format!("{algorithm} of {of}");
        all.extend(number64(
            &name,
            u64::from_be_bytes(std::array::from_fn(|at| digest[at])),
        ));
        all.push(strong(
            &format!("{name} as base64"),
            &STANDARD.encode(&digest)[..12],
        ));
    }
    let name = format!("xxHash64 of {of}");
    all.extend(number64(&name, twox_hash::XxHash64::oneshot(0, bytes)));
    let name = format!("CRC-32 of {of}");
    let crc = crc32fast::hash(bytes);
    all.extend(number32(&name, crc));
    all.push(weak(
        &format!("{name} in hexadecimal"),
        format!("{crc:08x}"),
    ));
    all
}

/// The first 64 bits of a hash, and the 32 bits that an id for visitors would be cut to.
fn number64(name: &str, number: u64) -> Vec<Spelling> {
    let mut all = vec![
        strong(name, number.to_be_bytes()),
        strong(&format!("{name}, turned"), number.to_le_bytes()),
        strong(&format!("{name} in hexadecimal"), format!("{number:016x}")),
        strong(&format!("{name} in HEXADECIMAL"), format!("{number:016X}")),
        strong(&format!("{name} as a number"), number.to_string()),
        strong(
            &format!("{name} as a number, turned"),
            number.swap_bytes().to_string(),
        ),
    ];
    all.extend(number32(
        &format!("{name}, upper half"),
        (number >> 32) as u32,
    ));
    all.extend(number32(&format!("{name}, lower half"), number as u32));
    all
}

fn number32(name: &str, number: u32) -> Vec<Spelling> {
    vec![
        weak(name, number.to_be_bytes()),
        weak(&format!("{name}, turned"), number.to_le_bytes()),
        weak(&format!("{name} as a number"), number.to_string()),
        weak(
            &format!("{name} as a number, turned"),
            number.swap_bytes().to_string(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const V6: Ipv6Addr = Ipv6Addr::new(
        0x2001, 0xdb8, 0x5eed, 0xcafe, 0xb00c, 0x7a1e, 0xfade, 0x1dea,
    );

    fn printable(spelling: &Spelling) -> String {
        let text = std::str::from_utf8(&spelling.bytes).ok();
        let text = text.filter(|text| !text.contains(char::is_control));
        let bytes = text.map_or_else(
            || format!("0x{}", hex::encode(&spelling.bytes)),
            str::to_owned,
        );
        let sign = if spelling.weak { "~" } else { "=" };
        format!("{} {sign} {bytes}", spelling.name)
    }

    fn listed(spellings: &[Spelling]) -> String {
        spellings
            .iter()
            .map(printable)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn an_ipv4_address_is_known_in_all_of_these() {
        insta::assert_snapshot!(listed(&of_v4(Ipv4Addr::new(198, 51, 100, 7))), @"
        dashes = 198-51-100-7
        underscores = 198_51_100_7
        spaces = 198 51 100 7
        commas = 198,51,100,7
        zero-padded = 198.051.100.007
        octal = 0306.063.0144.07
        number = 3325256711
        number, turned = 124007366
        signed number = -969710585
        in-addr.arpa = 7.100.51.198
        /24 prefix = 198.51.100.
        half of 6to4 or NAT64 = c633:6407
        6to4 /48 in bytes = 0x2002c6336407
        mapped in bytes = 0xffffc6336407
        hexadecimal with colons = c6:33:64:07
        HEXADECIMAL WITH COLONS = C6:33:64:07
        hexadecimal ~ c6336407
        HEXADECIMAL ~ C6336407
        hexadecimal, turned ~ 076433c6
        four bytes ~ 0xc6336407
        four bytes, turned ~ 0x076433c6
        four bytes, inverted as in Teredo ~ 0x39cc9bf8
        /24 prefix in bytes ~ 0xc6336400
        /24 prefix in bytes, turned ~ 0x006433c6
        base64 of four bytes ~ xjNkBw
        mapped = ::ffff:198.51.100.7
        mapped in full = 0000:0000:0000:0000:0000:ffff:c633:6407
        mapped in hexadecimal = 00000000000000000000ffffc6336407
        mapped in bytes = 0x00000000000000000000ffffc6336407
        mapped in bytes, turned = 0x076433c6ffff00000000000000000000
        6to4 = 2002:c633:6407::1
        6to4 in full = 2002:c633:6407:0000:0000:0000:0000:0001
        6to4 in hexadecimal = 2002c633640700000000000000000001
        6to4 in bytes = 0x2002c633640700000000000000000001
        6to4 in bytes, turned = 0x01000000000000000000076433c60220
        NAT64 = 64:ff9b::c633:6407
        NAT64 in full = 0064:ff9b:0000:0000:0000:0000:c633:6407
        NAT64 in hexadecimal = 0064ff9b0000000000000000c6336407
        NAT64 in bytes = 0x0064ff9b0000000000000000c6336407
        NAT64 in bytes, turned = 0x076433c600000000000000009bff6400
        Teredo = 2001:0:4136:e378:8000:63bf:39cc:9bf8
        Teredo in full = 2001:0000:4136:e378:8000:63bf:39cc:9bf8
        Teredo in hexadecimal = 200100004136e378800063bf39cc9bf8
        Teredo in bytes = 0x200100004136e378800063bf39cc9bf8
        Teredo in bytes, turned = 0xf89bcc39bf63008078e3364100000120
        ");
    }

    #[test]
    fn an_ipv6_address_is_known_in_all_of_these() {
        insta::assert_snapshot!(listed(&of_v6(V6)), @"
        hexadecimal = 20010db85eedcafeb00c7a1efade1dea
        HEXADECIMAL = 20010DB85EEDCAFEB00C7A1EFADE1DEA
        sixteen bytes = 0x20010db85eedcafeb00c7a1efade1dea
        sixteen bytes, turned = 0xea1ddefa1e7a0cb0fecaed5eb80d0120
        number = 42540766440661657815547271440620199402
        network as a number = 2306139569708190462
        interface as a number = 12685648523872312810
        network's bytes = 0x20010db85eedcafe
        network's bytes, turned = 0xfecaed5eb80d0120
        interface's bytes = 0xb00c7a1efade1dea
        interface's bytes, turned = 0xea1ddefa1e7a0cb0
        /48 prefix = 2001:db8:5eed:
        /48 PREFIX = 2001:DB8:5EED:
        /48 prefix in bytes = 0x20010db85eed
        /48 prefix in hexadecimal = 20010db85eed
        ip6.arpa = a.e.d.1.e.d.a.f.e.1.a.7.c.0.0.b.e.f.a.c.d.e.e.5.8.b.d.0.1.0.0.2
        ip6.arpa of /48 = d.e.e.5.8.b.d.0.1.0.0.2
        base64 of sixteen bytes = IAENuF7tyv6wDHoe+t4d
        ");
    }

    #[test]
    fn a_text_is_known_inside_of_other_formats() {
        insta::assert_snapshot!(listed(&wrapped("text", "198.51.100.7")), @r#"
        text = 198.51.100.7
        text, percent-encoded = %31%39%38%2E%35%31%2E%31%30%30%2E%37
        text, percent-encoded in lower case = %31%39%38%2e%35%31%2e%31%30%30%2e%37
        text, JSON-escaped = 198\u002e51\u002e100\u002e7
        text, JSON-ESCAPED = 198\u002E51\u002E100\u002E7
        text as hexadecimal = 3139382e35312e3130302e37
        text as UTF-16 = 0x3100390038002e00350031002e003100300030002e003700
        text, marks percent-encoded = 198%2E51%2E100%2E7
        text, marks percent-encoded in lower case = 198%2e51%2e100%2e7
        text as base64 = MTk4LjUxLjEwMC43
        text as base64 = E5OC41MS4xMDAuN
        text as base64 = xOTguNTEuMTAwLj
        "#);
        let texts = texts(V6.into());
        insta::assert_snapshot!(texts.iter().map(|(name, text)| format!("{name} = {text}")).collect::<Vec<_>>().join("\n"), @"
        text = 2001:db8:5eed:cafe:b00c:7a1e:fade:1dea
        text in full = 2001:0db8:5eed:cafe:b00c:7a1e:fade:1dea
        text with dashes = 2001-db8-5eed-cafe-b00c-7a1e-fade-1dea
        TEXT = 2001:DB8:5EED:CAFE:B00C:7A1E:FADE:1DEA
        TEXT IN FULL = 2001:0DB8:5EED:CAFE:B00C:7A1E:FADE:1DEA
        ");
    }

    /// `md5sum`, `sha1sum` and `sha256sum` print what stands in the first three lines.
    #[test]
    fn hashes_are_those_that_everybody_computes() {
        let all = hashes("it", b"198.51.100.7");
        let hexadecimal = all
            .iter()
            .filter(|spelling| spelling.name.ends_with("in hexadecimal"));
        insta::assert_snapshot!(hexadecimal.map(printable).collect::<Vec<_>>().join("\n"), @"
        MD5 of it in hexadecimal = 526291673f8700ef
        SHA-1 of it in hexadecimal = 4fce9e07a95cbd5e
        SHA-256 of it in hexadecimal = e183220b699c10a8
        BLAKE3 of it in hexadecimal = cdae8d02ad437e6f
        xxHash64 of it in hexadecimal = 979851ae2db2893e
        CRC-32 of it in hexadecimal ~ 934de5fd
        ");
    }

    #[test]
    fn base64_is_found_at_every_place_in_a_group() {
        for before in ["", "a", "ab", "abc", "some text "] {
            let encoded = STANDARD.encode(format!("{before}198.51.100.7 and more"));
            assert!(
                (0..3).any(|offset| encoded.contains(&base64_at(offset, b"198.51.100.7"))),
                "{encoded}"
            );
        }
    }
}

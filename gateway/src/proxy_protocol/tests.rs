use std::net::SocketAddr;

use proptest::prelude::*;

use super::*;

fn source_of(line: &str) -> Result<Option<IpAddr>, Refusal> {
    read(line.as_bytes()).map(|header| header.expect("a whole line").source)
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A header of version 2 around `block`.
fn framed(version_command: u8, family: u8, block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len()).expect("a block that fits");
    let mut bytes = SIGNATURE.to_vec();
    bytes.extend([version_command, family]);
    bytes.extend(length.to_be_bytes());
    bytes.extend(block);
    bytes
}

/// Both ends of a connection, as version 2 writes them.
fn ends(source: SocketAddr, destination: SocketAddr) -> (u8, Vec<u8>) {
    let mut block = Vec::new();
    for address in [source.ip(), destination.ip()] {
        match address {
            IpAddr::V4(v4) => block.extend(v4.octets()),
            IpAddr::V6(v6) => block.extend(v6.octets()),
        }
    }
    block.extend(source.port().to_be_bytes());
    block.extend(destination.port().to_be_bytes());
    (if source.is_ipv4() { 0x11 } else { 0x21 }, block)
}

fn field(kind: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("a value that fits");
    [&[kind][..], &length.to_be_bytes(), value].concat()
}

const CLIENT: &str = "198.51.100.7:5000";
const SERVER: &str = "192.0.2.1:80";

fn v4_block() -> Vec<u8> {
    let ends = ends(CLIENT.parse().expect("v4"), SERVER.parse().expect("v4"));
    ends.1
}

#[test]
fn a_line_names_the_client() {
    assert_eq!(
        read(b"PROXY TCP4 198.51.100.7 192.0.2.1 5000 80\r\nGET /"),
        Ok(Some(Header {
            length: 43,
            source: Some(ip("198.51.100.7"))
        }))
    );
    let v6 = "PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n";
    assert_eq!(source_of(v6), Ok(Some(ip("2001:db8::7"))));
}

#[test]
fn a_line_of_a_proxy_that_does_not_know_names_nobody() {
    for line in [
        "PROXY UNKNOWN\r\n",
        "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n",
        "PROXY UNKNOWN whatever it is\r\n",
    ] {
        assert_eq!(source_of(line), Ok(None), "{line}");
    }
}

#[test]
fn a_line_that_is_not_exactly_as_specified_is_refused() {
    for line in [
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 5000\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 5000 80 1\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 5000 80\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 5000 80 \r\n",
        "PROXY TCP4  198.51.100.7 192.0.2.1 5000 80\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 05000 80\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 +5000 80\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 65536 80\r\n",
        "PROXY TCP4 198.51.100.07 192.0.2.1 5000 80\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 5000 80\r\n",
        "PROXY TCP4 198.51.100.7 nowhere 5000 80\r\n",
        "PROXY TCP6 198.51.100.7 192.0.2.1 5000 80\r\n",
        "PROXY TCP6 fe80::1%eth0 fe80::2 5000 80\r\n",
        "PROXY tcp4 198.51.100.7 192.0.2.1 5000 80\r\n",
        "PROXY UDP4 198.51.100.7 192.0.2.1 5000 80\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 5000 80\0\r\n",
    ] {
        assert_eq!(read(line.as_bytes()), Err(MALFORMED), "{line}");
    }
}

#[test]
fn a_line_ends_within_107_bytes() {
    let line = |length: usize| {
        let filling = "x".repeat(length - "PROXY UNKNOWN \r\n".len());
        format!("PROXY UNKNOWN {filling}\r\n")
    };
    assert_eq!(source_of(&line(107)), Ok(None));
    assert_eq!(read(line(108).as_bytes()), Err(MALFORMED));
    assert_eq!(read(&line(300).as_bytes()[..106]), Ok(None));
    assert_eq!(read(&line(300).as_bytes()[..107]), Err(MALFORMED));
}

#[test]
fn whatever_begins_otherwise_is_no_header() {
    for input in [
        &b"GET / HTTP/1.1\r\n"[..],
        b"PROXYTCP4",
        b"proxy TCP4",
        b"\r\n\r\n\0\r\nQUIT\r",
        b"\x16\x03\x01",
    ] {
        assert_eq!(read(input), Err(MISSING), "{input:?}");
    }
    assert!(begins(b"PROXY TCP4") && begins(&SIGNATURE));
    assert!(!begins(b"POST / HTTP/1.1") && !begins(b"\r\n\r\n") && !begins(b""));
}

#[test]
fn version_2_names_the_client_and_skips_what_it_does_not_know() {
    let fields = [field(0x01, b"h2"), field(0xee, b""), field(0x04, &[0; 9])].concat();
    let bytes = framed(0x21, 0x11, &[v4_block(), fields].concat());
    assert_eq!(
        read(&[&bytes[..], b"GET /"].concat()),
        Ok(Some(Header {
            length: bytes.len(),
            source: Some(ip("198.51.100.7"))
        }))
    );
}

#[test]
fn version_2_of_a_proxy_that_speaks_for_itself_or_for_a_socket_file_names_nobody() {
    for (name, bytes) in [
        ("LOCAL", framed(0x20, 0x00, b"")),
        ("LOCAL with addresses", framed(0x20, 0x11, &v4_block())),
        ("LOCAL with anything", framed(0x20, 0xff, b"anything")),
        ("UNSPEC", framed(0x21, 0x00, b"anything")),
        ("UNIX", framed(0x21, 0x31, &[b'/'; UNIX])),
    ] {
        let header = Header {
            length: bytes.len(),
            source: None,
        };
        assert_eq!(read(&bytes), Ok(Some(header)), "{name}");
    }
}

#[test]
fn version_2_that_is_not_exactly_as_specified_is_refused() {
    let with = |fields: &[u8]| framed(0x21, 0x11, &[&v4_block(), fields].concat());
    for (name, bytes) in [
        ("version 1", framed(0x11, 0x11, &v4_block())),
        ("version 3", framed(0x31, 0x11, &v4_block())),
        ("no such command", framed(0x22, 0x11, &v4_block())),
        ("datagrams", framed(0x21, 0x12, &v4_block())),
        ("no such family", framed(0x21, 0x41, &v4_block())),
        ("addresses cut off", framed(0x21, 0x11, &v4_block()[..11])),
        ("v4 for v6", framed(0x21, 0x21, &v4_block())),
        ("a field cut off", with(&[0x01, 0])),
        ("a field beyond the end", with(&[0x01, 0, 3, b'h', b'2'])),
        ("a wrong checksum", with(&field(CRC32C, &[0; 4]))),
        ("a short checksum", with(&field(CRC32C, &[0; 3]))),
        ("too long", framed(0x21, 0x11, &[0; LONGEST - FIXED + 1])),
    ] {
        assert_eq!(read(&bytes), Err(MALFORMED), "{name}");
    }
}

/// The header with its checksum, computed apart from the code under test, behind other fields.
fn summed(fields: &[u8]) -> Vec<u8> {
    let block = [&v4_block(), fields, &field(CRC32C, &[0; 4])[..]].concat();
    let mut bytes = framed(0x21, 0x11, &block);
    let sum = crc32c::crc32c(&bytes).to_be_bytes();
    let at = bytes.len() - 4;
    bytes[at..].copy_from_slice(&sum);
    bytes
}

#[test]
fn a_right_checksum_passes_and_one_turned_bit_does_not() {
    let bytes = summed(&field(0x01, b"h2"));
    assert_eq!(
        read(&bytes).map(|header| header.expect("whole").source),
        Ok(Some(ip("198.51.100.7")))
    );
    // As another type of field the checksum is none.
    let kind = bytes.len() - 7;
    for at in (FIXED..bytes.len()).filter(|at| *at != kind) {
        let mut turned = bytes.clone();
        turned[at] ^= 1;
        assert_eq!(read(&turned), Err(MALFORMED), "byte {at}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_read_beyond_them(tail: Vec<u8>, start in 0_usize..4) {
        let starts: [&[u8]; 4] = [b"", WORD, &SIGNATURE, b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10"];
        let bytes = [starts[start], &tail].concat();
        if let Ok(Some(header)) = read(&bytes) {
            prop_assert!(header.length <= bytes.len());
        }
    }

    #[test]
    fn every_client_is_read_back_from_both_versions(source: SocketAddr, destination: SocketAddr) {
        prop_assume!(source.is_ipv4() == destination.is_ipv4());
        let (family, block) = ends(source, destination);
        let word = if source.is_ipv4() { "TCP4" } else { "TCP6" };
        let line = format!(
            "PROXY {word} {} {} {} {}\r\n",
            source.ip(), destination.ip(), source.port(), destination.port()
        );
        for bytes in [framed(0x21, family, &block), line.into_bytes()] {
            let header = Header { length: bytes.len(), source: Some(source.ip()) };
            prop_assert_eq!(read(&bytes), Ok(Some(header)));
        }
    }

    #[test]
    fn a_header_is_waited_for_until_it_is_whole(source: SocketAddr, cut: proptest::sample::Index) {
        let (family, block) = ends(source, source);
        for bytes in [framed(0x21, family, &block), b"PROXY TCP4 1.2.3.4 1.2.3.4 5 6\r\n".to_vec()] {
            let at = cut.index(bytes.len());
            prop_assert_eq!(read(&bytes[..at]), Ok(None));
        }
    }
}

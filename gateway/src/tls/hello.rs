//! The first message of a client: read from bytes, and refused in bytes.

use rustls::server::{Accepted, Acceptor};

/// Longest first message with its framing, in bytes. Those with keys that quantum computers cannot break take two
/// thousand.
const LONGEST: usize = 16 * 1024;
/// Type of the record that a handshake is in (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;
/// A fatal alert, `unrecognized_name`, in a record of its own (RFC 8446 §6, RFC 6066 §3). Nothing is agreed on when it
/// is sent, so it is not encrypted.
pub(crate) const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];

/// What a connection begins with.
pub(crate) enum Opening {
    /// A client's hello, whole.
    Hello(Box<Accepted>),
    /// Something else; it is answered with these bytes.
    Alert(Vec<u8>),
    /// Plain HTTP, most likely.
    Plain,
}

/// Reads the opening at the start of `input`; `None` while it is not whole.
pub(crate) fn read(input: &[u8]) -> Option<Opening> {
    let first = *input.first()?;
    if first != HANDSHAKE {
        return Some(if first.is_ascii_alphabetic() {
            Opening::Plain
        } else {
            Opening::Alert(Vec::new())
        });
    }
    if !has_whole_record(input) && input.len() <= LONGEST {
        return None;
    }
    let mut acceptor = Acceptor::default();
    let mut unread = input;
    while !unread.is_empty() {
        // It takes no more at once than it has room for.
        match acceptor.read_tls(&mut unread) {
            Ok(1..) => {}
            Ok(0) | Err(_) => return Some(Opening::Alert(Vec::new())),
        }
        match acceptor.accept() {
            Ok(Some(accepted)) if unread.is_empty() => {
                return Some(Opening::Hello(Box::new(accepted)));
            }
            // Nothing is sent behind a hello before it is answered, as no early data is taken.
            Ok(Some(_)) => return Some(Opening::Alert(Vec::new())),
            Ok(None) => {}
            Err((_, mut alert)) => {
                let mut bytes = Vec::new();
                // INVARIANT: a vector takes all that is written to it.
                let _ = alert.write_all(&mut bytes);
                return Some(Opening::Alert(bytes));
            }
        }
    }
    (input.len() > LONGEST).then(|| Opening::Alert(Vec::new()))
}

/// Whether the first record is here to its end, so that reading it is worth it.
fn has_whole_record(input: &[u8]) -> bool {
    match *input {
        [_, _, _, high, low, ..] => input.len() >= 5 + usize::from(u16::from_be_bytes([high, low])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use rustls::{ClientConfig, ClientConnection, RootCertStore};

    use super::*;

    /// What a client sends first to `name`.
    fn hello(name: &str) -> Vec<u8> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ClientConfig::builder()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let name = name.to_owned().try_into().expect("a name");
        let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).expect("room");
        bytes
    }

    fn is_unfinished(input: &[u8]) -> bool {
        read(input).is_none()
    }

    #[test]
    fn a_hello_is_read_once_it_is_whole() {
        let bytes = hello("get.acme.example");
        for end in 0..bytes.len() {
            assert!(is_unfinished(&bytes[..end]), "{end} of {}", bytes.len());
        }
        let Some(Opening::Hello(accepted)) = read(&bytes) else {
            panic!("a hello");
        };
        assert_eq!(
            accepted.client_hello().server_name(),
            Some("get.acme.example")
        );
    }

    #[test]
    fn a_hello_in_many_records_is_read_too() {
        let whole = hello("get.acme.example");
        let (kind, message) = (&whole[..3], &whole[5..]);
        let records: Vec<u8> = message
            .chunks(50)
            .flat_map(|chunk| [kind, &(chunk.len() as u16).to_be_bytes(), chunk].concat())
            .collect();
        assert!(is_unfinished(&records[..records.len() - 1]));
        assert!(matches!(read(&records), Some(Opening::Hello(_))));
    }

    #[test]
    fn what_is_no_hello_is_not_waited_for() {
        assert!(matches!(read(b"GET / HTTP"), Some(Opening::Plain)));
        assert!(matches!(read(b"\x80\x2e"), Some(Opening::Alert(_))));
        let Some(Opening::Alert(alert)) = read(b"\x16\x03\x01\0\x05\x02\0\0\x01x") else {
            panic!("another message than a hello is refused");
        };
        assert_eq!(alert[0], 21, "with an alert");
        let endless = [&b"\x16\x03\x01\x3f\xff\x01\0\xff\xff"[..], &[0; LONGEST]].concat();
        assert!(matches!(read(&endless), Some(Opening::Alert(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, at in 0_usize..200, change: u8) {
            read(&bytes);
            read(&[&b"\x16\x03\x01"[..], &bytes].concat());
            let mut changed = hello("a.example");
            changed[at] ^= change;
            read(&changed);
        }
    }
}

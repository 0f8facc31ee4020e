//! Which of a client's ciphers is taken.
//!
//! AES with a key of 128 bits, for whoever has AES in the processor: its handshakes hash with SHA-256, which processors
//! have too, and not with SHA-384, which is a third of what a resumed one costs. Programs mostly list the longer key
//! first because it is the longer one.

use rustls::CipherSuite;
use rustls::SupportedCipherSuite;
use rustls::server::ClientHello;

/// Those that are taken first, of TLS 1.3 and 1.2.
const LIKED: [CipherSuite; 3] = [
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/// Those that are made for processors without AES.
const CHACHA: [CipherSuite; 3] = [
    CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
];

/// Puts what is liked best first.
pub(super) fn sort(suites: &mut [SupportedCipherSuite]) {
    suites.sort_by_key(|suite| !LIKED.contains(&suite.suite()));
}

/// Whether a client's own order counts: one that lists `ChaCha20` before AES has no AES in its processor.
pub(super) fn leaves_to_client(hello: &ClientHello<'_>, ours: &[SupportedCipherSuite]) -> bool {
    // Values that stand for none come first at times (RFC 8701).
    let is_ours = |offered: &&CipherSuite| ours.iter().any(|suite| suite.suite() == **offered);
    let first = hello.cipher_suites().iter().find(is_ours);
    first.is_some_and(|suite| CHACHA.contains(suite))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::crypto::ring::{self, cipher_suite as ring_suite};
    use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection};

    use super::super::certificates::Certificates;
    use super::super::hello::{Opening, read};
    use super::super::pair::tests::pem;
    use super::super::{Tls, Welcome};
    use super::*;

    const NAME: &str = "get.acme.example";

    fn tls() -> Tls {
        let folder = tempfile::tempdir().expect("a folder");
        let certificates = Certificates::default();
        certificates.read(&[super::super::certificates::tests::write(
            folder.path(),
            &pem(&[NAME], 0, 10),
        )]);
        Tls::new(Arc::new(certificates)).expect("randomness")
    }

    /// What is agreed on with a client that offers `suites` in this order.
    fn agreed(tls: &Tls, suites: &[SupportedCipherSuite]) -> CipherSuite {
        let mut provider = ring::default_provider();
        provider.cipher_suites = suites.to_vec();
        let client = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .expect("versions of these suites")
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let name = NAME.try_into().expect("a name");
        let mut client = ClientConnection::new(Arc::new(client), name).expect("a client");
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).expect("room");
        let Some(Opening::Hello(hello)) = read(&bytes) else {
            panic!("a hello");
        };
        let Welcome::Http(config) = tls.welcome(&hello.client_hello()) else {
            panic!("a name that is known");
        };
        let Ok(server) = hello.into_connection(config) else {
            panic!("a suite in common");
        };
        negotiated(&server)
    }

    fn negotiated(server: &ServerConnection) -> CipherSuite {
        let suite = server.negotiated_cipher_suite();
        suite.expect("a suite").suite()
    }

    #[test]
    fn the_short_key_is_taken_unless_the_client_has_no_aes() {
        let tls = tls();
        let (long, short, chacha) = (
            ring_suite::TLS13_AES_256_GCM_SHA384,
            ring_suite::TLS13_AES_128_GCM_SHA256,
            ring_suite::TLS13_CHACHA20_POLY1305_SHA256,
        );
        assert_eq!(agreed(&tls, &[long, chacha, short]), short.suite());
        assert_eq!(agreed(&tls, &[chacha, long, short]), chacha.suite());
        assert_eq!(agreed(&tls, &[long, chacha]), long.suite());
        let (long, short, chacha) = (
            ring_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            ring_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            ring_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        );
        assert_eq!(agreed(&tls, &[long, short, chacha]), short.suite());
        assert_eq!(agreed(&tls, &[chacha, long, short]), chacha.suite());
    }
}

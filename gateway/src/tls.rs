//! TLS on our own listeners: which certificate is shown for which name, and how a handshake goes.
//!
//! The first message of a client is read like a request's head, bounded in size and time, before anything is made for
//! it: who asks for a name that no certificate is for gets an alert and costs no handshake.

pub(crate) mod by_name;
pub(crate) mod certificates;
mod ciphers;
pub(crate) mod hello;
pub(crate) mod pair;
pub(crate) mod stream;

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert, ServerSessionMemoryCache};
use rustls::sign::CertifiedKey;

use certificates::Certificates;

/// Protocols that are spoken here, the one that is liked best first (RFC 7301).
const HTTP: [&[u8]; 2] = [b"h2", b"http/1.1"];
/// The protocol in which an authority looks at a challenge (RFC 8737 §6.2).
pub(crate) const CHALLENGE: &[u8] = b"acme-tls/1";
/// Sessions of TLS 1.2 clients without tickets that are remembered, for all listeners.
const SESSIONS: usize = 4096;
/// Tickets after a handshake: enough for a client that comes back, with more than one connection at once.
const TICKETS: usize = 2;

/// How handshakes are made. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) certificates: Arc<Certificates>,
    http: Arc<ServerConfig>,
    /// The same with the ciphers in the client's order.
    http_as_client_likes: Arc<ServerConfig>,
    challenge: Arc<ServerConfig>,
}

/// What is done with a client that says hello.
pub(crate) enum Welcome {
    /// The handshake goes on, towards HTTP.
    Http(Arc<ServerConfig>),
    /// It goes on, and ends with it (RFC 8737 §3).
    Challenge(Arc<ServerConfig>),
    /// Nobody here has this name.
    Unknown,
}

impl Tls {
    pub(crate) fn new(certificates: Arc<Certificates>) -> Result<Self, rustls::Error> {
        let mut provider = rustls::crypto::ring::default_provider();
        ciphers::sort(&mut provider.cipher_suites);
        let provider = Arc::new(provider);
        // Keys of tickets are random, of this process alone, and are thrown away within half a day.
        let ticketer = rustls::crypto::ring::Ticketer::new()?;
        let sessions = ServerSessionMemoryCache::new(SESSIONS);
        let config = |resolver: Arc<dyn ResolvesServerCert>| {
            let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()?
                .with_no_client_auth()
                .with_cert_resolver(resolver);
            Ok::<_, rustls::Error>(config)
        };
        let mut http = config(Arc::new(ForHttp(Arc::clone(&certificates))))?;
        http.alpn_protocols = HTTP.map(<[u8]>::to_vec).to_vec();
        http.ticketer = ticketer;
        http.session_storage = sessions;
        http.send_tls13_tickets = TICKETS;
        let http_as_client_likes = http.clone();
        http.ignore_client_order = true;
        let mut challenge = config(Arc::new(ForChallenge(Arc::clone(&certificates))))?;
        challenge.alpn_protocols = vec![CHALLENGE.to_vec()];
        challenge.send_tls13_tickets = 0;
        Ok(Self {
            certificates,
            http: Arc::new(http),
            http_as_client_likes: Arc::new(http_as_client_likes),
            challenge: Arc::new(challenge),
        })
    }

    /// What to do with who says this.
    pub(crate) fn welcome(&self, hello: &ClientHello<'_>) -> Welcome {
        let is_challenge = hello
            .alpn()
            .is_some_and(|mut offered| offered.any(|protocol| protocol == CHALLENGE));
        match (is_challenge, hello.server_name()) {
            (true, Some(name)) if self.certificates.challenges.certificate(name).is_some() => {
                Welcome::Challenge(Arc::clone(&self.challenge))
            }
            (false, name) if self.certificates.find(name).is_some() => {
                Welcome::Http(Arc::clone(self.http(hello)))
            }
            _ => Welcome::Unknown,
        }
    }

    fn http(&self, hello: &ClientHello<'_>) -> &Arc<ServerConfig> {
        let suites = &self.http.crypto_provider().cipher_suites;
        if ciphers::leaves_to_client(hello, suites) {
            &self.http_as_client_likes
        } else {
            &self.http
        }
    }
}

#[derive(Debug)]
struct ForHttp(Arc<Certificates>);

impl ResolvesServerCert for ForHttp {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.find(hello.server_name())
    }
}

#[derive(Debug)]
struct ForChallenge(Arc<Certificates>);

impl ResolvesServerCert for ForChallenge {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.challenges.certificate(hello.server_name()?)
    }
}

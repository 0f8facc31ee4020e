//! HTTP/2 to upstreams that offer it, over one connection for many at once.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::world::World;
use crate::{FILES, INDEX, JSON, gateway, status};

/// What an upstream saw: the version of each request, by connection.
type Seen = Arc<Mutex<Vec<Vec<Version>>>>;

/// An upstream called `localhost` that speaks HTTP/2 over TLS and nothing else. Its authority is written to `authority`.
async fn start(authority: &Path) -> (SocketAddr, Seen) {
    let acceptor = TlsAcceptor::from(Arc::new(tls(authority)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Seen::default();
    let shared = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), Arc::clone(&shared));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(socket).await else {
                    return;
                };
                let number = {
                    let mut seen = seen.lock().expect("no panic");
                    seen.push(Vec::new());
                    seen.len() - 1
                };
                let service = service_fn(|request: Request<Incoming>| {
                    seen.lock().expect("no panic")[number].push(request.version());
                    std::future::ready(Ok::<_, Infallible>(answer(request.uri().path())))
                });
                let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let _ = http2.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, seen)
}

fn answer(path: &str) -> Response<String> {
    let body = if path.starts_with("/simple/") {
        "{\"meta\":{\"api-version\":\"1.0\"},\"files\":[]}"
    } else {
        "bytes"
    };
    let response = Response::builder().header("content-type", JSON);
    response.body(body.to_owned()).expect("a response")
}

fn tls(authority: &Path) -> ServerConfig {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).expect("a certificate");
    std::fs::write(authority, ca_certificate.pem()).expect("written");
    let key = KeyPair::generate().expect("a key");
    let host = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = host
        .signed_by(&key, &Issuer::new(ca, ca_key))
        .expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.into()], key)
        .expect("a certificate with its key");
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

#[tokio::test]
async fn documents_and_streams_come_over_http2_and_share_connections() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority.pem");
    let (address, seen) = start(&authority).await;
    let upstream = format!("https://localhost:{}", address.port());
    let config = gateway("private_upstreams = [\"127.0.0.1\"]")
        + &format!(
            "[[index]]\nkind = \"pypi\"\ndomains = [\"{INDEX}\"]\nupstream = \"{upstream}/simple/\"\npackages = [\"rocket*\"]\n\
             [[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"{FILES}\"]\n\
             [[package.route]]\npath = \"/s/{{file}}\"\nto = \"{upstream}/{{file}}\"\nproxy = true\n"
        );
    let authority = authority.display().to_string();
    let world = World::start_with(&config, &[("SSL_CERT_FILE", &authority)]).await;
    for number in 0..10 {
        let page = format!("/simple/rocket-{number}/");
        assert_eq!(status(&world, INDEX, &page).await, 200);
    }
    assert_eq!(*seen.lock().expect("no panic"), [vec![Version::HTTP_2; 10]]);
    for number in 0..10 {
        let file = format!("/s/{number}");
        assert_eq!(status(&world, FILES, &file).await, 200);
    }
    let seen = seen.lock().expect("no panic");
    // Pingora's own, which each of its threads keeps for itself.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(seen.len() - 1 <= threads, "{seen:?}");
    assert_eq!(seen[1..].concat(), [Version::HTTP_2; 10]);
}

//! TLS before the gateway, as a load balancer has it: the certificate is here, and the gateway is told
//! that the client came by https.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::serve::Listener;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::world::World;

/// A running terminator.
pub(crate) struct Terminator {
    pub(crate) address: SocketAddr,
    /// What clients are to trust.
    pub(crate) certificate: PathBuf,
}

/// Where requests go on to.
#[derive(Clone)]
struct Behind {
    gateway: SocketAddr,
    http: reqwest::Client,
}

impl Terminator {
    /// Serves `127.0.0.1` for the gateway of `world`, until the test ends.
    pub(crate) async fn start(world: &World) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let certificate = world.folder.path().join("certificate.pem");
        std::fs::write(&certificate, cert.pem()).expect("a file");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a certificate and its key");
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = tcp.local_addr().expect("an address");
        let listener = Encrypted {
            tcp,
            tls: TlsAcceptor::from(Arc::new(config)),
        };
        let behind = Behind {
            gateway: world.weir.gateway,
            http: world.http.clone(),
        };
        let router = Router::new().fallback(pass).with_state(behind);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            certificate,
        }
    }
}

/// Passes a request on, and its answer back.
async fn pass(State(behind): State<Behind>, request: Request) -> Response {
    let target = request.uri().path_and_query().expect("a path").as_str();
    let mut headers: HeaderMap = request.headers().clone();
    headers.insert("x-forwarded-proto", "https".parse().expect("text"));
    let answer = behind
        .http
        .request(
            request.method().clone(),
            format!("http://{}{target}", behind.gateway),
        )
        .headers(headers)
        .send()
        .await
        .expect("the gateway answers");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    response.headers_mut().remove("transfer-encoding");
    let body = answer.bytes().await.expect("a body");
    if !body.is_empty() {
        *response.body_mut() = Body::from(body);
    }
    response
}

/// A listener whose connections have shaken hands.
struct Encrypted {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, peer) = Listener::accept(&mut self.tcp).await;
            if let Ok(stream) = self.tls.accept(socket).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

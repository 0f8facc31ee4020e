//! The same over HTTP/2, on one connection to the door and one to Pingora.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use http::Request;
use pingora::protocols::Digest;
use pingora::protocols::http::v2::server::{H2Accept, HttpSession, handshake};
use pingora::protocols::tls::SslDigest;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use weir_config::settings::CertificateFiles;

use super::*;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// What becomes of a connection.
type Ended = JoinHandle<Result<(), h2::Error>>;

impl Asked {
    /// `named` says the host twice, as clients may.
    fn by_http2(&self, named: bool) -> Request<()> {
        let request = Request::builder()
            .method(self.method)
            .uri(format!("https://{}{}", self.host, self.target));
        let host = named.then_some(("host", self.host));
        let fields = self.field.into_iter().chain(host);
        let request = fields.fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        request.body(()).expect("a request")
    }
}

impl Ways {
    /// A connection to the door: a handshake of TLS, then HTTP/2.
    async fn at_the_door(&self) -> (SendRequest<Bytes>, Ended) {
        let (client, stream) = tokio::io::duplex(64 * 1024);
        let (door, shutdown) = (Arc::clone(&self.door), self.shutdown.clone());
        let (place, tls) = (self.crowd.enter().await, self.shared.tls.clone());
        let root = self.certificate();
        tokio::spawn(async move {
            door.serve(
                Line::Wrapped(Box::new(stream)),
                CLIENT,
                &place,
                Some(&tls),
                &shutdown,
            )
            .await;
        });
        let mut roots = rustls::RootCertStore::empty();
        roots.add(root).expect("a certificate");
        let mut config = rustls::ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let name = "get.test".try_into().expect("a name");
        let connector = TlsConnector::from(Arc::new(config));
        speak(connector.connect(name, client).await.expect("a handshake")).await
    }

    /// A certificate for the domain, which is shown from now on.
    fn certificate(&self) -> CertificateDer<'static> {
        let key = rcgen::KeyPair::generate().expect("a key");
        let names = vec!["get.test".to_owned()];
        let params = rcgen::CertificateParams::new(names).expect("a name");
        let certificate = params.self_signed(&key).expect("a certificate").pem();
        let folder = self.folder.path();
        let files = CertificateFiles {
            chain: folder.join("get.pem"),
            key: folder.join("get.key"),
            guarded: true,
        };
        std::fs::write(&files.chain, &certificate).expect("written");
        std::fs::write(&files.key, key.serialize_pem()).expect("written");
        self.shared.tls.certificates.read(&[files]);
        CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate")
    }

    /// A connection that Pingora reads and answers, as one that came by TLS.
    async fn at_pingora(&self) -> (SendRequest<Bytes>, Ended) {
        let (client, stream) = tokio::io::duplex(64 * 1024);
        let (proxy, shutdown) = (Arc::clone(&self.proxy), self.shutdown.clone());
        let digest = Arc::new(Digest {
            ssl_digest: Some(Arc::new(SslDigest::new("", "", None, None, Vec::new()))),
            ..Digest::default()
        });
        tokio::spawn(async move {
            let connection = handshake(Box::new(stream), Some(crate::http2::options())).await;
            let mut connection = connection.expect("HTTP/2");
            while let Ok(Some(accepted)) =
                HttpSession::from_h2_conn(&mut connection, Arc::clone(&digest)).await
            {
                let H2Accept::Session(session) = accepted else {
                    continue;
                };
                let (proxy, shutdown) = (Arc::clone(&proxy), shutdown.clone());
                tokio::spawn(async move {
                    let session = ServerSession::new_http2(session);
                    proxy.process_new_http(session, &shutdown).await;
                });
            }
        });
        speak(client).await
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> (SendRequest<Bytes>, Ended) {
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    (client, tokio::spawn(connection))
}

/// Sends `request` whole.
async fn send(client: &mut SendRequest<Bytes>, request: Request<()>) -> ResponseFuture {
    let ready = client.clone().ready().await;
    *client = ready.expect("a connection that lives");
    client.send_request(request, true).expect("sent").0
}

/// The answer without the moment; header order means nothing.
async fn answer(coming: ResponseFuture) -> Result<String, h2::Error> {
    let (parts, mut arriving) = coming.await?.into_parts();
    let mut body = Vec::new();
    while let Some(piece) = arriving.data().await {
        body.extend(piece?);
    }
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| match name {
        &http::header::DATE => "date".to_owned(),
        _ => format!("{name}: {value:?}"),
    };
    let mut fields: Vec<_> = parts.headers.iter().map(line).collect();
    fields.sort_unstable();
    let body = String::from_utf8_lossy(&body);
    Ok(format!("{}\n{}\n\n{body}", parts.status, fields.join("\n")))
}

fn get(target: &str) -> Request<()> {
    let asked = Asked {
        method: "GET",
        target: target.to_owned(),
        host: "get.test",
        field: None,
    };
    asked.by_http2(false)
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

#[test]
fn the_front_door_answers_http2_as_pingora_would() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let ways = Ways::new();
    let ((door, _), (pingora, _)) =
        runtime.block_on(async { (ways.at_the_door().await, ways.at_pingora().await) });
    for_many(|asked| {
        for named in [false, true] {
            let ask = async |client: &SendRequest<Bytes>| {
                let coming = send(&mut client.clone(), asked.by_http2(named)).await;
                answer(coming).await.map_err(|error| error.to_string())
            };
            let (door, pingora) =
                runtime.block_on(async { (ask(&door).await, ask(&pingora).await) });
            prop_assert_eq!(door, pingora, "{:?}", asked);
        }
        Ok(())
    });
}

#[test]
fn what_a_head_is_enough_for_goes_no_further_and_comes_in_any_number() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let ways = Ways::new();
    runtime.block_on(async {
        let (mut client, _ended) = ways.at_the_door().await;
        let mut coming = Vec::new();
        for number in 0..90 {
            let file = format!("/rocket/1.2.3/{number}");
            coming.push(send(&mut client, get(&file)).await);
        }
        for (number, coming) in coming.into_iter().enumerate() {
            let answer = answer(coming).await.expect("an answer");
            let location = format!("location: \"https://files.test/v1.2.3/{number}\"");
            assert!(answer.contains(&location), "{answer}");
        }
        let counts = ways.shared.traffic.counts();
        assert_eq!((counts.door.count(), counts.behind.count()), (90, 0));
        // What is kept of a request is told behind the door.
        let answer = answer(send(&mut client, get("/-/privacy")).await).await;
        assert!(answer.expect("an answer").starts_with("200"));
        let counts = ways.shared.traffic.counts();
        assert_eq!((counts.door.count(), counts.behind.count()), (90, 1));
    });
}

#[test]
fn at_the_end_of_serving_what_was_asked_is_answered_and_the_connection_ends() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let ways = Ways::new();
    runtime.block_on(async {
        let (mut client, ended) = ways.at_the_door().await;
        let event = Request::post("https://get.test/-/installed/1.0").body(());
        let sent = client.send_request(event.expect("a request"), false);
        let (coming, mut body) = sent.expect("sent");
        // Its head is there once a later request is answered.
        let later = send(&mut client, get("/rocket/1.2.3/a")).await;
        assert!(answer(later).await.expect("an answer").starts_with("302"));
        ways.end.send_replace(true);
        let rest = Bytes::from_static(b"{}");
        body.send_data(rest, true).expect("sent");
        let answer = answer(coming).await.expect("an answer");
        assert!(answer.starts_with("202"), "{answer}");
        let ended = timeout(PATIENCE, ended).await;
        let _ = ended.expect("an end in time").expect("no panic");
    });
}

#[test]
fn requests_that_contradict_themselves_are_refused_and_many_end_their_connection() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let ways = Ways::new();
    runtime.block_on(async {
        let (mut client, ended) = ways.at_the_door().await;
        let contradicting = || {
            let mut request = get("/rocket/1.2.3/a");
            let other = http::HeaderValue::from_static("other.test");
            request.headers_mut().insert("host", other);
            request
        };
        for _ in 0..31 {
            let answer = answer(send(&mut client, contradicting()).await).await;
            assert!(answer.expect("an answer").starts_with("400"));
        }
        let fine = send(&mut client, get("/rocket/1.2.3/a")).await;
        assert!(answer(fine).await.expect("an answer").starts_with("302"));
        drop(send(&mut client, contradicting()).await);
        let ended = timeout(PATIENCE, ended).await;
        let _ = ended.expect("an end in time").expect("no panic");
    });
}

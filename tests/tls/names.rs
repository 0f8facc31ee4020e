//! An authority of the test's own, and certificates in files.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Makes certificates that clients who know it trust.
pub(crate) struct Authority {
    /// None of one that is only trusted.
    issuer: Option<Issuer<'static, KeyPair>>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::OrganizationName, "Test Authority");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Some(Issuer::new(params, key));
        Self { issuer, pem }
    }

    /// Somebody else, to be trusted.
    pub(crate) fn from_pem(pem: String) -> Self {
        Self { issuer: None, pem }
    }

    /// A certificate for `names` and its key, in PEM; `change` changes what it says.
    pub(crate) fn issue(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> (String, String) {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(names).expect("names");
        change(&mut params);
        let issuer = self.issuer.as_ref().expect("an authority of ours");
        let certificate = params.signed_by(&key, issuer).expect("signed");
        (certificate.pem(), key.serialize_pem())
    }

    /// A certificate for `names` in the files `NAME.pem` and `NAME.key` of `folder`.
    pub(crate) fn write(&self, folder: &Path, name: &str, names: &[&str]) {
        write(folder, name, &self.issue(names, |_| ()));
    }

    /// Its own certificate, in a file of `folder` for clients.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("authority.pem");
        put(&path, &self.pem);
        path
    }

    /// A client that trusts it, finds `name` at `port` of this machine, and follows no redirect.
    pub(crate) fn client(&self, name: &str, port: u16) -> reqwest::ClientBuilder {
        let root = reqwest::Certificate::from_pem(self.pem.as_bytes()).expect("a certificate");
        reqwest::Client::builder()
            .tls_certs_only([root])
            .resolve(name, ([127, 0, 0, 1], port).into())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
    }

    /// A handshake from `from` for `name`, in the protocol called `alpn`, with `first` sent before it.
    pub(crate) async fn connect(
        &self,
        (from, to): (Ipv4Addr, SocketAddr),
        name: &str,
        alpn: &str,
        first: &str,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(self.pem.as_bytes()).expect("a certificate");
        roots.add(root).expect("an authority");
        let mut config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let mut socket = socket.connect(to).await?;
        socket.write_all(first.as_bytes()).await?;
        let name = name.to_owned().try_into().expect("a name");
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, socket).await
    }
}

/// Sends one request of HTTP/1.1 and reads all that comes.
pub(crate) async fn ask(mut stream: TlsStream<TcpStream>, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Puts a certificate and its key into the files `NAME.pem` and `NAME.key` of `folder`.
pub(crate) fn write(folder: &Path, name: &str, (chain, key): &(String, String)) {
    put(&folder.join(format!("{name}.key")), key);
    put(&folder.join(format!("{name}.pem")), chain);
}

/// Puts a file that its owner alone can read in the place of another, whole at any time.
pub(crate) fn put(path: &Path, text: &str) {
    let fresh = path.with_added_extension("fresh");
    fs::write(&fresh, text).expect("written");
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o600)).expect("a mode");
    fs::rename(&fresh, path).expect("in its place");
}

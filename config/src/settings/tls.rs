//! Certificates: those of files, and how others are asked for.

use std::path::PathBuf;

use url::Url;

use crate::catalogue::Credentials;

/// `[[certificate]]`: a certificate and its key in files, for every name that it is made out to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate and those between it and its authority, in PEM.
    pub chain: PathBuf,
    /// Its key, in PEM.
    pub key: PathBuf,
    /// The service manager guards the key by other means than the file's mode.
    pub guarded: bool,
}

/// `[acme]`: an authority that makes certificates for the domains (RFC 8555).
#[derive(Clone, Debug)]
pub struct Acme {
    /// Its directory.
    pub directory: Url,
    /// Whom it may write to. Default nobody.
    pub contact: Option<String>,
    /// How it is shown that a name is ours. Default [`Challenge::Http`].
    pub challenge: Challenge,
    /// Names to have certificates for. Default: every domain that no file has one for.
    pub names: Option<Vec<String>>,
    /// A file with the authority that the directory's own certificate is from. Default: those of the system.
    pub root: Option<PathBuf>,
    /// The account at the authority that ours belongs to, with its key in base64url (RFC 8555 §7.3.4).
    pub external_account: Option<Credentials>,
}

/// How it is shown that a name is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A file by plain HTTP, at port 80 (RFC 8555 §8.3).
    Http,
    /// A certificate in a handshake at port 443 (RFC 8737).
    TlsAlpn,
    /// A record in DNS (RFC 8555 §8.4) that this program and its arguments make.
    Dns(Vec<String>),
}

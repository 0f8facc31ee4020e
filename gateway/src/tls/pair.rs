//! A certificate with its key, read from PEM and proved to belong together.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use weir_config::settings::CertificateFiles;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Largest file that is read, in bytes; a chain takes some thousands.
const LARGEST: u64 = 1024 * 1024;

/// A certificate that can be shown.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) key: Arc<CertifiedKey>,
    /// What it is made out to, in lower case.
    pub(crate) names: Vec<String>,
    /// Who made it, as it says.
    pub(crate) issuer: String,
    /// Seconds since 1970 from which it is good.
    pub(crate) from: i64,
    /// Seconds since 1970 until which it is good.
    pub(crate) until: i64,
}

/// Why files give no certificate that can be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PairError {
    /// A file cannot be read.
    #[error("cannot read {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The key is no secret.
    #[error("{} can be read by others than its owner (mode {mode:04o}): run chmod 600 on it", file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// There is no certificate.
    #[error("{} holds no certificate: put the certificate into it in PEM, then those between it and its authority", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key.
    #[error("{} holds no private key in PEM", .0.display())]
    NoKey(PathBuf),
    /// The certificate cannot be read.
    #[error("the first certificate of {} is damaged", .0.display())]
    Damaged(PathBuf),
    /// The certificate names nobody.
    #[error("the certificate of {} is made out to no name", .0.display())]
    Nameless(PathBuf),
    /// They do not belong together.
    #[error("the key of {} is not that of the certificate in {}", key.display(), chain.display())]
    Strangers {
        /// The file with the certificate.
        chain: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// What is wrong.
        source: rustls::Error,
    },
}

impl Pair {
    /// Reads both files.
    pub(crate) fn read(files: &CertificateFiles) -> Result<Self, PairError> {
        let chain = contents(&files.chain, true)?;
        let key = contents(&files.key, files.guarded)?;
        Self::parse((&files.chain, &chain), (&files.key, &key))
    }

    /// Makes a pair of what two files hold.
    pub(crate) fn parse(
        (chain_file, chain): (&Path, &[u8]),
        (key_file, key): (&Path, &[u8]),
    ) -> Result<Self, PairError> {
        let no_certificate = || PairError::NoCertificate(chain_file.to_owned());
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| no_certificate())?;
        let told = Told::of(chain.first().ok_or_else(no_certificate)?, chain_file)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| PairError::NoKey(key_file.to_owned()))?;
        let provider = rustls::crypto::ring::default_provider();
        let key = CertifiedKey::from_der(chain, key, &provider).map_err(|source| {
            PairError::Strangers {
                chain: chain_file.to_owned(),
                key: key_file.to_owned(),
                source,
            }
        })?;
        let Told {
            names,
            issuer,
            from,
            until,
        } = told;
        Ok(Self {
            key: Arc::new(key),
            names,
            issuer,
            from,
            until,
        })
    }
}

/// What a certificate tells of itself.
struct Told {
    names: Vec<String>,
    issuer: String,
    from: i64,
    until: i64,
}

impl Told {
    fn of(certificate: &CertificateDer<'_>, file: &Path) -> Result<Self, PairError> {
        let (_, read) = X509Certificate::from_der(certificate)
            .map_err(|_| PairError::Damaged(file.to_owned()))?;
        let alternative = read
            .subject_alternative_name()
            .map_err(|_| PairError::Damaged(file.to_owned()))?;
        // Clients look at alternative names alone (RFC 9525 §2).
        let names: Vec<_> = alternative
            .map(|extension| &extension.value.general_names[..])
            .unwrap_or_default()
            .iter()
            .filter_map(|name| match name {
                GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
                GeneralName::IPAddress(_) => Some(String::new()),
                _ => None,
            })
            .collect();
        if names.is_empty() {
            return Err(PairError::Nameless(file.to_owned()));
        }
        let issuer = read.issuer();
        let word = |mut words: Vec<&str>| words.pop().map(str::to_owned);
        let organisation = issuer.iter_organization().filter_map(|at| at.as_str().ok());
        let common = issuer.iter_common_name().filter_map(|at| at.as_str().ok());
        let issuer = word(organisation.collect()).or_else(|| word(common.collect()));
        Ok(Self {
            names: names.into_iter().filter(|name| !name.is_empty()).collect(),
            issuer: issuer.unwrap_or_default(),
            from: read.validity().not_before.timestamp(),
            until: read.validity().not_after.timestamp(),
        })
    }
}

/// What `file` holds; a secret is in nobody else's reach, unless it is `guarded` by other means or none.
fn contents(file: &Path, guarded: bool) -> Result<Vec<u8>, PairError> {
    let unreadable = |source| PairError::Unreadable {
        file: file.to_owned(),
        source,
    };
    let opened = File::open(file).map_err(unreadable)?;
    let mode = opened.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 && !guarded {
        return Err(PairError::Exposed {
            file: file.to_owned(),
            mode,
        });
    }
    let mut bytes = Vec::new();
    opened
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;

    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    /// A certificate and its key in PEM, good from `from` to `until`, in days since 2026 began.
    pub(crate) fn pem(names: &[&str], from: i64, until: i64) -> (String, String) {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        let year = rcgen::date_time_ymd(2026, 1, 1);
        let day = std::time::Duration::from_hours(24);
        params.not_before = year + day * u32::try_from(from).expect("days");
        params.not_after = year + day * u32::try_from(until).expect("days");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }

    /// The same as a pair.
    pub(crate) fn pair(names: &[&str], from: i64, until: i64) -> Arc<Pair> {
        let (chain, key) = pem(names, from, until);
        let files = (Path::new("chain"), Path::new("key"));
        let pair = Pair::parse((files.0, chain.as_bytes()), (files.1, key.as_bytes()));
        Arc::new(pair.expect("a pair"))
    }

    #[test]
    fn a_pair_tells_its_names_and_times() {
        let pair = pair(&["Get.acme.example", "*.acme.example", "192.0.2.1"], 1, 91);
        assert_eq!(pair.names, ["get.acme.example", "*.acme.example"]);
        assert_eq!(pair.until - pair.from, 90 * 24 * 3600);
        assert_eq!(pair.issuer, "rcgen self signed cert");
    }

    #[test]
    fn files_that_make_no_pair_say_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let (chain, key) = pem(&["a.example"], 0, 1);
        let (_, other) = pem(&["a.example"], 0, 1);
        let file = |name: &str, text: &str, mode| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            path
        };
        let good_chain = file("chain.pem", &chain, 0o644);
        let good_key = file("key.pem", &key, 0o600);
        let said = |chain: &Path, key: &Path| {
            let files = CertificateFiles {
                chain: chain.to_owned(),
                key: key.to_owned(),
                guarded: false,
            };
            let error = Pair::read(&files).expect_err("no pair").to_string();
            error.replace(&format!("{}/", folder.path().display()), "")
        };
        let damaged = chain.replacen("MII", "MAA", 1);
        let cases = [
            said(&folder.path().join("none.pem"), &good_key),
            said(&good_chain, &file("open.pem", &key, 0o644)),
            said(&file("empty.pem", "", 0o644), &good_key),
            said(&good_chain, &file("no-key.pem", "text", 0o600)),
            said(&file("damaged.pem", &damaged, 0o644), &good_key),
            said(&good_chain, &file("other.pem", &other, 0o600)),
        ];
        insta::assert_snapshot!(cases.join("\n"), @"
        cannot read none.pem
        open.pem can be read by others than its owner (mode 0644): run chmod 600 on it
        empty.pem holds no certificate: put the certificate into it in PEM, then those between it and its authority
        no-key.pem holds no private key in PEM
        the first certificate of damaged.pem is damaged
        the key of other.pem is not that of the certificate in chain.pem
        ");
        let guarded = CertificateFiles {
            chain: good_chain,
            key: folder.path().join("open.pem"),
            guarded: true,
        };
        assert!(Pair::read(&guarded).is_ok());
    }
}

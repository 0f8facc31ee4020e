//! What an authority is shown while it looks whether a name is ours.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::sign::CertifiedKey;

/// Where an authority looks by plain HTTP; the token follows (RFC 8555 §8.3).
pub(crate) const PATH: &str = "/.well-known/acme-challenge/";

/// Challenges that are being looked at. Nearly always there are none.
#[derive(Debug, Default)]
pub(crate) struct Challenges {
    open: ArcSwap<Open>,
}

#[derive(Clone, Debug, Default)]
struct Open {
    /// Answers by token.
    files: HashMap<String, String>,
    /// Certificates by name.
    certificates: HashMap<String, Arc<CertifiedKey>>,
}

impl Challenges {
    /// The answer at `path`, if it is one of an open challenge.
    pub(crate) fn file(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(PATH)?;
        self.open.load().files.get(token).cloned()
    }

    /// The certificate that answers the challenge for `name`.
    pub(crate) fn certificate(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        self.open.load().certificates.get(name).cloned()
    }

    pub(crate) fn show_file(&self, token: &str, answer: &str) {
        self.change(|open| {
            open.files.insert(token.to_owned(), answer.to_owned());
        });
    }

    pub(crate) fn show_certificate(&self, name: &str, certificate: &Arc<CertifiedKey>) {
        self.change(|open| {
            open.certificates
                .insert(name.to_owned(), Arc::clone(certificate));
        });
    }

    /// Shows nothing any more.
    pub(crate) fn close(&self) {
        self.open.store(Arc::default());
    }

    fn change(&self, change: impl Fn(&mut Open)) {
        self.open.rcu(|open| {
            let mut open = Open::clone(open);
            change(&mut open);
            open
        });
    }
}

//! Every certificate that can be shown, swapped whole when one changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use weir_config::settings::CertificateFiles;

use super::by_name::ByName;
use super::pair::Pair;
use crate::acme::challenges::Challenges;

/// Certificates of files, and those that an authority made.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    shown: ArcSwap<ByName>,
    known: Mutex<Known>,
    pub(crate) challenges: Challenges,
}

#[derive(Debug, Default)]
struct Known {
    /// In the order written; without a pair while the files never made one.
    files: Vec<(CertificateFiles, Option<Arc<Pair>>)>,
    /// By the name that each was ordered for.
    made: BTreeMap<String, Arc<Pair>>,
}

impl Certificates {
    /// The certificate for who asks for `name`, or names nobody.
    pub(crate) fn find(&self, name: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let shown = self.shown.load();
        let pair = match name {
            Some(name) => shown.find(name),
            None => shown.first(),
        };
        pair.map(|pair| Arc::clone(&pair.key))
    }

    /// When the first of all ends, in seconds since 1970.
    pub(crate) fn first_expiry(&self) -> Option<i64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let made = known.made.values().map(|pair| pair.until);
        known.of_files().map(|pair| pair.until).chain(made).min()
    }

    /// Until when the certificate for `name` is good, in seconds since 1970.
    #[cfg(test)]
    pub(crate) fn until(&self, name: &str) -> Option<i64> {
        self.shown.load().find(name).map(|pair| pair.until)
    }

    /// From when and until when what an authority made for `name` is good, in seconds since 1970.
    pub(crate) fn made(&self, name: &str) -> Option<(i64, i64)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.made.get(name).map(|pair| (pair.from, pair.until))
    }

    /// What an authority made for `name`, without those between it and the authority.
    pub(crate) fn leaf(&self, name: &str) -> Option<CertificateDer<'static>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.made.get(name)?.key.cert.first().cloned()
    }

    /// Reads `files` again. Those that make no pair any more keep the one that they made before.
    pub(crate) fn read(&self, files: &[CertificateFiles]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut known.files);
        let read = |files: &CertificateFiles| {
            let at = before.iter().position(|(known, _)| known == files);
            let old = at.and_then(|at| before.swap_remove(at).1);
            (files.clone(), self::read(files, old))
        };
        known.files = files.iter().map(read).collect();
        self.show(&known);
    }

    /// Takes what an authority made for `name`, in the place of what it made before.
    pub(crate) fn put(&self, name: &str, pair: Pair) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.made.insert(name.to_owned(), Arc::new(pair));
        self.show(&known);
    }

    /// The same for many names at once.
    pub(crate) fn put_all(&self, pairs: Vec<(String, Pair)>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs = pairs.into_iter();
        known
            .made
            .extend(pairs.map(|(name, pair)| (name, Arc::new(pair))));
        self.show(&known);
    }

    /// Those of files alone.
    pub(crate) fn in_files(&self) -> ByName {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        ByName::new(known.of_files())
    }

    fn show(&self, known: &Known) {
        let all = known.of_files().chain(known.made.values().map(Arc::clone));
        self.shown.store(Arc::new(ByName::new(all)));
    }
}

impl Known {
    fn of_files(&self) -> impl Iterator<Item = Arc<Pair>> {
        self.files.iter().filter_map(|(_, pair)| pair.clone())
    }
}

/// What `files` hold now, or else what they held.
fn read(files: &CertificateFiles, old: Option<Arc<Pair>>) -> Option<Arc<Pair>> {
    let chain = files.chain.display();
    match Pair::read(files) {
        Ok(pair) => {
            let is_new = old.is_none_or(|old| old.key.cert != pair.key.cert);
            if is_new {
                tracing::info!(%chain, names = pair.names.join(" "), "certificate loaded");
            }
            if pair.until < now() {
                tracing::warn!(%chain, "certificate has expired: clients refuse it");
            }
            Some(Arc::new(pair))
        }
        Err(error) => {
            let kept = if old.is_some() {
                "the one before stays"
            } else {
                "its names have none"
            };
            let error = whole(&error);
            tracing::error!(%chain, error, "certificate not loaded, {kept}");
            old
        }
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().cast_signed())
}

/// An error and what is behind it, in a line.
pub(crate) fn whole(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(behind) = source {
        line = format!("{line}: {behind}");
        source = behind.source();
    }
    line
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::super::pair::tests::{pair, pem};
    use super::*;

    pub(in crate::tls) fn write(
        folder: &Path,
        (chain, key): &(String, String),
    ) -> CertificateFiles {
        let files = CertificateFiles {
            chain: folder.join("chain.pem"),
            key: folder.join("key.pem"),
            guarded: false,
        };
        fs::write(&files.chain, chain).expect("written");
        fs::write(&files.key, key).expect("written");
        fs::set_permissions(&files.key, fs::Permissions::from_mode(0o600)).expect("a mode");
        files
    }

    #[test]
    fn files_that_are_damaged_keep_what_they_held_until_they_are_gone_from_the_settings() {
        let folder = tempfile::tempdir().expect("a folder");
        let certificates = Certificates::default();
        let files = write(folder.path(), &pem(&["a.example"], 0, 10));
        certificates.read(std::slice::from_ref(&files));
        let first = certificates.until("a.example").expect("a certificate");
        fs::write(&files.chain, "half a certi").expect("written");
        certificates.read(std::slice::from_ref(&files));
        assert_eq!(certificates.until("a.example"), Some(first));
        write(folder.path(), &pem(&["a.example", "b.example"], 0, 90));
        certificates.read(std::slice::from_ref(&files));
        assert!(certificates.until("b.example") > Some(first));
        certificates.read(&[]);
        assert_eq!(certificates.until("a.example"), None);
    }

    #[test]
    fn what_an_authority_made_stays_when_files_are_read_again() {
        let certificates = Certificates::default();
        let made = Arc::into_inner(pair(&["a.example"], 0, 10)).expect("nobody else has it");
        certificates.put("a.example", made);
        certificates.read(&[]);
        assert!(certificates.find(Some("a.example")).is_some());
        assert!(certificates.in_files().find("a.example").is_none());
    }

    /// Measured: the time hardly depends on how many there are. `make test` prints it with `--no-capture`.
    #[test]
    #[expect(clippy::print_stdout, reason = "a measurement")]
    fn a_name_is_found_among_ten_thousand_as_fast_as_among_ten() {
        let one = pair(&["one.example"], 0, 10);
        let find = |count: usize| {
            let named = |number| Pair {
                key: Arc::clone(&one.key),
                names: vec![format!("get{number}.acme.example")],
                issuer: String::new(),
                from: 0,
                until: 1,
            };
            let certificates = Certificates::default();
            let all = (0..count).map(|number| Arc::new(named(number)));
            certificates.shown.store(Arc::new(ByName::new(all)));
            let asked: Vec<_> = (0..10_000)
                .map(|number| format!("get{}.acme.example", number % count))
                .collect();
            let begun = std::time::Instant::now();
            let found = asked
                .iter()
                .filter(|name| certificates.find(Some(name)).is_some())
                .count();
            assert_eq!(found, asked.len());
            begun.elapsed() / 10_000
        };
        let (few, many) = (find(10), find(10_000));
        println!("a look-up by name: {few:?} among 10, {many:?} among 10,000");
        assert!(many < few * 20 + std::time::Duration::from_micros(20));
    }
}

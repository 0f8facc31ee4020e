//! What is kept of certificates and accounts, in `certs/` of the data folder, for its owner's eyes alone.
//!
//! ```text
//! accounts.json          our account and its key, by the address of the authority's directory
//! ledger.json            what was asked, how it went, and when to ask again
//! made/HOST/NAME.pem     a certificate with its key before it, so that one rename swaps both, by the host of the
//!                        directory: whoever turns from a trial to the real authority gets new ones
//! domains.json           which domains were shown to be their owners', see [`crate::ownership`]
//! lock                   held by the process that orders
//! ```

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use url::Url;

use super::ledger::Ledger;
use crate::tls::pair::{Pair, PairError};

/// Why something is not kept.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} {}: {source}", path.display())]
pub struct StoreError {
    verb: &'static str,
    path: PathBuf,
    source: io::Error,
}

pub(crate) fn failed<'a>(
    verb: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> StoreError + 'a {
    move |source| StoreError {
        verb,
        path: path.to_owned(),
        source,
    }
}

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// Within it, what one authority made.
    made: PathBuf,
}

impl Store {
    /// The store in the folder with all state, as far as it is there, for the authority with this directory.
    pub(crate) fn within(data_dir: &Path, directory: &Url) -> Self {
        let path = data_dir.join("certs");
        let host = directory.host_str().unwrap_or_default();
        Self {
            made: path.join("made").join(host),
            path,
        }
    }

    /// Makes it where it is not.
    pub(crate) fn prepare(&self) -> Result<(), StoreError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.made)
            .map_err(failed("create", &self.made))?;
        fs::set_permissions(&self.path, Permissions::from_mode(0o700))
            .map_err(failed("guard", &self.path))
    }

    /// Takes the right to order, unless another process has it. It is given back with the file.
    pub(crate) fn lock(&self) -> Result<Option<File>, StoreError> {
        let path = self.path.join("lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed("open", &path))?;
        Ok(file.try_lock().is_ok().then_some(file))
    }

    /// The account at the authority with this directory.
    pub(crate) fn account(&self, directory: &str) -> Option<Value> {
        self.accounts().remove(directory)
    }

    /// Keeps an account.
    pub(crate) fn keep_account(&self, directory: &str, account: Value) -> Result<(), StoreError> {
        let mut accounts = self.accounts();
        accounts.insert(directory.to_owned(), account);
        self.write_json("accounts.json", &serde_json::json!(accounts))
    }

    /// Keeps an account no more.
    pub(crate) fn forget_account(&self, directory: &str) -> Result<(), StoreError> {
        let mut accounts = self.accounts();
        accounts.remove(directory);
        self.write_json("accounts.json", &serde_json::json!(accounts))
    }

    fn accounts(&self) -> BTreeMap<String, Value> {
        self.read_json("accounts.json")
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.read_json("ledger.json")
    }

    pub(crate) fn keep_ledger(&self, ledger: &Ledger) -> Result<(), StoreError> {
        self.write_json("ledger.json", &serde_json::json!(ledger))
    }

    /// Keeps what was made for `name`.
    pub(crate) fn keep_made(&self, name: &str, key: &str, chain: &str) -> Result<(), StoreError> {
        let path = self.of(name);
        write(&path, format!("{}\n{chain}", key.trim_end()).as_bytes())
    }

    /// What was made for `name` before; nothing where there is nothing.
    pub(crate) fn read_made(&self, name: &str) -> Option<Result<Pair, PairError>> {
        let path = self.of(name);
        match fs::read(&path) {
            Ok(bytes) => Some(Pair::parse((&path, &bytes), (&path, &bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => Some(Err(PairError::Unreadable { file: path, source })),
        }
    }

    /// A name is made of letters, digits, dots and hyphens, so it leads to no other folder.
    fn of(&self, name: &str) -> PathBuf {
        self.made.join(format!("{name}.pem"))
    }

    /// What a file holds; nothing where there is none, and where it is damaged, which is said.
    fn read_json<T: Default + serde::de::DeserializeOwned>(&self, name: &str) -> T {
        let path = self.path.join(name);
        let Ok(text) = fs::read(&path) else {
            return T::default();
        };
        serde_json::from_slice(&text).unwrap_or_else(|error| {
            tracing::error!(file = %path.display(), %error, "damaged, so begun anew");
            T::default()
        })
    }

    fn write_json(&self, name: &str, value: &Value) -> Result<(), StoreError> {
        write(&self.path.join(name), format!("{value:#}\n").as_bytes())
    }
}

/// Puts a file in the place of another, once it is whole and on disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fresh = path.with_added_extension("part");
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        let folder = path.parent().map(File::open).transpose()?;
        folder.map_or(Ok(()), |folder| folder.sync_all())
    };
    write().map_err(failed("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::pair::tests::pem;

    fn directory(name: &str) -> Url {
        let url = format!("https://{name}.example:14000/dir");
        url.parse().expect("an address")
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::within(folder.path(), &directory("authority"));
        store.prepare().expect("a folder");
        (folder, store)
    }

    #[test]
    fn what_is_kept_is_there_again_and_nobody_elses_to_read() {
        let (folder, store) = store();
        let (chain, key) = pem(&["a.example"], 0, 90);
        assert!(store.read_made("a.example").is_none());
        store.keep_made("a.example", &key, &chain).expect("kept");
        let pair = store.read_made("a.example").expect("there");
        assert_eq!(pair.expect("a pair").names, ["a.example"]);
        let other = Store::within(folder.path(), &directory("trial"));
        assert!(other.read_made("a.example").is_none(), "another made it");
        let account = serde_json::json!({ "id": "7" });
        store.keep_account("one", account.clone()).expect("kept");
        store.keep_account("two", Value::Null).expect("kept");
        assert_eq!(store.account("one"), Some(account));
        store.keep_ledger(&Ledger::default()).expect("kept");
        for file in [
            "accounts.json",
            "ledger.json",
            "made/authority.example/a.example.pem",
        ] {
            let path = folder.path().join("certs").join(file);
            let mode = fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        let mode = fs::metadata(folder.path().join("certs")).expect("there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn one_process_orders() {
        let (_folder, store) = store();
        let held = store.lock().expect("a lock").expect("nobody else");
        assert!(store.lock().expect("a lock").is_none());
        drop(held);
        assert!(store.lock().expect("a lock").is_some());
    }

    #[test]
    fn a_damaged_ledger_is_begun_anew() {
        let (folder, store) = store();
        fs::write(folder.path().join("certs/ledger.json"), "{").expect("written");
        assert_eq!(store.ledger(), Ledger::default());
    }
}

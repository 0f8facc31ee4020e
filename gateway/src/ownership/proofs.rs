//! What was seen, kept in `certs/domains.json` of the data folder: a restart while DNS is silent ends no downloads.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use weir_config::catalogue::Owned;

use super::proof::{Proof, Seen};
use crate::acme::store::{StoreError, failed, write};

/// Proofs by domain.
#[derive(Debug, Default)]
pub(crate) struct Proofs {
    /// Where they are kept; nowhere until that is said.
    path: Option<PathBuf>,
    known: BTreeMap<String, Proof>,
}

impl Proofs {
    /// Those kept in `data_dir`; none where there is no file, or a damaged one, which is said.
    pub(crate) fn read(data_dir: &Path) -> Self {
        let path = data_dir.join("certs/domains.json");
        let known = fs::read(&path).map_or_else(
            |_| BTreeMap::new(),
            |text| {
                serde_json::from_slice(&text).unwrap_or_else(|error| {
                    tracing::error!(file = %path.display(), %error, "damaged, so begun anew");
                    BTreeMap::new()
                })
            },
        );
        Self {
            path: Some(path),
            known,
        }
    }

    /// Whether the domain is shown to be this owner's.
    pub(crate) fn holds(&self, owned: &Owned) -> bool {
        self.of(owned).seen_at.is_some()
    }

    /// What is known of the domain under this owner.
    pub(crate) fn of(&self, owned: &Owned) -> Proof {
        let known = self.known.get(&owned.domain);
        let known = known.filter(|proof| proof.owner == owned.owner);
        known.cloned().unwrap_or_else(|| Proof::begin(&owned.owner))
    }

    /// Notes what DNS said of the domain at `now`.
    pub(super) fn note(&mut self, owned: &Owned, seen: Seen, now: i64) {
        let mut proof = self.of(owned);
        proof.note(seen, now);
        self.known.insert(owned.domain.clone(), proof);
        self.keep();
    }

    /// Writes them down. Where that fails they hold until the process ends.
    fn keep(&self) {
        let Some(path) = &self.path else {
            return;
        };
        let text = format!("{:#}\n", serde_json::json!(self.known));
        let kept = prepared(path).and_then(|()| write(path, text.as_bytes()));
        if let Err(error) = kept {
            tracing::error!(%error, "who owns which domain is not kept");
        }
    }
}

/// Makes the folder of `path` where it is not, for its owner alone.
fn prepared(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(folder);
    made.map_err(failed("create", folder))
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::Place;

    use super::*;

    fn owned(owner: &str) -> Owned {
        Owned {
            domain: "get.acme.example".to_owned(),
            owner: owner.to_owned(),
            place: Place {
                file: "weir.toml".into(),
                line: 1,
                column: 1,
            },
        }
    }

    #[test]
    fn what_was_seen_holds_after_a_restart_and_for_nobody_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut proofs = Proofs::read(folder.path());
        assert!(!proofs.holds(&owned("alice")));
        proofs.note(&owned("alice"), Seen::Shown, 1_800_000_000);
        let read = Proofs::read(folder.path());
        assert!(read.holds(&owned("alice")));
        assert!(!read.holds(&owned("bob")), "another owner shows it anew");
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let certs = folder.path().join("certs");
        fs::create_dir(&certs).expect("a folder");
        fs::write(certs.join("domains.json"), "{").expect("a file");
        assert!(!Proofs::read(folder.path()).holds(&owned("alice")));
    }
}

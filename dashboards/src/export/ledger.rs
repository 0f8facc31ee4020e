//! Up to when an export was done: one small file each, replaced in one step.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::fs;

use super::file::{FileError, failed, sync_folder};

/// The file of one export.
#[derive(Clone, Debug)]
pub(super) struct Ledger(PathBuf);

#[derive(Serialize, Deserialize)]
struct Entry {
    done_until: Timestamp,
}

impl Ledger {
    /// The ledger of `name` in `folder`.
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        Self(folder.join(format!("{name}.json")))
    }

    /// The end of the last period that was done; none before the first, or where the file is
    /// damaged: then periods are done again, under the same names.
    pub(super) async fn done_until(&self) -> Result<Option<Timestamp>, FileError> {
        match fs::read(&self.0).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &self.0)(error)),
            Ok(text) => {
                let entry: Option<Entry> = serde_json::from_slice(&text).ok();
                Ok(entry.map(|entry| entry.done_until))
            }
        }
    }

    /// Notes that everything up to `done_until` is done.
    pub(super) async fn note(&self, done_until: Timestamp) -> Result<(), FileError> {
        let Self(path) = self;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .await
                .map_err(failed("create", folder))?;
        }
        let text = serde_json::to_vec(&Entry { done_until }).expect("a time is plain data");
        let fresh = path.with_extension("new");
        fs::write(&fresh, text)
            .await
            .map_err(failed("write", &fresh))?;
        let file = fs::File::open(&fresh).await;
        let file = file.map_err(failed("open", &fresh))?;
        file.sync_all().await.map_err(failed("sync", &fresh))?;
        fs::rename(&fresh, path)
            .await
            .map_err(failed("replace", path))?;
        sync_folder(path).await
    }
}

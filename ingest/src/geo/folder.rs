//! The folder of place data. Files are named after their contents and written whole before the manifest
//! names them, so that whoever reads meanwhile finds all of the old or all of the new.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest::{Manifest, VERSION};

/// Why the folder of place data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process exchanges files.
    #[error("another weir fetches place data into {0} at this moment; try again when it is done")]
    Locked(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot {verb} {path}")]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The manifest is not ours any more.
    #[error("{0} is damaged: remove it, and fetch the data again with `weir geo update`")]
    Manifest(PathBuf, #[source] serde_json::Error),
    /// A newer program wrote it.
    #[error("{0} is of a newer version of weir: use that version, or remove the file")]
    Newer(PathBuf),
}

/// `data_dir/geo`.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// Keeps others from exchanging files until dropped.
pub(super) struct Lock(#[allow(dead_code)] File); // the open file is the lock

impl Folder {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self(data_dir.join("geo"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The manifest's file.
    pub(crate) fn manifest_file(&self) -> PathBuf {
        self.0.join("manifest.json")
    }

    /// The path of a file that the manifest names.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join("files").join(name)
    }

    /// What was fetched; nothing where nothing was.
    pub(crate) fn manifest(&self) -> Result<Manifest, FolderError> {
        let path = self.manifest_file();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Manifest::default()),
            Err(source) => return Err(failed("read", &path)(source)),
        };
        let manifest: Manifest = match serde_json::from_slice(&text) {
            Ok(manifest) => manifest,
            Err(error) => return Err(FolderError::Manifest(path, error)),
        };
        if manifest.version > VERSION {
            return Err(FolderError::Newer(path));
        }
        Ok(manifest)
    }

    pub(super) fn lock(&self) -> Result<Lock, FolderError> {
        let files = self.0.join("files");
        fs::create_dir_all(&files).map_err(failed("create", &files))?;
        let path = self.0.join("lock");
        let file = File::create(&path).map_err(failed("create", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(FolderError::Locked(self.0.clone())),
            Err(TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
        }
    }

    /// Keeps bytes as a file of a source, on disk when this returns; gives the file's name.
    pub(super) fn keep(&self, source: &str, bytes: &[u8], _: &Lock) -> Result<String, FolderError> {
        let name = format!("{source}-{}", &checksum(bytes)[..16]);
        let path = self.file(&name);
        self.replace(&path, bytes)?;
        Ok(name)
    }

    /// Puts another manifest in the place of `old`, and removes the files that only the old one names.
    pub(super) fn commit(
        &self,
        old: &Manifest,
        mut new: Manifest,
        _: &Lock,
    ) -> Result<(), FolderError> {
        new.version = VERSION;
        let text = serde_json::to_vec_pretty(&new).expect("texts and numbers");
        self.replace(&self.manifest_file(), &text)?;
        let names = |manifest: &Manifest| -> Vec<String> {
            let files = manifest.sources.iter().flat_map(|source| &source.files);
            files.map(|file| file.file.clone()).collect()
        };
        let kept = names(&new);
        for name in names(old).iter().filter(|name| !kept.contains(name)) {
            // What cannot be removed only takes room.
            let _ = fs::remove_file(self.file(name));
        }
        Ok(())
    }

    /// Writes a file beside the place, brings it to disk and puts it in the place.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        let folder = path.parent().unwrap_or(&self.0);
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(failed("write", path))
    }
}

/// SHA-256 in hexadecimal digits.
pub(super) fn checksum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn failed<'a>(verb: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> FolderError + 'a {
    move |source| FolderError::Io {
        verb,
        path: path.to_path_buf(),
        source,
    }
}

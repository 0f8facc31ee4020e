//! Bringing data up to date: fetched, unpacked, read from end to end, compared with what there was, and
//! only then put in its place.

mod obtain;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_config::settings::Settings;

use super::contents::Unsound;
use super::fetch::{FetchError, Fetcher, Limits};
use super::folder::{Folder, FolderError, checksum};
use super::manifest::{Installed, InstalledFile, Manifest};
use super::npm::NpmError;
use super::ranges::Ranges;
use super::read::Reading;
use super::source::{Source, SourceError, Sources};
use super::unpack::UnpackError;
use obtain::Obtained;

/// Why a source is not brought up to date. What was in use stays in use.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The settings are wrong.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// It cannot be fetched.
    #[error("cannot fetch {from}")]
    Fetch {
        /// Where from, without what may be an account.
        from: String,
        /// Why not.
        source: FetchError,
    },
    /// It cannot be had by way of npm.
    #[error(transparent)]
    Npm(#[from] NpmError),
    /// A file of this machine cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not what the settings pin.
    #[error("{file} is not what the settings pin: its SHA-256 is {found}")]
    Checksum {
        /// The file.
        file: String,
        /// What it is instead.
        found: String,
    },
    /// It cannot be unpacked.
    #[error("{file} cannot be unpacked")]
    Unpack {
        /// The file.
        file: String,
        /// Why not.
        source: UnpackError,
    },
    /// It is not sound.
    #[error("{file} is not sound")]
    Unsound {
        /// The file.
        file: String,
        /// Why not.
        source: Unsound,
    },
    /// Much less came than there was.
    #[error("{has} records came where there were {had}; if that is meant, use --force")]
    Shrunk {
        /// Records in use.
        had: u64,
        /// Records that came.
        has: u64,
    },
    /// The source says nowhere where it is from.
    #[error("it cannot be fetched by itself: give its files with --from")]
    Nowhere,
    /// No file was given that belongs to a source.
    #[error("{0} belongs to no source that is known: name the source before --from")]
    Unrecognised(PathBuf),
}

/// What became of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its newest data is in place.
    Installed {
        /// Networks, ranges or systems in it.
        records: u64,
        /// Size of its files.
        bytes: u64,
    },
    /// There is nothing newer than what is in place.
    Unchanged,
}

/// Brings sources up to date.
#[derive(Clone, Debug)]
pub struct Updater {
    folder: Folder,
    sources: Arc<Sources>,
    fetcher: Fetcher,
    /// The npm client.
    npm: OsString,
}

impl Updater {
    /// An updater of the settings' folder and sources. A TLS provider has to be installed before.
    pub fn new(settings: &Settings) -> Result<Self, SourceError> {
        Ok(Self {
            folder: Folder::new(&settings.data_dir),
            sources: Arc::new(Sources::new(&settings.geo)?),
            fetcher: Fetcher::new(Limits::default()),
            npm: "npm".into(),
        })
    }

    /// Where data can be had.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What is kept.
    pub fn manifest(&self) -> Result<Manifest, FolderError> {
        self.folder.manifest()
    }

    /// The wanted sources that are to be asked again at `now` (seconds since 1970).
    pub fn due(&self, now: u64) -> Result<Vec<&Source>, FolderError> {
        let manifest = self.folder.manifest()?;
        let is_due = |source: &&Source| {
            let asked = manifest.of(&source.name).map(|installed| installed.checked);
            let can_be_fetched = !source.account || source.credentials.is_some();
            can_be_fetched
                && source.is_placed()
                && asked.is_none_or(|asked| now >= asked + source.refresh_hours * 3600)
        };
        Ok(self.sources.wanted().into_iter().filter(is_due).collect())
    }

    /// Fetches a source from where it is. `force` takes it even if much less came than there was.
    pub async fn update(
        &self,
        source: &Source,
        force: bool,
        now: u64,
    ) -> Result<Outcome, UpdateError> {
        let manifest = self.folder.manifest()?;
        let kept = manifest.of(&source.name);
        let obtained = self.obtain(source, kept.filter(|_| !force), now).await?;
        let Some(obtained) = obtained else {
            return self.checked(source, now);
        };
        let (updater, source) = (self.clone(), source.clone());
        // Reading a large database takes a second.
        let installing =
            tokio::task::spawn_blocking(move || updater.install(&source, &obtained, force, now));
        match installing.await {
            Ok(outcome) => outcome,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }

    /// Takes files that somebody brought. Without a name each goes to the source that its name speaks of;
    /// of a folder only those files are taken that one knows. Gives what became of which source.
    pub fn take(
        &self,
        given: &[PathBuf],
        name: Option<&str>,
        force: bool,
        now: u64,
    ) -> Result<Vec<(String, Outcome)>, UpdateError> {
        let named = name.map(|name| self.sources.named(name)).transpose()?;
        let mut found: Vec<(&Source, Vec<Obtained>)> = Vec::new();
        for (path, is_named) in listed(given)? {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            // Of a folder only what speaks of the source: other files may lie beside.
            let of_file = || self.sources.of_file(&file);
            let source = match named {
                Some(named) if is_named => Some(named),
                Some(named) => of_file().filter(|source| source.name == named.name),
                None => of_file(),
            };
            let Some(source) = source else {
                if is_named {
                    return Err(UpdateError::Unrecognised(path));
                }
                continue;
            };
            let obtained = self.brought(source, &path)?;
            match found
                .iter_mut()
                .find(|(known, _)| known.name == source.name)
            {
                Some((_, all)) => all.push(obtained),
                None => found.push((source, vec![obtained])),
            }
        }
        let installed = found.into_iter().map(|(source, obtained)| {
            let outcome = self.install(source, &obtained, force, now)?;
            Ok((source.name.clone(), outcome))
        });
        installed.collect()
    }

    /// Forgets a source and its files; whether it was there.
    pub fn remove(&self, name: &str) -> Result<bool, FolderError> {
        let lock = self.folder.lock()?;
        let old = self.folder.manifest()?;
        let mut new = old.clone();
        new.sources.retain(|source| source.name != name);
        let was_there = new.sources.len() < old.sources.len();
        if was_there {
            self.folder.commit(&old, new, &lock)?;
        }
        Ok(was_there)
    }

    /// Notes that the source has nothing newer.
    fn checked(&self, source: &Source, now: u64) -> Result<Outcome, UpdateError> {
        let lock = self.folder.lock()?;
        let old = self.folder.manifest()?;
        let mut new = old.clone();
        for kept in &mut new.sources {
            if kept.name == source.name {
                kept.checked = now;
            }
        }
        self.folder.commit(&old, new, &lock)?;
        Ok(Outcome::Unchanged)
    }

    /// Proves the files sound and puts them in the place of those before.
    fn install(
        &self,
        source: &Source,
        obtained: &[Obtained],
        force: bool,
        now: u64,
    ) -> Result<Outcome, UpdateError> {
        let sums: Vec<String> = obtained.iter().map(|file| checksum(&file.bytes)).collect();
        let is_same = |kept: &Installed| {
            kept.is_read_as(source) && kept.files.iter().map(|file| &file.sha256).eq(&sums)
        };
        if self
            .folder
            .manifest()?
            .of(&source.name)
            .is_some_and(is_same)
        {
            return self.checked(source, now);
        }
        let files = obtained.iter().map(|file| proved(source, file));
        let files: Vec<InstalledFile> = files.collect::<Result<_, _>>()?;
        let lock = self.folder.lock()?;
        let old = self.folder.manifest()?;
        let kept = old.of(&source.name);
        let mut installed = Installed::new(source, files, now);
        let (had, has) = (kept.map_or(0, Installed::records), installed.records());
        if !force && has * 100 < had * least_percent(source) {
            return Err(UpdateError::Shrunk { had, has });
        }
        for (file, Obtained { bytes, .. }) in installed.files.iter_mut().zip(obtained) {
            file.file = self.folder.keep(&source.name, bytes, &lock)?;
        }
        let outcome = Outcome::Installed {
            records: has,
            bytes: installed.files.iter().map(|file| file.bytes).sum(),
        };
        let mut new = old.clone();
        new.put(installed);
        self.folder.commit(&old, new, &lock)?;
        Ok(outcome)
    }
}

/// Files that came have at least so many of the records before: lists come and go, the internet does not.
fn least_percent(source: &Source) -> u64 {
    use weir_config::settings::GeoFormat;
    match source.format {
        GeoFormat::Networks => 50,
        _ => 80,
    }
}

/// What a file says of itself, once all of it was read and found sound.
fn proved(source: &Source, obtained: &Obtained) -> Result<InstalledFile, UpdateError> {
    let Obtained {
        original,
        from,
        bytes,
        version,
    } = obtained;
    let unsound = |why: Unsound| UpdateError::Unsound {
        file: original.clone(),
        source: why,
    };
    let reading = Reading {
        format: source.format,
        list: source.lists(),
        within: source.within.as_deref(),
        regions: false,
    };
    let contents = reading.read(bytes).map_err(unsound)?;
    Ranges::new(contents.places).map_err(|why| unsound(why.into()))?;
    Ranges::new(contents.systems).map_err(|why| unsound(why.into()))?;
    Ok(InstalledFile {
        file: String::new(),
        original: original.clone(),
        from: from.clone(),
        sha256: checksum(bytes),
        bytes: bytes.len() as u64,
        records: contents.records,
        kind: contents.kind,
        built: contents.built,
        etag: version.etag.clone(),
        last_modified: version.last_modified.clone(),
    })
}

/// The files among what was given, those in folders in order, and whether each was named itself.
fn listed(given: &[PathBuf]) -> Result<Vec<(PathBuf, bool)>, UpdateError> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push((path.clone(), true));
            continue;
        }
        let failed = |source| UpdateError::Read {
            path: path.clone(),
            source,
        };
        let entries = std::fs::read_dir(path).map_err(failed)?;
        let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        inside.retain(|path: &PathBuf| Path::is_file(path));
        inside.sort();
        files.extend(inside.into_iter().map(|path| (path, false)));
    }
    Ok(files)
}

#[cfg(test)]
mod tests;

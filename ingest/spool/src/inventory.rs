//! The spool from outside: what lies in its folders, and an operator's way to give batches back.
//!
//! No lock is taken and nothing is made, so it serves beside a running process and without one. All
//! it does is to move and remove files that the process has put aside for good.

use std::{
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    contents::Contents,
    disk::{Entry, Files},
    folder::Folder,
    folders, identity,
    name::{Name, Number, Place},
};

/// Why something was not done to a spool's files.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// No spool has been there.
    #[error("there is no spool in {}; give the configuration that `weir serve` runs with", .0.display())]
    NoSpool(PathBuf),
    /// A directory or a file cannot be read.
    #[error("{} cannot be read; run this as the user that weir runs as", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// A file cannot be moved or removed.
    #[error("{file} cannot be moved; run this as the user that weir runs as")]
    Move {
        /// Which.
        file: String,
        /// What the disk said.
        source: io::Error,
    },
    /// Nothing of a file can be sent.
    #[error("{file} cannot be sent again: {why}")]
    Unsendable {
        /// Which.
        file: String,
        /// Why.
        why: String,
    },
}

/// A spool's folders, from outside.
#[derive(Debug)]
pub struct Inventory {
    folders: Vec<Shelf>,
}

/// One folder: the root, or a numbered one in it.
#[derive(Debug)]
struct Shelf {
    path: PathBuf,
    /// What stands in front of its files' names.
    prefix: String,
    folder: Folder,
}

/// What one folder holds.
#[derive(Clone, Debug)]
pub struct FolderState {
    /// Where it is.
    pub path: PathBuf,
    /// The process that opened it last.
    pub opened_by: Option<u32>,
    /// Sealed batches that wait to be shipped.
    pub waiting: Pile,
    /// Settled batches that are still kept.
    pub acked: Pile,
    /// Batches and single records that were refused.
    pub dead: Pile,
    /// Files that are damaged.
    pub quarantine: Pile,
    /// Batches on their way back from `dead/` or `acked/`.
    pub returned: Pile,
}

/// Files of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pile {
    /// How many.
    pub files: usize,
    /// Bytes of all.
    pub bytes: u64,
    /// When the oldest was written.
    pub oldest: Option<SystemTime>,
}

/// A file that was put aside, in `dead/` or in `quarantine/`.
#[derive(Debug)]
pub struct Aside<'i> {
    shelf: &'i Shelf,
    name: Name,
    /// Bytes of the file.
    pub bytes: u64,
    /// When it was written.
    pub modified: SystemTime,
    /// Why it lies there.
    pub reason: Option<String>,
    contents: Result<Contents, String>,
}

impl Inventory {
    /// Looks at the spool in `root`.
    pub fn open(root: &Path) -> Result<Self, InventoryError> {
        let mut folders = Vec::new();
        for path in folders::places(root) {
            let prefix = path.strip_prefix(root).unwrap_or(Path::new(""));
            let prefix = match prefix.to_str() {
                None | Some("") => String::new(),
                Some(number) => format!("{number}/"),
            };
            match Files::look(&path) {
                Ok(files) => folders.push(Shelf {
                    folder: Folder::on(files),
                    path,
                    prefix,
                }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(InventoryError::Read { file: path, source }),
            }
        }
        if folders.is_empty() {
            return Err(InventoryError::NoSpool(root.to_owned()));
        }
        Ok(Self { folders })
    }

    /// What each folder holds.
    pub fn folders(&self) -> Result<Vec<FolderState>, InventoryError> {
        self.folders.iter().map(Shelf::state).collect()
    }

    /// What was refused for good.
    pub fn dead(&self) -> Result<Vec<Aside<'_>>, InventoryError> {
        self.aside(Place::Dead, |kind| matches!(kind, "batch" | "part"))
    }

    /// What was damaged.
    pub fn quarantine(&self) -> Result<Vec<Aside<'_>>, InventoryError> {
        self.aside(Place::Quarantine, |kind| !kind.ends_with("reason"))
    }

    /// Has every settled batch that is still kept sent again, for a receiver that lost what it
    /// confirmed; how many there are.
    pub fn replay(&self) -> Result<usize, InventoryError> {
        let mut replayed = 0;
        for shelf in &self.folders {
            for entry in shelf.list(Place::Acked)? {
                if let Some((seq, "ready")) = entry.name.segment() {
                    shelf.give_back(&entry.name, seq)?;
                    replayed += 1;
                }
            }
        }
        Ok(replayed)
    }

    fn aside(
        &self,
        place: Place,
        is_meant: impl Fn(&str) -> bool,
    ) -> Result<Vec<Aside<'_>>, InventoryError> {
        let mut found = Vec::new();
        for shelf in &self.folders {
            for entry in shelf.list(place)? {
                let seq = entry.name.segment().filter(|(_, kind)| is_meant(kind));
                if let Some((seq, _)) = seq {
                    found.push(shelf.aside(entry, seq));
                }
            }
        }
        Ok(found)
    }
}

impl Aside<'_> {
    /// The file's name within the spool.
    pub fn name(&self) -> String {
        self.shelf.called(&self.name)
    }

    /// The records that are whole; none of a file that cannot be read at all.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        self.contents.iter().flat_map(Contents::records)
    }

    /// How many records are whole, or why none can be read.
    pub fn count(&self) -> Result<usize, &str> {
        match &self.contents {
            Ok(contents) => Ok(contents.records().len()),
            Err(why) => Err(why),
        }
    }

    /// Has it sent again: a running process takes it within a second, otherwise the next one does.
    pub fn retry(self) -> Result<(), InventoryError> {
        let unsendable = |why: &str| InventoryError::Unsendable {
            file: self.name(),
            why: why.to_owned(),
        };
        if self.name.place == Place::Quarantine {
            return Err(unsendable(
                "what is whole of it was sent when it was put there",
            ));
        }
        let contents = self.contents.as_ref().map_err(|why| unsendable(why))?;
        let seq = contents.label.seq;
        if Number(seq).is_last_edition() {
            return Err(unsendable(
                "it was refused too often; delete it, or import its records",
            ));
        }
        self.shelf.give_back(&self.name, seq)?;
        self.shelf.remove(&self.name.reason())
    }

    /// Removes it for good.
    pub fn delete(self) -> Result<(), InventoryError> {
        self.shelf.remove(&self.name)?;
        self.shelf.remove(&self.name.reason())
    }
}

impl Shelf {
    fn state(&self) -> Result<FolderState, InventoryError> {
        let pile = |place, is_meant: fn(&str) -> bool| -> Result<Pile, InventoryError> {
            let mut pile = Pile::default();
            for entry in self.list(place)? {
                if entry.name.segment().is_some_and(|(_, kind)| is_meant(kind)) {
                    pile.files += 1;
                    pile.bytes += entry.bytes;
                    let older = pile
                        .oldest
                        .map_or(entry.modified, |old| old.min(entry.modified));
                    pile.oldest = Some(older);
                }
            }
            Ok(pile)
        };
        Ok(FolderState {
            path: self.path.clone(),
            opened_by: identity::last_holder(&self.path),
            waiting: pile(Place::Root, |kind| kind == "ready")?,
            acked: pile(Place::Acked, |kind| kind == "ready")?,
            dead: pile(Place::Dead, |kind| matches!(kind, "batch" | "part"))?,
            quarantine: pile(Place::Quarantine, |kind| !kind.ends_with("reason"))?,
            returned: pile(Place::Returned, |kind| kind == "ready")?,
        })
    }

    fn list(&self, place: Place) -> Result<Vec<Entry>, InventoryError> {
        let listed = self.folder.list_place(place);
        let mut entries = listed.map_err(|source| InventoryError::Read {
            file: self.path.join(place.directory()),
            source,
        })?;
        entries.retain(|entry| entry.regular);
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn aside(&self, entry: Entry, seq: u64) -> Aside<'_> {
        let reason = self.folder.read(&entry.name.reason()).ok();
        let read = self
            .folder
            .read(&entry.name)
            .map_err(|error| error.to_string());
        let parse = |bytes| Contents::parse(seq, bytes).map_err(|why| why.to_string());
        Aside {
            shelf: self,
            bytes: entry.bytes,
            modified: entry.modified,
            reason: reason.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            contents: read.and_then(parse),
            name: entry.name,
        }
    }

    fn give_back(&self, name: &Name, seq: u64) -> Result<(), InventoryError> {
        let moved = self.folder.rename(name, &Name::returned(seq));
        self.moved(name, moved)
    }

    fn remove(&self, name: &Name) -> Result<(), InventoryError> {
        self.moved(name, self.folder.clear(name))
    }

    fn moved(&self, name: &Name, moved: io::Result<()>) -> Result<(), InventoryError> {
        moved.map_err(|source| InventoryError::Move {
            file: self.called(name),
            source,
        })
    }

    fn called(&self, name: &Name) -> String {
        format!("{}{name}", self.prefix)
    }
}

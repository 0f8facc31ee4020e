//! The spool's folder: names of its files, and every step on directories that has to be durable.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// One of the folder's directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Root,
    Acked,
    Dead,
    Quarantine,
}

impl Place {
    pub(crate) const ALL: [Self; 4] = [Self::Root, Self::Acked, Self::Dead, Self::Quarantine];

    fn directory(self) -> &'static str {
        match self {
            Self::Root => "",
            Self::Acked => "acked",
            Self::Dead => "dead",
            Self::Quarantine => "quarantine",
        }
    }
}

/// Name of a file within the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) place: Place,
    file: String,
}

impl Name {
    /// A segment whose blocks are being reserved.
    pub(crate) fn spare(seq: u64) -> Self {
        Self::new(Place::Root, format!("spare-{}", Number(seq)))
    }

    /// A segment that is, or will be, written.
    pub(crate) fn open(seq: u64) -> Self {
        Self::new(Place::Root, format!("{}.open", Number(seq)))
    }

    /// A sealed segment.
    pub(crate) fn ready(seq: u64) -> Self {
        Self::new(Place::Root, format!("{}.ready", Number(seq)))
    }

    /// A settled segment.
    pub(crate) fn acked(seq: u64) -> Self {
        Self::new(Place::Acked, format!("{}.ready", Number(seq)))
    }

    /// A segment that was refused whole.
    pub(crate) fn dead_batch(seq: u64) -> Self {
        Self::new(Place::Dead, format!("{}.batch", Number(seq)))
    }

    /// The records of a segment that were refused one by one.
    pub(crate) fn dead_part(seq: u64) -> Self {
        Self::new(Place::Dead, format!("{}.part", Number(seq)))
    }

    /// The same file, kept for a look at its damage.
    pub(crate) fn quarantined(&self) -> Self {
        Self::new(Place::Quarantine, self.file.clone())
    }

    /// The text beside it that says why.
    pub(crate) fn reason(&self) -> Self {
        Self::new(self.place, format!("{}.reason", self.file))
    }

    /// Any other file of the folder itself.
    pub(crate) fn plain(file: &str) -> Self {
        Self::new(Place::Root, file.to_owned())
    }

    /// The segment's number and what the name ends in, if it is the name of a segment.
    pub(crate) fn segment(&self) -> Option<(u64, &str)> {
        let (number, kind) = self.file.split_once('.')?;
        let (boot, counter) = number.split_once('-')?;
        let (boot, counter): (u32, u32) = (boot.parse().ok()?, counter.parse().ok()?);
        Some((u64::from(boot) << 32 | u64::from(counter), kind))
    }

    /// Left behind by a step that did not finish, and worth nothing.
    pub(crate) fn is_scrap(&self) -> bool {
        self.file.starts_with("spare-") || self.file.ends_with(SCRATCH)
    }

    fn new(place: Place, file: String) -> Self {
        Self { place, file }
    }

    fn scratch(&self) -> Self {
        Self::new(self.place, format!("{}{SCRATCH}", self.file))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Root => f.write_str(&self.file),
            place => write!(f, "{}/{}", place.directory(), self.file),
        }
    }
}

/// Ending of a file that is written in full before it gets its name.
const SCRATCH: &str = ".tmp";

/// A segment's number as its file name spells it.
pub(crate) struct Number(pub(crate) u64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}-{:010}", self.0 >> 32, self.0 as u32)
    }
}

/// A file as a listing shows it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) bytes: u64,
    pub(crate) modified: SystemTime,
}

/// The folder, with its directories open so that they can be synced.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    directories: [File; Place::ALL.len()],
}

impl Folder {
    /// Opens the folder; makes it and its directories where they are missing.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        let open = |place: Place| {
            let path = root.join(place.directory());
            fs::create_dir_all(&path)?;
            File::open(path)
        };
        let [top, acked, dead, quarantine] = Place::ALL;
        let directories = [open(top)?, open(acked)?, open(dead)?, open(quarantine)?];
        directories[0].sync_all()?;
        Ok(Self {
            root: root.to_owned(),
            directories,
        })
    }

    pub(crate) fn path(&self, name: &Name) -> PathBuf {
        self.root.join(name.place.directory()).join(&name.file)
    }

    /// Every regular file, oldest segment first. What cannot be looked at is left out.
    pub(crate) fn list(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Place::ALL
            .into_iter()
            .flat_map(|place| self.list_place(place))
            .collect();
        entries.sort_by_key(|entry| entry.name.segment().map(|(seq, _)| seq));
        entries
    }

    fn list_place(&self, place: Place) -> Vec<Entry> {
        let Ok(files) = fs::read_dir(self.root.join(place.directory())) else {
            return Vec::new();
        };
        files
            .filter_map(|file| {
                let file = file.ok()?;
                let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Entry {
                    name: Name::new(place, file.file_name().into_string().ok()?),
                    bytes: metadata.len(),
                    modified: metadata.modified().ok()?,
                })
            })
            .collect()
    }

    /// Makes a file that must not exist yet.
    pub(crate) fn create(&self, name: &Name) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(self.path(name))
    }

    /// Opens a file that exists, for reading and writing.
    pub(crate) fn edit(&self, name: &Name) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.path(name))
    }

    pub(crate) fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        fs::read(self.path(name))
    }

    /// Gives a file another name, durably. The new name is on disk before the old one is gone.
    pub(crate) fn rename(&self, from: &Name, to: &Name) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))?;
        self.sync(to.place)?;
        if from.place != to.place {
            self.sync(from.place)?;
        }
        Ok(())
    }

    /// Gives a file a second name; `false` if that name is taken.
    pub(crate) fn link(&self, from: &Name, to: &Name) -> io::Result<bool> {
        match fs::hard_link(self.path(from), self.path(to)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            linked => linked.and_then(|()| self.sync(to.place)).map(|()| true),
        }
    }

    /// Removes a file. The removal need not survive a power cut: whoever finds the file again removes it.
    pub(crate) fn remove(&self, name: &Name) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    /// Writes a small file, durably: after a crash it is there as before or as given, never in part.
    pub(crate) fn write(&self, name: &Name, bytes: &[u8]) -> io::Result<()> {
        let scratch = name.scratch();
        let written = File::create(self.path(&scratch)).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        if let Err(error) = written {
            self.remove(&scratch).ok();
            return Err(error);
        }
        self.rename(&scratch, name)
    }

    fn sync(&self, place: Place) -> io::Result<()> {
        self.directories[place as usize].sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_numbered_by_boot_and_counter() {
        let seq = 3 << 32 | 0x2a;
        insta::assert_snapshot!(Name::ready(seq), @"000003-0000000042.ready");
        insta::assert_snapshot!(Name::dead_part(seq).reason(), @"dead/000003-0000000042.part.reason");
        assert_eq!(Name::open(seq).segment(), Some((seq, "open")));
    }

    #[test]
    fn other_names_are_not_segments() {
        for file in [
            "node",
            "lock",
            "1.ready",
            "a-b.ready",
            "1-99999999999.ready",
            "é-.x",
        ] {
            assert_eq!(Name::plain(file).segment(), None, "{file}");
        }
    }

    #[test]
    fn a_written_file_replaces_the_old_one_whole() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(dir.path()).expect("it opens");
        let name = Name::plain("node");
        folder.write(&name, b"one").expect("it is written");
        folder.write(&name, b"two").expect("it is replaced");
        assert_eq!(folder.read(&name).expect("it is read"), b"two");
        assert_eq!(folder.list().len(), 1, "no scratch file stays");
    }
}

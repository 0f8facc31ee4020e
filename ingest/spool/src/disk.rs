//! The few calls on the operating system that durability rests on.
//!
//! They stand behind a trait because there are two of them: files, and the tests' disk in memory,
//! which can lose its power or fail between any two calls.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io,
    ops::Range,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    mapping::Mapping,
    name::{Name, Place},
};

/// What a listing shows.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    /// A plain file: no directory, no link, no pipe.
    pub(crate) regular: bool,
    pub(crate) bytes: u64,
    pub(crate) modified: SystemTime,
}

/// A folder's directories and the files in them.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    /// Everything in `place` whose name can be read.
    fn list(&self, place: Place) -> io::Result<Vec<Entry>>;

    /// Makes a file that must not exist yet, for reading and writing.
    fn create(&self, name: &Name) -> io::Result<File>;

    /// Opens a file that exists, for reading and writing.
    fn open(&self, name: &Name) -> io::Result<File>;

    /// All bytes of a file.
    fn read(&self, name: &Name) -> io::Result<Vec<u8>>;

    /// Writes `bytes` at `offset`.
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts `file` to `length`.
    fn truncate(&self, file: &File, length: u64) -> io::Result<()>;

    /// Waits until `file` is on disk: its bytes and its length, not its name.
    fn sync(&self, file: &File) -> io::Result<()>;

    /// Waits until the pages of `range` of `mapping`, which maps `file`, are on disk.
    fn sync_pages(&self, file: &File, mapping: &Mapping, range: Range<usize>) -> io::Result<()>;

    /// Gives a file another name, in place of whatever has it.
    fn rename(&self, from: &Name, to: &Name) -> io::Result<()>;

    /// Gives a file a second name, which must not be taken.
    fn link(&self, from: &Name, to: &Name) -> io::Result<()>;

    /// Takes a name away.
    fn remove(&self, name: &Name) -> io::Result<()>;

    /// Waits until the names in `place` are on disk.
    fn sync_directory(&self, place: Place) -> io::Result<()>;
}

/// A folder of real files.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    /// Open, so that they can be synced.
    directories: [File; Place::ALL.len()],
}

impl Files {
    /// Opens the folder `root`; makes it and its directories where they are missing.
    pub(crate) fn make(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        for place in Place::ALL.into_iter().skip(1) {
            make_directory(&root.join(place.directory()))?;
        }
        let files = Self::look(root)?;
        files.sync_directory(Place::Root)?;
        Ok(files)
    }

    /// Opens a folder that is there, all of it.
    pub(crate) fn look(root: &Path) -> io::Result<Self> {
        let open = |place: Place| File::open(root.join(place.directory()));
        let [root_itself, acked, dead, quarantine, returned] = Place::ALL;
        Ok(Self {
            root: root.to_owned(),
            directories: [
                open(root_itself)?,
                open(acked)?,
                open(dead)?,
                open(quarantine)?,
                open(returned)?,
            ],
        })
    }

    pub(crate) fn path(&self, name: &Name) -> PathBuf {
        self.root.join(name.place.directory()).join(name.file())
    }
}

/// Makes the directory `path`. Whatever else has its name is moved out of the way: a link, too,
/// because files are moved between directories, which another disk does not allow.
fn make_directory(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => {
            let aside = path.with_extension(format!("in-the-way-{}", std::process::id()));
            fs::rename(path, &aside)?;
            let (path, aside) = (path.display(), aside.display());
            tracing::warn!(%path, %aside, "something was in the way of a directory, it was renamed");
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::create_dir(path)
}

impl Disk for Files {
    fn list(&self, place: Place) -> io::Result<Vec<Entry>> {
        let files = fs::read_dir(self.root.join(place.directory()))?;
        let entry = |file: io::Result<fs::DirEntry>| {
            let file = file.ok()?;
            // Of the link itself where it is one.
            let metadata = file.metadata().ok()?;
            Some(Entry {
                name: Name::new(place, file.file_name().into_string().ok()?),
                regular: metadata.is_file(),
                bytes: metadata.len(),
                modified: metadata.modified().ok()?,
            })
        };
        Ok(files.filter_map(entry).collect())
    }

    fn create(&self, name: &Name) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(self.path(name))
    }

    fn open(&self, name: &Name) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.path(name))
    }

    fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        fs::read(self.path(name))
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn truncate(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_pages(&self, _: &File, mapping: &Mapping, range: Range<usize>) -> io::Result<()> {
        mapping.sync(range)
    }

    fn rename(&self, from: &Name, to: &Name) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn link(&self, from: &Name, to: &Name) -> io::Result<()> {
        fs::hard_link(self.path(from), self.path(to))
    }

    fn remove(&self, name: &Name) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    fn sync_directory(&self, place: Place) -> io::Result<()> {
        self.directories[place as usize].sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_way_of_a_directory_is_moved_and_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("dead"), "a file of somebody").expect("written");
        std::os::unix::fs::symlink("/nowhere", dir.path().join("acked")).expect("a link");
        let files = Files::make(dir.path()).expect("it opens");
        assert!(files.list(Place::Dead).expect("a directory").is_empty());
        assert!(files.list(Place::Acked).expect("a directory").is_empty());
        let kept = files.list(Place::Root).expect("a directory");
        let kept = kept.iter().filter(|e| e.name.file().contains("in-the-way"));
        assert_eq!(kept.count(), 2);
    }

    #[test]
    fn a_listing_tells_files_from_what_only_has_their_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let files = Files::make(dir.path()).expect("it opens");
        let (file, link) = (Name::ready(1), Name::ready(2));
        files.create(&file).expect("a file");
        std::os::unix::fs::symlink(files.path(&file), files.path(&link)).expect("a link");
        let listed = files.list(Place::Root).expect("a directory");
        let regular = |name| listed.iter().find(|e| e.name == name).map(|e| e.regular);
        assert_eq!((regular(file), regular(link)), (Some(true), Some(false)));
    }
}

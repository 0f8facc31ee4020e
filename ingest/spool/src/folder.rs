//! The spool's folder: every step on files and directories that has to be durable.

use std::{fs::File, io, ops::Range};

use crate::{
    disk::{Disk, Entry},
    mapping::Mapping,
    name::{Name, Place},
};

/// The folder, on whatever disk it lies.
#[derive(Debug)]
pub(crate) struct Folder {
    disk: Box<dyn Disk>,
}

impl Folder {
    pub(crate) fn on(disk: impl Disk + 'static) -> Self {
        Self {
            disk: Box::new(disk),
        }
    }

    /// Everything in the folder, oldest segment first.
    pub(crate) fn list(&self) -> io::Result<Vec<Entry>> {
        let places = Place::ALL.into_iter().map(|place| self.disk.list(place));
        let lists: Vec<Vec<Entry>> = places.collect::<io::Result<_>>()?;
        let mut entries: Vec<Entry> = lists.into_iter().flatten().collect();
        entries.sort_by_key(|entry| entry.name.segment().map(|(seq, _)| seq));
        Ok(entries)
    }

    /// Everything in one of its directories.
    pub(crate) fn list_place(&self, place: Place) -> io::Result<Vec<Entry>> {
        self.disk.list(place)
    }

    /// Makes a file that must not exist yet.
    pub(crate) fn create(&self, name: &Name) -> io::Result<File> {
        self.disk.create(name)
    }

    /// Opens a file that exists, for reading and writing.
    pub(crate) fn open(&self, name: &Name) -> io::Result<File> {
        self.disk.open(name)
    }

    pub(crate) fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        self.disk.read(name)
    }

    pub(crate) fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.write(file, bytes, offset)
    }

    pub(crate) fn truncate(&self, file: &File, length: u64) -> io::Result<()> {
        self.disk.truncate(file, length)
    }

    pub(crate) fn sync(&self, file: &File) -> io::Result<()> {
        self.disk.sync(file)
    }

    pub(crate) fn sync_pages(
        &self,
        file: &File,
        mapping: &Mapping,
        range: Range<usize>,
    ) -> io::Result<()> {
        self.disk.sync_pages(file, mapping, range)
    }

    /// Gives a file another name, durably.
    pub(crate) fn rename(&self, from: &Name, to: &Name) -> io::Result<()> {
        self.disk.rename(from, to)?;
        self.sync_move(from, to)
    }

    /// Gives a file another name where it does no harm if a power cut undoes that. A sync that fails is
    /// told through `sync_failed`: the file has its new name all the same.
    pub(crate) fn rename_undoably(
        &self,
        from: &Name,
        to: &Name,
        sync_failed: impl FnOnce(&io::Error),
    ) -> io::Result<()> {
        self.disk.rename(from, to)?;
        self.sync_move(from, to)
            .unwrap_or_else(|error| sync_failed(&error));
        Ok(())
    }

    /// The new name is on disk before the old one is surely gone.
    fn sync_move(&self, from: &Name, to: &Name) -> io::Result<()> {
        self.disk.sync_directory(to.place)?;
        if from.place != to.place {
            self.disk.sync_directory(from.place)?;
        }
        Ok(())
    }

    /// Gives a file a second name; `false` if that name is taken.
    pub(crate) fn link(&self, from: &Name, to: &Name) -> io::Result<bool> {
        match self.disk.link(from, to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            linked => linked
                .and_then(|()| self.disk.sync_directory(to.place))
                .map(|()| true),
        }
    }

    /// Removes a file. The removal need not survive a power cut: whoever finds the file again removes it.
    pub(crate) fn remove(&self, name: &Name) -> io::Result<()> {
        self.disk.remove(name)
    }

    /// Removes a file if it is there.
    pub(crate) fn clear(&self, name: &Name) -> io::Result<()> {
        match self.disk.remove(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Waits until the names in `place` are on disk.
    pub(crate) fn sync_names(&self, place: Place) -> io::Result<()> {
        self.disk.sync_directory(place)
    }

    /// Writes a file, durably: after a crash it is there as before or as given, never in part.
    pub(crate) fn write(&self, name: &Name, bytes: &[u8]) -> io::Result<()> {
        let scratch = name.scratch();
        self.clear(&scratch)?;
        let written = self.create(&scratch).and_then(|file| {
            self.write_at(&file, bytes, 0)?;
            self.sync(&file)
        });
        if let Err(error) = written {
            self.clear(&scratch).ok();
            return Err(error);
        }
        self.rename(&scratch, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Files;

    #[test]
    fn a_written_file_replaces_the_old_one_whole() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::on(Files::make(dir.path()).expect("it opens"));
        let name = Name::node();
        folder.write(&name, b"one").expect("it is written");
        folder.write(&name, b"two").expect("it is replaced");
        assert_eq!(folder.read(&name).expect("it is read"), b"two");
        let listed = folder.list().expect("it is listed");
        let files = listed.iter().filter(|entry| entry.regular).count();
        assert_eq!(files, 1, "no scratch file stays");
    }
}

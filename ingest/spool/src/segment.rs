//! A segment that is being written: the mapping, and its end of life as a sealed file.

use std::{
    fs::File,
    io, mem,
    os::unix::fs::FileExt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::{
    batch::BatchId,
    contents::{Contents, Unreadable},
    folder::Folder,
    frame,
    label::{self, Label},
    mapping::{Mapping, WORD, Written},
    name::{Name, Place},
    pace::PIECE,
};

/// Synced pages are not written again once this much arrives between two syncs. Below it a fresh
/// page for every sync would cost more disk than it saves.
const BUSY_BYTES: usize = 64 << 10;
const PAGE: usize = 4096;

/// Where a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The batch that will hand it out.
    pub batch: BatchId,
    /// Its offset in that batch's file.
    pub offset: u32,
}

/// A segment whose blocks are reserved; it becomes one that is written when it gets a partition.
pub(crate) struct Spare {
    pub(crate) seq: u64,
    pub(crate) file: File,
    pub(crate) mapping: Mapping,
    pub(crate) capacity: usize,
}

/// The segment that is being written.
pub(crate) struct Segment {
    pub(crate) label: Label,
    pub(crate) capacity: usize,
    file: File,
    mapping: Mapping,
    /// A sync of it failed.
    doubtful: AtomicBool,
}

impl Spare {
    /// Starts the segment.
    pub(crate) fn begin(self, label: Label) -> Arc<Segment> {
        debug_assert_eq!(self.seq, label.seq);
        let header = label.header();
        if let (Some(slot), Some((magic, rest))) = (
            self.mapping.reserve(label::BYTES - WORD),
            header.split_first_chunk(),
        ) {
            slot.publish(u64::from_le_bytes(*magic), rest);
        }
        Arc::new(Segment {
            label,
            capacity: self.capacity,
            file: self.file,
            mapping: self.mapping,
            doubtful: AtomicBool::new(false),
        })
    }
}

impl Segment {
    /// Copies `record` into the mapping; `None` once the segment is full or closed.
    pub(crate) fn append(&self, record: &[u8]) -> Option<Appended> {
        let slot = self.mapping.reserve(record.len())?;
        let offset = slot.offset();
        slot.publish(frame::word(&self.label, offset, record), record);
        Some(Appended {
            batch: BatchId::of(&self.label),
            offset: offset as u32,
        })
    }

    /// Brings what was appended behind `synced` to disk; returns how far all of it is there.
    pub(crate) fn sync(&self, folder: &Folder, synced: usize) -> io::Result<usize> {
        if self.mapping.written().end >= synced + BUSY_BYTES {
            self.mapping.skip_to(PAGE);
        }
        let Written { end, quiet } = self.mapping.written();
        if end == synced {
            return Ok(synced);
        }
        folder
            .sync_pages(&self.file, &self.mapping, synced..end)
            .inspect_err(|_| self.doubtful.store(true, Ordering::Relaxed))?;
        let last_page = (end - 1) / PAGE * PAGE;
        self.mapping.populate(last_page..end)?;
        Ok(if quiet { end } else { synced })
    }

    /// Refuses appends and seals the file under its final name; its length, or `None` if it was empty.
    ///
    /// It is read into `room`, which is left for the next one: pages that are asked for anew each time cost more than
    /// reading into them. Every step may be repeated after an error. A sync that fails is the exception: see [`seal_file`].
    pub(crate) fn seal(
        &self,
        folder: &Folder,
        room: &mut Vec<u8>,
        pause: fn(),
        mut sync_failed: impl FnMut(&io::Error),
    ) -> io::Result<Option<u64>> {
        self.mapping.close();
        while !self.mapping.written().quiet {
            thread::yield_now();
        }
        // A seal that failed half-way may have cut the file to its length already.
        let length = self.file.metadata()?.len() as usize;
        room.resize(self.mapping.written().end.min(length), 0);
        read(&self.file, room, pause)?;
        let doubtful = self.doubtful.load(Ordering::Relaxed);
        let sync_failed = |error: &io::Error| {
            // Another try must not believe a sync that succeeds then.
            self.doubtful.store(true, Ordering::Relaxed);
            sync_failed(error);
        };
        match Contents::parse_in_pieces(self.label.seq, mem::take(room), pause) {
            Ok(contents) => {
                let sealed = seal_file(folder, &self.file, &contents, doubtful, sync_failed);
                *room = contents.into_bytes();
                sealed.map(Some)
            }
            Err(Unreadable::Empty) => folder.clear(&Name::open(self.label.seq)).map(|()| None),
            Err(why) => Err(io::Error::other(why)),
        }
    }
}

/// Fills `room` with the beginning of `file`.
fn read(file: &File, room: &mut [u8], pause: fn()) -> io::Result<()> {
    for (number, piece) in room.chunks_mut(PIECE).enumerate() {
        if number > 0 {
            pause();
        }
        file.read_exact_at(piece, (number * PIECE) as u64)?;
    }
    Ok(())
}

/// Ends `file`, which holds `contents`, with a footer and gives it the name of a sealed one.
///
/// A kernel that fails to write pages says so once and takes them for written from then on, so after
/// a failed sync the bytes are written again, to a new file. So they are when the file is `doubtful`:
/// a sync of it failed before, or it is damaged and shall stay as it is. Where a new file is not
/// possible, the batch goes on as the kernel shows it and may not survive a power cut.
pub(crate) fn seal_file(
    folder: &Folder,
    file: &File,
    contents: &Contents,
    doubtful: bool,
    mut sync_failed: impl FnMut(&io::Error),
) -> io::Result<u64> {
    let seq = contents.label.seq;
    let end = contents.end() as u64;
    let length = end + label::BYTES as u64;
    let copy = || seal_copy(folder, seq, &contents.sealed());
    if doubtful {
        match copy() {
            Ok(()) => return Ok(length),
            Err(error) => sync_failed(&error),
        }
    }
    let footer = contents.label.footer(contents.tally());
    folder.write_at(file, &footer, end)?;
    folder.truncate(file, length)?;
    if let Err(error) = folder.sync(file) {
        sync_failed(&error);
        match copy() {
            Ok(()) => return Ok(length),
            Err(error) => sync_failed(&error),
        }
    }
    folder.rename_undoably(&Name::open(seq), &Name::ready(seq), sync_failed)?;
    Ok(length)
}

/// Seals segment `seq` as a new file of these bytes.
fn seal_copy(folder: &Folder, seq: u64, bytes: &[u8]) -> io::Result<()> {
    folder.write(&Name::ready(seq), bytes)?;
    folder.clear(&Name::open(seq))?;
    // Or the old file might be there again after the batch was settled and forgotten.
    folder.sync_names(Place::Root)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::pace::no_pause;

    #[test]
    fn a_file_that_is_read_in_pieces_is_read_whole_and_in_order() {
        let bytes: Vec<u8> = (0..2 * PIECE + 77).map(|at| (at / 1009) as u8).collect();
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&bytes).expect("room");
        let mut room = vec![0; bytes.len()];
        read(&file, &mut room, no_pause).expect("all of it is there");
        assert!(room == bytes);
    }
}

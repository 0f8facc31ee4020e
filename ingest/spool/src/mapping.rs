//! A file's blocks as memory that many threads append to.
//!
//! Beside [`prefetch`] this is the only file with `unsafe` in it. What keeps it sound:
//!
//! - *Every byte has one writer.* [`Mapping::reserve`] hands each range out once: the end only moves
//!   forward, by compare-and-swap. A [`Slot`] is the only way to write, and it writes only its own
//!   range. Nothing reads through the mapping, so no reference to the bytes ever exists.
//! - *No `SIGBUS`.* A write to a page without a block behind it kills the process when the disk is
//!   full. The file is therefore handed in with real zero blocks, written and synced, for its whole
//!   length, and it is cut only after [`Mapping::close`] and once no slot is left, when nobody can
//!   write any more. [`Mapping::populate`] meets whatever else a file system has to say as an error
//!   on a background thread.
//! - *A frame is whole or absent.* [`Slot::publish`] copies the record first and stores the word in
//!   front of it last, as one aligned atomic with release ordering.
#![allow(unsafe_code)] // writing to a shared mapping has no safe form; see above for the argument

use std::{
    fs::File,
    io,
    ops::Range,
    ptr,
    sync::atomic::{AtomicU64, Ordering},
};

use memmap2::{MmapOptions, MmapRaw};

use crate::prefetch::{LINE, prefetch};

/// Slots start and end at multiples of this many bytes.
pub(crate) const ALIGN: usize = 8;
/// Bytes in the word at the start of a slot.
pub(crate) const WORD: usize = size_of::<u64>();

/// Bytes that memory is asked for ahead of their use: those of most records.
const AHEAD: usize = 6 * LINE;

/// Nobody may reserve any more.
const CLOSED: u64 = 1 << 63;
/// One slot that is handed out and not yet dropped; 23 bits of them.
const WRITER: u64 = 1 << 40;
/// The end of what is reserved, in bytes.
const END: u64 = WRITER - 1;

/// An append-only shared mapping of the start of a file.
pub(crate) struct Mapping {
    map: MmapRaw,
    /// `CLOSED | writers | end` in one word, so that a look at it is consistent.
    state: AtomicU64,
    limit: usize,
}

/// How far a mapping has been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// End of what is reserved.
    pub(crate) end: usize,
    /// Everything before `end` is published.
    pub(crate) quiet: bool,
}

/// A range of the mapping that belongs to the holder alone.
pub(crate) struct Slot<'m> {
    mapping: &'m Mapping,
    offset: usize,
    len: usize,
}

impl Mapping {
    /// Maps the first `limit` bytes of `file`, all of which must have blocks on disk.
    pub(crate) fn create(file: &File, limit: usize) -> io::Result<Self> {
        Ok(Self {
            map: MmapOptions::new().len(limit).map_raw(file)?,
            state: AtomicU64::new(0),
            limit,
        })
    }

    /// Takes room for a word and `payload` bytes; `None` once it is full or closed.
    pub(crate) fn reserve(&self, payload: usize) -> Option<Slot<'_>> {
        let len = (WORD + payload).next_multiple_of(ALIGN);
        let before = self
            .state
            .try_update(Ordering::Acquire, Ordering::Relaxed, |state| {
                let open = state & CLOSED == 0;
                let fits = len <= self.limit - (state & END) as usize;
                (open && fits).then_some(state + WRITER + len as u64)
            })
            .ok()?;
        Some(Slot {
            mapping: self,
            offset: (before & END) as usize,
            len,
        })
    }

    /// Leaves the rest of the last page empty, so that the next slot starts on a fresh one.
    pub(crate) fn skip_to(&self, multiple: usize) {
        self.state
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |state| {
                let end = ((state & END) as usize).next_multiple_of(multiple);
                (end <= self.limit).then_some((state & !END) | end as u64)
            })
            .ok();
    }

    /// Refuses further slots. Those handed out stay good; see [`Written::quiet`].
    pub(crate) fn close(&self) {
        self.state.fetch_or(CLOSED, Ordering::Relaxed);
    }

    /// How far it has been written by now.
    pub(crate) fn written(&self) -> Written {
        let state = self.state.load(Ordering::Acquire);
        Written {
            end: (state & END) as usize,
            quiet: state & !(CLOSED | END) == 0,
        }
    }

    /// Asks memory for the lines that the next record is likely to be written to. Nobody wrote there since the file was
    /// made, so that they are in no cache, and letting a slot go waits until all that was written is.
    #[inline]
    fn fetch_ahead(&self, end: usize) {
        prefetch(self.map.as_ptr().wrapping_add(end), AHEAD);
    }

    /// Waits until the pages of `range` are on disk.
    pub(crate) fn sync(&self, range: Range<usize>) -> io::Result<()> {
        self.map.flush_range(range.start, range.len())
    }

    /// Makes the pages of `range` writable ahead of use, so that no append has to take the fault.
    ///
    /// Kernels before 5.14 cannot; appends then take the faults themselves.
    pub(crate) fn populate(&self, range: Range<usize>) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        match self
            .map
            .advise_range(memmap2::Advice::PopulateWrite, range.start, range.len())
        {
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => return Err(error),
            _ => {}
        }
        Ok(())
    }
}

impl Slot<'_> {
    /// Offset of the slot in the file.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Writes `payload` behind the word, then the word.
    pub(crate) fn publish(self, word: u64, payload: &[u8]) {
        assert!(WORD + payload.len() <= self.len, "payload fits its slot");
        // SAFETY: `reserve` keeps offset + len within the mapping and gives the range to nobody
        // else; the mapping outlives the slot; offset is a multiple of 8 in page-aligned memory, and
        // the word is only ever accessed here.
        unsafe {
            let start = self.mapping.map.as_mut_ptr().add(self.offset);
            ptr::copy_nonoverlapping(payload.as_ptr(), start.add(WORD), payload.len());
            AtomicU64::from_ptr(start.cast()).store(word.to_le(), Ordering::Release);
        }
        self.mapping.fetch_ahead(self.offset + self.len);
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.mapping.state.fetch_sub(WRITER, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, io::Read, io::Seek, thread};

    use super::*;

    fn zeros(bytes: usize) -> File {
        let mut file = tempfile::tempfile().expect("a file");
        io::Write::write_all(&mut file, &vec![0; bytes]).expect("zeros");
        file
    }

    #[test]
    fn what_is_published_is_in_the_file_at_once() {
        let mut file = zeros(4096);
        let mapping = Mapping::create(&file, 4096).expect("a mapping");
        let slot = mapping.reserve(5).expect("room");
        slot.publish(0x0102, b"hello");
        let mut bytes = [0; 16];
        file.rewind().expect("a start");
        file.read_exact(&mut bytes).expect("16 bytes");
        assert_eq!(&bytes, b"\x02\x01\0\0\0\0\0\0hello\0\0\0");
    }

    #[test]
    fn a_slot_that_is_held_keeps_the_mapping_from_being_quiet() {
        let mapping = Mapping::create(&zeros(4096), 4096).expect("a mapping");
        let slot = mapping.reserve(8).expect("room");
        let busy = Written {
            end: 16,
            quiet: false,
        };
        assert_eq!(mapping.written(), busy);
        drop(slot);
        assert_eq!(
            mapping.written(),
            Written {
                quiet: true,
                ..busy
            }
        );
    }

    #[test]
    fn a_full_or_closed_mapping_gives_no_slots() {
        let mapping = Mapping::create(&zeros(4096), 64).expect("a mapping");
        assert!(mapping.reserve(57).is_none());
        assert!(mapping.reserve(40).is_some());
        assert!(mapping.reserve(8).is_some(), "the last 16 bytes");
        assert!(mapping.reserve(0).is_none());
        let mapping = Mapping::create(&zeros(4096), 64).expect("a mapping");
        mapping.close();
        assert!(mapping.reserve(8).is_none());
    }

    #[test]
    fn skipping_starts_a_fresh_page_and_never_passes_the_end() {
        let mapping = Mapping::create(&zeros(8192), 6000).expect("a mapping");
        drop(mapping.reserve(8));
        mapping.skip_to(4096);
        assert_eq!(mapping.reserve(8).expect("room").offset(), 4096);
        mapping.skip_to(4096);
        assert_eq!(mapping.reserve(8).expect("room").offset(), 4112);
    }

    #[test]
    fn threads_never_share_a_slot() {
        let mapping = Mapping::create(&zeros(1 << 20), 1 << 20).expect("a mapping");
        let reserve = || {
            let slots = std::iter::from_fn(|| mapping.reserve(16).map(|slot| slot.offset()));
            slots.collect::<Vec<_>>()
        };
        let offsets: Vec<usize> = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(reserve));
            threads
                .map(|thread| thread.join().expect("it ends"))
                .concat()
        });
        assert_eq!(offsets.len(), (1 << 20) / 24);
        assert_eq!(offsets.iter().collect::<HashSet<_>>().len(), offsets.len());
    }
}

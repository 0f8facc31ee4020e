//! Durable batches of bytes on disk, written before the answer leaves and read once by a shipper.
//!
//! The spool knows nothing of events: it keeps *records* (bytes), gathers them into *segments*
//! (files) and hands each sealed segment out as one [`Batch`] under a token that names those bytes
//! for ever. Segment, batch, token and file are one thing; to settle a batch is to move its file.
//!
//! # Goals
//!
//! - An append is a copy into a shared mapping of a file whose blocks exist already: no system call,
//!   no allocation, no lock shared with another append, nothing to wait for. What is copied belongs
//!   to the kernel, so killing the process loses nothing that was appended.
//! - A power cut loses at most what the last [`Options::sync_every`] brought.
//! - An append never waits longer than 5 ms. Whatever cannot be kept is a [`Dropped`] reason,
//!   counted and logged, and never an error of the download.
//! - A batch comes again, byte for byte and under the same token, until it is settled.
//! - Damage costs the damaged records and no more. Neither it nor anything else about the folder
//!   keeps the spool from opening.
//! - What is dropped is not forgotten: its sums follow as records once there is room.
//!
//! # Non-goals
//!
//! - More than one reader of a folder.
//! - Order between batches beyond oldest first; order between threads.
//! - Undo: a record that was appended is never taken back, and none is ever written twice.
//!
//! # The folder
//!
//! ```text
//! lock                       flock; held while a process uses the folder, names its pid
//! 2/, 3/ …                   folders like this one, of further processes
//! node                       random id of this folder, how often it was opened, a checksum
//! spare-000003-0000000043    blocks being reserved; worthless after a restart
//! 000003-0000000042.open     reserved, or being written; at most one is being written
//! 000003-0000000041.ready    sealed, waiting for the shipper
//! acked/*.ready              settled, kept a while in case the receiver forgets what it confirmed
//! dead/*.batch, *.part       refused for good, whole or single records, with *.reason beside
//! dead/*.part-staged         single records of a batch that is not settled yet
//! quarantine/*               what cannot be read, or was read only in part, with *.reason beside
//! returned/*.ready           to be handed out again; whoever moves a file here gives it back
//! ```
//!
//! A segment's number is `boot << 32 | counter`, written `boot-counter`, so no number is ever used
//! again, however much of the folder has been cleaned away since. The highest three bits of the
//! counter are the *edition*, written `e1` and so on: what is put aside of a batch is one of the next.
//!
//! # A segment
//!
//! ```text
//! header  64 bytes     who wrote it: node, boot, number, partition, salt; its own checksum
//! frame*               word u64, record, zeros up to a multiple of 8
//!                        word = (1 << 31 | record length) | crc32c << 32
//! footer  64 bytes     the header's fields again; how many frames, their fingerprint, where it stands
//! ```
//!
//! All numbers are little-endian. The frame's checksum starts from the segment's secret salt and
//! covers the record, the segment's number, the frame's offset and its length. A frame is therefore
//! valid in one place only, and no record can be crafted to look like one.
//!
//! *The word is written last.* A zero word is a place that was reserved and never published, or the
//! rest of a page left empty so that synced pages are not written again; neither is damage. A reader
//! that meets anything else that is not a frame steps on by 8 bytes until a frame fits again: frames
//! start at multiples of 8, and the checksum's place makes a false hit a matter of 2⁻³².
//!
//! *Sealing* reads the segment back, appends the footer, cuts the file to its length, syncs it and
//! renames it. A leftover `.open` file is sealed by the same steps at the next start, which is all
//! the recovery there is. The footer says how many records a sealed file must hold, so later damage
//! is counted exactly.

mod account;
mod append;
mod batch;
mod contents;
mod counters;
mod crew;
mod disk;
mod folder;
mod folders;
mod frame;
mod identity;
mod inventory;
mod keeper;
mod label;
mod mapping;
mod missed;
mod name;
mod options;
mod pace;
mod prefetch;
mod recovery;
mod segment;
mod settled;
mod shared;
#[cfg(test)]
mod sim;
mod spare;
mod spool;
mod steward;
mod waiting;

pub use batch::{Batch, BatchId, SettleError};
pub use counters::{Counters, Dropped};
pub use inventory::{Aside, FolderState, Inventory, InventoryError, Pile};
pub use options::Options;
pub use prefetch::prefetch;
pub use segment::Appended;
pub use spool::{OpenError, Spool};
pub use waiting::Backlog;

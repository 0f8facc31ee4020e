//! Long work of the background threads, in pieces that requests need not wait for.
//!
//! Where a background thread shares its core with the requests, the kernel lets it go on for some milliseconds once it
//! runs, and all requests of that core wait as long. A piece takes a quarter of a millisecond. Smaller ones would make
//! requests wait less still, and cost more: after each the processor's cache has to be filled again.

use std::{thread, time::Duration};

/// Bytes that are worked on in one go.
pub(crate) const PIECE: usize = 1 << 20;

/// A segment of 8 MiB takes 16 pieces to make and 16 to seal, so that a seal lasts no longer than a fifth of the time
/// between two syncs.
const PAUSE: Duration = Duration::from_millis(1);

/// Lets requests go first.
pub(crate) fn pause() {
    thread::sleep(PAUSE);
}

/// For work that is waited for.
pub(crate) fn no_pause() {}

//! Long work of the background threads, in pieces that nobody has to wait for.
//!
//! Where a background thread shares its core with the requests, the kernel lets it go on for some milliseconds once it
//! runs: all requests of that core wait as long. A piece takes a tenth of a millisecond, and the requests come between.

use std::{thread, time::Duration};

/// Bytes that are worked on in one go.
pub(crate) const PIECE: usize = 256 << 10;

/// Long enough that requests have most of the core. A segment of 8 MiB takes 64 pieces to make and 64 to seal.
const SHORT: Duration = Duration::from_micros(200);
const LONG: Duration = Duration::from_millis(1);

/// Lets requests go first, for work that something else of the thread waits for: 20 ms a segment.
pub(crate) fn short_pause() {
    thread::sleep(SHORT);
}

/// Lets requests go first.
pub(crate) fn long_pause() {
    thread::sleep(LONG);
}

/// For work that others wait for.
pub(crate) fn no_pause() {}

//! Asking memory for what is looked at soon, without waiting for it.
//!
//! To look at a value for that purpose is not enough: the processor holds only so many unfinished steps, and waits once
//! the look is the oldest of them.
#![allow(unsafe_code)] // the instruction takes a pointer, and any will do

/// Bytes in a line of the processor's cache.
pub(crate) const LINE: usize = 64;

/// Asks for the lines from the one that `first` points into, `bytes` of them. The pointer may be any: nothing is read
/// that anybody sees.
#[inline]
pub fn prefetch<T>(first: *const T, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..bytes).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch changes nothing but what is in the cache, and of an address that is not mapped not even that.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(first.wrapping_byte_add(at).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (first, bytes);
}

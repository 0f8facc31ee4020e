//! Texts of late that were found harmless: few make most events, and to compare one takes a fraction of a look at it.
//!
//! Each thread holds a few. None has an address in it, which is what makes it harmless whoever asks.

use std::cell::RefCell;

use super::glance;

/// Texts that a thread holds; a newer one takes the place of one that falls on the same slot.
const SLOTS: usize = 128;
/// So that a text and its length are a line of the processor's cache.
const LONGEST: usize = 63;
/// Bytes at both ends that choose the slot. Shorter texts are looked at as fast as they are found.
const ENDS: usize = size_of::<u64>();

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Known {
    length: u8,
    bytes: [u8; LONGEST],
}

thread_local! {
    static KNOWN: RefCell<[Known; SLOTS]> = const {
        RefCell::new([Known { length: 0, bytes: [0; LONGEST] }; SLOTS])
    };
}

/// The same as [`glance::is_harmless`].
#[inline]
pub(super) fn is_harmless(text: &str) -> bool {
    let ends = (text.as_bytes().first_chunk(), text.as_bytes().last_chunk());
    match ends {
        (Some(&first), Some(&last)) if text.len() <= LONGEST => {
            is_harmless_at(slot(first, last), text)
        }
        _ => glance::is_harmless(text),
    }
}

fn is_harmless_at(slot: usize, text: &str) -> bool {
    KNOWN.with_borrow_mut(|known| {
        let known = &mut known[slot];
        if known.text() == text.as_bytes() {
            return true;
        }
        let is_harmless = glance::is_harmless(text);
        if is_harmless {
            known.keep(text.as_bytes());
        }
        is_harmless
    })
}

/// By multiplication with an odd number, whose upper bits every byte has a part in. Whoever aims at a slot wins that
/// texts are looked at.
fn slot(first: [u8; ENDS], last: [u8; ENDS]) -> usize {
    let ends = u64::from_le_bytes(first) ^ u64::from_le_bytes(last).rotate_left(u64::BITS / 2);
    (ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SLOTS.ilog2())) as usize
}

impl Known {
    fn text(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length).min(LONGEST)]
    }

    /// Keeps a text of at most [`LONGEST`] bytes.
    fn keep(&mut self, text: &[u8]) {
        self.length = text.len() as u8;
        self.bytes[..text.len()].copy_from_slice(text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Texts that share their ends fall on one slot.
        #[test]
        fn what_is_known_to_be_harmless_is_what_a_look_would_say(
            texts in prop::collection::vec("(rocket-v)?[1-3a.:-]{0,60}(.tar.gz)?", 1..40),
        ) {
            for text in texts.iter().chain(&texts) {
                prop_assert_eq!(is_harmless(text), glance::is_harmless(text), "{}", text);
            }
        }
    }

    #[test]
    fn of_two_texts_on_one_slot_each_is_itself() {
        let (harmless, address) = ("rocket-v is here.tar.gz", "rocket-v198.51.100.7.tar.gz");
        assert!(is_harmless(harmless) && !is_harmless(address));
        assert!(is_harmless(harmless) && !is_harmless(address));
    }
}

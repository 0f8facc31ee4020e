//! Keys that visitors are hashed under: one for each package, client and platform, made of the salt of the day.
//!
//! Few of them are in use at a time, and making one takes as long as hashing an address under it, so that those of late
//! are held. With such a key somebody could try every address, as with the salt itself: it lies where the salt lies,
//! in guarded memory of its day, and is wiped when that goes.

use std::cell::Cell;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::secret::{LENGTH, Secret};
use crate::keyed::{Keys, keys};
use crate::sets::Sets;

/// Keys that one shelf holds, in 16 KiB. A newer one takes the place of an older one.
const KEYS: usize = 512;
/// Shelves, so that threads rarely meet at one.
const SHELVES: usize = 8;

/// The words that a visitor is known by beside the address: package, client and platform.
pub(crate) type Words<'a> = [&'a str; 3];

/// The keys of one day.
#[derive(Default)]
pub(super) struct Scopes([Mutex<Option<Shelf>>; SHELVES]);

impl Scopes {
    /// The key that `salt` and the words make; `salt` is the same at every call.
    pub(super) fn key(&self, salt: &[u8; LENGTH], words: Words<'_>) -> [u8; LENGTH] {
        // Nothing behind the lock panics halfway through a change.
        let locked = self.0[own_shelf()].lock();
        let mut own = locked.unwrap_or_else(PoisonError::into_inner);
        own.get_or_insert_with(Shelf::new).key(salt, words)
    }
}

struct Shelf {
    /// Whose keys they are, by the hash of the words. Of two that have one hash, which nobody outside can foresee, the
    /// second would be counted under the first one's key.
    sets: Sets,
    keys: Secret<{ KEYS * LENGTH }>,
    hash: Keys,
}

impl Shelf {
    fn new() -> Self {
        Self {
            sets: Sets::new(KEYS),
            keys: Secret::zero(),
            hash: keys(),
        }
    }

    fn key(&mut self, salt: &[u8; LENGTH], words: Words<'_>) -> [u8; LENGTH] {
        let (place, is_held) = self.sets.place(self.hash.hash_one(words));
        let (keys, _) = self.keys.bytes_mut().as_chunks_mut::<LENGTH>();
        if !is_held {
            keys[place] = scope(salt, &words);
        }
        keys[place]
    }
}

/// The shelf of this thread.
fn own_shelf() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SHELF: Cell<Option<usize>> = const { Cell::new(None) };
    }
    SHELF.get().unwrap_or_else(|| {
        let shelf = THREADS.fetch_add(1, Ordering::Relaxed) % SHELVES;
        SHELF.set(Some(shelf));
        shelf
    })
}

/// The key that the words make of another; they are no secret.
pub(crate) fn scope(key: &[u8; LENGTH], words: &[&str]) -> [u8; LENGTH] {
    let length = words.iter().map(|word| 8 + word.len()).sum();
    let mut framed = Vec::with_capacity(length);
    for word in words {
        framed.extend((word.len() as u64).to_le_bytes());
        framed.extend(word.bytes());
    }
    // In one call, since the state of a hash in pieces is two kilobytes that would have to be wiped.
    blake3::keyed_hash(key, &framed).into()
}

#[cfg(test)]
mod tests {
    use std::thread::ScopedJoinHandle;

    use proptest::prelude::*;

    use super::*;

    const SALT: [u8; LENGTH] = [7; LENGTH];

    proptest! {
        /// More than a shelf holds, some of them again and again.
        #[test]
        fn a_key_that_is_held_is_the_one_that_would_be_made(asked in prop::collection::vec((0_u16..900, "[ab]{0,2}", "[ab]{0,2}"), 1..1500)) {
            let scopes = Scopes::default();
            for (package, client, os) in asked {
                let package = package.to_string();
                let words = [&*package, &*client, &*os];
                prop_assert_eq!(scopes.key(&SALT, words), scope(&SALT, &words));
            }
        }
    }

    #[test]
    fn threads_have_one_key_for_the_same_words() {
        let scopes = Scopes::default();
        let words = ["acme/rocket", "pip", "linux"];
        let ask = || (0..2).map(|_| scopes.key(&SALT, words)).collect::<Vec<_>>();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2 * SHELVES).map(|_| scope.spawn(ask)).collect();
            let ended = threads.into_iter().map(ScopedJoinHandle::join);
            ended.flat_map(|keys| keys.expect("a thread")).collect()
        });
        assert!(keys.iter().all(|key| *key == scope(&SALT, &words)));
    }
}

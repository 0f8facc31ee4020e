//! Where things are held in a memory of fixed size: in sets of a few places, each for what falls on it.
//!
//! With one place for each, two that fall on the same and are asked for in turn are never found, in a few processes of a
//! hundred and for as long as those run; with four, five would have to.

/// Places of a set.
const WAYS: usize = 4;

/// Which hash each place holds.
pub(crate) struct Sets {
    hashes: Box<[[u64; WAYS]]>,
    /// The way that the next newcomer to a full set gets: every other one stays for some newcomers more, whoever they are.
    turn: usize,
}

impl Sets {
    /// As many places as `places`, a power of two above three, all free.
    pub(crate) fn new(places: usize) -> Self {
        debug_assert!(places.is_power_of_two() && places >= WAYS);
        Self {
            hashes: vec![[FREE; WAYS]; places / WAYS].into(),
            turn: 0,
        }
    }

    /// The place of what has this hash, and whether it is there already; otherwise it is from now on.
    #[inline]
    pub(crate) fn place(&mut self, hash: u64) -> (usize, bool) {
        let hash = hash | HELD;
        let set = (hash >> SHIFT) as usize & (self.hashes.len() - 1);
        let ways = &mut self.hashes[set];
        let find = |wanted| ways.iter().position(|held| *held == wanted);
        if let Some(way) = find(hash) {
            return (set * WAYS + way, true);
        }
        let way = find(FREE).unwrap_or_else(|| {
            self.turn = (self.turn + 1) % WAYS;
            self.turn
        });
        ways[way] = hash;
        (set * WAYS + way, false)
    }

    /// Frees every place.
    pub(crate) fn clear(&mut self) {
        self.hashes.fill([FREE; WAYS]);
    }
}

const FREE: u64 = 0;
/// Set in every hash that is held, so that none is [`FREE`].
const HELD: u64 = 1;
const SHIFT: u32 = 1;

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// Hashes of set 3 of eight; `number` tells them apart.
    fn in_one_set(number: u64) -> u64 {
        (number * 8 + 3) << SHIFT
    }

    proptest! {
        #[test]
        fn a_place_is_said_to_hold_what_was_put_there_last(hashes in prop::collection::vec(0_u64..200, 1..400)) {
            let (mut sets, mut held) = (Sets::new(32), HashMap::new());
            for hash in hashes.into_iter().map(|hash| hash << SHIFT) {
                let (place, is_there) = sets.place(hash);
                prop_assert!(place < 32);
                prop_assert_eq!(held.insert(place, hash) == Some(hash), is_there);
            }
        }
    }

    #[test]
    fn four_that_fall_on_one_set_are_all_found_again() {
        let mut sets = Sets::new(32);
        let places: Vec<_> = (0..4)
            .map(|number| sets.place(in_one_set(number)).0)
            .collect();
        let again: Vec<_> = (0..4)
            .map(|number| sets.place(in_one_set(number)))
            .collect();
        assert_eq!(
            again,
            places
                .into_iter()
                .map(|place| (place, true))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn two_that_come_to_a_full_set_are_soon_held_both() {
        let mut sets = Sets::new(32);
        for number in 0..4 {
            sets.place(in_one_set(number));
        }
        let newcomers = [7, 8].map(in_one_set);
        let found: Vec<_> = newcomers
            .iter()
            .cycle()
            .take(6)
            .map(|hash| sets.place(*hash).1)
            .collect();
        assert_eq!(found, [false, false, true, true, true, true]);
    }

    #[test]
    fn nothing_is_held_once_all_is_cleared() {
        let mut sets = Sets::new(32);
        sets.place(in_one_set(1));
        sets.clear();
        assert!(!sets.place(in_one_set(1)).1);
    }
}

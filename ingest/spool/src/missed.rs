//! What was dropped, added up by key, so that totals stay right where detail is lost.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Most bytes of keys, with what a map keeps beside each: some hundred thousand keys.
const MOST_BYTES: usize = 16 << 20;
/// What a map keeps beside a key, about.
const BESIDE: usize = 64;

/// Sums by partition and key.
pub(crate) type Sums = BTreeMap<(u32, Box<[u8]>), u64>;

/// Records that were dropped and are not accounted for in a segment yet.
#[derive(Debug, Default)]
pub(crate) struct Missed {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    sums: Sums,
    bytes: usize,
}

impl Missed {
    /// Counts `count` records under `key`; `false` if there are too many keys for another.
    pub(crate) fn add(&self, partition: u32, key: &[u8], count: u64) -> bool {
        let mut inner = self.lock();
        let key = (partition, Box::from(key));
        if let Some(sum) = inner.sums.get_mut(&key) {
            *sum = sum.saturating_add(count);
            return true;
        }
        let bytes = inner.bytes + key.1.len() + BESIDE;
        if bytes > MOST_BYTES {
            return false;
        }
        inner.bytes = bytes;
        inner.sums.insert(key, count);
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().sums.is_empty()
    }

    /// Takes all sums of the lowest partition.
    pub(crate) fn take(&self) -> Sums {
        let mut inner = self.lock();
        let Some((lowest, _)) = inner.sums.keys().next() else {
            return Sums::new();
        };
        let rest = match lowest.checked_add(1) {
            Some(next) => inner.sums.split_off(&(next, Box::default())),
            None => Sums::new(),
        };
        let taken = mem::replace(&mut inner.sums, rest);
        inner.bytes -= taken
            .keys()
            .map(|(_, key)| key.len() + BESIDE)
            .sum::<usize>();
        taken
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The record that accounts for `count` dropped records: the key, then the count in 8 bytes.
pub(crate) fn record(key: &[u8], count: u64) -> Vec<u8> {
    [key, &count.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_taken_a_partition_at_a_time() {
        let missed = Missed::default();
        for (partition, key) in [(2, "b"), (1, "a"), (2, "b"), (1, "c"), (u32::MAX, "z")] {
            assert!(missed.add(partition, key.as_bytes(), 1));
        }
        let take = || -> Vec<_> {
            let sum = |((partition, key), count): ((u32, Box<[u8]>), u64)| {
                format!("{partition}{}{count}", String::from_utf8_lossy(&key))
            };
            missed.take().into_iter().map(sum).collect()
        };
        assert_eq!(take(), ["1a1", "1c1"]);
        assert_eq!(take(), ["2b2"]);
        assert_eq!(take(), ["4294967295z1"]);
        assert!(missed.is_empty() && take().is_empty());
        assert_eq!(missed.lock().bytes, 0);
    }

    #[test]
    fn keys_are_bounded_and_those_known_go_on() {
        let missed = Missed::default();
        let key = |number: u64| [number.to_le_bytes().to_vec(), vec![7; 1 << 20]].concat();
        let taken = (0..20)
            .filter(|number| missed.add(1, &key(*number), 1))
            .count();
        assert_eq!(taken, 15);
        assert!(missed.add(1, &key(0), 1));
        assert!(!missed.add(1, &key(19), 1));
    }
}

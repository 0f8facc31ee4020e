//! Keys for hashes of texts in tables of fixed size: cheap, and nobody's to foresee.
//!
//! A table that never grows needs no hash that withstands whoever can see its results; it needs one that nobody outside
//! can compute, and that costs little, since requests hash several texts each.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use foldhash::SharedSeed;
pub(crate) use foldhash::quality::SeedableRandomState as Keys;

/// New keys, of the system's random numbers.
pub(crate) fn keys() -> Keys {
    static SHARED: LazyLock<SharedSeed> = LazyLock::new(|| SharedSeed::from_u64(random()));
    Keys::with_seed(random(), &SHARED)
}

/// Keys of the standard library's own tables are the system's random numbers, and cannot fail to be there.
fn random() -> u64 {
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tables_hash_one_text_differently() {
        assert_ne!(keys().hash_one("1.2.3"), keys().hash_one("1.2.3"));
    }
}

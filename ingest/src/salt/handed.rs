//! A salt on its way from a process to the one that takes its place: never through a file.

use zeroize::{Zeroizing, zeroize_stack};

use super::store::{WRITTEN, read, write};
use super::{SECONDS_A_DAY, Salts};

/// Bytes of stack that reading a salt may leave it in.
const STACK: usize = 4 * 1024;

/// The salt of a day as bytes, which are wiped when this is dropped.
pub struct HandedSalt(Zeroizing<[u8; WRITTEN]>);

impl HandedSalt {
    /// Bytes of one.
    pub const LENGTH: usize = WRITTEN;

    /// What another process sent; wiping `bytes` is left to their owner.
    pub fn from_bytes(bytes: &[u8; WRITTEN]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// For the one process that is to have it.
    pub fn bytes(&self) -> &[u8; WRITTEN] {
        &self.0
    }
}

impl Salts {
    /// The salt for `now`, to be handed on.
    pub(crate) fn hand(&self, now: u32) -> HandedSalt {
        let mut written = Zeroizing::new([0; WRITTEN]);
        write(&self.at(now), &mut written);
        HandedSalt(written)
    }

    /// Goes on with the salt that was handed, if it is of the day that `now` lies in.
    pub(crate) fn inherit(&self, handed: &HandedSalt, now: u32) {
        self.inherit_leaving_traces(handed, now);
        zeroize_stack::<STACK>();
    }

    /// Has a frame of its own, so that whatever it leaves on the stack lies below its caller's.
    #[inline(never)]
    fn inherit_leaving_traces(&self, handed: &HandedSalt, now: u32) {
        if let Some(salt) = read(&handed.0[..], now / SECONDS_A_DAY) {
            self.adopt(salt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u32 = 20_000 * SECONDS_A_DAY + SECONDS_A_DAY / 2;

    fn salts(now: u32) -> Salts {
        Salts::new(now).expect("random bytes")
    }

    #[test]
    fn who_inherits_a_salt_counts_under_the_same_one() {
        let (before, after) = (salts(NOON), salts(NOON));
        after.inherit(
            &HandedSalt::from_bytes(before.hand(NOON).bytes()),
            NOON + 60,
        );
        let (before, after) = (before.at(NOON), after.at(NOON));
        assert_eq!((before.key(), before.epoch()), (after.key(), after.epoch()));
    }

    #[test]
    fn a_salt_of_another_day_and_what_is_none_are_not_taken() {
        let (before, after) = (salts(NOON), salts(NOON + SECONDS_A_DAY));
        let own = after.at(NOON + SECONDS_A_DAY).key().to_owned();
        after.inherit(&before.hand(NOON), NOON + SECONDS_A_DAY);
        after.inherit(&HandedSalt::from_bytes(&[0; WRITTEN]), NOON + SECONDS_A_DAY);
        assert_eq!(after.at(NOON + SECONDS_A_DAY).key(), &own);
    }
}

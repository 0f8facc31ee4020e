//! The secrets that make visitors: one a day, gone when the day is.

mod file;
mod handed;
mod keeper;
mod resp;
mod scopes;
mod secret;
mod shared;
mod store;

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption, Guard};

pub use handed::HandedSalt;
pub(crate) use keeper::Keeper;
pub(crate) use scopes::scope;
use scopes::{Scopes, Words};
use secret::Secret;
pub use store::StoreError;

const SECONDS_A_DAY: u32 = 86_400;

/// Why a secret could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes; allow the getrandom system call")]
pub struct NoRandomness(#[source] getrandom::Error);

/// The secret of one process, for state that lives minutes and is never written.
pub struct ProcessKey(Secret);

impl ProcessKey {
    /// A new one; what the last process knew it by is lost on purpose.
    pub fn new() -> Result<Self, NoRandomness> {
        Secret::random().map(Self)
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        self.0.bytes()
    }
}

/// The secret of one day (UTC).
pub struct DaySalt {
    /// Days since 1970.
    day: u32,
    epoch: u16,
    secret: Secret,
    scopes: Scopes,
}

impl DaySalt {
    pub(crate) fn new(day: u32) -> Result<Self, NoRandomness> {
        let mut epoch = [0; 2];
        getrandom::fill(&mut epoch).map_err(NoRandomness)?;
        Ok(Self {
            day,
            epoch: u16::from_le_bytes(epoch).max(1),
            secret: Secret::random()?,
            scopes: Scopes::default(),
        })
    }

    /// One that a store has.
    fn known(day: u32, epoch: u16, secret: &[u8; secret::LENGTH]) -> Self {
        Self {
            day,
            epoch,
            secret: Secret::known(secret),
            scopes: Scopes::default(),
        }
    }

    /// A random name for this salt, so that a day counted under two can be told; never 0.
    pub fn epoch(&self) -> u16 {
        self.epoch
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        self.secret.bytes()
    }

    /// The key that the day's visitors of these words are hashed under. Wiping what is returned is left to the caller.
    pub(crate) fn scope(&self, words: Words<'_>) -> [u8; 32] {
        self.scopes.key(self.key(), words)
    }

    /// Days since 1970.
    pub(crate) fn day(&self) -> u32 {
        self.day
    }

    /// The second of this salt's day that `now` is, its first or last where the clock is beside it.
    pub(crate) fn second(&self, now: u32) -> u32 {
        now.saturating_sub(self.day * SECONDS_A_DAY)
            .min(SECONDS_A_DAY - 1)
    }

    /// Requests that straddle midnight may see a clock a moment behind the salt's day; a clock set
    /// back by more must not keep a salt alive beyond its time.
    fn is_for(&self, day: u32) -> bool {
        day == self.day || day + 1 == self.day
    }
}

/// Today's salt. Reading takes no lock; whoever first sees the new day replaces it.
pub struct Salts {
    current: ArcSwap<DaySalt>,
    /// Tomorrow's, where it was agreed on with others before midnight.
    next: ArcSwapOption<DaySalt>,
}

impl Salts {
    /// Makes the salt of the day that `now` (seconds since 1970, UTC) lies in.
    pub fn new(now: u32) -> Result<Self, NoRandomness> {
        Ok(Self {
            current: ArcSwap::from_pointee(DaySalt::new(now / SECONDS_A_DAY)?),
            next: ArcSwapOption::empty(),
        })
    }

    /// The salt for `now`. Yesterday's is wiped as soon as the last request that reads it is done.
    ///
    /// # Panics
    /// Never in practice: see the invariant.
    pub fn at(&self, now: u32) -> Guard<Arc<DaySalt>> {
        let day = now / SECONDS_A_DAY;
        let salt = self.current.load();
        if salt.is_for(day) {
            return salt;
        }
        let next = self.next.swap(None).filter(|next| next.day == day);
        // Of several that see the new day one wins; the others' salts are wiped unused.
        self.current
            .compare_and_swap(&salt, next.unwrap_or_else(|| fresh(day)));
        self.current.load()
    }

    /// Takes another salt for the day that it is of, if that is today.
    fn adopt(&self, salt: DaySalt) {
        let current = self.current.load();
        if current.day == salt.day {
            self.current.compare_and_swap(&current, Arc::new(salt));
        }
    }

    /// Makes another salt for today and forgets tomorrow's.
    fn renew(&self, now: u32) {
        let current = self.at(now);
        self.next.store(None);
        self.current.compare_and_swap(&current, fresh(current.day));
    }

    /// The salt that is prepared for `day`, or a new one to offer.
    fn prepared(&self, day: u32) -> Arc<DaySalt> {
        let next = self.next.load_full().filter(|next| next.day == day);
        next.unwrap_or_else(|| fresh(day))
    }

    /// Prepares the salt of a day to come.
    fn prepare(&self, salt: Arc<DaySalt>) {
        if self.current.load().day < salt.day {
            self.next.store(Some(salt));
        }
    }
}

fn fresh(day: u32) -> Arc<DaySalt> {
    // INVARIANT: a salt was made at the start from the same source, which does not close once it is open.
    Arc::new(DaySalt::new(day).expect("the random source stays open"))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const MIDNIGHT: u32 = 20_000 * SECONDS_A_DAY;

    #[test]
    fn a_day_has_one_salt() {
        let salts = Salts::new(MIDNIGHT).expect("random bytes");
        let morning = salts.at(MIDNIGHT).key().to_owned();
        assert_eq!(&morning, salts.at(MIDNIGHT + SECONDS_A_DAY - 1).key());
        assert_ne!(&morning, salts.at(MIDNIGHT + SECONDS_A_DAY).key());
    }

    #[test]
    fn yesterdays_salt_is_dropped_with_its_last_reader() {
        let salts = Salts::new(MIDNIGHT).expect("random bytes");
        let yesterday = Arc::downgrade(&salts.current.load_full());
        let reader = salts.at(MIDNIGHT);
        salts.at(MIDNIGHT + SECONDS_A_DAY);
        assert!(yesterday.upgrade().is_some());
        drop(reader);
        assert!(yesterday.upgrade().is_none());
    }

    #[test]
    fn a_request_from_just_before_midnight_does_not_bring_a_second_salt() {
        let salts = Salts::new(MIDNIGHT).expect("random bytes");
        let today = salts.at(MIDNIGHT).key().to_owned();
        assert_eq!(&today, salts.at(MIDNIGHT - 1).key());
    }

    #[test]
    fn seconds_are_counted_within_the_salts_day() {
        let salts = Salts::new(MIDNIGHT).expect("random bytes");
        let salt = salts.at(MIDNIGHT);
        let moments =
            [-1, 0, 59, 86_399, 86_400].map(|after| MIDNIGHT.saturating_add_signed(after));
        assert_eq!(
            moments.map(|now| salt.second(now)),
            [0, 0, 59, 86_399, 86_399]
        );
    }

    #[test]
    fn a_clock_set_back_by_days_does_not_keep_a_salt_alive() {
        let salts = Salts::new(MIDNIGHT + 300 * SECONDS_A_DAY).expect("random bytes");
        let wrong = salts.at(MIDNIGHT + 300 * SECONDS_A_DAY).key().to_owned();
        assert_ne!(&wrong, salts.at(MIDNIGHT).key());
    }

    #[test]
    fn all_who_see_the_new_day_together_get_one_salt() {
        let salts = Salts::new(MIDNIGHT).expect("random bytes");
        let gate = Barrier::new(8);
        let keys: Vec<_> = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        gate.wait();
                        salts.at(MIDNIGHT + SECONDS_A_DAY).key().to_owned()
                    })
                })
                .collect();
            readers
                .into_iter()
                .map(|reader| reader.join().expect("a reader"))
                .collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

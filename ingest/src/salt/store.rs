//! Salts that outlive a process or are shared by several: what a store is asked, and how it may fail.

use std::io;

use weir_config::settings::SaltPlace;
use zeroize::Zeroizing;

use super::file::File;
use super::shared::Shared;
use super::{DaySalt, SECONDS_A_DAY};

/// Bytes of a salt outside of this process: a mark, the day, the epoch, the secret.
pub(super) const WRITTEN: usize = MARK.len() + 4 + 2 + 32;
/// What they begin with; the digit counts their forms.
const MARK: [u8; 5] = *b"weir1";

/// Why a store gives no salt.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not answer. It may later.
    #[error("the store of salts {store} cannot be reached")]
    Away {
        /// Its address.
        store: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It answers what nobody asked.
    #[error("the store of salts {0} does not answer as a server like Redis does")]
    Strange(String),
    /// It does not let us in.
    #[error(
        "the store of salts {store} refuses us ({reason}); its user needs CONFIG, INFO, GET and SET"
    )]
    Refused {
        /// Its address.
        store: String,
        /// In its words.
        reason: String,
    },
    /// It would write a salt to its disk.
    #[error("the store of salts {store} keeps what it is told on disk: {why}")]
    Persistent {
        /// Its address.
        store: String,
        /// What to change there.
        why: &'static str,
    },
    /// The file would be on a disk.
    #[error(
        "{file} is not on a tmpfs, so a salt in it would be on a disk; name a file below /run, or mount a tmpfs"
    )]
    OnDisk {
        /// Its path.
        file: String,
    },
    /// Others could read the file.
    #[error("{file} belongs to somebody else or can be read by others; remove it")]
    Exposed {
        /// Its path.
        file: String,
    },
    /// The file cannot be used.
    #[error("the salt cannot be kept in {file}")]
    File {
        /// Its path.
        file: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl StoreError {
    /// Whether waiting mends it. Everything else is a setting to change, here or there.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Away { .. })
    }
}

/// Where a salt is kept outside of this process.
pub(super) enum Store {
    File(File),
    Shared(Shared),
}

impl Store {
    /// The store that the settings name, if any; it is not looked at yet.
    pub(super) fn of(place: &SaltPlace) -> Option<Self> {
        match place {
            SaltPlace::Memory => None,
            SaltPlace::File(path) => Some(Self::File(File::new(path.clone()))),
            SaltPlace::Shared(store) => Some(Self::Shared(Shared::new(store.clone()))),
        }
    }

    /// Puts `offer` into the store unless it has a salt of that day, and gives what it has then if that
    /// is another. All who ask for one day agree, whoever comes first, and a store that lost its memory
    /// has it again with the next question.
    pub(super) fn agree(&self, offer: &DaySalt, now: u32) -> Result<Option<DaySalt>, StoreError> {
        let mut held = Zeroizing::new([0; WRITTEN]);
        match self {
            Self::File(file) => file.agree(offer, &mut held)?,
            Self::Shared(shared) => shared.agree(offer, now, &mut held)?,
        }
        Ok(read(&held[..], offer.day()).filter(|salt| salt.key() != offer.key()))
    }

    /// Whether others put salts into it, so that tomorrow's is worth asking for today.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self, Self::Shared(_))
    }
}

/// Writes a salt; the buffer is the caller's to wipe.
pub(super) fn write(salt: &DaySalt, into: &mut [u8; WRITTEN]) {
    let (mark, rest) = into.split_at_mut(MARK.len());
    mark.copy_from_slice(&MARK);
    let (day, rest) = rest.split_at_mut(4);
    day.copy_from_slice(&salt.day().to_le_bytes());
    let (epoch, secret) = rest.split_at_mut(2);
    epoch.copy_from_slice(&salt.epoch().to_le_bytes());
    secret.copy_from_slice(salt.key());
}

/// Reads the salt of `day`; nothing if it is another day's, or none.
pub(super) fn read(written: &[u8], day: u32) -> Option<DaySalt> {
    let rest = written.strip_prefix(&MARK)?;
    let (written_day, rest) = rest.split_first_chunk()?;
    let (epoch, secret) = rest.split_first_chunk()?;
    let epoch = u16::from_le_bytes(*epoch);
    let secret = secret.try_into().ok()?;
    (u32::from_le_bytes(*written_day) == day && epoch != 0)
        .then(|| DaySalt::known(day, epoch, secret))
}

/// Seconds after `now` at which a store that counts them lets the salt of `day` go: with its day, and
/// some minutes for clocks that differ.
pub(super) fn lifetime(day: u32, now: u32) -> u32 {
    const MARGIN: u32 = 600;
    let end = (day + 1).saturating_mul(SECONDS_A_DAY);
    // Never more than a day and two hours, whatever a clock says.
    (end.saturating_sub(now) + MARGIN).min(26 * 3600)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_salt_is_read_as_it_was_written_for_its_own_day_only() {
        let salt = DaySalt::new(20_000).expect("random bytes");
        let mut written = [0; WRITTEN];
        write(&salt, &mut written);
        let again = read(&written, 20_000).expect("the same day");
        assert_eq!((again.key(), again.epoch()), (salt.key(), salt.epoch()));
        assert!(read(&written, 20_001).is_none());
    }

    #[test]
    fn a_store_forgets_a_salt_minutes_after_its_day() {
        let midnight = 20_000 * SECONDS_A_DAY;
        assert_eq!(lifetime(20_000, midnight), SECONDS_A_DAY + 600);
        assert_eq!(lifetime(20_000, midnight - 600), SECONDS_A_DAY + 1200);
        assert_eq!(lifetime(20_000, midnight + SECONDS_A_DAY - 1), 601);
        assert_eq!(lifetime(20_000, 0), 93_600);
        assert_eq!(lifetime(0, midnight), 600);
    }

    proptest! {
        #[test]
        fn whatever_else_a_store_holds_is_no_salt(bytes: Vec<u8>, day: u32) {
            prop_assert!(read(&bytes, day).is_none());
        }
    }
}

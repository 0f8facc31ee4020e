//! What stands for events that were dropped: how many of which package and kind, in which minute, and
//! why.
//!
//! The bytes are a version byte that no event has, the fields by postcard, and the count in 8 bytes.
//! All before the count is the key that drops are added up by.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{DecodeError, Event, Kind};

/// The version this build writes; events count theirs from 1.
const VERSION: u8 = 0x80;

/// Dropped events that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed<'a> {
    /// What they have in common.
    pub key: MissedKey<'a>,
    /// How many there were.
    pub events: u64,
}

/// What dropped events are added up by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedKey<'a> {
    /// Seconds since 1970, UTC, cut to the minute.
    pub time: u32,
    /// What happened.
    pub kind: Kind,
    /// Which package.
    #[serde(borrow)]
    pub package: Cow<'a, str>,
    /// Why they were dropped, as metrics name it.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

impl<'a> MissedKey<'a> {
    /// What `event`, dropped for `reason`, is added up by.
    pub fn of(event: &'a Event<'_>, reason: &'a str) -> Self {
        Self {
            time: event.time,
            kind: event.kind,
            package: Cow::Borrowed(&event.package),
            reason: Cow::Borrowed(reason),
        }
    }

    /// The key's bytes.
    ///
    /// # Panics
    /// Never: writing to a vector cannot fail and every field is serialisable.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_extend(self, vec![VERSION]).expect("a vector takes every byte")
    }
}

impl<'a> Missed<'a> {
    /// Whether these are the bytes of dropped events rather than of one that was kept.
    pub fn is_meant(bytes: &[u8]) -> bool {
        bytes.first() == Some(&VERSION)
    }

    /// Reads what fills `bytes`: a key and its count.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (&version, rest) = bytes.split_first().ok_or(DecodeError::Empty)?;
        if version != VERSION {
            return Err(DecodeError::Version(version));
        }
        let (key, rest) = postcard::take_from_bytes(rest).map_err(DecodeError::Malformed)?;
        match rest.try_into() {
            Ok(count) => Ok(Self {
                key,
                events: u64::from_le_bytes(count),
            }),
            Err(_) => Err(DecodeError::Trailing(rest.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventId;

    fn event() -> Event<'static> {
        let id = EventId {
            node: 1,
            boot: 2,
            counter: 3,
        };
        Event {
            package: "acme/rocket".into(),
            version: "1.2.3".into(),
            ..Event::new(id, Kind::Download, 1_790_000_039)
        }
    }

    #[test]
    fn bytes_of_this_version_never_change() {
        let event = event();
        let key = MissedKey::of(&event, "disk_full");
        let bytes = [key.encode(), 7_u64.to_le_bytes().to_vec()].concat();
        insta::assert_snapshot!(hex::encode(&bytes), @"80ecf6c4d506010b61636d652f726f636b6574096469736b5f66756c6c0700000000000000");
        assert!(Missed::is_meant(&bytes));
        assert_eq!(
            Missed::decode(&bytes).expect("own bytes"),
            Missed { key, events: 7 }
        );
    }

    #[test]
    fn an_event_is_not_taken_for_dropped_ones() {
        let mut bytes = Vec::new();
        event().encode(&mut bytes);
        assert!(!Missed::is_meant(&bytes));
        assert!(Missed::decode(&bytes).is_err());
    }

    #[test]
    fn a_key_without_its_whole_count_is_refused() {
        let event = event();
        let bytes = MissedKey::of(&event, "late").encode();
        assert!(Missed::decode(&bytes).is_err());
        assert!(Missed::decode(&[bytes, vec![0; 9]].concat()).is_err());
    }
}

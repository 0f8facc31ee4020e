//! The bytes of an event: a version byte, then the fields by postcard (length-prefixed, varints).
//!
//! Adding a field at the end is a new version: keep the old struct as `v1` here and convert.

use crate::Event;

/// The version this build writes.
pub const VERSION: u8 = 1;

/// Why bytes are not an event.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("empty record")]
    Empty,
    /// Written by a newer build than this.
    #[error("event encoding version {0} is newer than this build understands ({VERSION})")]
    Version(u8),
    /// The bytes do not follow the encoding.
    #[error("malformed event")]
    Malformed(#[source] postcard::Error),
    /// What was meant, and then more, or less.
    #[error("{0} bytes follow the event")]
    Trailing(usize),
}

impl<'a> Event<'a> {
    /// Appends the event's bytes to `out`.
    ///
    /// # Panics
    /// Never: writing to a vector cannot fail and every field is serialisable.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        let taken = std::mem::take(out);
        *out = postcard::to_extend(self, taken).expect("a vector takes every byte");
    }

    /// Reads one event that fills `bytes`; text borrows from them.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (&version, rest) = bytes.split_first().ok_or(DecodeError::Empty)?;
        if version != VERSION {
            return Err(DecodeError::Version(version));
        }
        let (event, rest) = postcard::take_from_bytes(rest).map_err(DecodeError::Malformed)?;
        if rest.is_empty() {
            Ok(event)
        } else {
            Err(DecodeError::Trailing(rest.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Audience, EventId, Kind};
    use proptest::prelude::*;

    fn sample() -> Event<'static> {
        Event {
            package: "acme/rocket".into(),
            version: "1.2.3".into(),
            status: 302,
            answer: Answer::Redirect,
            audience: Audience::People,
            country: "CH".into(),
            visitor: 7,
            props: vec![("via".into(), "script".into())],
            ..Event::new(
                EventId {
                    node: 1,
                    boot: 2,
                    counter: 3,
                },
                Kind::Download,
                1_790_000_039,
            )
        }
    }

    #[test]
    fn time_is_cut_to_the_minute() {
        assert_eq!(sample().time % 60, 0);
    }

    #[test]
    fn bytes_of_version_one_never_change() {
        let mut bytes = Vec::new();
        sample().encode(&mut bytes);
        insta::assert_snapshot!(hex::encode(&bytes), @"01010203ecf6c4d506010b61636d652f726f636b657400000005312e322e330000000000ae020100000000000000000000000100024348000000000000000000070000000000010376696106736372697074");
        assert_eq!(Event::decode(&bytes).expect("own bytes"), sample());
    }

    #[test]
    fn a_newer_version_is_named() {
        let error = Event::decode(&[9, 0]).expect_err("unknown version");
        insta::assert_snapshot!(error, @"event encoding version 9 is newer than this build understands (1)");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(package in ".{0,40}", status: u16, bytes: u64, counter: u64, key in ".{0,9}", value in ".{0,9}") {
            let event = Event {
                package: package.into(), status, bytes, props: vec![(key.into(), value.into())],
                ..Event::new(EventId { node: 1, boot: 1, counter }, Kind::Custom, 60)
            };
            let mut out = Vec::new();
            event.encode(&mut out);
            prop_assert_eq!(Event::decode(&out).expect("own bytes"), event);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = Event::decode(&bytes);
        }
    }
}

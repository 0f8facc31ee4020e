//! The bytes of an event: a version byte, then the fields by postcard (length-prefixed, varints).
//!
//! Adding a field at the end is a new version: keep the old struct as `v1` here and convert.

use crate::{Event, Text};

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

/// Writes the parts of postcard's format that an event is made of behind what a vector holds.
///
/// Reading goes through serde. Writing does not: every request waits for it, and a derived serialiser takes three
/// times as long. That both mean the same bytes is tested below.
struct Writer<'v>(&'v mut Vec<u8>);

impl Writer<'_> {
    /// One byte as it is: small numbers, and the vocabularies.
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// A varint: seven bits a byte, the low ones first, the top bit set in all but the last.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        // Most texts of an event are empty, and cost no copy.
        if !text.is_empty() {
            self.0.extend_from_slice(text.as_bytes());
        }
    }

    fn texts<const N: usize>(&mut self, texts: [&Text<'_>; N]) {
        for text in texts {
            self.text(text);
        }
    }
}

impl<'a> Event<'a> {
    /// Appends the event's bytes to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        // Taken apart, so that no field can be forgotten.
        let Self {
            event_id,
            time,
            kind,
            package,
            ecosystem,
            domain,
            route,
            version,
            version_major,
            channel,
            artifact,
            digest,
            method,
            status,
            answer,
            bytes,
            client,
            client_version,
            runtime,
            runtime_version,
            os,
            os_version,
            arch,
            libc,
            ci,
            ci_name,
            audience,
            audience_reasons,
            country,
            region,
            asn,
            net_type,
            org_id,
            org_name,
            org_domain,
            org_type,
            org_confidence,
            org_evidence,
            visitor,
            salt_epoch,
            page,
            referrer_host,
            source,
            campaign,
            props,
        } = self;
        let mut to = Writer(out);
        to.byte(VERSION);
        to.number(event_id.node.into());
        to.number(event_id.boot.into());
        to.number(event_id.counter);
        to.number((*time).into());
        to.byte(*kind as u8);
        to.texts([package, ecosystem, domain, route, version, version_major]);
        to.byte(*channel as u8);
        to.texts([artifact, digest, method]);
        to.number((*status).into());
        to.byte(*answer as u8);
        to.number(*bytes);
        to.texts([client, client_version, runtime, runtime_version]);
        to.texts([os, os_version, arch, libc]);
        to.byte(*ci as u8);
        to.text(ci_name);
        to.byte(*audience as u8);
        to.texts([audience_reasons, country, region]);
        to.number((*asn).into());
        to.text(net_type);
        to.number((*org_id).into());
        to.texts([org_name, org_domain, org_type]);
        to.byte(*org_confidence);
        to.text(org_evidence);
        to.number((*visitor).into());
        to.number((*salt_epoch).into());
        to.texts([page, referrer_host, source, campaign]);
        to.number(props.len() as u64);
        for (key, value) in props {
            to.texts([key, value]);
        }
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
    use crate::{Answer, Audience, Channel, Ci, EventId, Kind};
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

    fn every_field(
        texts: &[String],
        [node, asn, org_id, visitor, boot]: [u32; 5],
        bytes: u64,
        status: u16,
        org_confidence: u8,
        kind: Kind,
    ) -> Event<'_> {
        let mut texts = texts.iter().map(|text| Text::from(text.as_str()));
        let mut next = || texts.next().expect("enough texts");
        let counter = bytes.rotate_left(7);
        let id = EventId {
            node,
            boot,
            counter,
        };
        Event {
            package: next(),
            ecosystem: next(),
            domain: next(),
            route: next(),
            version: next(),
            version_major: next(),
            artifact: next(),
            digest: next(),
            method: next(),
            client: next(),
            client_version: next(),
            runtime: next(),
            runtime_version: next(),
            os: next(),
            os_version: next(),
            arch: next(),
            libc: next(),
            ci_name: next(),
            audience_reasons: next(),
            country: next(),
            region: next(),
            net_type: next(),
            org_name: next(),
            org_domain: next(),
            org_type: next(),
            org_evidence: next(),
            page: next(),
            referrer_host: next(),
            source: next(),
            campaign: next(),
            props: vec![(next(), next()), (next(), next())],
            channel: Channel::Pre,
            answer: Answer::Proxy,
            audience: Audience::Proxy,
            ci: Ci::No,
            status,
            bytes,
            asn,
            org_id,
            org_confidence,
            visitor,
            salt_epoch: status.reverse_bits(),
            ..Event::new(id, kind, asn)
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
        fn what_is_written_is_what_serde_would_write(texts in prop::collection::vec(prop_oneof![Just(String::new()), ".{0,200}"], 34), numbers: [u32; 5], bytes: u64, status: u16, confidence: u8, kind in 0..Kind::ALL.len()) {
            let event = every_field(&texts, numbers, bytes, status, confidence, Kind::ALL[kind]);
            let mut out = Vec::new();
            event.encode(&mut out);
            let written = postcard::to_allocvec(&event).expect("every field is serialisable");
            prop_assert_eq!(&out[1..], written);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = Event::decode(&bytes);
        }
    }
}

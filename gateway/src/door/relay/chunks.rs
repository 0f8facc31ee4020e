//! A body in chunks as it arrives (RFC 9112 §7.1): where its data are, and where it ends.

use std::ops::Range;

/// The body does not keep to the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed chunk")]
pub(super) struct Malformed;

/// Longest line that is no data: a size with its extensions, or a field of the trailers.
const MAX_LINE: usize = 8 * 1024;
/// Most bytes of trailers, which nobody is sent.
const MAX_TRAILERS: usize = 64 * 1024;
/// Digits of the largest size that is read.
const MAX_DIGITS: usize = 15;

/// How far a body in chunks was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Chunks {
    /// At the line that says how long a chunk is.
    #[default]
    Size,
    /// Within a chunk of which so much is left.
    Data(u64),
    /// At the end of the line after a chunk.
    AfterData,
    /// Behind the last chunk, so many bytes of trailers were read.
    Trailers(usize),
    /// At the end.
    Done,
}

impl Chunks {
    /// Reads on at the start of `bytes`: how many of them, and which of those are data. None where there must be more
    /// bytes first.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
    ) -> Result<Option<(usize, Range<usize>)>, Malformed> {
        match *self {
            Self::Done => Ok(None),
            Self::Data(_) if bytes.is_empty() => Ok(None),
            Self::Data(left) => {
                let count = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                *self = match left - count as u64 {
                    0 => Self::AfterData,
                    left => Self::Data(left),
                };
                Ok(Some((count, 0..count)))
            }
            Self::Size | Self::AfterData | Self::Trailers(_) => {
                let Some(line) = line(bytes)? else {
                    return Ok(None);
                };
                let count = line.len() + 2;
                *self = match *self {
                    Self::AfterData if line.is_empty() => Self::Size,
                    Self::Trailers(_) if line.is_empty() => Self::Done,
                    Self::Trailers(read) if read + count <= MAX_TRAILERS => {
                        Self::Trailers(read + count)
                    }
                    Self::Size => match size(line)? {
                        0 => Self::Trailers(0),
                        size => Self::Data(size),
                    },
                    _ => return Err(Malformed),
                };
                Ok(Some((count, 0..0)))
            }
        }
    }
}

/// The line at the start of `bytes`, if it is whole. Only both characters together end one.
fn line(bytes: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    match memchr::memchr2(b'\r', b'\n', bytes) {
        Some(at) if at > MAX_LINE => Err(Malformed),
        None if bytes.len() > MAX_LINE => Err(Malformed),
        None => Ok(None),
        Some(at) => match bytes[at..] {
            [b'\r', b'\n', ..] => Ok(Some(&bytes[..at])),
            [b'\r'] => Ok(None),
            _ => Err(Malformed),
        },
    }
}

/// The size that `line` says, whatever it says behind that.
fn size(line: &[u8]) -> Result<u64, Malformed> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let (digits, rest) = line.split_at(digits.count());
    let behind = rest.trim_ascii_start().first();
    if digits.is_empty() || digits.len() > MAX_DIGITS || behind.is_some_and(|&byte| byte != b';') {
        return Err(Malformed);
    }
    let text = std::str::from_utf8(digits).map_err(|_| Malformed)?;
    u64::from_str_radix(text, 16).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The data of `pieces`, which arrive one after the other, and what is left unread behind the end.
    fn read(pieces: &[&[u8]]) -> Result<(Vec<u8>, Vec<u8>), Malformed> {
        let (mut chunks, mut input, mut data) = (Chunks::default(), Vec::new(), Vec::new());
        for piece in pieces {
            input.extend_from_slice(piece);
            while let Some((count, range)) = chunks.read(&input)? {
                data.extend_from_slice(&input[range]);
                input.drain(..count);
            }
        }
        if chunks != Chunks::Done {
            return Err(Malformed);
        }
        Ok((data, input))
    }

    #[test]
    fn extensions_and_trailers_are_read_over() {
        let body = b"5;name=\"value\"\r\nhello\r\n0A \r\n, world...\r\n0\r\nDigest: x\r\n\r\nnext";
        assert_eq!(
            read(&[body]),
            Ok((b"hello, world...".to_vec(), b"next".to_vec()))
        );
    }

    #[test]
    fn what_two_readers_could_end_in_different_places_is_no_body() {
        for body in [
            &b"5\nhello\r\n0\r\n\r\n"[..],
            b"5\r\nhello0\r\n\r\n",
            b"5\r\nhello\n0\r\n\r\n",
            b"5\rx\r\nhello\r\n0\r\n\r\n",
            b"+5\r\nhello\r\n0\r\n\r\n",
            b"0x5\r\nhello\r\n0\r\n\r\n",
            b" 5\r\nhello\r\n0\r\n\r\n",
            b"5 5\r\nhello\r\n0\r\n\r\n",
            b"\r\nhello\r\n0\r\n\r\n",
            b"10000000000000005\r\nhello\r\n0\r\n\r\n",
            b"0\r\nDigest: x\n\r\n",
            b"5\r\nhello\r\n0\r\n",
            b"5\r\nhel",
        ] {
            assert_eq!(
                read(&[body]),
                Err(Malformed),
                "{:?}",
                body.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn lines_and_trailers_do_not_grow_without_end() {
        let line = [b"5;".as_slice(), &[b'x'; MAX_LINE + 1]].concat();
        assert_eq!(Chunks::Size.read(&line), Err(Malformed));
        let trailers = [
            b"0\r\n".to_vec(),
            b"name: value\r\n".repeat(MAX_TRAILERS / 10),
        ]
        .concat();
        assert_eq!(read(&[&trailers]), Err(Malformed));
    }

    proptest! {
        #[test]
        fn the_data_are_found_however_they_are_parted(
            data in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..40), 0..8),
            split: proptest::sample::Index,
        ) {
            let mut body = Vec::new();
            for chunk in &data {
                body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                body.extend_from_slice(chunk);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(b"0\r\n\r\n");
            let (early, late) = body.split_at(split.index(body.len()));
            prop_assert_eq!(read(&[early, late]), Ok((data.concat(), Vec::new())));
        }

        #[test]
        fn no_bytes_make_it_panic(pieces: Vec<Vec<u8>>) {
            let pieces: Vec<_> = pieces.iter().map(Vec::as_slice).collect();
            let _ = read(&pieces);
        }
    }
}

//! An upstream's body on its way to the client: what is left of it, and how the client learns where it ends.

use bytes::{Buf as _, BytesMut};

use super::chunks::{Chunks, Malformed};

/// How an answer's body ends (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// After so many bytes.
    Length(u64),
    /// With its last chunk.
    Chunked(Chunks),
    /// With the connection. The client, whose connection goes on, gets chunks.
    UntilClose,
}

impl Body {
    /// None at all.
    pub(super) const EMPTY: Self = Self::Length(0);

    /// Moves what `input` has of it to `output`, in the client's form.
    pub(super) fn pass(
        &mut self,
        input: &mut BytesMut,
        output: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        match self {
            Self::Length(left) => {
                let count =
                    usize::try_from(*left).map_or(input.len(), |left| left.min(input.len()));
                output.extend_from_slice(&input[..count]);
                input.advance(count);
                *left -= count as u64;
            }
            Self::Chunked(chunks) => {
                while let Some((count, data)) = chunks.read(input)? {
                    chunk(&input[data], output);
                    input.advance(count);
                }
                if self.is_done() {
                    output.extend_from_slice(LAST);
                }
            }
            Self::UntilClose => {
                chunk(input, output);
                input.clear();
            }
        }
        Ok(())
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunks::Done))
    }

    /// The upstream has ended the connection; whether the body is whole.
    pub(super) fn end(&self, output: &mut Vec<u8>) -> bool {
        if *self == Self::UntilClose {
            output.extend_from_slice(LAST);
        }
        *self == Self::UntilClose
    }

    /// How many bytes are to be read at once.
    pub(super) fn room(&self) -> usize {
        const ROOM: usize = 64 * 1024;
        match self {
            Self::Length(left) => usize::try_from(*left).map_or(ROOM, |left| left.min(ROOM)),
            Self::Chunked(_) | Self::UntilClose => ROOM,
        }
    }
}

/// The chunk that ends a body.
const LAST: &[u8] = b"0\r\n\r\n";

/// One that is empty would be the last.
fn chunk(data: &[u8], output: &mut Vec<u8>) {
    if !data.is_empty() {
        output.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
        output.extend_from_slice(data);
        output.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(body: &mut Body, input: &str) -> (String, String) {
        let (mut input, mut output) = (BytesMut::from(input), Vec::new());
        body.pass(&mut input, &mut output).expect("well formed");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        (text(&output), text(&input))
    }

    #[test]
    fn a_length_is_kept_to_and_what_follows_is_left() {
        let mut body = Body::Length(7);
        assert_eq!(pass(&mut body, "hello"), ("hello".into(), String::new()));
        assert!(!body.is_done() && !body.end(&mut Vec::new()));
        assert_eq!(pass(&mut body, ", world"), (", ".into(), "world".into()));
        assert!(body.is_done());
    }

    #[test]
    fn chunks_are_the_same_data_in_chunks() {
        let mut body = Body::Chunked(Chunks::default());
        let (output, rest) = pass(&mut body, "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\nrest");
        assert_eq!(
            (output.as_str(), rest.as_str()),
            ("5\r\nhello\r\n0\r\n\r\n", "rest")
        );
        assert!(body.is_done());
        assert!(!Body::Chunked(Chunks::Size).end(&mut Vec::new()));
    }

    #[test]
    fn what_ends_with_the_connection_ends_with_a_chunk_for_the_client() {
        let mut body = Body::UntilClose;
        assert_eq!(pass(&mut body, "hello").0, "5\r\nhello\r\n");
        assert_eq!(pass(&mut body, "").0, "", "an empty one would be the last");
        let mut output = Vec::new();
        assert!(body.end(&mut output));
        assert_eq!(output, LAST);
    }
}

//! A body in chunks: read in pieces it is what it is at once, and nothing behind its end is taken for a part of it.
#![no_main]

#[allow(dead_code, reason = "the gateway asks more of it than this does")]
#[path = "../../gateway/src/door/relay/chunks.rs"]
mod chunks;

use chunks::{Chunks, Malformed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [size, body @ ..] = bytes else { return };
    let at_once = read([body].into_iter());
    let in_pieces = read(body.chunks(usize::from(*size).max(1)));
    match (&at_once, &in_pieces) {
        (Ok((whole, _)), Ok((parts, _))) => assert_eq!(whole, parts),
        // What is malformed may be noticed before all of it has come, and not the other way round.
        (Err(Malformed), Err(Malformed)) => {}
        (whole, parts) => panic!("{whole:?} at once, {parts:?} in pieces"),
    }
    if let Ok((data, true)) = at_once {
        assert!(data.len() + b"0\r\n\r\n".len() <= body.len());
    }
});

/// The data of a body that comes in `pieces`, and whether its end was there.
fn read<'b>(pieces: impl Iterator<Item = &'b [u8]>) -> Result<(Vec<u8>, bool), Malformed> {
    let (mut chunks, mut input, mut data) = (Chunks::default(), Vec::new(), Vec::new());
    for piece in pieces {
        input.extend_from_slice(piece);
        while let Some((count, range)) = chunks.read(&input)? {
            assert!(range.end <= count && count <= input.len());
            data.extend_from_slice(&input[range]);
            input.drain(..count);
        }
    }
    Ok((data, chunks == Chunks::Done))
}

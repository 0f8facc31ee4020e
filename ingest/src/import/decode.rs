//! Bytes as they were before gzip or zstd, known by their first bytes; bounded where a stranger sends them.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

/// First bytes of gzip (RFC 1952, section 2.3.1) and of zstd (RFC 8878, section 3.1.1).
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Largest window that zstd may ask for, as a power of two: 8 MiB, which every decoder has to allow
/// (RFC 8878, section 3.1.1.1.2) and `zstd` uses unless told `--long`.
const WINDOW_LOG: u32 = 23;

/// Bytes that may come of anything, however small.
const HARMLESS: u64 = 10 << 20;

/// How much may come out.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most bytes.
    pub bytes: u64,
    /// Most bytes for each that came in, beyond the first 10 MiB.
    pub ratio: u64,
}

impl Bounds {
    /// None: the file is the operator's own.
    pub const NONE: Self = Self {
        bytes: u64::MAX,
        ratio: u64::MAX,
    };
    /// For what arrives by HTTP.
    pub const STRANGER: Self = Self {
        bytes: 100 << 20,
        ratio: 100,
    };
}

/// More came out than may.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("decompresses to too much; send it in smaller parts")]
pub struct Bomb;

impl Bomb {
    /// Whether this is why reading failed.
    pub fn is_in(error: &io::Error) -> bool {
        error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>)
    }
}

/// Counts what passes.
struct Counted<R> {
    source: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Lets through what the bounds allow.
struct Bounded<R> {
    source: R,
    came_in: Arc<AtomicU64>,
    came_out: u64,
    bounds: Bounds,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.came_out += count as u64;
        let came_in = self.came_in.load(Ordering::Relaxed);
        let by_ratio = came_in.saturating_mul(self.bounds.ratio).max(HARMLESS);
        if self.came_out > self.bounds.bytes.min(by_ratio) {
            return Err(io::Error::other(Bomb));
        }
        Ok(count)
    }
}

/// The text of `source`; how many of its own bytes were read so far goes to `came_in`.
pub(super) fn decoded<'r>(
    source: impl Read + 'r,
    came_in: &Arc<AtomicU64>,
    bounds: Bounds,
) -> io::Result<impl BufRead + 'r> {
    let counted = Counted {
        source,
        count: Arc::clone(came_in),
    };
    let mut source = BufReader::with_capacity(64 << 10, counted);
    let mut first = Vec::new();
    source.by_ref().take(4).read_to_end(&mut first)?;
    let kind = (first.starts_with(GZIP), first == ZSTD);
    let source = BufReader::with_capacity(64 << 10, io::Cursor::new(first).chain(source));
    let plain: Box<dyn Read + 'r> = match kind {
        (true, _) => Box::new(MultiGzDecoder::new(source)),
        (_, true) => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(source)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
        _ => Box::new(source),
    };
    Ok(BufReader::with_capacity(
        64 << 10,
        Bounded {
            source: plain,
            came_in: Arc::clone(came_in),
            came_out: 0,
            bounds,
        },
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn text(bytes: &[u8], bounds: Bounds) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        decoded(bytes, &Arc::default(), bounds)?.read_to_end(&mut text)?;
        Ok(text)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let plain = b"one\ntwo\n".repeat(1000);
        let zstd = zstd::encode_all(&plain[..], 3).expect("memory");
        // Rotated logs are often joined as they are.
        let joined = [gzip(&plain[..9]), gzip(&plain[9..])].concat();
        for encoded in [plain.clone(), gzip(&plain), joined, zstd] {
            assert_eq!(text(&encoded, Bounds::STRANGER).expect("sound"), plain);
        }
    }

    #[test]
    fn shorter_than_any_mark_is_text() {
        for short in [&b""[..], b"a", b"abc"] {
            assert_eq!(text(short, Bounds::NONE).expect("sound"), short);
        }
    }

    #[test]
    fn a_bomb_is_an_error_before_it_is_large() {
        let zeros = vec![0; 64 << 20];
        let zstd = zstd::encode_all(&zeros[..], 1).expect("memory");
        for bomb in [gzip(&zeros), zstd] {
            let error = text(&bomb, Bounds::STRANGER).expect_err("a bomb");
            assert!(Bomb::is_in(&error), "{error}");
            assert_eq!(
                text(&bomb, Bounds::NONE).expect("one's own").len(),
                64 << 20
            );
        }
    }

    #[test]
    fn a_broken_archive_is_no_bomb() {
        let whole = gzip(&[7; 1000]);
        let error = text(&whole[..whole.len() / 2], Bounds::STRANGER).expect_err("cut");
        assert!(!Bomb::is_in(&error), "{error}");
    }
}

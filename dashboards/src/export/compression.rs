//! Compression on the way into a file, piece by piece.

use std::io::Write as _;
use std::path::Path;

use axum::body::Bytes;
use flate2::write::GzEncoder;
use zstd::stream::write::Encoder;

/// Level of zstd: its own default.
const ZSTD_LEVEL: i32 = 3;

/// What an export is compressed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952; every system has it.
    Gzip,
    /// RFC 8878; smaller and much faster.
    Zstd,
}

impl Compression {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Zstd];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// How names of such files end, after a dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Zstd => "zst",
        }
    }

    /// What a file of this name is compressed with.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        Self::ALL
            .into_iter()
            .find(|compression| ending == compression.ending())
    }
}

/// Takes pieces and gives them back smaller.
pub(super) enum Compressor {
    None,
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(Encoder<'static, Vec<u8>>),
}

/// Both encoders write into memory, and fail only as what they write to does.
const INTO_MEMORY: &str = "memory takes every write";

impl Compressor {
    pub(super) fn new(compression: Compression) -> Self {
        match compression {
            Compression::Gzip => {
                Self::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::default()))
            }
            Compression::Zstd => {
                let encoder = Encoder::new(Vec::new(), ZSTD_LEVEL);
                let mut encoder = encoder.expect("the level is one that zstd has");
                let checked = encoder.include_checksum(true);
                checked.expect("a fresh encoder takes settings");
                Self::Zstd(encoder)
            }
        }
    }

    /// What may be written now; nothing, as long as the piece is held back with others.
    pub(super) fn piece(&mut self, piece: Bytes) -> Bytes {
        let written = match self {
            Self::None => return piece,
            Self::Gzip(encoder) => {
                encoder.write_all(&piece).expect(INTO_MEMORY);
                encoder.get_mut()
            }
            Self::Zstd(encoder) => {
                encoder.write_all(&piece).expect(INTO_MEMORY);
                encoder.get_mut()
            }
        };
        std::mem::take(written).into()
    }

    /// What is left when the last piece is in.
    pub(super) fn end(&mut self) -> Bytes {
        match std::mem::replace(self, Self::None) {
            Self::None => Bytes::new(),
            Self::Gzip(encoder) => encoder.finish().expect(INTO_MEMORY).into(),
            Self::Zstd(encoder) => encoder.finish().expect(INTO_MEMORY).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn compressed(compression: Compression, pieces: &[Bytes]) -> Vec<u8> {
        let mut compressor = Compressor::new(compression);
        let mut all = Vec::new();
        for piece in pieces {
            all.extend_from_slice(&compressor.piece(piece.clone()));
        }
        all.extend_from_slice(&compressor.end());
        assert!(compressor.end().is_empty(), "it ends once");
        all
    }

    #[test]
    fn pieces_come_out_as_they_went_in() {
        let line = Bytes::from_static(b"\"acme/rocket\",\"1.2.3\"\n");
        let pieces = vec![line.clone(); 10_000];
        let whole = line.repeat(10_000);
        let mut text = Vec::new();
        let gzip = compressed(Compression::Gzip, &pieces);
        let mut decoder = flate2::read::GzDecoder::new(&*gzip);
        decoder.read_to_end(&mut text).expect("whole");
        assert!(text == whole && gzip.len() < whole.len() / 50);
        let zstd = compressed(Compression::Zstd, &pieces);
        assert!(zstd::decode_all(&*zstd).expect("whole") == whole);
        for compression in Compression::ALL {
            assert!(
                !compressed(compression, &[]).is_empty(),
                "a file of nothing is one"
            );
        }
    }

    #[test]
    fn names_tell_how_a_file_is_compressed() {
        let of = |name: &str| Compression::of(Path::new(name)).map(Compression::as_str);
        let names = ["a.csv.gz", "a.zst", "a.csv", "gz", "a.gzip"].map(of);
        assert_eq!(names, [Some("gzip"), Some("zstd"), None, None, None]);
    }
}

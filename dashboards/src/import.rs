//! Importing by HTTP, as far as this side knows it: who may, and how what arrives reaches whoever imports.

use std::io::{self, Read};
use std::sync::{Arc, mpsc};

use axum::body::Bytes;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Pieces of a body between its arrival and the importer.
const PIECES: usize = 8;

/// What somebody wants imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRequest {
    /// Word for the format.
    pub format: String,
    /// Package of everything in it.
    pub package: Option<String>,
    /// Pixel of everything in it that names none.
    pub pixel: Option<String>,
    /// Domain of requests whose log does not say it.
    pub domain: Option<String>,
    /// Day of counters that do not say it.
    pub day: Option<Date>,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Lines read, or rows of documents.
    pub read: u64,
    /// Events that are in now and were not before.
    pub events: u64,
    /// Totals taken over.
    pub totals: u64,
    /// Events that were there already.
    pub known: u64,
    /// Events whose sender asked not to be counted.
    pub opted_out: u64,
    /// Lines refused.
    pub refused: u64,
    /// Number and reason of the first of those.
    pub lines: Vec<(u64, String)>,
}

/// Why it went no further. What is in stays in and is not counted again.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The request asks for what there is not.
    #[error("{0}")]
    Asked(String),
    /// More comes out of it than may.
    #[error("it decompresses to too much; send it in smaller parts")]
    TooLarge,
    /// It breaks off, or is damaged.
    #[error("the body breaks off or is damaged; send it again")]
    Damaged,
    /// ClickHouse is not there.
    #[error("ClickHouse does not take it; send it again later")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect of ours, or tables of another version.
    #[error("the import failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ImportFailure {
    /// The word for it where imports are told apart.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::TooLarge => "too_large",
            Self::Damaged => "damaged",
            Self::Unavailable(_) => "unavailable",
            Self::Failed(_) => "failed",
        }
    }
}

/// Imports a body. Blocks; called on a thread of its own.
pub type RunImport =
    dyn Fn(ImportRequest, Box<dyn Read + Send>) -> Result<Imported, ImportFailure> + Send + Sync;

/// The package that a pixel counts for, or a site of another product's snippets, by its id.
pub(crate) type OfPixel = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Importing by HTTP.
#[derive(Clone)]
pub struct Import {
    /// Digests of the tokens that allow it.
    tokens: Arc<[[u8; 32]]>,
    pub(crate) run: Arc<RunImport>,
    pub(crate) of_pixel: Arc<OfPixel>,
}

impl Import {
    /// Allows it to whoever shows a token that has one of these SHA-256 digests.
    pub fn new(tokens: &[[u8; 32]], run: Arc<RunImport>, of_pixel: Arc<OfPixel>) -> Self {
        Self {
            tokens: tokens.into(),
            run,
            of_pixel,
        }
    }

    /// Digests are compared, so the time that it takes tells nothing of a token.
    pub(crate) fn allows(&self, token: &str) -> bool {
        let shown = digest(token);
        self.tokens.contains(&shown)
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// What is known of a body: a piece, or that it is whole.
pub(crate) enum Piece {
    Bytes(Bytes),
    End,
}

/// The end of a body that knows what arrives.
pub(crate) struct Arrival {
    pieces: mpsc::Sender<Piece>,
    room: Arc<Semaphore>,
}

/// The end that is read, on a thread that may wait.
struct Pieces {
    arriving: mpsc::Receiver<Piece>,
    room: Arc<Semaphore>,
    rest: Bytes,
    is_whole: bool,
}

/// The two ends of a body on its way to a thread that reads it. An arrival that is dropped before
/// [`Piece::End`] makes reading fail: half a body must not pass for a whole one.
pub(crate) fn body() -> (Arrival, impl Read + Send) {
    let (pieces, arriving) = mpsc::channel();
    let room = Arc::new(Semaphore::new(PIECES));
    let reader = Pieces {
        arriving,
        room: Arc::clone(&room),
        rest: Bytes::new(),
        is_whole: false,
    };
    let arrival = Arrival { pieces, room };
    (arrival, reader)
}

impl Arrival {
    /// Hands a piece over when there is room; `false` if nobody reads any more.
    pub(crate) async fn send(&self, piece: Piece) -> bool {
        let Ok(place) = self.room.acquire().await else {
            return false;
        };
        place.forget();
        self.pieces.send(piece).is_ok()
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !self.is_whole {
            match self.arriving.recv() {
                Ok(Piece::Bytes(bytes)) => self.rest = bytes,
                Ok(Piece::End) => self.is_whole = true,
                Err(mpsc::RecvError) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            self.room.add_permits(1);
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.room.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_piece_by_piece() {
        let (arrival, mut reader) = body();
        for piece in [
            Piece::Bytes("one ".into()),
            Piece::Bytes("two".into()),
            Piece::End,
        ] {
            assert!(arrival.send(piece).await);
        }
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("whole");
        assert_eq!(text, "one two");
    }

    #[tokio::test]
    async fn half_a_body_is_an_error() {
        let (arrival, mut reader) = body();
        assert!(arrival.send(Piece::Bytes("one ".into())).await);
        drop(arrival);
        let error = reader.read_to_string(&mut String::new()).expect_err("half");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_body_that_nobody_reads_is_not_waited_for() {
        let (arrival, reader) = body();
        for _ in 0..PIECES {
            assert!(arrival.send(Piece::Bytes("x".into())).await);
        }
        drop(reader);
        assert!(!arrival.send(Piece::End).await);
    }

    #[test]
    fn only_a_whole_token_allows() {
        let run: Arc<RunImport> = Arc::new(|_, _| Ok(Imported::default()));
        let import = Import::new(&[digest("secret")], run, Arc::new(|_| None));
        let allowed = ["secret", "", "secre", "secret "].map(|token| import.allows(token));
        assert_eq!(allowed, [true, false, false, false]);
    }
}

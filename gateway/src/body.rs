//! The body that a sender of events sends: bounded in size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use pingora::proxy::Session;

use crate::answer::Failure;
use crate::door;

use crate::head::Refusal;

/// How much of a body is read, and how long it may take to arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

impl Bounds {
    /// Of a body that is held whole.
    pub(crate) const WHOLE: Self = Self {
        bytes: 64 * 1024,
        time: Duration::from_secs(10),
    };
}

/// It ends before it is whole, or its chunks are none (RFC 9112 §7.1).
const BROKEN: Failure = Failure::Refused(Refusal::Bad("malformed body"));

/// The request's body, if it is no larger than is held and comes in time.
pub(crate) async fn read(session: &mut Session) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    let take = |piece: &[u8]| body.extend_from_slice(piece);
    pieces(session, Bounds::WHOLE, take).await?;
    Ok(body.freeze())
}

/// Gives the request's body piece by piece, as far as `bounds` go.
pub(crate) async fn pieces(
    session: &mut Session,
    bounds: Bounds,
    take: impl FnMut(&[u8]),
) -> Result<(), Failure> {
    if declared_length(session).is_some_and(|length| length > bounds.bytes) {
        return Err(Failure::BodyTooLarge);
    }
    let all = read_all(session, bounds.bytes, take);
    tokio::time::timeout(bounds.time, all)
        .await
        .unwrap_or(Err(Failure::BodyLate))
}

/// The length that the sender announced. Digits that are no number are one too large.
fn declared_length(session: &Session) -> Option<usize> {
    let length = session.req_header().headers.get(CONTENT_LENGTH)?;
    let length = length.to_str().ok()?;
    Some(length.parse().unwrap_or(usize::MAX))
}

async fn read_all(
    session: &mut Session,
    most: usize,
    mut take: impl FnMut(&[u8]),
) -> Result<(), Failure> {
    let mut length = 0;
    loop {
        let piece = session.read_request_body().await;
        let Some(piece) = piece.map_err(|_| BROKEN)? else {
            return Ok(());
        };
        length += piece.len();
        if length > most {
            return Err(Failure::BodyTooLarge);
        }
        take(&piece);
    }
}

/// Reads on for a moment after the answer, lest the connection's end cost the client the answer.
pub(crate) async fn discard(session: &mut Session) {
    let rest = async { while let Ok(Some(_)) = session.read_request_body().await {} };
    let _ = tokio::time::timeout(door::LINGER, rest).await;
}

//! The body that a sender of events sends: bounded in size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use pingora::proxy::Session;

use crate::answer::Failure;
use crate::door;
use crate::ecosystem::event::MAX_BODY;

/// Time for a body to arrive whole.
const DEADLINE: Duration = Duration::from_secs(10);

/// The request's body, if it is no larger than is read and comes in time.
pub(crate) async fn read(session: &mut Session) -> Result<Bytes, Failure> {
    if declared_length(session).is_some_and(|length| length > MAX_BODY) {
        return Err(Failure::BodyTooLarge);
    }
    tokio::time::timeout(DEADLINE, read_all(session))
        .await
        .unwrap_or(Err(Failure::BodyLate))
}

/// The length that the sender announced. Digits that are no number are one too large.
fn declared_length(session: &Session) -> Option<usize> {
    let length = session.req_header().headers.get(CONTENT_LENGTH)?;
    let length = length.to_str().ok()?;
    Some(length.parse().unwrap_or(usize::MAX))
}

async fn read_all(session: &mut Session) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    loop {
        let chunk = session.read_request_body().await;
        let Some(chunk) = chunk.map_err(|_| Failure::BodyLate)? else {
            return Ok(body.freeze());
        };
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Failure::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
}

/// Reads on for a moment after the answer, lest the connection's end cost the client the answer.
pub(crate) async fn discard(session: &mut Session) {
    let rest = async { while let Ok(Some(_)) = session.read_request_body().await {} };
    let _ = tokio::time::timeout(door::LINGER, rest).await;
}

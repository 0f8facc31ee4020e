//! The front door: reads each request head, refuses what must be refused, answers what is simple,
//! and hands the rest to Pingora byte for byte.
//!
//! Pingora has no deadline for a whole head and a generous idea of one, so both are bounded here.
//! A redirect of a known route needs nothing but the head, so it is answered from these bytes.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use memchr::memmem;
use pingora::apps::HttpServerApp;
use pingora::protocols::Stream;
use pingora::protocols::http::ServerSession;
use pingora::proxy::HttpProxy;
use pingora::server::ShutdownWatch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use weir_event::Answer;

use crate::answer::{Dialect, Failure, Reply};
use crate::date;
use crate::ecosystem::Plan;
use crate::gateway::{Shared, ended};
use crate::head::{Fields, Head, Method, Refusal, check_raw};
use crate::proxy::Proxy;
use crate::recorder::Outcome;
use crate::wire;

/// Largest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// Most fields of a head.
const MAX_FIELDS: usize = 64;
/// Time for a head to arrive whole, from its first byte or from the connection's start.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// Time that a kept connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(30);

/// Serves connections.
pub(crate) struct Door {
    shared: Arc<Shared>,
    proxy: Arc<HttpProxy<Proxy>>,
}

/// What the door makes of a head.
enum Verdict {
    /// The answer is in the output.
    Answered { keep_alive: bool },
    /// Not simple enough; `body` says that the request has one.
    Deeper { body: bool },
}

impl Door {
    pub(crate) fn new(shared: Arc<Shared>, proxy: Arc<HttpProxy<Proxy>>) -> Self {
        Self { shared, proxy }
    }

    /// Serves one connection until either side ends it.
    pub(crate) async fn serve(&self, mut stream: Stream, peer: IpAddr, shutdown: &ShutdownWatch) {
        let mut input = BytesMut::with_capacity(4096);
        let mut output = Vec::with_capacity(1024);
        let mut wait = HEAD_DEADLINE;
        loop {
            output.clear();
            let length = match self.read_head(&mut stream, &mut input, wait, shutdown).await {
                Ok(Some(length)) => length,
                Ok(None) => return,
                Err(refusal) => {
                    refuse(refusal, &mut output);
                    return finish(&mut stream, &output).await;
                }
            };
            wait = IDLE;
            let closing = *shutdown.borrow();
            match self.look(&input[..length], peer, closing, &mut output) {
                Verdict::Answered { keep_alive } => {
                    input.advance(length);
                    if !keep_alive {
                        return finish(&mut stream, &output).await;
                    }
                    if stream.write_all(&output).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
                Verdict::Deeper { body } => {
                    let taken = if body { input.split() } else { input.split_to(length) };
                    let mut session = ServerSession::new_http1(stream);
                    session.set_keepalive((!closing).then_some(IDLE.as_secs()));
                    session.set_pipelined_prefix(taken);
                    match self.proxy.process_new_http(session, shutdown).await {
                        Some(reused) => stream = reused.consume().0,
                        None => return,
                    }
                }
            }
        }
    }

    /// Reads until a whole head is in `input`; its length, or `None` at the end of the connection.
    async fn read_head(&self, stream: &mut Stream, input: &mut BytesMut, wait: Duration, shutdown: &ShutdownWatch) -> Result<Option<usize>, Refusal> {
        if let Some(length) = head_length(input, 0)? {
            return Ok(Some(length));
        }
        let mut shutdown = shutdown.clone();
        if input.is_empty() {
            // Between requests: nobody waits for an answer, so a shutdown may end the connection.
            let first = tokio::select! {
                read = tokio::time::timeout(wait, stream.read_buf(input)) => read,
                () = ended(&mut shutdown) => return Ok(None),
            };
            if !matches!(first, Ok(Ok(1..))) {
                return Ok(None);
            }
            if let Some(length) = head_length(input, 0)? {
                return Ok(Some(length));
            }
        }
        let rest = async {
            loop {
                let seen = input.len();
                if !matches!(stream.read_buf(input).await, Ok(1..)) {
                    return Ok(None);
                }
                if let Some(length) = head_length(input, seen)? {
                    return Ok(Some(length));
                }
            }
        };
        tokio::time::timeout(HEAD_DEADLINE, rest).await.unwrap_or(Ok(None))
    }

    /// Looks at one head and, where that is all it takes, answers it.
    fn look(&self, bytes: &[u8], peer: IpAddr, closing: bool, output: &mut Vec<u8>) -> Verdict {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        let head = check_raw(bytes).and_then(|()| parse(&mut request, bytes));
        let (head, version) = match head {
            Ok(head) => head,
            Err(refusal) => {
                refuse(refusal, output);
                return Verdict::Answered { keep_alive: false };
            }
        };
        if head.method == Method::Post {
            return Verdict::Deeper { body: true };
        }
        let keep_alive = version == 1 && !closing && !head.text("connection").eq_ignore_ascii_case("close");
        self.answer(&head, peer, keep_alive, output)
    }

    fn answer(&self, head: &Head<'_>, peer: IpAddr, keep_alive: bool, output: &mut Vec<u8>) -> Verdict {
        let routes = self.shared.routes.load();
        date::now(|now| {
            let decision = routes.decide(head, &now.midnight);
            let (reply, answer) = match decision.plan {
                Plan::Redirect { status, location } => (Reply::redirect(status, location), Answer::Redirect),
                Plan::Reply(reply) => (reply, Answer::Serve),
                Plan::Fail(failure) => (decision.dialect.reply(&failure), Answer::None),
                Plan::Forward(_) | Plan::Probe(_) | Plan::Oci(_) | Plan::Pypi(_) | Plan::Collect => return Verdict::Deeper { body: false },
            };
            if let Some(fact) = &decision.fact {
                self.shared.recorder.record(head, peer, fact, Outcome { status: reply.status, answer, bytes: 0 });
            }
            wire::write(&reply, &now.date, head.method == Method::Head, keep_alive, output);
            Verdict::Answered { keep_alive }
        })
    }
}

/// The length of the head at the start of `input`, once it is whole. `seen` bytes were looked at before.
fn head_length(input: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    // A TLS handshake, most likely: a client that tries https first should not wait for a deadline.
    if input.first().is_some_and(|first| !first.is_ascii_alphabetic()) {
        return Err(Refusal::Bad("this port speaks plain HTTP"));
    }
    let from = seen.saturating_sub(3);
    let end = memmem::find(&input[from..], b"\r\n\r\n").map(|at| from + at + 4);
    match end {
        Some(length) if length <= MAX_HEAD => Ok(Some(length)),
        None if input.len() <= MAX_HEAD => Ok(None),
        _ => Err(Refusal::HeadTooLarge),
    }
}

fn parse<'a>(request: &'a mut httparse::Request<'_, 'a>, bytes: &'a [u8]) -> Result<(Head<'a>, u8), Refusal> {
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::HeadTooLarge),
        Ok(httparse::Status::Partial) | Err(_) => return Err(Refusal::Bad("malformed request head")),
    }
    let (Some(method), Some(target), Some(version)) = (request.method, request.path, request.version) else {
        return Err(Refusal::Bad("malformed request head"));
    };
    Ok((Head::new(method, target, Fields::Raw(request.headers))?, version))
}

fn refuse(refusal: Refusal, output: &mut Vec<u8>) {
    let reply = Dialect::Plain.reply(&Failure::Refused(refusal));
    date::now(|now| wire::write(&reply, &now.date, false, false, output));
}

/// Sends the last answer and closes.
async fn finish(stream: &mut Stream, output: &[u8]) {
    if stream.write_all(output).await.is_ok() && stream.flush().await.is_ok() {
        let _ = AsyncWriteExt::shutdown(stream).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_head_ends_at_its_empty_line() {
        assert_eq!(head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", 0), Ok(Some(27)));
        assert_eq!(head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r", 0), Ok(None));
        assert_eq!(head_length(&vec![b'x'; MAX_HEAD + 1], 0), Err(Refusal::HeadTooLarge));
        assert!(head_length(b"\x16\x03\x01", 0).is_err(), "a TLS handshake is refused at once");
    }

    proptest! {
        #[test]
        fn the_end_is_found_however_the_bytes_arrive(split in 0_usize..27) {
            let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            let early = head_length(&head[..split], 0).expect("short");
            prop_assert!(early.is_none());
            prop_assert_eq!(head_length(head, split), Ok(Some(27)));
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes: Vec<u8>) {
            let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
            let mut request = httparse::Request::new(&mut fields);
            let _ = check_raw(&bytes).and_then(|()| parse(&mut request, &bytes).map(|_| ()));
        }
    }
}

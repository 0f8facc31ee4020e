//! The front door: reads each request head, refuses what must be refused, answers what is simple,
//! and hands the rest to Pingora byte for byte.
//!
//! Pingora has no deadline for a whole head and a generous idea of one, so both are bounded here.
//! A redirect of a known route needs nothing but the head, so it is answered from these bytes.

use std::mem::MaybeUninit;
use std::net::IpAddr;
use std::pin::Pin;
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
use tokio::time::{Instant, Sleep, sleep};
use weir_event::Answer;

use crate::answer::{Dialect, Failure, Reply};
use crate::date;
use crate::ecosystem::Plan;
use crate::fact::Fact;
use crate::gateway::{Shared, ended};
use crate::head::{Fields, Head, Method, Refusal, check_raw};
use crate::proxy::Proxy;
use crate::recorder::Outcome;
use crate::routes::dialect;
use crate::upstream::known::Found;
use crate::wire;

/// Largest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// Most fields of a head.
const MAX_FIELDS: usize = 64;
/// Time for a head to arrive whole, from its first byte or from the connection's start.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// Time that a kept connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(30);
/// How long, and for how many bytes, what a client still sends is read after the last answer.
pub(crate) const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 256 * 1024;

/// Serves connections.
pub(crate) struct Door {
    shared: Arc<Shared>,
    proxy: Arc<HttpProxy<Proxy>>,
}

/// What else a connection waits for while it waits for bytes. Made once a connection: a timer that is
/// set later again costs far less than a new one for each request.
struct Waiting {
    deadline: Pin<Box<Sleep>>,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Waiting {
    fn new(shutdown: &ShutdownWatch) -> Self {
        let mut shutdown = shutdown.clone();
        Self {
            deadline: Box::pin(sleep(HEAD_DEADLINE)),
            shutdown: Box::pin(async move { ended(&mut shutdown).await }),
        }
    }
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
        let mut waiting = Waiting::new(shutdown);
        let mut wait = HEAD_DEADLINE;
        loop {
            output.clear();
            let length = match self
                .read_head(&mut stream, &mut input, &mut waiting, wait)
                .await
            {
                Ok(Some(length)) => length,
                Ok(None) => return,
                Err(refusal) => {
                    refuse(refusal, Dialect::Plain, &mut output);
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
                    let taken = if body {
                        input.split()
                    } else {
                        input.split_to(length)
                    };
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
    async fn read_head(
        &self,
        stream: &mut Stream,
        input: &mut BytesMut,
        waiting: &mut Waiting,
        wait: Duration,
    ) -> Result<Option<usize>, Refusal> {
        if let Some(length) = head_length(input, 0)? {
            return Ok(Some(length));
        }
        let wait = if input.is_empty() {
            wait
        } else {
            HEAD_DEADLINE
        };
        waiting.deadline.as_mut().reset(Instant::now() + wait);
        loop {
            let seen = input.len();
            let read = tokio::select! {
                biased;
                read = stream.read_buf(input) => read,
                // Between requests nobody waits for an answer, so a shutdown may end the connection.
                () = &mut waiting.shutdown, if seen == 0 => return Ok(None),
                () = &mut waiting.deadline => return Ok(None),
            };
            if !matches!(read, Ok(1..)) {
                return Ok(None);
            }
            if let Some(length) = head_length(input, seen)? {
                return Ok(Some(length));
            }
            if seen == 0 {
                waiting
                    .deadline
                    .as_mut()
                    .reset(Instant::now() + HEAD_DEADLINE);
            }
        }
    }

    /// Looks at one head and, where that is all it takes, answers it.
    fn look(&self, bytes: &[u8], peer: IpAddr, closing: bool, output: &mut Vec<u8>) -> Verdict {
        let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut []);
        let parsed = check_raw(bytes).and_then(|()| parse(&mut request, &mut fields, bytes));
        let dialect = parsed.map_or(Dialect::Plain, |(_, target, _)| dialect(target));
        let head = parsed.and_then(|(method, target, version)| {
            Ok((
                Head::new(method, target, Fields::Raw(request.headers))?,
                version,
            ))
        });
        let (head, version) = match head {
            Ok(head) => head,
            Err(refusal) => {
                refuse(refusal, dialect, output);
                return Verdict::Answered { keep_alive: false };
            }
        };
        if head.method == Method::Post {
            return Verdict::Deeper { body: true };
        }
        let keep_alive = version == 1 && !closing && !asks_to_close(&head);
        self.answer(&head, peer, keep_alive, output)
    }

    fn answer(
        &self,
        head: &Head<'_>,
        peer: IpAddr,
        keep_alive: bool,
        output: &mut Vec<u8>,
    ) -> Verdict {
        let routes = self.shared.routes.load();
        date::now(|now| {
            let decision = routes.decide(head, &now.midnight);
            let (reply, answer) = match decision.plan {
                Plan::Redirect { .. } if self.shared.settings.always_proxies(&head.host) => {
                    return Verdict::Deeper { body: false };
                }
                Plan::Redirect { status, location } => {
                    if !self.may_send_to(head, &location, decision.fact.as_ref()) {
                        return Verdict::Deeper { body: false };
                    }
                    (Reply::redirect(status, location), Answer::Redirect)
                }
                Plan::Reply(reply) => (reply, Answer::Serve),
                Plan::Fail(failure) => (decision.dialect.reply(&failure), Answer::None),
                Plan::Forward { .. }
                | Plan::Probe { .. }
                | Plan::Document(_)
                | Plan::Listed { .. }
                | Plan::Latest { .. }
                | Plan::Script { .. }
                | Plan::Told(_)
                | Plan::Oci(_)
                | Plan::Pypi(_)
                | Plan::Npm(_)
                | Plan::Cargo(_)
                | Plan::Conda(_)
                | Plan::Collect(_) => return Verdict::Deeper { body: false },
            };
            if let Some(fact) = &decision.fact {
                self.shared.recorder.record(
                    head,
                    peer,
                    fact,
                    Outcome {
                        status: reply.status,
                        answer,
                        bytes: 0,
                    },
                );
            }
            wire::write(
                &reply,
                &now.date,
                head.method == Method::Head,
                keep_alive,
                output,
            );
            Verdict::Answered { keep_alive }
        })
    }
}

impl Door {
    /// Whether a redirect needs no question to the host first.
    fn may_send_to(&self, head: &Head<'_>, location: &str, fact: Option<&Fact<'_>>) -> bool {
        let upstreams = &self.shared.upstreams;
        let known = || {
            let found = upstreams.known.look(location);
            matches!(found, Some(Found::There | Found::Unsure))
        };
        !upstreams.is_unsure(head, fact) || !head.is_conditional() && known()
    }
}

/// The length of the head at the start of `input`, once it is whole. `seen` bytes were looked at before.
fn head_length(input: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    // A TLS handshake, most likely: a client that tries https first should not wait for a deadline.
    if input
        .first()
        .is_some_and(|first| !first.is_ascii_alphabetic())
    {
        return Err(Refusal::Bad("this port speaks plain HTTP"));
    }
    let from = seen.saturating_sub(3);
    let end = memmem::find(&input[from..], b"\r\n\r\n").map(|at| from + at + 4);
    match end {
        Some(length) if length <= MAX_HEAD => Ok(Some(length)),
        // Such a head may never get the end that is waited for.
        None if has_bare_line_feed(input, from) => {
            Err(Refusal::Bad("bare line feed in the request head"))
        }
        None if input.len() <= MAX_HEAD => Ok(None),
        _ if memchr::memchr(b'\n', input).is_none_or(|line| line > MAX_HEAD) => {
            Err(Refusal::TargetTooLong)
        }
        _ => Err(Refusal::HeadTooLarge),
    }
}

fn has_bare_line_feed(input: &[u8], from: usize) -> bool {
    memchr::memchr_iter(b'\n', &input[from..]).any(|at| !input[..from + at].ends_with(b"\r"))
}

fn asks_to_close(head: &Head<'_>) -> bool {
    head.list("connection")
        .split(',')
        .any(|option| option.trim().eq_ignore_ascii_case("close"))
}

/// Reads fields into `request`; method, target and minor version.
fn parse<'h, 'a>(
    request: &mut httparse::Request<'h, 'a>,
    fields: &'h mut [MaybeUninit<httparse::Header<'a>>],
    bytes: &'a [u8],
) -> Result<(&'a str, &'a str, u8), Refusal> {
    match request.parse_with_uninit_headers(bytes, fields) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::HeadTooLarge),
        Ok(httparse::Status::Partial) | Err(_) => {
            return Err(Refusal::Bad("malformed request head"));
        }
    }
    match (request.method, request.path, request.version) {
        (Some(method), Some(target), Some(version)) => Ok((method, target, version)),
        _ => Err(Refusal::Bad("malformed request head")),
    }
}

fn refuse(refusal: Refusal, dialect: Dialect, output: &mut Vec<u8>) {
    let reply = dialect.reply(&Failure::Refused(refusal));
    date::now(|now| wire::write(&reply, &now.date, false, false, output));
}

/// Sends the last answer and closes. A socket that is closed with bytes unread is reset, which can
/// cost the client the answer, so what it still sends is read for a moment (RFC 9112 §9.6).
async fn finish(stream: &mut Stream, output: &[u8]) {
    if stream.write_all(output).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    if AsyncWriteExt::shutdown(stream).await.is_ok() {
        let mut left = stream.take(LINGER_BYTES);
        let _ =
            tokio::time::timeout(LINGER, tokio::io::copy(&mut left, &mut tokio::io::sink())).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_head_ends_at_its_empty_line() {
        assert_eq!(
            head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", 0),
            Ok(Some(27))
        );
        assert_eq!(head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r", 0), Ok(None));
        assert_eq!(
            head_length(&vec![b'x'; MAX_HEAD + 1], 0),
            Err(Refusal::TargetTooLong)
        );
        let fields = [&b"GET / HTTP/1.1\r\n"[..], &[b'x'; MAX_HEAD]].concat();
        assert_eq!(head_length(&fields, 0), Err(Refusal::HeadTooLarge));
        assert!(
            head_length(b"\x16\x03\x01", 0).is_err(),
            "a TLS handshake is refused at once"
        );
        assert!(
            head_length(b"GET / HTTP/1.0\n\n", 0).is_err(),
            "an end that never comes is not waited for"
        );
        assert_eq!(head_length(b"GET / HTTP/1.1\r\n", 15), Ok(None));
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
            let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
            let mut request = httparse::Request::new(&mut []);
            let _ = check_raw(&bytes).and_then(|()| parse(&mut request, &mut fields, &bytes).map(|_| ()));
        }
    }
}

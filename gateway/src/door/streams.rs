//! HTTP/2 at the door: what a head is enough for is answered at once, by the code that answers HTTP/1.1, and the rest is
//! Pingora's.
//!
//! h2 sends what there is whenever it is asked for the next request. So all requests that have come are taken before the
//! first is answered, and their answers leave together.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use h2::server::Connection;
use http::{Response, StatusCode};
use pingora::apps::HttpServerApp as _;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::protocols::http::ServerSession;
use pingora::protocols::http::v2::server::{H2Accept, HttpSession, handshake};
use pingora::protocols::{Digest, Stream};
use pingora::server::ShutdownWatch;
use pingora::{Error, ErrorType, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::arriving::Waiting;
use super::{ANSWER_DEADLINE, Asking, Client, Door, HEAD_DEADLINE, IDLE};
use crate::answer::Reply;
use crate::gateway::ended;
use crate::head::{Fields, Head, Method};
use crate::http2;
use crate::send;
use crate::traffic::{Mark, Stage};

/// Time for answers under way, once a connection is to make room.
const GOODBYE: Duration = Duration::from_secs(20);
/// Requests that HTTP cannot say, which a connection may try before it is ended.
const MOST_MALFORMED: u32 = 32;

impl Door {
    /// Serves HTTP/2. Who has to end here is told, and may wait for the answers under way.
    pub(super) async fn multiplex(
        &self,
        stream: Stream,
        waiting: &mut Waiting,
        client: Client,
        shutdown: &ShutdownWatch,
    ) {
        let begun = timeout(HEAD_DEADLINE, Streams::begin(stream)).await;
        if let Ok(Ok(streams)) = begun {
            let mut behind = JoinSet::new();
            self.streams(streams, &mut behind, waiting, client, shutdown)
                .await;
            // They find out by themselves that nobody listens any more, and what they began is put to use.
            behind.detach_all();
        }
    }

    /// Answers requests as they come; those that go on `behind` the door keep the connection from being idle.
    async fn streams(
        &self,
        mut streams: Streams,
        behind: &mut JoinSet<()>,
        waiting: &mut Waiting,
        client: Client,
        shutdown: &ShutdownWatch,
    ) {
        let mut watched = shutdown.clone();
        let mut stopping = pin!(ended(&mut watched));
        let mut quiet = Instant::now();
        let mut leaving = false;
        waiting.deadline.as_mut().reset(quiet + IDLE);
        loop {
            let patience = tokio::select! {
                biased;
                () = &mut stopping, if !leaving => self.shared.ending.drain(),
                () = &mut waiting.displaced, if !leaving => GOODBYE,
                () = &mut waiting.deadline => {
                    let now = Instant::now();
                    if leaving || behind.is_empty() && now >= quiet + IDLE {
                        return;
                    }
                    let since = if behind.is_empty() { quiet } else { now };
                    waiting.deadline.as_mut().reset(since + IDLE);
                    continue;
                }
                Some(_) = behind.join_next() => {
                    quiet = Instant::now();
                    continue;
                }
                open = streams.arrive() => {
                    self.answer_all(&mut streams.come, behind, client, shutdown);
                    if !open {
                        return;
                    }
                    quiet = Instant::now();
                    continue;
                }
            };
            leaving = true;
            streams.connection.graceful_shutdown();
            waiting.deadline.as_mut().reset(Instant::now() + patience);
        }
    }

    /// Answers what has come, or begins to.
    fn answer_all(
        &self,
        come: &mut Taken,
        behind: &mut JoinSet<()>,
        client: Client,
        shutdown: &ShutdownWatch,
    ) {
        let begun = Instant::now();
        let routes = self.shared.routes.load();
        let asking = Asking {
            client,
            begun: begun.into_std(),
            routes: &routes,
        };
        let mut answered = Vec::with_capacity(come.len());
        for session in come.drain(..) {
            let Some(told) = self.tell(&session, asking) else {
                let (proxy, shutdown) = (Arc::clone(&self.proxy), shutdown.clone());
                behind.spawn(async move {
                    let session = ServerSession::new_http2(*session);
                    proxy.process_new_http(session, &shutdown).await;
                });
                continue;
            };
            // It is recorded by now: what cannot be said is not asked for once more behind the door.
            let Ok(told) = told else { continue };
            answered.push(told.mark);
            if let Some(sending) = told.send(session) {
                let mut sending = Box::pin(sending);
                if at_once(sending.as_mut()).is_none() {
                    behind.spawn(sending);
                }
            }
        }
        // They leave together, so they took as long.
        let took = begun.elapsed();
        for mark in answered {
            self.shared.traffic.answered(Stage::Door, mark, took);
        }
    }

    /// The answer that a head is enough for. Whatever is refused for its form is Pingora's as well.
    fn tell(&self, session: &HttpSession, asking: Asking<'_>) -> Option<Result<Told>> {
        if !session.is_body_empty() {
            return None;
        }
        let header = session.req_header();
        let fields = fields(header);
        let target = std::str::from_utf8(header.raw_path()).ok()?;
        let head = Head::new(header.method.as_str(), target, Fields::raw(&fields)).ok()?;
        if head.method == Method::Post {
            return None;
        }
        let mut reply = None;
        let mark = self.answer(&head, asking, None, |made, _| reply = Some(made))?;
        Some(Told::new(reply?, head.method == Method::Head, mark))
    }
}

/// An answer as it is sent.
struct Told {
    header: Box<ResponseHeader>,
    /// Nothing where the header is all.
    body: Bytes,
    mark: Mark,
}

impl Told {
    fn new(reply: Reply, head_only: bool, mark: Mark) -> Result<Self> {
        let (mut parts, ()) = Response::new(()).into_parts();
        parts.status = StatusCode::from_u16(reply.status)
            .map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))?;
        // The fields below, and the date, which Pingora adds.
        parts.headers.reserve(reply.headers.len() + 3);
        let body = send::describe(reply, |name, value| {
            parts.headers.insert(name, value);
            Ok(())
        })?;
        Ok(Self {
            header: Box::new(parts.into()),
            body: if head_only { Bytes::new() } else { body },
            mark,
        })
    }

    /// Hands the answer to h2; what is left of it goes as fast as the client has room for it.
    fn send(self, mut session: Box<HttpSession>) -> Option<impl Future<Output = ()> + use<>> {
        let Self { header, body, .. } = self;
        // Who gave the request up needs no answer.
        let begun = session.write_response_header(header, body.is_empty());
        (begun.is_ok() && !body.is_empty()).then_some(async move {
            session.set_write_timeout(Some(ANSWER_DEADLINE));
            let _ = session.write_body(body, true).await;
        })
    }
}

/// Requests, each where it stays until it is answered: they are large, and handed on several times.
type Taken = Vec<Box<HttpSession>>;

/// A connection, and the requests that were taken from it and not looked at yet.
struct Streams {
    connection: Connection<Stream, Bytes>,
    /// What Pingora is told of the connection.
    digest: Arc<Digest>,
    come: Taken,
    malformed: u32,
}

impl Streams {
    async fn begin(stream: Stream) -> Result<Self> {
        let digest = Digest {
            ssl_digest: stream.get_ssl_digest(),
            timing_digest: stream.get_timing_digest(),
            proxy_digest: stream.get_proxy_digest(),
            socket_digest: stream.get_socket_digest(),
        };
        Ok(Self {
            connection: handshake(stream, Some(http2::options())).await?,
            digest: Arc::new(digest),
            come: Taken::new(),
            malformed: 0,
        })
    }

    /// Waits for a request and takes all that are there; whether others may follow. Nothing is lost where the wait is
    /// given up.
    async fn arrive(&mut self) -> bool {
        let mut open = self.accept().await;
        while open && self.come.len() < http2::STREAMS as usize {
            match at_once(self.accept()) {
                Some(more) => open = more,
                None => break,
            }
        }
        open
    }

    /// Takes one request; whether others may follow.
    async fn accept(&mut self) -> bool {
        let digest = Arc::clone(&self.digest);
        match HttpSession::from_h2_conn(&mut self.connection, digest).await {
            Ok(Some(H2Accept::Session(session))) => {
                self.come.push(Box::new(session));
                true
            }
            Ok(Some(H2Accept::Rejected)) => {
                self.malformed += 1;
                self.malformed < MOST_MALFORMED
            }
            Ok(None) | Err(_) => false,
        }
    }
}

/// The fields as those of HTTP/1.1, where the authority is a field as well (RFC 9113 §8.3.1).
fn fields(header: &RequestHeader) -> Vec<httparse::Header<'_>> {
    let mut fields = Vec::with_capacity(header.headers.len() + 1);
    // Pingora refused what has both and says two things.
    if let (Some(authority), false) = (
        header.uri.authority(),
        header.headers.contains_key(http::header::HOST),
    ) {
        fields.push(httparse::Header {
            name: "host",
            value: authority.as_str().as_bytes(),
        });
    }
    fields.extend(header.headers.iter().map(|(name, value)| httparse::Header {
        name: name.as_str(),
        value: value.as_bytes(),
    }));
    fields
}

/// What `future` comes to without waiting. It must be asked again, or its like, by who can wait: nobody is woken for
/// this.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

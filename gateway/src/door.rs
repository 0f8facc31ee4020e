//! The front door: reads each request head, refuses what must be refused, answers what is simple,
//! and hands the rest to Pingora byte for byte.
//!
//! Pingora has no deadline for a whole head and a generous idea of one, so both are bounded here.
//! A redirect of a known route needs nothing but the head, so it is answered from these bytes.

mod arriving;
mod leaving;
mod line;
mod parsing;
mod relay;
mod room;
mod streams;
mod tls;
mod usual;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant as StdInstant};

use arc_swap::Cache;
use bytes::{Buf, BytesMut};
use pingora::apps::HttpServerApp;
use pingora::protocols::http::ServerSession;
use pingora::proxy::HttpProxy;
use pingora::server::ShutdownWatch;
use tokio::time::Instant;
use weir_event::Answer;

use crate::answer::{Dialect, Failure, Reply};
use crate::crowd::{Origin, Place};
use crate::date::{self, Now};
use crate::ecosystem::Plan;
use crate::fact::Fact;
use crate::gateway::Shared;
use crate::gathered::gathered;
use crate::head::{Fields, Head, Method, Refusal};
use crate::proxy::Proxy;
use crate::proxy_protocol::{self, Header};
use crate::recorder::Outcome;
use crate::routes::{Routes, dialect};
use crate::scheme;
use crate::tls::Tls;
use crate::traced::{self, Asked};
use crate::traffic::{Connection, Mark, Stage};
use crate::upstream::known::Found;
use crate::wire;
use arriving::{Wait, Waiting, head_within, read_until, read_within};
use leaving::{finish, send};
pub(crate) use line::Line;
use parsing::{Parsed, read};
use relay::{Caller, Relay, Relayed, Relaying};

/// Largest head, in bytes.
pub(crate) const MAX_HEAD: usize = 16 * 1024;
/// Most fields of a head.
const MAX_FIELDS: usize = 64;
/// Time for a head to arrive whole, from its first byte or from the connection's start.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// Time that a kept connection may wait for its next request.
pub(crate) const IDLE: Duration = Duration::from_secs(30);
/// Time for a client to take an answer that is made here.
const ANSWER_DEADLINE: Duration = Duration::from_secs(10);
/// How long a client may take none of an answer that comes from elsewhere.
pub(crate) const STALLED: Duration = Duration::from_mins(1);
/// How long what a client still sends is read after the last answer.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// The most room for answers that a connection keeps.
const MOST_OUTPUT: usize = 2048;

/// Serves connections.
pub(crate) struct Door {
    shared: Arc<Shared>,
    proxy: Arc<HttpProxy<Proxy>>,
}

/// Who asks, and how the connection is.
#[derive(Clone, Copy)]
struct Client {
    peer: IpAddr,
    /// The connection is encrypted up to here.
    tls: bool,
}

/// A request that has come: of whom, when, and what is served by then.
#[derive(Clone, Copy)]
struct Asking<'a> {
    client: Client,
    begun: StdInstant,
    routes: &'a Routes,
}

/// What the door makes of a head.
enum Verdict {
    /// The answer is in the output; `mark` is what it counts as.
    Answered { keep_alive: bool, mark: Mark },
    /// Passed on as it comes from upstream.
    Relayed(Box<Relay>),
    /// Not simple enough; `body` says that the request has one.
    Deeper { body: bool },
}

impl Door {
    pub(crate) fn new(shared: Arc<Shared>, proxy: Arc<HttpProxy<Proxy>>) -> Self {
        Self { shared, proxy }
    }

    /// Serves one connection until either side ends it; `tls` says how handshakes are made where there is one.
    pub(crate) async fn serve(
        &self,
        mut line: Line,
        peer: IpAddr,
        place: &Place,
        tls: Option<&Tls>,
        shutdown: &ShutdownWatch,
    ) {
        let mut input = BytesMut::new();
        let mut waiting = Waiting::new(&self.shared, shutdown, &place.seat);
        let peer = match self.client(&mut line, &mut input, &mut waiting, peer).await {
            Ok(Some(client)) if self.may_stay(place, peer, client) => client,
            Ok(Some(_)) => return self.shared.traffic.connected(Connection::Crowded),
            Ok(None) => return,
            Err(refusal) => return self.refuse_all(&mut line, refusal).await,
        };
        self.shared.traffic.connected(Connection::Accepted);
        let client = Client {
            peer,
            tls: tls.is_some(),
        };
        if let Some(tls) = tls {
            // What a handshake or HTTP/2 takes, connections that wait over HTTP/1.1 need not carry.
            let welcomed = self.welcome(line, input, &mut waiting, client, tls, shutdown);
            match Box::pin(welcomed).await {
                Some(stream) => (line, input) = (Line::Wrapped(stream), BytesMut::new()),
                None => return,
            }
        }
        self.requests(line, input, waiting, client, shutdown).await;
    }

    /// Counts whom `peer` passes on, where it is another than itself, which was counted when it came.
    fn may_stay(&self, place: &Place, peer: IpAddr, client: IpAddr) -> bool {
        client == peer
            || Origin::of(client, &self.shared.settings)
                .is_none_or(|origin| place.come_from(origin))
    }

    /// Answers one request after the other.
    async fn requests(
        &self,
        mut line: Line,
        mut input: BytesMut,
        mut waiting: Waiting,
        client: Client,
        shutdown: &ShutdownWatch,
    ) {
        let mut output = Vec::new();
        let mut wait = Wait::from_now(HEAD_DEADLINE);
        let mut closing = *shutdown.borrow();
        // What is served changes so seldom that it is not asked for anew each time.
        let mut routes = Cache::new(&self.shared.routes);
        loop {
            output.clear();
            let head = read_within(&mut line, &mut input, &mut waiting, wait, head_within).await;
            let within = match head {
                Ok(Some(within)) => within,
                Ok(None) => return,
                Err(refusal) => return self.refuse_all(&mut line, refusal).await,
            };
            closing = closing || has_ended(shutdown);
            let begun = Instant::now();
            let asking = Asking {
                client,
                begun: begun.into_std(),
                routes: routes.load(),
            };
            let (length, verdict) = self.look(&input[..within], asking, closing, &mut output);
            let taken = match verdict {
                Verdict::Answered { keep_alive, mark } => {
                    let answered = Instant::now();
                    let traffic = &self.shared.traffic;
                    traffic.answered(Stage::Door, mark, answered - begun);
                    wait = Wait::new(answered, IDLE);
                    input.advance(length);
                    if !keep_alive {
                        return finish(&mut line, &output).await;
                    }
                    if !send(&mut line, &output).await {
                        return;
                    }
                    continue;
                }
                Verdict::Relayed(mut relay) => {
                    let head = input.split_to(length);
                    let caller = Caller::new(&mut line, &mut input, &mut waiting);
                    // It takes kilobytes, which connections that wait need not carry.
                    let relayed = self.relay(&mut relay, &head, client.peer, caller, &mut output);
                    match Box::pin(relayed).await {
                        Relayed::Answered(answered) => {
                            wait = Wait::new(answered.into(), IDLE);
                            // What large answers took is not held by a connection that waits.
                            if output.capacity() > MOST_OUTPUT {
                                output = Vec::new();
                            }
                            continue;
                        }
                        Relayed::Over => return finish(&mut line, &output).await,
                        Relayed::Elsewhere => head,
                    }
                }
                Verdict::Deeper { body: true } => input.split(),
                Verdict::Deeper { body: false } => input.split_to(length),
            };
            match Box::pin(self.pass_on(line, taken, closing, shutdown)).await {
                Some(reused) => line = reused,
                None => return,
            }
            wait = Wait::from_now(IDLE);
        }
    }

    /// Has Pingora answer the request that begins with `taken`; the connection, if it goes on.
    async fn pass_on(
        &self,
        line: Line,
        taken: BytesMut,
        closing: bool,
        shutdown: &ShutdownWatch,
    ) -> Option<Line> {
        let mut session = ServerSession::new_http1(gathered(line.into_stream()));
        session.set_keepalive((!closing).then_some(IDLE.as_secs()));
        session.set_write_timeout(Some(STALLED));
        session.set_pipelined_prefix(taken);
        let reused = self.proxy.process_new_http(session, shutdown).await?;
        Some(Line::Wrapped(reused.consume().0))
    }

    /// Who is at the other end: the peer, or whom it passes on if it must say so; `None` at the end of the
    /// connection.
    async fn client(
        &self,
        line: &mut Line,
        input: &mut BytesMut,
        waiting: &mut Waiting,
        peer: IpAddr,
    ) -> Result<Option<IpAddr>, Refusal> {
        if !self.shared.settings.expects_proxy_header(peer) {
            return Ok(Some(peer));
        }
        let read = |input: &[u8], _| proxy_protocol::read(input);
        let header = read_until(line, input, waiting, HEAD_DEADLINE, read).await?;
        let Some(Header { length, source }) = header else {
            return Ok(None);
        };
        input.advance(length);
        if let Some(source) = source {
            line.tell_peer(source);
        }
        Ok(Some(source.unwrap_or(peer)))
    }

    /// Looks at the head that `bytes` begin with, and says how long it is.
    fn look(
        &self,
        bytes: &[u8],
        asking: Asking<'_>,
        closing: bool,
        output: &mut Vec<u8>,
    ) -> (usize, Verdict) {
        read(bytes, |parsed, fields| {
            // What cannot be read is the last that is read of its connection.
            let length = parsed.map_or(bytes.len(), |parsed| parsed.length);
            let verdict = self.judge(bytes, parsed, fields, asking, closing, output);
            (length, verdict)
        })
    }

    /// Answers a head that `bytes` begin with, where that is all it takes.
    fn judge<'h>(
        &self,
        bytes: &[u8],
        parsed: Result<Parsed<'h>, Refusal>,
        fields: Fields<'h>,
        asking: Asking<'h>,
        closing: bool,
        output: &mut Vec<u8>,
    ) -> Verdict {
        let dialect = parsed.map_or(Dialect::Plain, |parsed| dialect(parsed.target));
        let head = parsed.and_then(|parsed| {
            let head = Head::new(parsed.method, parsed.target, fields)?;
            Ok((head, parsed.version))
        });
        let (head, version) = match head {
            Ok(head) => head,
            Err(refusal) => {
                let mark = self.refuse(refusal, dialect, output);
                return Verdict::Answered {
                    keep_alive: false,
                    mark,
                };
            }
        };
        let keep_alive = version == 1 && !closing && !asks_to_close(&head);
        if let Some(reply) = self.first(&head, asking.client) {
            // The body of a POST is not waited for.
            let keep_alive = keep_alive && head.method != Method::Post;
            write(&reply, &head, keep_alive, output);
            let mark = Mark::new(None, Outcome::of(&reply, Answer::Serve));
            return Verdict::Answered { keep_alive, mark };
        }
        if head.method == Method::Post {
            return Verdict::Deeper { body: true };
        }
        let head_only = head.method == Method::Head;
        let mut relaying = Relaying::new(bytes, keep_alive);
        // Chunks, which an answer may come in, are not for clients of HTTP/1.0.
        let may_relay = (version == 1).then_some(&mut relaying);
        let answered = self.answer(&head, asking, may_relay, |reply, now| {
            wire::write(&reply, &now.date, head_only, keep_alive, output);
        });
        match (answered, relaying.relay) {
            (Some(mark), _) => Verdict::Answered { keep_alive, mark },
            (None, Some(relay)) => Verdict::Relayed(relay),
            (None, None) => Verdict::Deeper { body: false },
        }
    }

    /// What is answered whatever is served here: an authority that looks at a challenge, and who should come by https.
    fn first(&self, head: &Head<'_>, client: Client) -> Option<Reply> {
        if !client.tls
            && let Some(answer) = self.shared.tls.certificates.challenges.file(head.path)
        {
            return Some(Reply::text(200, answer).with("cache-control", "no-store"));
        }
        let port = self.shared.https_port.get().copied();
        scheme::to_https(head, client.peer, client.tls, &self.shared.settings, port)
    }

    /// Decides about a request, records it and has the reply written, in this order; what it counts as. Nothing where
    /// more than the head is needed, which `relaying` may be ready for then.
    fn answer<'a>(
        &self,
        head: &Head<'a>,
        asking: Asking<'a>,
        relaying: Option<&mut Relaying<'_>>,
        write: impl FnOnce(Reply, &Now),
    ) -> Option<Mark> {
        let Asking {
            client,
            begun,
            routes,
        } = asking;
        let traced = traced::begun();
        date::now_at(begun, |now| {
            let decision = self.shared.decide(routes, head, now);
            if let Plan::Collect(_) = decision.plan {
                return None;
            }
            let decision = self.shared.within_limit(decision, head, client.peer);
            let decision = match relaying {
                Some(relaying) => self.unrelayed(decision, head, asking, relaying)?,
                None => decision,
            };
            let (reply, answer) = match decision.plan {
                Plan::Redirect { .. } if self.shared.settings.always_proxies(&head.host) => {
                    return None;
                }
                Plan::Redirect { status, location } => {
                    if !self.may_send_to(head, &location, decision.fact.as_ref(), begun) {
                        return None;
                    }
                    (Reply::redirect(status, location), Answer::Redirect)
                }
                Plan::Reply(reply) => (reply, Answer::Serve),
                Plan::Fail(failure) => {
                    self.shared.traffic.failed(failure);
                    (decision.dialect.reply(&failure), Answer::None)
                }
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
                | Plan::Collect(_)
                | Plan::Statement(_) => return None,
            };
            let outcome = Outcome::of(&reply, answer);
            if let Some(fact) = &decision.fact {
                let recorder = &self.shared.recorder;
                recorder.record_at(now, head, client.peer, fact, outcome);
            }
            // Who asked not to be counted is a request, of nothing that is told apart.
            let fact = decision.fact.as_ref().filter(|_| !head.opted_out);
            let mark = Mark::new(fact, outcome);
            if let Some(begun) = traced {
                let settings = &self.shared.settings;
                let asked = Asked {
                    head,
                    secure: scheme::is_secure(head, client.peer, client.tls, settings),
                    trusted: scheme::is_trusted(client.peer, settings),
                    routes,
                    pattern: decision.pattern,
                };
                traced::answered(&mut traced::request(begun, asked), mark, outcome);
            }
            let reply = decision.page.allow(reply);
            let reply = match scheme::strict(head, client.tls, &self.shared.settings) {
                Some(strict) => reply.with(scheme::STRICT, strict),
                None => reply,
            };
            write(reply, now);
            Some(mark)
        })
    }
}

impl Door {
    /// Writes a refusal; what it counts as.
    fn refuse(&self, refusal: Refusal, dialect: Dialect, output: &mut Vec<u8>) -> Mark {
        let failure = Failure::Refused(refusal);
        let reply = dialect.reply(&failure);
        date::now(|now| wire::write(&reply, &now.date, false, false, output));
        self.shared.traffic.failed(failure);
        Mark::new(None, Outcome::of(&reply, Answer::Serve))
    }

    /// Refuses what cannot be told from anything, and all that comes after it.
    async fn refuse_all(&self, line: &mut Line, refusal: Refusal) {
        let mut output = Vec::new();
        let mark = self.refuse(refusal, Dialect::Plain, &mut output);
        let traffic = &self.shared.traffic;
        traffic.answered(Stage::Door, mark, Duration::ZERO);
        finish(line, &output).await;
    }

    /// Whether a redirect needs no question to the host first.
    fn may_send_to(
        &self,
        head: &Head<'_>,
        location: &str,
        fact: Option<&Fact<'_>>,
        now: StdInstant,
    ) -> bool {
        let upstreams = &self.shared.upstreams;
        let known = || {
            let found = upstreams.known.look(location, now);
            matches!(found, Some(Found::There | Found::Unsure))
        };
        !upstreams.is_unsure(head, fact) || !head.is_conditional() && known()
    }
}

/// Whether serving has ended since the watch was last looked at. To ask whether anything changed takes no lock.
fn has_ended(shutdown: &ShutdownWatch) -> bool {
    shutdown.has_changed().unwrap_or(true) && *shutdown.borrow()
}

fn asks_to_close(head: &Head<'_>) -> bool {
    let options = head.list("connection");
    // Most heads have none, and splitting nothing takes as long as splitting one.
    !options.is_empty()
        && options
            .split(',')
            .any(|option| option.trim().eq_ignore_ascii_case("close"))
}

fn write(reply: &Reply, head: &Head<'_>, keep_alive: bool, output: &mut Vec<u8>) {
    let head_only = head.method == Method::Head;
    date::now(|now| wire::write(reply, &now.date, head_only, keep_alive, output));
}

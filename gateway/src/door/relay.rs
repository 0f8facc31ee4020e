//! Answers of upstreams that are passed on as they come, from HTTP/1.1 in the clear to HTTP/1.1.
//!
//! The same answers as through Pingora's phases for a part of what they cost: all was decided at the door, and nothing
//! is kept for those who would change it later. What both ways share is in [`passing`] and [`Context`].

mod answer;
mod body;
mod caller;
mod chunks;
mod heard;
mod request;
mod upstream;

use std::net::IpAddr;
use std::time::Instant;

use http::HeaderValue;
use url::Url;
use weir_event::Answer;

use self::body::Body;
pub(super) use self::caller::Caller;
use self::heard::Heard;
use self::request::Request;
use self::upstream::{Trouble, Upstream};
use super::{Asking, Door};
use crate::answer::Failure;
use crate::context::{Context, Uncounted};
use crate::date;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::fulfil::Forward;
use crate::head::{Head, Method};
use crate::head_places::Places;
use crate::passing;
use crate::peer::Way;
use crate::recorder::Outcome;
use crate::scheme;
use crate::traced::{self, Asked};
use crate::wire;

/// A request that is to be answered so.
pub(super) struct Relay {
    context: Context,
    forward: Forward,
    request: Request,
    head: Places,
    keep_alive: bool,
}

/// How it ended.
pub(super) enum Relayed {
    /// The client has its answer since this moment and may ask for more.
    Answered(Instant),
    /// The connection is to be ended, once what is left is sent.
    Over,
    /// Nothing was answered yet: the upstream leads to where this does not go.
    Elsewhere,
}

/// A request that may turn out to be one for a [`Relay`].
pub(super) struct Relaying<'b> {
    /// Begin with its head.
    bytes: &'b [u8],
    keep_alive: bool,
    pub(super) relay: Option<Box<Relay>>,
}

impl<'b> Relaying<'b> {
    /// Of a request whose head `bytes` begin with, after which the connection goes on, or not.
    pub(super) fn new(bytes: &'b [u8], keep_alive: bool) -> Self {
        Self {
            bytes,
            keep_alive,
            relay: None,
        }
    }
}

impl Door {
    /// Makes a relay of what is decided, if it is to be passed on from where that goes to; else it is left.
    pub(super) fn unrelayed<'a>(
        &self,
        decision: Box<Decision<'a>>,
        head: &Head<'a>,
        asking: Asking<'_>,
        relaying: &mut Relaying<'_>,
    ) -> Option<Box<Decision<'a>>> {
        let Asking {
            client,
            begun,
            routes,
        } = asking;
        let settings = &self.shared.settings;
        let is_streamed = match &decision.plan {
            Plan::Forward { url, .. } => goes_to(url),
            Plan::Redirect { .. } => settings.always_proxies(&head.host),
            _ => false,
        };
        let places = is_streamed.then(|| Places::of(head, relaying.bytes));
        let Some(Some(places)) = places else {
            return Some(decision);
        };
        let forward = match decision.plan {
            Plan::Forward { url, credentials } => Forward::of(url, credentials),
            Plan::Redirect { ref location, .. } => match Url::parse(location) {
                Ok(url) if goes_to(&url) => Forward::of(url, None),
                Ok(_) | Err(_) => return Some(decision),
            },
            _ => return Some(decision),
        };
        let asked = Asked {
            head,
            secure: scheme::is_secure(head, client.peer, client.tls, settings),
            trusted: scheme::is_trusted(client.peer, settings),
            routes,
            pattern: decision.pattern,
        };
        let context = Context {
            span: traced::request(begun, asked),
            strict: scheme::strict(head, client.tls, settings),
            fact: decision.fact.map(Fact::into_owned),
            dialect: decision.dialect,
            page: decision.page,
            uncounted: Some(Uncounted {
                begun,
                opted_out: head.opted_out,
            }),
            ..Context::default()
        };
        relaying.relay = Some(Box::new(Relay {
            context,
            forward,
            request: Request::of(head),
            head: places,
            keep_alive: relaying.keep_alive,
        }));
        None
    }
}

/// Whether what is at `url` can be asked for without Pingora, which alone knows TLS and HTTP/2 on this side.
fn goes_to(url: &Url) -> bool {
    url.scheme() == "http"
}

impl Door {
    /// Answers the request of `head`, whose bytes were looked at before. What is sent goes by way of `output`.
    pub(super) async fn relay(
        &self,
        relay: &mut Relay,
        head: &[u8],
        peer: IpAddr,
        mut caller: Caller<'_>,
        output: &mut Vec<u8>,
    ) -> Relayed {
        while goes_to(&relay.forward.url) {
            let begun = self.begin(relay, head, peer, &mut caller, output);
            match begun.await {
                // It leads on.
                Ok(None) => {}
                Ok(Some((mut upstream, mut body))) => {
                    let passed = upstream.pass(&mut body, output, &mut caller).await;
                    output.clear();
                    let answered = Instant::now();
                    // Who has a part of an answer learns from the connection's end that there was more.
                    if passed.is_err() {
                        return Relayed::Over;
                    }
                    upstream.keep(&self.shared.upstreams.kept, answered);
                    return if relay.keep_alive {
                        Relayed::Answered(answered)
                    } else {
                        Relayed::Over
                    };
                }
                Err(failure) => {
                    self.fail(relay, head, peer, failure, output);
                    return Relayed::Over;
                }
            }
        }
        std::mem::take(&mut relay.context.span).forget();
        Relayed::Elsewhere
    }

    /// Asks the upstream and hears its answer as far as the body. Nothing where it leads on, which `relay` does then.
    async fn begin(
        &self,
        relay: &mut Relay,
        head: &[u8],
        peer: IpAddr,
        caller: &mut Caller<'_>,
        output: &mut Vec<u8>,
    ) -> Result<Option<(Upstream, Body)>, Failure> {
        let (mut upstream, way) = self.ask(relay, caller, output).await?;
        let method = relay.request.method;
        let mut way = Some(way);
        let hearing = upstream.hear(method, caller, |said| {
            let instant = Instant::now();
            if let Some(way) = way.take() {
                way.answered(said.status, instant);
            }
            self.heard((said, instant), relay, head, peer, output)
        });
        match hearing.await {
            Ok(body) => Ok(body?.map(|body| (upstream, body))),
            Err(trouble) => Err(failure(&trouble, &relay.forward, way)),
        }
    }

    /// Puts the question, which is written to `request` for that, at one of the upstream's addresses.
    async fn ask(
        &self,
        relay: &Relay,
        caller: &mut Caller<'_>,
        request: &mut Vec<u8>,
    ) -> Result<(Upstream, Way), Failure> {
        let upstreams = &self.shared.upstreams;
        let forward = &relay.forward;
        let method = match relay.request.method {
            Method::Head => http::Method::HEAD,
            _ => http::Method::GET,
        };
        let way = Way::find(upstreams, &method, &forward.url);
        let mut way = relay.context.span.around(way).await?;
        request.clear();
        relay.request.write(forward, request);
        let deadlines = (way.connect(), upstreams.deadlines.read);
        loop {
            let address = way.address().ok_or(Failure::Upstream)?;
            let asked = Upstream::ask(&upstreams.kept, address, request, caller, deadlines);
            match asked.await {
                Ok(upstream) => return Ok((upstream, way)),
                Err(Trouble::Connect(_)) if way.give_up_address() => {}
                Err(trouble) => return Err(failure(&trouble, forward, Some(way))),
            }
        }
    }

    /// Decides what is made of an answer that is heard at this moment: records it and puts its head into `output`, in
    /// this order. Nothing where it leads on.
    fn heard(
        &self,
        (said, instant): (&Heard<'_>, Instant),
        relay: &mut Relay,
        head: &[u8],
        peer: IpAddr,
        output: &mut Vec<u8>,
    ) -> Result<Option<Body>, Failure> {
        let Relay {
            context,
            forward,
            head: places,
            ..
        } = relay;
        let location = said.all("location").next();
        let location = location.and_then(|location| HeaderValue::from_bytes(location).ok());
        if forward.follow(said.status, location.as_ref())? {
            return Ok(None);
        }
        context.settle(&self.shared.upstreams.pulls, said.status);
        let outcome = passing::outcome(said.status, said.length);
        output.clear();
        date::now_at(instant, |now| {
            let time = (instant, now);
            places.head(head, |head| {
                context.record_at(time, &self.shared, head, peer, outcome);
            });
            let strict = context.strict.as_deref();
            answer::write(said, forward, strict, relay.keep_alive, now, output);
        });
        Ok(Some(said.body))
    }

    /// Records that there was no answer, and writes what the client is told of that.
    fn fail(
        &self,
        relay: &mut Relay,
        head: &[u8],
        peer: IpAddr,
        failure: Failure,
        output: &mut Vec<u8>,
    ) {
        let Relay {
            context,
            request,
            head: places,
            ..
        } = relay;
        context.fail(&self.shared.traffic, failure);
        let reply = context.dialect.reply(&failure);
        let outcome = Outcome::of(&reply, Answer::None);
        places.head(head, |head| {
            context.record(&self.shared, head, peer, outcome);
        });
        let reply = match context.strict.take() {
            Some(strict) => reply.with(scheme::STRICT, strict),
            None => reply,
        };
        let reply = context.page.allow(reply);
        let head_only = request.method == Method::Head;
        output.clear();
        date::now(|now| wire::write(&reply, &now.date, head_only, false, output));
    }
}

/// What `trouble` with an upstream is to the client. The upstream's `way` learns of it, unless it was no fault of its.
fn failure(trouble: &Trouble, forward: &Forward, way: Option<Way>) -> Failure {
    if !matches!(trouble, Trouble::Gone) {
        let host = forward.url.host_str().unwrap_or_default();
        tracing::warn!(host, reason = %trouble, "upstream failed");
        if let Some(way) = way {
            way.failed();
        }
    }
    Failure::Upstream
}

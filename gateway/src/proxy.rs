//! Pingora's phases, each a short method. What the front door did not answer comes through here.

mod collecting;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use http::header;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::modules::http::HttpModules;
use pingora::prelude::HttpPeer;
use pingora::proxy::{FailToProxy, ProxyHttp, ProxyWarnLogContext, Session};
use pingora::{Error, ErrorSource, ErrorType, Result};
use weir_event::Answer;

use crate::answer::{Failure, Reply};
use crate::body;
use crate::context::{Context, Uncounted};
use crate::date;
use crate::fact::Fact;
use crate::fulfil::{Asker, Forward, Step};
use crate::gateway::Shared;
use crate::head::{Fields, Head, Refusal};
use crate::http2;
use crate::passing;
use crate::peer::Way;
use crate::recorder::Outcome;
use crate::routes::Routes;
use crate::scheme;
use crate::send::send;
use crate::traced::{self, Asked};

/// The proxy application.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
}

impl Proxy {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Counts once, and records once, before the answer leaves.
    fn record(
        &self,
        header: &RequestHeader,
        peer: IpAddr,
        context: &mut Context,
        outcome: Outcome,
    ) {
        let head = read(header).ok();
        context.record(&self.shared, head.as_ref(), peer, outcome);
    }

    async fn answer(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        context: &mut Context,
        reply: Reply,
        answer: Answer,
    ) -> Result<bool> {
        if reply.status == 304 {
            context.confirmed();
        }
        let bytes = if answer == Answer::Proxy {
            reply.body.len() as u64
        } else {
            0
        };
        self.record(
            header,
            peer(session),
            context,
            Outcome {
                status: reply.status,
                answer,
                bytes,
            },
        );
        let reply = match context.strict.take() {
            Some(strict) => reply.with(scheme::STRICT, strict),
            None => reply,
        };
        send(session, context.page.allow(reply)).await?;
        Ok(true)
    }

    async fn fail(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        context: &mut Context,
        failure: Failure,
    ) -> Result<bool> {
        context.fail(&self.shared.traffic, failure);
        if header.method == http::Method::POST {
            // What is left of its body would have to be waited for.
            session.set_keepalive(None);
        }
        let reply = context.dialect.reply(&failure);
        self.answer(session, header, context, reply, Answer::None)
            .await
    }

    /// Answers a form that asks for a token.
    async fn sign_in(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        routes: &Routes,
        context: &mut Context,
    ) -> Result<bool> {
        let answer = match (body::read(session).await, read(header)) {
            (Ok(form), Ok(head)) => {
                let upstreams = &self.shared.upstreams;
                let signing_in = upstreams.sign_in(&head, routes, Some(&form));
                context.span.around(signing_in).await
            }
            (Err(failure), _) => Err(failure),
            (_, Err(refusal)) => Err(Failure::Refused(refusal)),
        };
        match answer {
            Ok(reply) => {
                let outcome = Outcome::of(&reply, Answer::Serve);
                context.count(&self.shared.traffic, None, outcome);
                send(session, reply).await?;
                Ok(true)
            }
            Err(failure) => self.fail(session, header, context, failure).await,
        }
    }
}

#[async_trait]
impl ProxyHttp for Proxy {
    type CTX = Context;

    fn new_ctx(&self) -> Context {
        Context {
            uncounted: Some(Uncounted {
                begun: Instant::now(),
                opted_out: false,
            }),
            ..Context::default()
        }
    }

    fn init_downstream_modules(&self, _modules: &mut HttpModules) {
        // Answers are passed on as they come; the default would add a compression step.
    }

    async fn request_filter(&self, session: &mut Session, context: &mut Context) -> Result<bool> {
        if let Err(refusal) = http2::check(session) {
            let header = session.req_header().clone();
            return self
                .fail(session, &header, context, Failure::Refused(refusal))
                .await;
        }
        let header = session.req_header().clone();
        let head = match read(&header) {
            Ok(head) => head,
            Err(refusal) => {
                return self
                    .fail(session, &header, context, Failure::Refused(refusal))
                    .await;
            }
        };
        if let Some(uncounted) = &mut context.uncounted {
            uncounted.opted_out = head.opted_out;
        }
        let peer = peer(session);
        let routes = self.shared.routes.load_full();
        let decision = date::now(|now| self.shared.decide(&routes, &head, now));
        let decision = self.shared.within_limit(decision, &head, peer);
        let mut fact = decision.fact;
        context.dialect = decision.dialect;
        context.page = decision.page;
        let tls = is_encrypted(session);
        let settings = &self.shared.settings;
        let asker = Asker {
            session: self.shared.recorder.session(&head, peer),
            secure: scheme::is_secure(&head, peer, tls, settings),
        };
        if let Some(Uncounted { begun, .. }) = &context.uncounted {
            let request = Asked {
                head: &head,
                secure: asker.secure,
                trusted: scheme::is_trusted(peer, settings),
                routes: &routes,
                pattern: decision.pattern,
            };
            context.span = traced::request(*begun, request);
        }
        context.strict = scheme::strict(&head, tls, settings);
        // What is asked of an upstream takes kilobytes to keep in mind, which streamed answers need not carry.
        let upstreams = &self.shared.upstreams;
        let step = Box::pin(upstreams.fulfil(&head, &routes, decision.plan, &mut fact, asker));
        let step = context.span.around(step).await;
        let step = if self.shared.settings.always_proxies(&head.host) {
            step.and_then(Step::streamed)
        } else {
            step
        };
        context.fact = fact.map(Fact::into_owned);
        match step {
            Ok(Step::Reply(reply, answer)) => {
                self.answer(session, &header, context, reply, answer).await
            }
            Ok(Step::Collect(collector)) => {
                self.collect(session, &header, context, &collector).await
            }
            Ok(Step::Statement(form)) => {
                let reply = self.shared.tell(form, &head, &asker.base(&head), &routes);
                self.answer(session, &header, context, reply, Answer::Serve)
                    .await
            }
            Ok(Step::Form) => self.sign_in(session, &header, &routes, context).await,
            Ok(Step::Forward(forward)) => {
                context.forward = Some(forward);
                Ok(false)
            }
            Err(failure) => self.fail(session, &header, context, failure).await,
        }
    }

    /// Called again for each address of an upstream, and for each upstream that another leads to.
    async fn upstream_peer(
        &self,
        session: &mut Session,
        context: &mut Context,
    ) -> Result<Box<HttpPeer>> {
        let upstreams = &self.shared.upstreams;
        let Context {
            forward, way, span, ..
        } = context;
        let method = &session.req_header().method;
        let url = &forward
            .as_deref()
            .ok_or_else(|| Error::new_in(ErrorType::InternalError))?
            .url;
        let way = match way {
            Some(way) => way,
            None => match span.around(Way::find(upstreams, method, url)).await {
                Ok(found) => way.insert(found),
                Err(failure) => {
                    context.failure = Some(failure);
                    return Err(Error::new_up(ErrorType::ConnectNoRoute));
                }
            },
        };
        let peer = way.peer(url, upstreams.deadlines);
        peer.map(Box::new)
            .ok_or_else(|| Error::new_up(ErrorType::ConnectNoRoute))
    }

    fn fail_to_connect(
        &self,
        _session: &mut Session,
        _peer: &HttpPeer,
        context: &mut Context,
        mut error: Box<Error>,
    ) -> Box<Error> {
        error.set_retry(context.way.as_mut().is_some_and(Way::give_up_address));
        error
    }

    async fn upstream_request_filter(
        &self,
        _session: &mut Session,
        request: &mut RequestHeader,
        context: &mut Context,
    ) -> Result<()> {
        passing::request(request, forward(context)?)
    }

    /// Before anything of the answer is used: what leads on is asked for again where it leads.
    async fn upstream_response_filter(
        &self,
        _session: &mut Session,
        response: &mut ResponseHeader,
        context: &mut Context,
    ) -> Result<()> {
        if response.status.is_informational() {
            return Ok(());
        }
        passing::check_framing(response)?;
        let Context {
            forward,
            way,
            failure,
            ..
        } = context;
        if let Some(way) = way.take() {
            way.answered(response.status.as_u16(), Instant::now());
        }
        let forward = forward
            .as_deref_mut()
            .ok_or_else(|| Error::new_in(ErrorType::InternalError))?;
        let location = response.headers.get(header::LOCATION);
        match forward.follow(response.status.as_u16(), location) {
            Ok(false) => Ok(()),
            Ok(true) => {
                let mut error = Error::new_up(ErrorType::Custom("the upstream leads on"));
                error.set_retry(true);
                Err(error)
            }
            Err(failed) => {
                *failure = Some(failed);
                Err(Error::new_up(ErrorType::InvalidHTTPHeader))
            }
        }
    }

    async fn response_filter(
        &self,
        session: &mut Session,
        response: &mut ResponseHeader,
        context: &mut Context,
    ) -> Result<()>
    where
        Self::CTX: Send + Sync,
    {
        // The answer is yet to come (RFC 9110 §15.2).
        if response.status.is_informational() {
            return Ok(());
        }
        let status = response.status.as_u16();
        context.settle(&self.shared.upstreams.pulls, status);
        passing::response(response, forward(context)?, context.strict.as_deref())?;
        let length = response
            .headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let outcome = passing::outcome(status, length);
        self.record(session.req_header(), peer(session), context, outcome);
        Ok(())
    }

    async fn fail_to_proxy(
        &self,
        session: &mut Session,
        error: &Error,
        context: &mut Context,
    ) -> FailToProxy
    where
        Self::CTX: Send + Sync,
    {
        let already_answered = session.response_written().is_some();
        if !already_answered {
            let host = context
                .forward
                .as_ref()
                .and_then(|forward| forward.url.host_str())
                .unwrap_or_default();
            let failure = context.failure.take().unwrap_or_else(|| {
                // Clients go away all the time, which is nobody's failure.
                if error.esource() != &ErrorSource::Downstream {
                    tracing::warn!(host, reason = error.etype().as_str(), "upstream failed");
                }
                Failure::Upstream
            });
            let way = context.way.take();
            if let (Some(way), ErrorSource::Upstream) = (way, error.esource()) {
                way.failed();
            }
            let header = session.req_header().clone();
            // The answer says so, lest the client's next request meet a closed connection.
            session.set_keepalive(None);
            // A client that went away needs no answer.
            let _ = self.fail(session, &header, context, failure).await;
        }
        FailToProxy {
            error_code: 502,
            can_reuse_downstream: false,
        }
    }

    fn suppress_proxy_warn_log(
        &self,
        _session: &Session,
        _context: &Context,
        _error: &Error,
        _log: ProxyWarnLogContext,
    ) -> bool {
        // Another address, or a redirect that is followed, is nothing to warn of.
        true
    }

    fn suppress_error_log(&self, _session: &Session, _context: &Context, _error: &Error) -> bool {
        // Pingora's line would hold the client's address.
        true
    }
}

/// The forward that `request_filter` set before Pingora connects.
fn forward(context: &Context) -> Result<&Forward> {
    context
        .forward
        .as_deref()
        .ok_or_else(|| Error::new_in(ErrorType::InternalError))
}

fn read(header: &RequestHeader) -> Result<Head<'_>, Refusal> {
    let target = std::str::from_utf8(header.raw_path())
        .map_err(|_| Refusal::Bad("malformed request target"))?;
    Head::new(header.method.as_str(), target, Fields::Map(&header.headers))
}

fn is_encrypted(session: &Session) -> bool {
    session
        .digest()
        .is_some_and(|digest| digest.ssl_digest.is_some())
}

fn peer(session: &Session) -> IpAddr {
    let address = session.client_addr().and_then(|address| address.as_inet());
    address.map_or(IpAddr::from([0, 0, 0, 0]), std::net::SocketAddr::ip)
}

//! Pingora's phases, each a short method. What the front door did not answer comes through here.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::header::{self, HeaderName, HeaderValue};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::modules::http::HttpModules;
use pingora::prelude::HttpPeer;
use pingora::protocols::ALPN;
use pingora::proxy::{FailToProxy, ProxyHttp, Session};
use pingora::{Error, ErrorType, Result};
use weir_event::{Answer, Kind};

use crate::answer::{Dialect, Failure, Reply};
use crate::body;
use crate::date;
use crate::ecosystem::event;
use crate::fact::Fact;
use crate::fulfil::{Asker, Forward, Step};
use crate::gateway::Shared;
use crate::head::{Fields, Head, Refusal};
use crate::recorder::Outcome;
use crate::routes::Routes;

/// Fields that say who asks, or that belong to one connection: they end here (RFC 9110 §7.6.1).
static NOT_FORWARDED: [HeaderName; 20] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::COOKIE,
    header::DNT,
    header::EXPECT,
    header::FORWARDED,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::REFERER,
    HeaderName::from_static("sec-gpc"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// The proxy application.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
}

/// One request's state between phases.
#[derive(Default)]
pub(crate) struct Context {
    forward: Option<Box<Forward>>,
    fact: Option<Fact<'static>>,
    dialect: Dialect,
    recorded: bool,
}

impl Context {
    /// The client has it already: the request was a question whether it changed. A view is one all the same.
    fn confirmed(&mut self) {
        if let Some(fact) = &mut self.fact
            && fact.kind != Kind::View
        {
            fact.kind = Kind::Check;
        }
    }
}

impl Proxy {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Records once, before the answer leaves.
    fn record(
        &self,
        header: &RequestHeader,
        peer: IpAddr,
        context: &mut Context,
        outcome: Outcome,
    ) {
        let (Some(fact), false) = (&context.fact, context.recorded) else {
            return;
        };
        context.recorded = true;
        if let Ok(head) = read(header) {
            self.shared.recorder.record(&head, peer, fact, outcome);
        }
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
        send(session, reply).await?;
        Ok(true)
    }

    async fn fail(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        context: &mut Context,
        failure: Failure,
    ) -> Result<bool> {
        context.fact = context
            .fact
            .take()
            .map(|fact| fact.failed(failure.status()));
        if header.method == http::Method::POST {
            // What is left of its body would have to be waited for.
            session.set_keepalive(None);
        }
        let reply = context.dialect.reply(&failure);
        self.answer(session, header, context, reply, Answer::None)
            .await
    }

    /// Takes the sender's events, all of a body or none.
    async fn collect(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        context: &mut Context,
    ) -> Result<bool> {
        let Some(base) = context.fact.take() else {
            return Ok(false);
        };
        let body = match body::read(session).await {
            Ok(body) => body,
            Err(failure) => {
                let answered = self.fail(session, header, context, failure).await;
                body::discard(session).await;
                return answered;
            }
        };
        let reply = match (event::read_body(&base, &body), read(header)) {
            (Ok(facts), Ok(head)) => {
                let reply = event::accepted(facts.len());
                let outcome = Outcome {
                    status: reply.status,
                    answer: Answer::Serve,
                    bytes: 0,
                };
                for fact in &facts {
                    self.shared
                        .recorder
                        .record(&head, peer(session), fact, outcome);
                }
                reply
            }
            (Err(error), _) => Reply::json(400, &serde_json::json!({ "error": error.to_string() })),
            (_, Err(refusal)) => context.dialect.reply(&Failure::Refused(refusal)),
        };
        send(session, reply).await?;
        Ok(true)
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
                self.shared
                    .upstreams
                    .sign_in(&head, routes, Some(&form))
                    .await
            }
            (Err(failure), _) => Err(failure),
            (_, Err(refusal)) => Err(Failure::Refused(refusal)),
        };
        match answer {
            Ok(reply) => {
                send(session, reply).await?;
                Ok(true)
            }
            Err(failure) => self.fail(session, header, context, failure).await,
        }
    }

    /// The fact of a streamed answer, now that its status is known.
    fn settle(&self, context: &mut Context, status: u16) {
        if let Some(layer) = context
            .forward
            .as_ref()
            .and_then(|forward| forward.layer.as_ref())
        {
            if matches!(status, 200 | 206 | 301..=303 | 307 | 308) {
                context.fact = layer.pull(&self.shared.upstreams.pulls);
            }
        } else if !(matches!(status, 200 | 206) || (300..400).contains(&status)) {
            context.fact = context.fact.take().map(|fact| fact.failed(status));
        }
        if status == 304 {
            context.confirmed();
        }
    }
}

#[async_trait]
impl ProxyHttp for Proxy {
    type CTX = Context;

    fn new_ctx(&self) -> Context {
        Context::default()
    }

    fn init_downstream_modules(&self, _modules: &mut HttpModules) {
        // Answers are passed on as they come; the default would add a compression step.
    }

    async fn request_filter(&self, session: &mut Session, context: &mut Context) -> Result<bool> {
        let header = session.req_header().clone();
        let head = match read(&header) {
            Ok(head) => head,
            Err(refusal) => {
                return self
                    .fail(session, &header, context, Failure::Refused(refusal))
                    .await;
            }
        };
        let peer = peer(session);
        let routes = self.shared.routes.load_full();
        let decision = date::now(|now| routes.decide(&head, &now.midnight));
        let mut fact = decision.fact;
        context.dialect = decision.dialect;
        let asker = Asker::new(
            &head,
            self.shared.recorder.session(&head, peer),
            peer,
            &self.shared.settings.trusted_proxies,
        );
        let step = self
            .shared
            .upstreams
            .fulfil(&head, &routes, decision.plan, &mut fact, asker)
            .await;
        context.fact = fact.map(Fact::into_owned);
        match step {
            Ok(Step::Reply(reply, answer)) => {
                self.answer(session, &header, context, reply, answer).await
            }
            Ok(Step::Collect) => self.collect(session, &header, context).await,
            Ok(Step::Form) => self.sign_in(session, &header, &routes, context).await,
            Ok(Step::Forward(forward)) => {
                context.forward = Some(forward);
                Ok(false)
            }
            Err(failure) => self.fail(session, &header, context, failure).await,
        }
    }

    async fn upstream_peer(
        &self,
        _session: &mut Session,
        context: &mut Context,
    ) -> Result<Box<HttpPeer>> {
        let url = &forward(context)?.url;
        let address = self
            .shared
            .upstreams
            .addresses
            .find(url)
            .await
            .map_err(|_| Error::new_up(ErrorType::ConnectNoRoute))?;
        let tls = url.scheme() == "https";
        let mut peer = HttpPeer::new(address, tls, url.host_str().unwrap_or_default().to_owned());
        let deadline = Duration::from_secs(self.shared.settings.upstream_timeout_s);
        peer.options.connection_timeout = Some(deadline.min(Duration::from_secs(5)));
        peer.options.total_connection_timeout = Some(deadline);
        peer.options.read_timeout = Some(deadline);
        peer.options.write_timeout = Some(deadline);
        peer.options.idle_timeout = Some(Duration::from_secs(30));
        peer.options.alpn = if tls { ALPN::H2H1 } else { ALPN::H1 };
        Ok(Box::new(peer))
    }

    async fn upstream_request_filter(
        &self,
        _session: &mut Session,
        request: &mut RequestHeader,
        context: &mut Context,
    ) -> Result<()> {
        let forward = forward(context)?;
        for name in &NOT_FORWARDED {
            request.remove_header(name);
        }
        let url = &forward.url;
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        request.set_uri(
            target
                .parse()
                .map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))?,
        );
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        request.insert_header(header::HOST, host)?;
        if let Some(authorization) = &forward.authorization {
            request.insert_header(header::AUTHORIZATION, authorization.clone())?;
        }
        Ok(())
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
        let status = response.status.as_u16();
        self.settle(context, status);
        for name in [
            "set-cookie",
            "alt-svc",
            "strict-transport-security",
            "www-authenticate",
        ] {
            response.remove_header(name);
        }
        let redirect = (300..400).contains(&status) && status != 304;
        let forward = forward(context)?;
        if redirect {
            point_absolutely(response, forward)?;
        }
        if let (401, Some(challenge)) = (status, &forward.challenge) {
            response.insert_header(header::WWW_AUTHENTICATE, challenge.as_str())?;
        }
        let answer = if redirect {
            Answer::Redirect
        } else {
            Answer::Proxy
        };
        let length = response
            .headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let bytes = length.filter(|_| !redirect).unwrap_or_default();
        self.record(
            session.req_header(),
            peer(session),
            context,
            Outcome {
                status,
                answer,
                bytes,
            },
        );
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
            tracing::warn!(host, reason = error.etype().as_str(), "upstream failed");
            let header = session.req_header().clone();
            // The answer says so, lest the client's next request meet a closed connection.
            session.set_keepalive(None);
            // A client that went away needs no answer.
            let _ = self
                .fail(session, &header, context, Failure::Upstream)
                .await;
        }
        FailToProxy {
            error_code: 502,
            can_reuse_downstream: false,
        }
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

fn peer(session: &Session) -> IpAddr {
    let address = session.client_addr().and_then(|address| address.as_inet());
    address.map_or(IpAddr::from([0, 0, 0, 0]), std::net::SocketAddr::ip)
}

/// A `Location` that the client would resolve against us is made the upstream's. Nobody keeps it: every
/// download asks here.
fn point_absolutely(response: &mut ResponseHeader, forward: &Forward) -> Result<()> {
    response.insert_header(header::CACHE_CONTROL, "no-store")?;
    let location = response
        .headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    if let Some(absolute) = location.and_then(|location| forward.url.join(location).ok()) {
        response.insert_header(header::LOCATION, absolute.as_str())?;
    }
    Ok(())
}

async fn send(session: &mut Session, reply: Reply) -> Result<()> {
    let head_only = session.req_header().method == http::Method::HEAD;
    let mut response = ResponseHeader::build(reply.status, Some(reply.headers.len() + 3))?;
    date::now(|now| response.insert_header(header::DATE, now.date.as_str()))?;
    for (name, value) in &reply.headers {
        response.insert_header(HeaderName::from_static(name), header_value(value)?)?;
    }
    if !reply.content_type.is_empty() {
        response.insert_header(header::CONTENT_TYPE, reply.content_type)?;
    }
    let has_length = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING]
        .iter()
        .any(|name| response.headers.contains_key(name));
    if !has_length && !matches!(reply.status, 204 | 304) {
        response.insert_header(header::CONTENT_LENGTH, reply.body.len())?;
    }
    let empty = head_only || reply.body.is_empty();
    session
        .write_response_header(Box::new(response), empty)
        .await?;
    if !empty {
        session.write_response_body(Some(reply.body), true).await?;
    }
    Ok(())
}

/// Text from upstream that cannot stand in a header is our failure, not the client's.
fn header_value(value: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(value).map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))
}

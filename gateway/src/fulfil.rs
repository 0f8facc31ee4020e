//! Carries out the plans that need an upstream, as far as the answer's first byte.

mod images;
mod listings;
mod packages;
mod tokens;

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use url::Url;
use weir_event::Answer;

use crate::answer::{Failure, Reply};
use crate::ecosystem::Plan;
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::pulls::{Pulls, Repository};
use crate::routes::Routes;
use crate::upstream::address::Addresses;
use crate::upstream::held::Documents;
use crate::upstream::registry::Registries;
use crate::upstream::{self, Client};

/// What is known of upstreams; outlives every reload of the routes.
pub(crate) struct Upstreams {
    pub(crate) client: Client,
    pub(crate) addresses: Addresses,
    pub(crate) registries: Registries,
    pub(crate) pulls: Pulls,
    documents: Documents,
}

/// What to do next about a request.
pub(crate) enum Step {
    /// Answer with this, which came from us or through us.
    Reply(Reply, Answer),
    /// Stream the upstream's answer.
    Forward(Box<Forward>),
    /// Read the body and take the events in it.
    Collect,
    /// Read the body, which asks for a token.
    Form,
}

/// A request to be streamed from upstream.
pub(crate) struct Forward {
    pub(crate) url: Url,
    /// For this upstream and no other host.
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) layer: Option<Layer>,
    /// What a client is told whose sign-in the upstream no longer takes.
    pub(crate) challenge: Option<String>,
}

impl Forward {
    fn to(url: Url, authorization: Option<HeaderValue>) -> Self {
        Self {
            url,
            authorization,
            layer: None,
            challenge: None,
        }
    }
}

/// A blob that may turn out to be a pull.
pub(crate) struct Layer {
    pub(crate) repository: Repository,
    pub(crate) session: u64,
    pub(crate) digest: String,
    pub(crate) package: String,
    pub(crate) image: String,
}

/// Who asks, as far as plans care.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    /// See [`crate::recorder::Recorder::session`].
    pub(crate) session: u64,
    /// The client reached us by TLS, here or at a trusted proxy.
    pub(crate) secure: bool,
}

impl Upstreams {
    pub(crate) fn new(timeout: Duration) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: Client::new(timeout)?,
            addresses: Addresses::new(),
            registries: Registries::new(),
            pulls: Pulls::new(),
            documents: Documents::new(),
        })
    }

    /// Carries out `plan`; may add to `fact` what the upstream tells.
    pub(crate) async fn fulfil<'a>(
        &self,
        head: &Head<'a>,
        routes: &'a Routes,
        plan: Plan<'a>,
        fact: &mut Option<Fact<'a>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        match plan {
            Plan::Reply(reply) => Ok(Step::Reply(reply, Answer::Serve)),
            Plan::Redirect { status, location } => Ok(Step::Reply(
                Reply::redirect(status, location),
                Answer::Redirect,
            )),
            Plan::Fail(failure) => Err(failure),
            Plan::Forward(url) => Ok(Step::Forward(Forward::to(url, None).into())),
            Plan::Probe(url) => self.probe(url).await,
            Plan::Collect => Ok(Step::Collect),
            Plan::Pypi(ask) => self.python(head, ask).await,
            Plan::Npm(ask) => self.npm(head, ask, asker).await,
            Plan::Cargo(ask) => self.crates(head, ask, asker).await,
            Plan::Oci(ask) => self.image(head, routes, ask, fact, asker).await,
        }
    }

    /// What a GET would find, for clients that size things up first.
    async fn probe(&self, url: Url) -> Result<Step, Failure> {
        const KEPT: [&str; 6] = [
            "content-type",
            "last-modified",
            "etag",
            "accept-ranges",
            "content-disposition",
            "content-length",
        ];
        let found = self.client.probe(url).await?;
        upstream::failure(found.status).map_or(Ok(()), Err)?;
        let mut reply = Reply::new(200, "", Bytes::new());
        for name in KEPT {
            if !found.header(name).is_empty() {
                reply = reply.with(name, found.header(name));
            }
        }
        if found.header("content-length").is_empty() {
            // As a GET would be answered. A length of zero is one that clients believe.
            reply = reply.with("transfer-encoding", "chunked");
        }
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    /// To where a file is; a HEAD is answered here, since clients size files up before they fetch them.
    async fn send_on(&self, head: &Head<'_>, url: Url) -> Result<Step, Failure> {
        if head.method == Method::Head {
            return self.probe(url).await;
        }
        Ok(Step::Reply(
            Reply::redirect(302, url.into()),
            Answer::Redirect,
        ))
    }
}

impl Asker {
    /// Scheme and authority of this host as the client knows it.
    fn base(self, head: &Head<'_>) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", head.authority)
    }

    pub(crate) fn new(
        head: &Head<'_>,
        session: u64,
        peer: IpAddr,
        trusted: &[ipnet::IpNet],
    ) -> Self {
        let proxied = trusted.iter().any(|network| network.contains(&peer));
        Self {
            session,
            secure: proxied && head.text("x-forwarded-proto") == "https",
        }
    }
}

//! Carries out the plans that need an upstream, as far as the answer's first byte.

mod images;
mod packages;

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use url::Url;
use weir_config::catalogue::{Credentials, Index};
use weir_event::Answer;

use crate::answer::{Failure, Reply};
use crate::ecosystem::Plan;
use crate::ecosystem::collector::Collector;
use crate::ecosystem::oci::Renaming;
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::pulls::{Pulls, Repository};
use crate::routes::Routes;
use crate::upstream::address::Addresses;
use crate::upstream::held::Documents;
use crate::upstream::registry::Registries;
use crate::upstream::{self, Client, credential};

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
    /// Read the body and take what it tells.
    Collect(Collector),
}

/// A request to be streamed from upstream.
pub(crate) struct Forward {
    pub(crate) url: Url,
    /// For this upstream and no other host.
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) layer: Option<Layer>,
    /// For listings, whose links name the image.
    pub(crate) renaming: Option<Renaming>,
}

impl Forward {
    fn to(url: Url, authorization: Option<HeaderValue>) -> Self {
        Self {
            url,
            authorization,
            layer: None,
            renaming: None,
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
    /// Platform that only the image's config could tell; empty until asked.
    pub(crate) platform: Option<(String, String)>,
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
            Plan::Forward { url, credentials } => {
                let authorization = credentials.map(credential::basic);
                Ok(Step::Forward(Forward::to(url, authorization).into()))
            }
            Plan::Probe { url, credentials } => self.probe(url, credentials).await,
            Plan::Document(document) => self.document(head, document, asker).await,
            Plan::Listed {
                document,
                file,
                beside,
            } => self.listed(head, document, &file, beside, asker).await,
            Plan::Told(told) => self.told(head, &told, fact, asker).await,
            Plan::Collect(collector) => Ok(Step::Collect(collector)),
            Plan::Pypi(ask) => self.python(head, ask).await,
            Plan::Npm(ask) => self.npm(head, ask, asker).await,
            Plan::Cargo(ask) => self.crates(head, ask, asker).await,
            Plan::Oci(ask) => self.image(head, routes, ask, fact, asker).await,
        }
    }

    /// What a GET would find, for clients that size things up first.
    async fn probe(&self, url: Url, credentials: Option<&Credentials>) -> Result<Step, Failure> {
        const KEPT: [&str; 6] = [
            "content-type",
            "last-modified",
            "etag",
            "accept-ranges",
            "content-disposition",
            "content-length",
        ];
        let found = self
            .client
            .probe(url, upstream::headers("", credentials))
            .await?;
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

    /// To where a file of `index` is; a HEAD is answered here, since clients size files up before they
    /// fetch them. The index's account goes to the index's own host alone.
    async fn send_on(&self, head: &Head<'_>, index: &Index, url: Url) -> Result<Step, Failure> {
        let credentials = index
            .credentials
            .as_ref()
            .filter(|_| url.origin() == index.upstream.origin());
        if head.method == Method::Head {
            return self.probe(url, credentials).await;
        }
        if index.proxy {
            let authorization = credentials.map(credential::basic);
            return Ok(Step::Forward(Forward::to(url, authorization).into()));
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

    /// The root of `index` as the client knows it, without a slash at its end.
    fn root(self, head: &Head<'_>, index: &Index) -> String {
        self.base(head) + index.path.trim_end_matches('/')
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

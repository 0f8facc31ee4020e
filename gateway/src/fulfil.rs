//! Carries out the plans that need an upstream, as far as the answer's first byte.

mod coding;
mod files;
mod following;
mod images;
mod listings;
mod packages;
mod tokens;

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use tokio::sync::Semaphore;
use url::Url;
use weir_config::catalogue::{Credentials, Index};
use weir_config::settings::Gateway as Settings;
use weir_event::Answer;

use crate::answer::{Failure, Reply};
use crate::ecosystem::collector::Collector;
use crate::ecosystem::{Plan, homebrew};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::privacy::Form;
use crate::pulls::{Pulls, Repository};
use crate::routes::Routes;
use crate::traffic::Traffic;
use crate::upstream::address::Addresses;
use crate::upstream::health::Health;
use crate::upstream::held::Documents;
use crate::upstream::kept::Kept;
use crate::upstream::known::Known;
use crate::upstream::registry::Registries;
use crate::upstream::releases::Newest;
use crate::upstream::{self, Client, Deadlines, credential};

/// Most questions to hosts at once.
const MAX_ASKING: usize = 64;

/// What is known of upstreams; outlives every reload of the routes.
pub(crate) struct Upstreams {
    pub(crate) client: Client,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) health: Arc<Health>,
    pub(crate) deadlines: Deadlines,
    pub(crate) registries: Registries,
    pub(crate) pulls: Pulls,
    pub(crate) documents: Documents,
    newest: Newest,
    /// Redirects to files are verified, see [`weir_config::settings::Gateway::verify_files`].
    verify: bool,
    /// Domains on which what is elsewhere is streamed, so that its own answer tells whether it is there.
    always_proxy: Vec<String>,
    pub(crate) known: Known,
    /// Questions to hosts whether a file is there.
    asking: Semaphore,
    /// Connections of what is streamed in the clear.
    pub(crate) kept: Arc<Kept>,
}

/// What to do next about a request.
pub(crate) enum Step {
    /// Answer with this, which came from us or through us.
    Reply(Reply, Answer),
    /// Stream the upstream's answer.
    Forward(Box<Forward>),
    /// Read the body and take what it tells.
    Collect(Collector),
    /// Read the body, which asks for a token.
    Form,
    /// Tell what is kept of a request.
    Statement(Form),
}

/// A request to be streamed from upstream.
pub(crate) struct Forward {
    pub(crate) url: Url,
    /// For this upstream and no other host.
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) layer: Option<Layer>,
    /// What a client is told whose sign-in the upstream no longer takes.
    pub(crate) challenge: Option<String>,
    /// How many redirects are followed here; without a number they are the client's.
    pub(crate) hops_left: Option<usize>,
}

impl Forward {
    /// What [`Plan::Forward`] is.
    pub(crate) fn of(url: Url, credentials: Option<&Credentials>) -> Self {
        Self::to(url, credentials.map(credential::basic)).following()
    }

    pub(crate) fn to(url: Url, authorization: Option<HeaderValue>) -> Self {
        Self {
            url,
            authorization,
            layer: None,
            challenge: None,
            hops_left: None,
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
    /// See [`crate::recorder::Recorder::session`]. None of who asked not to be counted: nothing is remembered of them.
    pub(crate) session: Option<u64>,
    /// The client reached us by TLS, here or at a trusted proxy.
    pub(crate) secure: bool,
}

impl Upstreams {
    pub(crate) fn new(settings: &Settings, traffic: Arc<Traffic>) -> Result<Self, reqwest::Error> {
        let allowed = settings.private_upstreams.clone();
        let addresses = Arc::new(Addresses::new(&settings.name_servers, allowed));
        let health = Arc::new(Health::new(traffic));
        let deadlines = Deadlines::of(settings);
        Ok(Self {
            verify: settings.verify_files,
            always_proxy: settings.always_proxy.clone(),
            client: Client::new(deadlines, Arc::clone(&addresses), Arc::clone(&health))?,
            addresses,
            health,
            deadlines,
            registries: Registries::new(),
            pulls: Pulls::new(),
            documents: Documents::new(),
            newest: Newest::new(),
            known: Known::new(),
            asking: Semaphore::new(MAX_ASKING),
            kept: Arc::default(),
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
            Plan::Redirect { status, location } => {
                self.redirect(head, status, location, fact).await
            }
            Plan::Fail(failure) => Err(failure),
            Plan::Forward { url, credentials } => {
                Ok(Step::Forward(Forward::of(url, credentials).into()))
            }
            Plan::Probe { url, credentials } => self.probe(head, url, credentials).await,
            Plan::Latest { route, taken } => {
                let plan = self.latest(head, route, &taken, fact).await?;
                Box::pin(self.fulfil(head, routes, plan, fact, asker)).await
            }
            Plan::Script { url, content_type } => Box::pin(self.script(url, content_type)).await,
            Plan::Document(document) => self.document(head, document, asker).await,
            Plan::Listed {
                document,
                file,
                beside,
            } => self.listed(head, document, &file, beside, asker).await,
            Plan::Told(told) => self.told(head, &told, fact, asker).await,
            Plan::Collect(collector) => Ok(Step::Collect(collector)),
            Plan::Statement(form) => Ok(Step::Statement(form)),
            Plan::Pypi(ask) => self.python(head, ask).await,
            Plan::Npm(ask) => self.npm(head, ask, asker).await,
            Plan::Cargo(ask) => self.crates(head, ask, asker).await,
            Plan::Conda(ask) => self.conda(head, ask, asker).await,
            Plan::Oci(ask) => self.image(head, routes, ask, fact, asker).await,
        }
    }

    /// What a GET would find, for clients that size things up first.
    async fn probe(
        &self,
        head: &Head<'_>,
        url: Url,
        credentials: Option<&Credentials>,
    ) -> Result<Step, Failure> {
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
                reply = reply.with(name, found.header(name).to_owned());
            }
        }
        if found.header("content-disposition").is_empty()
            && let Some(attachment) = homebrew::attachment(head)
        {
            reply = reply.with("content-disposition", attachment);
        }
        if found.header("content-length").is_empty() {
            // As a GET would be answered. A length of zero is one that clients believe.
            reply = reply.with("transfer-encoding", "chunked");
        }
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    /// To where a file of `index` is; a HEAD is answered here, since clients size files up before they
    /// fetch them.
    async fn send_on(&self, head: &Head<'_>, index: &Index, url: Url) -> Result<Step, Failure> {
        if head.method == Method::Head {
            return self.probe(head, url.clone(), account(index, &url)).await;
        }
        if index.proxy {
            return Ok(streamed(index, url));
        }
        Ok(Step::Reply(
            Reply::redirect(302, url.into()),
            Answer::Redirect,
        ))
    }
}

/// The bytes of a file of `index`, through us.
fn streamed(index: &Index, url: Url) -> Step {
    let authorization = account(index, &url).map(credential::basic);
    Step::Forward(Forward::to(url, authorization).following().into())
}

/// The account to use at `url`: that of the index, at the index's own host alone.
fn account<'i>(index: &'i Index, url: &Url) -> Option<&'i Credentials> {
    let account = index.credentials.as_ref();
    account.filter(|_| url.origin() == index.upstream.origin())
}

impl Asker {
    /// Scheme and authority of this host as the client knows it.
    pub(crate) fn base(self, head: &Head<'_>) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", head.authority)
    }

    /// The root of `index` as the client knows it, without a slash at its end.
    fn root(self, head: &Head<'_>, index: &Index) -> String {
        self.base(head) + &head.mount(index)
    }
}

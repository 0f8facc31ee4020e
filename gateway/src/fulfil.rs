//! Carries out the plans that need an upstream, as far as the answer's first byte.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use url::Url;
use weir_config::catalogue::{Image, Index};
use weir_event::Answer;

use crate::answer::{Failure, Reply};
use crate::ecosystem::oci::{self, Ask, Renaming, Subject};
use crate::ecosystem::{Plan, pypi};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::pulls::{Pulls, Repository};
use crate::routes::Routes;
use crate::upstream::address::Addresses;
use crate::upstream::python::Pages;
use crate::upstream::registry::{Authority, Registries, thing_url};
use crate::upstream::{self, Client};

/// What is known of upstreams; outlives every reload of the routes.
pub(crate) struct Upstreams {
    pub(crate) client: Client,
    pub(crate) addresses: Addresses,
    pub(crate) registries: Registries,
    pub(crate) pulls: Pulls,
    pages: Pages,
}

/// What to do next about a request.
pub(crate) enum Step {
    /// Answer with this, which came from us or through us.
    Reply(Reply, Answer),
    /// Stream the upstream's answer.
    Forward(Box<Forward>),
    /// Read the body and take the events in it.
    Collect,
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
            pages: Pages::new(),
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
            Plan::Oci(Ask::Token) => self.sign_in(head, routes).await,
            Plan::Oci(Ask::SignIn(subject)) => {
                Ok(Step::Reply(challenge(head, subject, asker), Answer::Serve))
            }
            Plan::Oci(Ask::Manifest(subject)) => self.manifest(head, subject, fact, asker).await,
            Plan::Oci(Ask::Blob(subject)) => self.blob(head, subject, asker).await,
            Plan::Oci(Ask::Listing(subject, sort)) => self.listing(head, subject, sort).await,
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

    async fn python(&self, head: &Head<'_>, ask: pypi::Ask<'_>) -> Result<Step, Failure> {
        match ask {
            pypi::Ask::Page {
                index,
                project,
                format,
                content_type,
            } => self.page(head, index, &project, format, content_type).await,
            pypi::Ask::File {
                index,
                project,
                filename,
            } => {
                let url = self
                    .pages
                    .file(&self.client, index, &project, filename)
                    .await?;
                if head.method == Method::Head {
                    return self.probe(url).await;
                }
                Ok(Step::Reply(
                    Reply::redirect(302, url.into()),
                    Answer::Redirect,
                ))
            }
            pypi::Ask::FileMetadata {
                index,
                project,
                filename,
            } => {
                let url = self
                    .pages
                    .file(&self.client, index, &project, filename)
                    .await?;
                Ok(Step::Reply(
                    Reply::redirect(302, beside(url, ".metadata").into()),
                    Answer::Redirect,
                ))
            }
        }
    }

    async fn page(
        &self,
        head: &Head<'_>,
        index: &Index,
        project: &str,
        format: pypi::Format,
        content_type: &'static str,
    ) -> Result<Step, Failure> {
        let page = self
            .pages
            .page(&self.client, index, project, format)
            .await?;
        let fresh = head
            .text("if-none-match")
            .split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == page.etag);
        let content_type = match page.format {
            got if got == format => content_type,
            pypi::Format::Html => "text/html; charset=utf-8",
            pypi::Format::Json => pypi::JSON,
        };
        let reply = if fresh {
            Reply::new(304, "", "")
        } else {
            Reply::new(200, content_type, page.body.clone())
        };
        let reply = reply
            .with("etag", page.etag.clone())
            .with("vary", "accept")
            .with("cache-control", "max-age=60");
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    async fn manifest<'a>(
        &self,
        head: &Head<'a>,
        subject: Subject<'a>,
        fact: &mut Option<Fact<'a>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Subject {
            image, reference, ..
        } = subject;
        let authority = authority(head, image);
        let found = self
            .registries
            .manifest(
                &self.client,
                image,
                reference,
                &head.list("accept"),
                &authority,
            )
            .await?;
        if let Some(fact) = fact {
            let tag = (!oci::is_digest(reference)).then_some(reference);
            self.pulls.learn(
                &repository(head, image),
                asker.session,
                tag,
                &found,
                Instant::now(),
            );
            fact.digest = found.digest.clone().into();
        }
        let reply = Reply::new(200, "", found.bytes.clone())
            .with("content-type", found.media_type.clone())
            .with("docker-content-digest", found.digest.clone())
            .with("etag", format!("\"{}\"", found.digest))
            .with("docker-distribution-api-version", "registry/2.0");
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    async fn blob(
        &self,
        head: &Head<'_>,
        subject: Subject<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Subject {
            package,
            image,
            reference,
        } = subject;
        if !oci::is_digest(reference) {
            return Err(Failure::NotFound);
        }
        let authority = authority(head, image);
        let authorization = self
            .registries
            .authorization(&self.client, image, &authority)
            .await?;
        let layer = if head.method == Method::Get && head.wants_start() {
            let repository = repository(head, image);
            self.read_leaves(&repository, image, asker.session, reference, &authority)
                .await;
            let platform = match self.pulls.config_of(&repository, asker.session, reference) {
                Some(config) => Some(
                    self.registries
                        .platform(&self.client, image, &config, &authority)
                        .await,
                ),
                None => None,
            };
            let own = str::to_owned;
            Some(Layer {
                repository,
                session: asker.session,
                digest: own(reference),
                package: own(package),
                image: own(&image.name),
                platform,
            })
        } else {
            None
        };
        let url = thing_url(image, "blobs", reference)?;
        let forward = match &authorization {
            _ if !image.proxy || head.method == Method::Head => Forward::to(url, authorization),
            own => self.to_storage(url, own.clone()).await?,
        };
        Ok(Step::Forward(Forward { layer, ..forward }.into()))
    }

    /// The way to where the registry keeps a blob, whose address carries its own permission.
    async fn to_storage(
        &self,
        url: Url,
        authorization: Option<HeaderValue>,
    ) -> Result<Forward, Failure> {
        let headers = authorization
            .clone()
            .map(|value| (AUTHORIZATION, value))
            .into_iter()
            .collect();
        Ok(match self.client.leads(&url, headers).await? {
            Some(storage) => Forward::to(storage, None),
            None => Forward::to(url, authorization),
        })
    }

    /// Reads the leaf manifests that a client took from an earlier pull's store, so that its layers have a home.
    async fn read_leaves(
        &self,
        repository: &Repository,
        image: &Image,
        session: u64,
        layer: &str,
        authority: &Authority,
    ) {
        for leaf in self
            .pulls
            .unread(repository, session, layer)
            .iter()
            .take(16)
        {
            if let Ok(manifest) = self
                .registries
                .manifest(&self.client, image, leaf, "", authority)
                .await
            {
                self.pulls.learn_unasked(repository, &manifest);
            }
        }
    }

    async fn listing(
        &self,
        head: &Head<'_>,
        subject: Subject<'_>,
        sort: &str,
    ) -> Result<Step, Failure> {
        let authority = authority(head, subject.image);
        let authorization = self
            .registries
            .authorization(&self.client, subject.image, &authority)
            .await?;
        let mut url = thing_url(subject.image, sort, subject.reference)?;
        url.set_query(head.query);
        let renaming = Renaming {
            upstream: subject.image.repository.clone(),
            ours: subject.image.name.clone(),
        };
        Ok(Step::Forward(
            Forward {
                renaming: Some(renaming),
                ..Forward::to(url, authorization)
            }
            .into(),
        ))
    }

    /// Hands a client's own credentials to the upstream's token service, under the upstream's name for the
    /// image. Public images need no token, but clients that were asked for one want it anyway.
    async fn sign_in(&self, head: &Head<'_>, routes: &Routes) -> Result<Step, Failure> {
        let scopes = url::form_urlencoded::parse(head.query.unwrap_or_default().as_bytes());
        let scopes: Vec<_> = scopes
            .filter(|(name, _)| name == "scope")
            .map(|(_, value)| value)
            .collect();
        let names = scopes
            .iter()
            .filter_map(|scope| scope.strip_prefix("repository:")?.rsplit_once(':'));
        let Some(image) = names
            .map(|(name, _)| name)
            .find_map(|name| routes.private_image(&head.host, name))
        else {
            let body = serde_json::json!({ "token": "public", "expires_in": 3600 });
            return Ok(Step::Reply(
                Reply::json(200, &body).with("cache-control", "no-store"),
                Answer::Serve,
            ));
        };
        let basic = head
            .field("authorization")
            .filter(|value| is_basic(value))
            .and_then(|value| HeaderValue::from_str(value).ok());
        let answer = self.registries.sign_in(&self.client, image, basic).await?;
        Ok(Step::Reply(
            Reply::new(answer.status, "application/json", answer.body)
                .with("cache-control", "no-store"),
            Answer::Proxy,
        ))
    }
}

/// Basic credentials are the only ones a token service takes by GET.
fn is_basic(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(scheme, encoded)| {
        scheme.eq_ignore_ascii_case("basic")
            && base64::prelude::BASE64_STANDARD
                .decode(encoded.trim())
                .is_ok()
    })
}

/// Where a client signs in (distribution specification, token authentication).
fn challenge(head: &Head<'_>, subject: Option<Subject<'_>>, asker: Asker) -> Reply {
    let scheme = if asker.secure { "https" } else { "http" };
    let mut value = format!(
        "Bearer realm=\"{scheme}://{}/v2/token\",service=\"{}\"",
        head.authority, head.host
    );
    if let Some(subject) = subject {
        value.extend([",scope=\"repository:", &subject.image.name, ":pull\""]);
    }
    let body = serde_json::json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "authentication required", "detail": {} }] });
    Reply::json(401, &body)
        .with("www-authenticate", value)
        .with("docker-distribution-api-version", "registry/2.0")
}

/// Private images carry the client's own token, public ones ours.
fn authority(head: &Head<'_>, image: &Image) -> Authority {
    let own = head
        .field("authorization")
        .filter(|_| image.private)
        .and_then(|value| HeaderValue::from_str(value).ok());
    own.map_or(Authority::Own, |mut header| {
        header.set_sensitive(true);
        Authority::Client(header)
    })
}

fn repository(head: &Head<'_>, image: &Image) -> Repository {
    Arc::from(format!("{}/{}", head.host, image.name))
}

/// The address of what lies beside a file under the same name and `ending`.
fn beside(mut url: Url, ending: &str) -> Url {
    let path = format!("{}{ending}", url.path());
    url.set_path(&path);
    url
}

impl Asker {
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

//! Container registries: what we ask of them ourselves; manifests checked and remembered by digest.

use std::sync::Arc;

use moka::future::Cache;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use sha2::{Digest as _, Sha256};
use url::Url;
use weir_config::catalogue::Credentials;

use super::credential::{self, Tokens};
use super::{Client, Document};
use crate::answer::Failure;
use crate::ecosystem::oci::{
    Content, MANIFEST_TYPES, Manifest, Platform, Target, accepts, is_digest,
};
use crate::head::Method;

/// Most bytes of manifests held; one is a few kilobytes.
const MAX_HELD: u64 = 64 * 1024 * 1024;
/// Largest manifest that registries take (distribution specification, "Pushing Manifests").
const MAX_MANIFEST: usize = 4 * 1024 * 1024;
/// Most redirects followed for one question.
const MAX_HOPS: usize = 5;

/// A repository upstream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) registry: &'a Url,
    pub(crate) repository: &'a str,
    /// Ours, for this registry and no other.
    pub(crate) credentials: Option<&'a Credentials>,
}

/// Whose sign-in a request upstream carries.
#[derive(Clone, Debug)]
pub(crate) enum Authority {
    /// Ours, for public images.
    Own,
    /// The client's own token, for private images; goes to the image's registry only.
    Client(HeaderValue),
}

/// What is asked: a manifest, a blob or a listing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) origin: Origin<'a>,
    pub(crate) sort: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) accept: &'a str,
    pub(crate) authority: &'a Authority,
}

/// Upstream registries and what was learned from them.
#[derive(Debug)]
pub(crate) struct Registries {
    tokens: Tokens,
    held: Cache<String, Arc<Manifest>>,
}

impl<'a> Origin<'a> {
    pub(crate) fn of(target: &'a Target<'_>) -> Self {
        Self {
            registry: &target.image.registry,
            repository: &target.repository,
            credentials: target.image.credentials.as_ref(),
        }
    }

    /// The address of a thing in the repository.
    pub(crate) fn url(&self, sort: &str, reference: &str) -> Result<Url, Failure> {
        self.registry
            .join(&format!("/v2/{}/{sort}/{reference}", self.repository))
            .map_err(|_| Failure::Upstream)
    }

    fn key(&self, digest: &str) -> String {
        format!("{}{}@{digest}", self.registry, self.repository)
    }
}

impl<'a> Question<'a> {
    pub(crate) fn manifest(
        origin: Origin<'a>,
        reference: &'a str,
        accept: &'a str,
        authority: &'a Authority,
    ) -> Self {
        Self {
            accept: if accept.is_empty() || accept.contains("*/*") {
                MANIFEST_TYPES
            } else {
                accept
            },
            ..Self::blob(origin, reference, authority).about("manifests")
        }
    }

    pub(crate) fn blob(origin: Origin<'a>, reference: &'a str, authority: &'a Authority) -> Self {
        Self {
            origin,
            sort: "blobs",
            reference,
            query: None,
            accept: "*/*",
            authority,
        }
    }

    /// The same of another sort of thing.
    pub(crate) fn about(self, sort: &'a str) -> Self {
        Self { sort, ..self }
    }
}

impl Registries {
    pub(crate) fn new() -> Self {
        let weigh = |_: &String, manifest: &Arc<Manifest>| {
            u32::try_from(manifest.bytes.len() * 2 + 512).unwrap_or(u32::MAX)
        };
        Self {
            tokens: Tokens::new(),
            held: Cache::builder()
                .weigher(weigh)
                .max_capacity(MAX_HELD)
                .build(),
        }
    }

    /// The `Authorization` for `origin`.
    pub(crate) async fn authorization(
        &self,
        client: &Client,
        origin: Origin<'_>,
        authority: &Authority,
    ) -> Result<Option<HeaderValue>, Failure> {
        match authority {
            Authority::Own => self.tokens.pull(client, origin).await,
            Authority::Client(header) => Ok(Some(credential::for_upstream(header))),
        }
    }

    /// The manifest that is asked for, as it is now. A tag is always checked with the upstream, by a
    /// HEAD, which registries do not count against pull limits; content comes from what is held, if the
    /// client understands it. What is private is checked even by digest: may this client have it?
    pub(crate) async fn manifest(
        &self,
        client: &Client,
        question: Question<'_>,
    ) -> Result<Arc<Manifest>, Failure> {
        let Question {
            origin,
            reference,
            authority,
            ..
        } = question;
        let by_digest = is_digest(reference);
        let mut digest = if by_digest {
            reference.to_owned()
        } else {
            String::new()
        };
        if !by_digest || !matches!(authority, Authority::Own) {
            let found = self.ask(client, Method::Head, question).await?;
            found
                .header("docker-content-digest")
                .clone_into(&mut digest);
        }
        if let Some(held) = self.held.get(&origin.key(&digest)).await
            && accepts(question.accept, &held.media_type)
        {
            return Ok(held);
        }
        // By digest, since the tag may name something else by now.
        let known = Some(digest.as_str()).filter(|digest| is_digest(digest));
        let question = Question {
            reference: known.unwrap_or(reference),
            ..question
        };
        let document = self.ask(client, Method::Get, question).await?;
        let manifest = Arc::new(read(document, known)?);
        self.held
            .insert(origin.key(&manifest.digest), Arc::clone(&manifest))
            .await;
        Ok(manifest)
    }

    /// Asks the upstream and wherever it sends us, and answers with a status of 200. A refused token of
    /// ours is renewed once.
    pub(crate) async fn ask(
        &self,
        client: &Client,
        method: Method,
        question: Question<'_>,
    ) -> Result<Document, Failure> {
        let Question {
            origin, authority, ..
        } = question;
        let own = matches!(authority, Authority::Own);
        for renewed in [false, true] {
            let mut headers = HeaderMap::new();
            let accept = HeaderValue::from_str(question.accept).map_err(|_| Failure::Upstream)?;
            headers.insert(ACCEPT, accept);
            if let Some(value) = self.authorization(client, origin, authority).await? {
                headers.insert(AUTHORIZATION, value);
            }
            let mut url = origin.url(question.sort, question.reference)?;
            url.set_query(question.query);
            let document = follow(client, method, url, headers).await?;
            match super::failure(document.status) {
                None if document.status == 200 => return Ok(document),
                Some(Failure::Denied) if own && !renewed => self.tokens.forget(origin).await,
                Some(Failure::Denied) if !own && document.status == 401 => {
                    return Err(Failure::Unauthorized);
                }
                failure => return Err(failure.unwrap_or(Failure::Upstream)),
            }
        }
        Err(Failure::Denied)
    }

    /// The platform that an image's config names; empty where it cannot be read.
    pub(crate) async fn platform(
        &self,
        client: &Client,
        origin: Origin<'_>,
        config: &str,
        authority: &Authority,
    ) -> Platform {
        let question = Question::blob(origin, config, authority);
        let document = self.ask(client, Method::Get, question).await;
        document
            .ok()
            .and_then(|document| serde_json::from_slice(&document.body).ok())
            .unwrap_or_default()
    }
}

/// Asks `url` and wherever it leads: some registries are only a front for others, and blobs lie in
/// storage. A sign-in never leaves the host that it is for, nor goes where everybody can read it.
async fn follow(
    client: &Client,
    method: Method,
    mut url: Url,
    mut headers: HeaderMap,
) -> Result<Document, Failure> {
    for _ in 0..=MAX_HOPS {
        let document = match method {
            Method::Head => client.head(url.clone(), headers.clone()).await?,
            _ => client.get(url.clone(), headers.clone()).await?,
        };
        if !matches!(document.status, 301..=303 | 307 | 308) {
            return Ok(document);
        }
        let next = url
            .join(document.header("location"))
            .map_err(|_| Failure::Upstream)?;
        if next.origin() != url.origin() {
            headers.remove(AUTHORIZATION);
        }
        url = next;
    }
    tracing::warn!(host = url.host_str(), "upstream redirects without end");
    Err(Failure::Upstream)
}

fn read(document: Document, expected: Option<&str>) -> Result<Manifest, Failure> {
    if document.body.len() > MAX_MANIFEST {
        return Err(Failure::Upstream);
    }
    let digest = format!("sha256:{}", hex::encode(Sha256::digest(&document.body)));
    if expected.is_some_and(|expected| expected.starts_with("sha256:") && expected != digest) {
        tracing::warn!("upstream manifest does not have the digest it was asked by");
        return Err(Failure::Upstream);
    }
    // Digests of other algorithms are the upstream's word.
    let digest = expected
        .filter(|expected| !expected.starts_with("sha256:"))
        .map_or(digest, str::to_owned);
    Ok(Manifest {
        digest,
        media_type: document.header("content-type").to_owned(),
        content: Content::read(&document.body),
        bytes: document.body,
    })
}

//! Container registries: manifests fetched, checked, remembered by digest and read for what is in them.

use std::sync::Arc;

use bytes::Bytes;
use moka::future::Cache;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;
use weir_config::catalogue::Image;

use super::credential::{self, Challenge, Tokens};
use super::{Client, Document};
use crate::answer::Failure;
use crate::ecosystem::oci::{MANIFEST_TYPES, is_digest};

/// Most bytes of manifests held; one is a few kilobytes.
const MAX_HELD: u64 = 64 * 1024 * 1024;
/// Largest manifest that registries take (distribution specification, "Pushing Manifests").
const MAX_MANIFEST: usize = 4 * 1024 * 1024;

/// A manifest as the upstream gave it, byte for byte, and what it says.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) digest: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) content: Content,
}

/// What a manifest is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Several manifests, one a platform.
    Index(Vec<Child>),
    /// One image: its config and layers.
    Image { config: String, layers: Vec<String> },
    /// Neither; passed on unread.
    Other,
}

/// One entry of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) digest: String,
    pub(crate) os: String,
    pub(crate) arch: String,
}

/// Whose sign-in a request upstream carries.
#[derive(Clone, Debug)]
pub(crate) enum Authority {
    /// Ours, for public images.
    Own,
    /// The client's own token, for private images; goes to the image's registry only.
    Client(HeaderValue),
}

/// Upstream registries and what was learned from them.
#[derive(Debug)]
pub(crate) struct Registries {
    tokens: Tokens,
    held: Cache<String, Arc<Manifest>>,
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

    /// The `Authorization` for `image` upstream.
    pub(crate) async fn authorization(
        &self,
        client: &Client,
        image: &Image,
        authority: &Authority,
    ) -> Result<Option<HeaderValue>, Failure> {
        match authority {
            Authority::Own => self.tokens.pull(client, image).await,
            Authority::Client(header) => Ok(Some(header.clone())),
        }
    }

    /// The upstream refused our sign-in: the next request asks for a new one.
    pub(crate) async fn forget(&self, image: &Image) {
        self.tokens.forget(image).await;
    }

    /// The manifest that `reference` names now. A tag is always checked with the upstream, by a
    /// HEAD, which registries do not count against pull limits; content comes from what is held.
    pub(crate) async fn manifest(
        &self,
        client: &Client,
        image: &Image,
        reference: &str,
        accept: &str,
        authority: &Authority,
    ) -> Result<Arc<Manifest>, Failure> {
        let public = matches!(authority, Authority::Own);
        let by_digest = is_digest(reference);
        if by_digest
            && public
            && let Some(held) = self.held.get(&key(image, reference)).await
        {
            return Ok(held);
        }
        if !by_digest || !public {
            let found = self
                .ask(client, image, reference, accept, authority, true)
                .await?;
            let digest = found.header("docker-content-digest");
            if let Some(held) = self.held.get(&key(image, digest)).await {
                return Ok(held);
            }
        }
        let document = self
            .ask(client, image, reference, accept, authority, false)
            .await?;
        let manifest = Arc::new(read(document, by_digest.then_some(reference))?);
        self.held
            .insert(key(image, &manifest.digest), Arc::clone(&manifest))
            .await;
        Ok(manifest)
    }

    /// Asks for a manifest; a refused token is renewed once.
    async fn ask(
        &self,
        client: &Client,
        image: &Image,
        reference: &str,
        accept: &str,
        authority: &Authority,
        head: bool,
    ) -> Result<Document, Failure> {
        for renewed in [false, true] {
            let mut headers = HeaderMap::new();
            let accept = if accept.is_empty() {
                MANIFEST_TYPES
            } else {
                accept
            };
            headers.insert(
                ACCEPT,
                HeaderValue::from_str(accept).map_err(|_| Failure::Upstream)?,
            );
            if let Some(value) = self.authorization(client, image, authority).await? {
                headers.insert(AUTHORIZATION, value);
            }
            let url = thing_url(image, "manifests", reference)?;
            let document = if head {
                client.head(url, headers).await?
            } else {
                client.get(url, headers).await?
            };
            match super::failure(document.status) {
                None if document.status == 200 => return Ok(document),
                Some(Failure::Denied) if !renewed && matches!(authority, Authority::Own) => {
                    self.forget(image).await;
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
        image: &Image,
        config: &str,
        authority: &Authority,
    ) -> (String, String) {
        let read = async {
            let mut headers = HeaderMap::new();
            if let Some(value) = self.authorization(client, image, authority).await? {
                headers.insert(AUTHORIZATION, value);
            }
            let url = thing_url(image, "blobs", config)?;
            let mut document = client.get(url.clone(), headers).await?;
            if matches!(document.status, 301..=308) {
                // To storage, without our sign-in.
                let storage = url
                    .join(document.header("location"))
                    .map_err(|_| Failure::Upstream)?;
                document = client.get(storage, HeaderMap::new()).await?;
            }
            Ok::<_, Failure>(serde_json::from_slice::<Platform>(&document.body).ok())
        };
        match read.await {
            Ok(Some(platform)) => (platform.os, platform.architecture),
            Ok(None) | Err(_) => Default::default(),
        }
    }

    /// Checks a client's own credentials (`basic`) with the upstream's token service and hands on what it says.
    pub(crate) async fn sign_in(
        &self,
        client: &Client,
        image: &Image,
        basic: Option<HeaderValue>,
    ) -> Result<Document, Failure> {
        match credential::challenge(client, image).await? {
            Challenge::Bearer { realm, service } => {
                let url = credential::token_url(realm, service.as_deref(), &image.repository);
                credential::ask(client, url, basic).await
            }
            Challenge::Open | Challenge::Basic => Err(Failure::Denied),
        }
    }
}

fn key(image: &Image, digest: &str) -> String {
    format!("{}{}@{digest}", image.registry, image.repository)
}

/// The upstream's address of a thing in `image`'s repository.
pub(crate) fn thing_url(image: &Image, sort: &str, reference: &str) -> Result<Url, Failure> {
    image
        .registry
        .join(&format!("/v2/{}/{sort}/{reference}", image.repository))
        .map_err(|_| Failure::Upstream)
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
    let media_type = document.header("content-type").to_owned();
    let content = content(&document.body);
    Ok(Manifest {
        digest,
        media_type,
        bytes: document.body,
        content,
    })
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

/// Reads what a manifest says (image specification, "Image Manifest", "Image Index").
fn content(bytes: &[u8]) -> Content {
    let Ok(written) = serde_json::from_slice::<Written>(bytes) else {
        return Content::Other;
    };
    if let Some(manifests) = written.manifests {
        return Content::Index(manifests.into_iter().map(child).collect());
    }
    let Some(config) = written.config else {
        return Content::Other;
    };
    let layers = written
        .layers
        .into_iter()
        .filter(is_layer)
        .map(|layer| layer.digest)
        .collect();
    Content::Image {
        config: config.digest,
        layers,
    }
}

fn child(descriptor: Descriptor) -> Child {
    let platform = descriptor.platform.unwrap_or(Platform {
        os: String::new(),
        architecture: String::new(),
        variant: None,
    });
    let variant = platform
        .variant
        .filter(|_| platform.architecture == "arm")
        .unwrap_or_default();
    Child {
        digest: descriptor.digest,
        os: platform.os,
        arch: platform.architecture + &variant,
    }
}

/// Layers that make up a download; attestations and signatures do not.
fn is_layer(descriptor: &Descriptor) -> bool {
    !matches!(
        descriptor.media_type.as_str(),
        "application/vnd.in-toto+json"
            | "application/vnd.dev.cosign.simplesigning.v1+json"
            | "application/vnd.oci.empty.v1+json"
    )
}

impl Child {
    /// Attestations stand in an index under an unknown platform.
    pub(crate) fn is_attestation(&self) -> bool {
        self.os == "unknown" || self.arch == "unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_lists_platforms_and_marks_attestations() {
        let Content::Index(children) = content(
            br#"{"schemaVersion":2,"manifests":[
                {"digest":"sha256:a","platform":{"os":"linux","architecture":"arm","variant":"v7"}},
                {"digest":"sha256:b","platform":{"os":"unknown","architecture":"unknown"}}]}"#,
        ) else {
            panic!("an index")
        };
        assert_eq!(
            (children[0].os.as_str(), children[0].arch.as_str()),
            ("linux", "armv7")
        );
        assert!(children[1].is_attestation() && !children[0].is_attestation());
    }

    #[test]
    fn layers_are_those_of_the_image() {
        let read = content(
            br#"{"config":{"digest":"sha256:c"},"layers":[
                {"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:l"},
                {"mediaType":"application/vnd.in-toto+json","digest":"sha256:t"}]}"#,
        );
        assert_eq!(
            read,
            Content::Image {
                config: "sha256:c".into(),
                layers: vec!["sha256:l".into()]
            }
        );
        assert_eq!(content(b"not json"), Content::Other);
    }
}

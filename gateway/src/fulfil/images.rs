//! Container images: manifests through us, layers from where the registry keeps them.

use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use reqwest::header::HeaderValue;
use weir_config::catalogue::Image;
use weir_event::Answer;

use super::{Asker, Forward, Layer, Step, Upstreams};
use crate::answer::{Failure, Reply};
use crate::ecosystem::oci::{self, Ask, Renaming, Subject};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::pulls::Repository;
use crate::routes::Routes;
use crate::upstream::registry::{Authority, thing_url};

impl Upstreams {
    pub(super) async fn image<'a>(
        &self,
        head: &Head<'a>,
        routes: &'a Routes,
        ask: Ask<'a>,
        fact: &mut Option<Fact<'a>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        match ask {
            Ask::Token => self.sign_in(head, routes).await,
            Ask::SignIn(subject) => Ok(Step::Reply(challenge(head, subject, asker), Answer::Serve)),
            Ask::Manifest(subject) => self.manifest(head, subject, fact, asker).await,
            Ask::Blob(subject) => self.blob(head, subject, asker).await,
            Ask::Listing(subject, sort) => self.listing(head, subject, sort).await,
        }
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
        let forward = Forward::to(url, authorization);
        // Storage gives addresses for GET alone, so a HEAD ends at the registry.
        let forward = if image.proxy && head.method == Method::Get {
            forward.following()
        } else {
            forward
        };
        Ok(Step::Forward(Forward { layer, ..forward }.into()))
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
    let mut value = format!(
        "Bearer realm=\"{}/v2/token\",service=\"{}\"",
        asker.base(head),
        head.host
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

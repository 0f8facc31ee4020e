//! Container images: manifests through us, layers from where the registry keeps them.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::HeaderValue;
use weir_event::Answer;

use super::{Asker, Forward, Layer, Step, Upstreams, listings, tokens};
use crate::answer::{Failure, Reply};
use crate::ecosystem::oci::{self, Ask, Content, Subject, Target};
use crate::fact::Fact;
use crate::head::{Head, Method};
use crate::pulls::{Pulls, Repository};
use crate::routes::Routes;
use crate::upstream::registry::{Authority, Origin, Question};

/// Most leaves of one index that are read to find out which layers they have.
const MAX_LEAVES: usize = 16;

impl Upstreams {
    pub(super) async fn image<'a>(
        &self,
        head: &Head<'a>,
        routes: &'a Routes,
        ask: Ask<'a>,
        fact: &mut Option<Fact<'a>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let (name, step) = match ask {
            Ask::Token if head.method == Method::Post => return Ok(Step::Form),
            Ask::Token => {
                let reply = self.sign_in(head, routes, None).await?;
                return Ok(Step::Reply(reply, Answer::Proxy));
            }
            Ask::SignIn(name) => (name, Err(Failure::Unauthorized)),
            Ask::Manifest(subject) => {
                let found = self.manifest(head, &subject, fact, asker).await;
                if found.is_err() {
                    blame(fact, &subject.target);
                }
                (Some(subject.target.name), found)
            }
            Ask::Blob(subject) => (
                Some(subject.target.name),
                self.blob(head, &subject, asker).await,
            ),
            Ask::Tags(target) => (Some(target.name), self.tags(head, &target).await),
            Ask::Referrers(subject) => (
                Some(subject.target.name),
                self.referrers(head, &subject).await,
            ),
        };
        match step {
            Err(Failure::Unauthorized) => {
                // The client comes again, with a token.
                *fact = None;
                let reply = tokens::challenge(head, name, asker);
                Ok(Step::Reply(reply, Answer::Serve))
            }
            step => step,
        }
    }

    async fn manifest<'a>(
        &self,
        head: &Head<'a>,
        subject: &Subject<'a>,
        fact: &mut Option<Fact<'a>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Subject { target, reference } = subject;
        let authority = authority(head, target);
        let accept = head.list("accept");
        let question = Question::manifest(Origin::of(target), reference, &accept, &authority);
        let found = self.registries.manifest(&self.client, question).await?;
        let by_digest = oci::is_digest(reference);
        if let Some(fact) = fact {
            if let Some(session) = asker.session {
                self.pulls.learn(
                    &repository(head, target),
                    session,
                    (!by_digest).then_some(reference),
                    &found,
                    Instant::now(),
                );
            }
            fact.digest = found.digest.clone().into();
            if let Content::Image(parts) = &found.content {
                fact.ecosystem = oci::ecosystem(&parts.artifact_type);
            }
        } else if head.method == Method::Get {
            // A signature that was found is looked at like any other manifest.
            *fact = Some(Fact {
                digest: found.digest.clone().into(),
                ..oci::manifest_fact(head.method, target, reference)
            });
        }
        let etag = format!("\"{}\"", found.digest);
        let unchanged = head.list("if-none-match").contains(&etag);
        let reply = if unchanged {
            Reply::new(304, "", "")
        } else {
            Reply::new(200, "", found.bytes.clone()).with("content-type", found.media_type.clone())
        };
        let reply = reply
            .with("docker-content-digest", found.digest.clone())
            .with("etag", etag)
            .with("cache-control", lifetime(target, by_digest))
            .with("vary", "accept")
            .with("docker-distribution-api-version", "registry/2.0");
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    async fn blob(
        &self,
        head: &Head<'_>,
        subject: &Subject<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Subject { target, reference } = subject;
        let authority = authority(head, target);
        let origin = Origin::of(target);
        if head.method == Method::Head {
            return self.size_up(origin, reference, &authority).await;
        }
        let layer = match asker.session {
            Some(session) if head.wants_start() => {
                Some(self.layer(head, subject, session, &authority).await)
            }
            _ => None,
        };
        let authorization = self
            .registries
            .authorization(&self.client, origin, &authority)
            .await?;
        let forward = Forward::to(origin.url("blobs", reference)?, authorization);
        let forward = if target.image.proxy {
            forward.following()
        } else {
            forward
        };
        let challenge = target
            .image
            .private
            .then(|| tokens::wanted(head, Some(target.name), asker));
        Ok(Step::Forward(
            Forward {
                layer,
                challenge,
                ..forward
            }
            .into(),
        ))
    }

    /// What a GET would find. Answered here, because storage signs the method along with the address.
    async fn size_up(
        &self,
        origin: Origin<'_>,
        digest: &str,
        authority: &Authority,
    ) -> Result<Step, Failure> {
        let question = Question::blob(origin, digest, authority);
        let found = self
            .registries
            .ask(&self.client, Method::Head, question)
            .await?;
        let reply = Reply::new(200, "application/octet-stream", "")
            .with("content-length", found.header("content-length").to_owned())
            .with("docker-content-digest", digest.to_owned())
            .with("accept-ranges", "bytes")
            .with("docker-distribution-api-version", "registry/2.0");
        Ok(Step::Reply(reply, Answer::Proxy))
    }

    /// Finds out what is to be known of a blob before it can be counted.
    async fn layer(
        &self,
        head: &Head<'_>,
        subject: &Subject<'_>,
        session: u64,
        authority: &Authority,
    ) -> Layer {
        let Subject { target, reference } = subject;
        let (origin, repository) = (Origin::of(target), repository(head, target));
        // A client may have taken the manifests from an earlier pull's store.
        let unread = self.pulls.unread(&repository, session, reference);
        for leaf in unread.iter().take(MAX_LEAVES) {
            let question = Question::manifest(origin, leaf, "", authority);
            if let Ok(manifest) = self.registries.manifest(&self.client, question).await {
                self.pulls.learn_unasked(&repository, &manifest);
            }
        }
        if let Some((leaf, config)) = self.pulls.without_platform(&repository, session, reference) {
            let platform = self
                .registries
                .platform(&self.client, origin, &config, authority)
                .await;
            self.pulls
                .learn_platform(&repository, &leaf, &platform.os, &platform.arch());
        }
        Layer {
            repository,
            session,
            digest: (*reference).to_owned(),
            package: target.package.clone().into_owned(),
            image: target.name.to_owned(),
        }
    }

    async fn tags(&self, head: &Head<'_>, target: &Target<'_>) -> Result<Step, Failure> {
        let authority = authority(head, target);
        let question = Question {
            query: head.query,
            ..Question::blob(Origin::of(target), "list", &authority).about("tags")
        };
        let found = self
            .registries
            .ask(&self.client, Method::Get, question)
            .await?;
        Ok(Step::Reply(
            listings::tags(head, target, question, &found)?,
            Answer::Proxy,
        ))
    }

    /// What refers to a manifest. Registries without that interface keep it in an index under a tag, where
    /// clients would have to look next (distribution specification, "Unavailable Referrers API"); we do.
    async fn referrers(&self, head: &Head<'_>, subject: &Subject<'_>) -> Result<Step, Failure> {
        let Subject { target, reference } = subject;
        let authority = authority(head, target);
        let origin = Origin::of(target);
        let question = Question {
            query: head.query,
            accept: listings::INDEX,
            ..Question::blob(origin, reference, &authority).about("referrers")
        };
        let found = self
            .registries
            .ask(&self.client, Method::Get, question)
            .await;
        let reply = match found {
            Ok(found) => listings::referrers(head, target, question, &found),
            Err(Failure::NotFound) => {
                let tag = oci::referrers_tag(reference);
                let question = Question::manifest(origin, &tag, listings::INDEX, &authority);
                let kept = self.registries.manifest(&self.client, question).await;
                listings::kept_by_tag(kept.as_deref())?
            }
            Err(failure) => return Err(failure),
        };
        Ok(Step::Reply(reply, Answer::Proxy))
    }
}

impl Layer {
    /// The pull that this layer begins, if it begins one. The client is about to be given it.
    pub(crate) fn pull(&self, pulls: &Pulls) -> Option<Fact<'static>> {
        let pull = pulls.layer(&self.repository, self.session, &self.digest, Instant::now())?;
        let ecosystem = oci::ecosystem(&pull.artifact_type);
        let version = match ecosystem {
            // Helm writes the build part of a version so, since a tag cannot hold a "+".
            "helm" => pull.version.replace('_', "+"),
            _ => pull.version,
        };
        let artifact_type = Some(pull.artifact_type).filter(|kind| !kind.is_empty());
        Some(Fact {
            package: self.package.clone().into(),
            version: version.into(),
            artifact: self.image.clone().into(),
            digest: pull.digest.into(),
            os: pull.os.into(),
            arch: pull.arch.into(),
            props: artifact_type
                .map(|kind| ("artifact_type".into(), kind.into()))
                .into_iter()
                .collect(),
            ..Fact::new(pull.kind, ecosystem, "", "pull")
        })
    }
}

/// What a pattern lets through is a package once the upstream has it; until then the name is the asker's
/// invention, and the request is the pattern's.
fn blame<'a>(fact: &mut Option<Fact<'a>>, target: &Target<'a>) {
    if let Some(fact) = fact
        && !target.image.name.is_single()
    {
        fact.package = target.written.into();
        fact.artifact = target.image.name.as_str().into();
    }
}

/// What a digest names never changes; what a tag names does.
fn lifetime(target: &Target<'_>, by_digest: bool) -> &'static str {
    match (by_digest, target.image.private) {
        (false, _) => "no-cache",
        (true, false) => "public, max-age=31536000, immutable",
        (true, true) => "private, max-age=31536000, immutable",
    }
}

/// Private images carry the client's own token, public ones ours.
fn authority(head: &Head<'_>, target: &Target<'_>) -> Authority {
    let own = head
        .field("authorization")
        .filter(|_| target.image.private)
        .and_then(|value| HeaderValue::from_str(value).ok());
    own.map_or(Authority::Own, |mut header| {
        header.set_sensitive(true);
        Authority::Client(header)
    })
}

fn repository(head: &Head<'_>, target: &Target<'_>) -> Repository {
    Arc::from(format!("{}/{}", head.host, target.name))
}

//! Packages from indexes: documents through us, files from where the index says they are.

use url::Url;
use weir_config::catalogue::Index;
use weir_event::{Answer, Kind};

use super::{Asker, Step, Upstreams, coding, streamed};
use crate::answer::{Failure, Reply};
use crate::ecosystem::conda::{self, Listing};
use crate::ecosystem::document::address::Address;
use crate::ecosystem::document::{Document, Then, Told};
use crate::ecosystem::terraform::{self, source::Lead};
use crate::ecosystem::{cargo, npm, pypi};
use crate::fact::Fact;
use crate::head::Head;
use crate::upstream::held::Held;
use crate::upstream::npm::Wanted;
use crate::upstream::{conda as channels, crates, document, module, npm as packages, python};

impl Upstreams {
    pub(super) async fn document(
        &self,
        head: &Head<'_>,
        wanted: Document<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let base = asker.root(head, wanted.index);
        let found = document::document(&self.documents, &self.client, &wanted, &base).await?;
        Ok(serve(head, &found, wanted.content_type).await)
    }

    pub(super) async fn listed(
        &self,
        head: &Head<'_>,
        wanted: Document<'_>,
        file: &str,
        ending: &str,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let base = asker.root(head, wanted.index);
        let url = document::file(&self.documents, &self.client, &wanted, &base, file).await?;
        self.send_on(head, wanted.index, beside(url, ending)).await
    }

    pub(super) async fn told(
        &self,
        head: &Head<'_>,
        told: &Told<'_>,
        fact: &mut Option<Fact<'_>>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Told { by, wanted, .. } = told;
        let base = asker.root(head, by.index);
        let first = document::document(&self.documents, &self.client, by, &base).await?;
        if let Then::Find(_, file) = &told.then
            && let Some(url) = first.files.get(file).and_then(Address::url)
        {
            return self.send_on(head, by.index, url).await;
        }
        let service = first.files.get(told.service).and_then(Address::url);
        let service = service.ok_or(Failure::NotFound)?;
        let url = (told.place)(&service, wanted).ok_or(Failure::Upstream)?;
        match &told.then {
            Then::SendOn => self.send_on(head, by.index, url).await,
            Then::Serve(reading) => {
                let document = reading.at(by.index, url, wanted);
                self.document(head, document, asker).await
            }
            Then::Find(reading, file) => {
                let document = reading.at(by.index, url, wanted);
                self.listed(head, document, file, "", asker).await
            }
            Then::Lead => {
                let lead = module::source(&self.documents, &self.client, by.index, url).await?;
                lead_to(head, by.index, wanted, lead, fact)
            }
            Then::Follow => {
                let lead = module::source(&self.documents, &self.client, by.index, url).await?;
                match lead {
                    Lead::Archive { url, .. } => self.send_on(head, by.index, url).await,
                    Lead::Elsewhere(_) => Err(Failure::NotFound),
                }
            }
        }
    }

    pub(super) async fn python(
        &self,
        head: &Head<'_>,
        ask: pypi::Ask<'_>,
    ) -> Result<Step, Failure> {
        let Self {
            documents, client, ..
        } = self;
        match ask {
            pypi::Ask::Page {
                index,
                project,
                format,
                content_type,
            } => {
                let page = python::page(
                    documents,
                    client,
                    index,
                    &head.mount(index),
                    &project,
                    format,
                )
                .await?;
                let content_type = match page.form {
                    got if got == format.as_str() => content_type,
                    "json" => pypi::JSON,
                    _ => "text/html; charset=utf-8",
                };
                Ok(serve(head, &page, content_type).await)
            }
            pypi::Ask::File {
                index,
                project,
                filename,
            } if pypi::wants_piece(head) => {
                let url = python::file(
                    documents,
                    client,
                    index,
                    &head.mount(index),
                    &project,
                    filename,
                )
                .await?;
                Ok(streamed(index, url))
            }
            pypi::Ask::File {
                index,
                project,
                filename,
            } => {
                let url = python::file(
                    documents,
                    client,
                    index,
                    &head.mount(index),
                    &project,
                    filename,
                )
                .await?;
                self.send_on(head, index, url).await
            }
            pypi::Ask::FileMetadata {
                index,
                project,
                filename,
            } => {
                let url = python::file(
                    documents,
                    client,
                    index,
                    &head.mount(index),
                    &project,
                    filename,
                )
                .await?;
                self.send_on(head, index, beside(url, ".metadata")).await
            }
        }
    }

    pub(super) async fn npm(
        &self,
        head: &Head<'_>,
        ask: npm::Ask<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Self {
            documents, client, ..
        } = self;
        match ask {
            npm::Ask::Document {
                index,
                package,
                version,
                abbreviated,
            } => {
                let base = asker.root(head, index);
                let wanted = Wanted {
                    index,
                    package: &package,
                    version,
                    abbreviated,
                    base: &base,
                };
                let document = packages::document(documents, client, wanted).await?;
                Ok(serve(head, &document, packages::content_type(&document)).await)
            }
            npm::Ask::Tarball {
                index,
                package,
                filename,
            } => {
                let base = asker.root(head, index);
                let wanted = Wanted {
                    index,
                    package: &package,
                    version: None,
                    abbreviated: true,
                    base: &base,
                };
                let url = packages::tarball(documents, client, wanted, filename).await?;
                self.send_on(head, index, url).await
            }
        }
    }

    pub(super) async fn crates(
        &self,
        head: &Head<'_>,
        ask: cargo::Ask<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Self {
            documents, client, ..
        } = self;
        match ask {
            cargo::Ask::Config { index } => {
                let config =
                    crates::config(documents, client, index, &asker.root(head, index)).await?;
                Ok(serve(head, &config, "application/json").await)
            }
            cargo::Ask::Crate {
                index,
                name,
                version,
            } => {
                let url = crates::archive(documents, client, index, &name, &version).await?;
                self.send_on(head, index, url).await
            }
        }
    }

    pub(super) async fn conda(
        &self,
        head: &Head<'_>,
        ask: conda::Ask<'_>,
        asker: Asker,
    ) -> Result<Step, Failure> {
        let Self {
            documents, client, ..
        } = self;
        match ask {
            conda::Ask::List { document, plain } => {
                let (index, folder) = (document.index, document.name.clone());
                let root = asker.root(head, index);
                let listing = Listing::Whole;
                let base = channels::base(documents, client, index, listing, &folder, &root);
                match Box::pin(base).await {
                    None => self.send_on(head, index, document.url).await,
                    Some(_) if plain => self.document(head, document, asker).await,
                    // Clients then ask for the plain one.
                    Some(_) => Err(Failure::NotFound),
                }
            }
            conda::Ask::Package {
                index,
                listing,
                folder,
                file,
            } => {
                let root = asker.root(head, index);
                let base = Box::pin(channels::base(
                    documents, client, index, listing, folder, &root,
                ))
                .await;
                let url = base
                    .and_then(|base| base.join(file).ok())
                    .or_else(|| conda::url(index, folder, file))
                    .ok_or(Failure::UnknownPath)?;
                self.send_on(head, index, url).await
            }
        }
    }
}

/// Tells a module's source. One that is to be had elsewhere will not come by again: to ask for it is
/// its download.
fn lead_to(
    head: &Head<'_>,
    index: &Index,
    wanted: &str,
    lead: Lead,
    fact: &mut Option<Fact<'_>>,
) -> Result<Step, Failure> {
    let source = match lead {
        Lead::Archive { file, .. } => {
            terraform::archive(&head.mount(index), wanted, &file).ok_or(Failure::Upstream)?
        }
        Lead::Elsewhere(source) => {
            if let Some(fact) = fact.as_mut().filter(|fact| fact.kind == Kind::Metadata) {
                fact.kind = Kind::Download;
            }
            source
        }
    };
    let reply = Reply::new(204, "", "").with(module::SOURCE, source);
    Ok(Step::Reply(reply, Answer::Serve))
}

/// A held document, or 304 where the client has it (RFC 9110 §13.1.2).
async fn serve(head: &Head<'_>, document: &Held, content_type: &'static str) -> Step {
    let may_compress =
        document.is_compressible() && coding::accepts_gzip(&head.list("accept-encoding"));
    let has = |etag: &str| {
        let tags = head.list("if-none-match");
        tags.split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == etag)
    };
    let etag = coding::etag(&document.etag, may_compress);
    let (reply, etag) = if has(&etag) {
        (Reply::new(304, "", ""), etag)
    } else {
        let gzip = if may_compress {
            document.gzip().await
        } else {
            None
        };
        match gzip {
            Some(gzip) => (
                Reply::new(200, content_type, gzip.clone()).with("content-encoding", "gzip"),
                etag,
            ),
            None => (
                Reply::new(200, content_type, document.body.clone()),
                document.etag.clone(),
            ),
        }
    };
    let max_age = document.max_age().as_secs();
    let reply = reply
        .with("etag", etag)
        .with("vary", "accept, accept-encoding")
        .with("cache-control", format!("max-age={max_age}"));
    Step::Reply(reply, Answer::Proxy)
}

/// The address of what lies beside a file under the same name and `ending`.
fn beside(mut url: Url, ending: &str) -> Url {
    let path = format!("{}{ending}", url.path());
    url.set_path(&path);
    url
}

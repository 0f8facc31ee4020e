//! Packages from indexes: documents through us, files from where the index says they are.

use url::Url;
use weir_event::Answer;

use super::{Asker, Step, Upstreams, coding};
use crate::answer::{Failure, Reply};
use crate::ecosystem::{cargo, npm, pypi};
use crate::head::Head;
use crate::upstream::held::Held;
use crate::upstream::npm::Wanted;
use crate::upstream::{crates, npm as packages, python};

impl Upstreams {
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
                let page = python::page(documents, client, index, &project, format).await?;
                let content_type = match page.form {
                    got if got == format.as_str() => content_type,
                    "json" => pypi::JSON,
                    _ => "text/html; charset=utf-8",
                };
                Ok(serve(head, &page, content_type))
            }
            pypi::Ask::File {
                index,
                project,
                filename,
            } => {
                let url = python::file(documents, client, index, &project, filename).await?;
                self.send_on(head, url).await
            }
            pypi::Ask::FileMetadata {
                index,
                project,
                filename,
            } => {
                let url = python::file(documents, client, index, &project, filename).await?;
                let metadata = beside(url, ".metadata").into();
                Ok(Step::Reply(
                    Reply::redirect(302, metadata),
                    Answer::Redirect,
                ))
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
        let base = asker.base(head);
        match ask {
            npm::Ask::Document {
                index,
                package,
                version,
                abbreviated,
            } => {
                let wanted = Wanted {
                    index,
                    package: &package,
                    version,
                    abbreviated,
                    base: &base,
                };
                let document = packages::document(documents, client, wanted).await?;
                Ok(serve(head, &document, packages::content_type(&document)))
            }
            npm::Ask::Tarball {
                index,
                package,
                filename,
            } => {
                let wanted = Wanted {
                    index,
                    package: &package,
                    version: None,
                    abbreviated: true,
                    base: &base,
                };
                let url = packages::tarball(documents, client, wanted, filename).await?;
                self.send_on(head, url).await
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
                let config = crates::config(documents, client, index, &asker.base(head)).await?;
                Ok(serve(head, &config, "application/json"))
            }
            cargo::Ask::Crate {
                index,
                name,
                version,
            } => {
                let url = crates::archive(documents, client, index, &name, &version).await?;
                self.send_on(head, url).await
            }
        }
    }
}

/// A held document, or 304 where the client has it (RFC 9110 §13.1.2).
fn serve(head: &Head<'_>, document: &Held, content_type: &'static str) -> Step {
    let accepted = head.list("accept-encoding");
    let gzip = document
        .gzip
        .as_ref()
        .filter(|_| coding::accepts_gzip(&accepted));
    let etag = coding::etag(&document.etag, gzip.is_some());
    let tags = head.list("if-none-match");
    let fresh = tags
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let reply = match gzip {
        _ if fresh => Reply::new(304, "", ""),
        None => Reply::new(200, content_type, document.body.clone()),
        Some(gzip) => Reply::new(200, content_type, gzip.clone()).with("content-encoding", "gzip"),
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

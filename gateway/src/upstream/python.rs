//! Project pages of Python indexes.

use std::sync::Arc;

use url::Url;
use weir_config::catalogue::Index;

use super::Client;
use super::held::{Documents, Held, Key};
use crate::answer::Failure;
use crate::ecosystem::pypi::{self, Format, page};

/// The page of `project`, in the given form if the upstream has it.
pub(crate) async fn page(
    documents: &Documents,
    client: &Client,
    index: &Index,
    project: &str,
    format: Format,
) -> Result<Arc<Held>, Failure> {
    documents
        .get(
            key(index, project, format),
            fetch(client, index, project, format),
        )
        .await
}

/// Where a file of `project` really is.
pub(crate) async fn file(
    documents: &Documents,
    client: &Client,
    index: &Index,
    project: &str,
    filename: &str,
) -> Result<Url, Failure> {
    // Either form names the same files; the one that installers just read is likely held.
    for format in [Format::Json, Format::Html] {
        if let Some(url) = documents.file(&key(index, project, format), filename).await {
            return Ok(url);
        }
    }
    let page = page(documents, client, index, project, Format::Json).await?;
    page.files.get(filename).cloned().ok_or(Failure::NotFound)
}

fn key(index: &Index, project: &str, format: Format) -> Key {
    // Links on these pages are relative to the host, so one page serves every name of it.
    Key {
        index: index.upstream.to_string(),
        name: project.to_owned(),
        form: format.as_str(),
        base: index.path.clone(),
    }
}

async fn fetch(
    client: &Client,
    index: &Index,
    project: &str,
    format: Format,
) -> Result<Held, Failure> {
    let mut url = index
        .upstream
        .join(&format!("{project}/"))
        .map_err(|_| Failure::Upstream)?;
    let accept = match format {
        Format::Json => "application/vnd.pypi.simple.v1+json, text/html;q=0.1",
        Format::Html => "application/vnd.pypi.simple.v1+html, text/html;q=0.9",
    };
    let headers = super::headers(accept, index.credentials.as_ref());
    let mut document = client.get(url.clone(), headers.clone()).await?;
    if (301..=308).contains(&document.status) {
        // Canonicalisation on the same host is followed once; links resolve against where it led.
        let next = url
            .join(document.header("location"))
            .map_err(|_| Failure::Upstream)?;
        if next.origin() != url.origin() {
            return Err(Failure::Upstream);
        }
        url = next;
        document = client.get(url.clone(), headers).await?;
    }
    super::failure(document.status).map_or(Ok(()), Err)?;
    let is_json = document.header("content-type").contains("json");
    let got = if is_json { Format::Json } else { Format::Html };
    let page =
        page::rewrite(&pypi::home(index, project), &url, got, &document.body).map_err(|error| {
            tracing::warn!(project, %error, "project page cannot be read");
            Failure::Upstream
        })?;
    Ok(Held::new(page, got.as_str()))
}

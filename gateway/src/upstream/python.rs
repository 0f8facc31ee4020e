//! Project pages of Python indexes.

use std::sync::Arc;

use url::Url;
use weir_config::catalogue::Index;

use super::freshness::Freshness;
use super::held::{Documents, Fetched, Held, Key};
use super::{Changed, Client};
use crate::answer::Failure;
use crate::ecosystem::document::address::Address;
use crate::ecosystem::pypi::{self, Format, page};

/// The page of `project` for an index served at `mount`, in the given form if the upstream has it.
pub(crate) async fn page(
    documents: &Documents,
    client: &Client,
    index: &Index,
    mount: &str,
    project: &str,
    format: Format,
) -> Result<Arc<Held>, Failure> {
    documents
        .renewed(key(index, mount, project, format), |known| {
            fetch(client, index, mount, project, format, known)
        })
        .await
}

/// Where a file of `project` really is.
pub(crate) async fn file(
    documents: &Documents,
    client: &Client,
    index: &Index,
    mount: &str,
    project: &str,
    filename: &str,
) -> Result<Url, Failure> {
    // Either form names the same files; the one that installers just read is likely held.
    let keys = [Format::Json, Format::Html].map(|format| key(index, mount, project, format));
    for key in &keys {
        if let Some(url) = documents.file(key, filename).await {
            return Ok(url);
        }
    }
    let failure = match page(documents, client, index, mount, project, Format::Json).await {
        Ok(page) => {
            let file = page.files.get(filename);
            return file.and_then(Address::url).ok_or(Failure::NotFound);
        }
        Err(failure) => failure,
    };
    if matches!(failure, Failure::Upstream | Failure::Limited)
        && let Some(url) = documents.last_known_file(&keys[1], filename).await
    {
        return Ok(url);
    }
    Err(failure)
}

fn key(index: &Index, mount: &str, project: &str, format: Format) -> Key {
    // Links on these pages are relative to the host, so one page serves every name of it.
    Key {
        index: index.upstream.to_string(),
        name: project.to_owned(),
        form: format.as_str(),
        base: mount.to_owned(),
    }
}

async fn fetch(
    client: &Client,
    index: &Index,
    mount: &str,
    project: &str,
    format: Format,
    known: Option<Freshness>,
) -> Result<Fetched, Failure> {
    let mut url = index
        .upstream
        .join(&format!("{project}/"))
        .map_err(|_| Failure::Upstream)?;
    let accept = match format {
        Format::Json => "application/vnd.pypi.simple.v1+json, text/html;q=0.1",
        Format::Html => "application/vnd.pypi.simple.v1+html, text/html;q=0.9",
    };
    let headers = super::headers(accept, index.credentials.as_ref());
    let known = known.as_ref();
    let mut answer = client
        .get_changed(url.clone(), headers.clone(), known)
        .await?;
    if let Changed::Answer(document) = &answer
        && (301..=308).contains(&document.status)
    {
        // Canonicalisation on the same host is followed once; links resolve against where it led.
        let next = url
            .join(document.header("location"))
            .map_err(|_| Failure::Upstream)?;
        if next.origin() != url.origin() {
            return Err(Failure::Upstream);
        }
        url = next;
        answer = client.get_changed(url.clone(), headers, known).await?;
    }
    let document = match answer {
        Changed::Answer(document) => document,
        Changed::No(freshness) => return Ok(Fetched::Unchanged(freshness)),
    };
    super::failure(document.status).map_or(Ok(()), Err)?;
    let is_json = document.header("content-type").contains("json");
    let got = if is_json { Format::Json } else { Format::Html };
    let home = pypi::home(mount, project);
    let page = page::rewrite(&home, &url, got, &document.body).map_err(|error| {
        tracing::warn!(project, %error, "project page cannot be read");
        Failure::Upstream
    })?;
    let held = Held::new(page, got.as_str()).fresh(document.freshness());
    Ok(Fetched::New(held))
}

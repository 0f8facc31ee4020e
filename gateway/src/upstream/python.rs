//! Project pages of Python indexes: fetched, rewritten and remembered for half a minute.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::future::Cache;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use sha2::{Digest as _, Sha256};
use url::Url;
use weir_config::catalogue::Index;

use super::Client;
use crate::answer::Failure;
use crate::ecosystem::pypi::{Format, page};

/// How long a page is served without asking again: a release shows within that time.
const FRESH: Duration = Duration::from_secs(30);
/// Most bytes of pages held.
const MAX_HELD: u64 = 128 * 1024 * 1024;

/// A page ready to be served.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) body: Bytes,
    /// What the upstream had, which may be less than the client would like best.
    pub(crate) format: Format,
    /// Of the rewritten body, so that it changes when and only when the body does.
    pub(crate) etag: String,
    files: std::collections::HashMap<String, Url>,
}

/// Pages by index, project and form.
#[derive(Debug)]
pub(crate) struct Pages {
    held: Cache<(String, String, Format), Arc<Served>>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        let weigh = |_: &(String, String, Format), page: &Arc<Served>| {
            u32::try_from(page.body.len() + page.files.len() * 256).unwrap_or(u32::MAX)
        };
        Self {
            held: Cache::builder()
                .weigher(weigh)
                .max_capacity(MAX_HELD)
                .time_to_live(FRESH)
                .build(),
        }
    }

    /// The page of `project` in the given form. Concurrent askers share one fetch.
    pub(crate) async fn page(
        &self,
        client: &Client,
        index: &Index,
        project: &str,
        format: Format,
    ) -> Result<Arc<Served>, Failure> {
        let key = (index.upstream.to_string(), project.to_owned(), format);
        self.held
            .try_get_with(key, fetch(client, index, project, format))
            .await
            .map_err(|failure| *failure)
    }

    /// Where a file of `project` really is.
    pub(crate) async fn file(
        &self,
        client: &Client,
        index: &Index,
        project: &str,
        filename: &str,
    ) -> Result<Url, Failure> {
        // Either form names the same files; the one that installers just read is likely held.
        for format in [Format::Json, Format::Html] {
            let key = (index.upstream.to_string(), project.to_owned(), format);
            if let Some(url) = self
                .held
                .get(&key)
                .await
                .and_then(|page| page.files.get(filename).cloned())
            {
                return Ok(url);
            }
        }
        let page = self.page(client, index, project, Format::Json).await?;
        page.files.get(filename).cloned().ok_or(Failure::NotFound)
    }
}

async fn fetch(
    client: &Client,
    index: &Index,
    project: &str,
    format: Format,
) -> Result<Arc<Served>, Failure> {
    let mut url = index
        .upstream
        .join(&format!("{project}/"))
        .map_err(|_| Failure::Upstream)?;
    let accept = match format {
        Format::Json => "application/vnd.pypi.simple.v1+json, text/html;q=0.1",
        Format::Html => "application/vnd.pypi.simple.v1+html, text/html;q=0.9",
    };
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
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
    let page = page::rewrite(project, &url, got, &document.body).map_err(|error| {
        tracing::warn!(project, %error, "project page cannot be read");
        Failure::Upstream
    })?;
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&page.body)[..16]));
    Ok(Arc::new(Served {
        body: page.body.into(),
        format: got,
        etag,
        files: page.files,
    }))
}

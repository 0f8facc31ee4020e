//! The other side: what we ask of registries ourselves, with deadlines and bounded answers.

pub(crate) mod address;
pub(crate) mod crates;
pub(crate) mod credential;
pub(crate) mod held;
pub(crate) mod npm;
pub(crate) mod python;
pub(crate) mod registry;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use url::Url;

use crate::answer::Failure;

/// Largest document read into memory: project pages of the largest projects are about 20 MB.
const MAX_DOCUMENT: usize = 48 * 1024 * 1024;

/// A client for documents. It follows no redirect by itself and sends no header but what it is given.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    following: reqwest::Client,
}

/// A whole answer in memory.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Document {
    /// A header's text, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Client {
    /// `timeout` bounds each request as a whole.
    pub(crate) fn new(timeout: Duration) -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(timeout.min(Duration::from_secs(5)))
                .timeout(timeout)
                .pool_idle_timeout(Duration::from_secs(30))
                .no_proxy()
        };
        Ok(Self {
            http: builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            following: builder()
                .redirect(reqwest::redirect::Policy::limited(5))
                .build()?,
        })
    }

    /// GETs a document with `headers`.
    pub(crate) async fn get(&self, url: Url, headers: HeaderMap) -> Result<Document, Failure> {
        let response = self
            .http
            .get(url)
            .headers(headers)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await?;
        Ok(Document {
            status,
            headers,
            body,
        })
    }

    /// POSTs a form.
    pub(crate) async fn post_form(&self, url: Url, form: String) -> Result<Document, Failure> {
        let response = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await?;
        Ok(Document {
            status,
            headers,
            body,
        })
    }

    /// HEADs `url` with `headers`, where it is.
    pub(crate) async fn head(&self, url: Url, headers: HeaderMap) -> Result<Document, Failure> {
        let response = self
            .http
            .head(url)
            .headers(headers)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        Ok(Document {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        })
    }

    /// Where a GET of `url` is redirected to, if it is. What it finds otherwise is not read.
    pub(crate) async fn leads(
        &self,
        url: &Url,
        headers: HeaderMap,
    ) -> Result<Option<Url>, Failure> {
        let response = self
            .http
            .get(url.clone())
            .headers(headers)
            .header(RANGE, "bytes=0-0")
            .send()
            .await
            .map_err(|error| failed(&error))?;
        if !matches!(response.status().as_u16(), 301..=303 | 307 | 308) {
            return Ok(None);
        }
        let location = response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        location
            .and_then(|location| url.join(location).ok())
            .map(Some)
            .ok_or(Failure::Upstream)
    }

    /// HEADs `url` wherever it leads: what a GET that follows redirects would find.
    pub(crate) async fn probe(&self, url: Url) -> Result<Document, Failure> {
        let response = self
            .following
            .head(url)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        Ok(Document {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        })
    }
}

async fn read(mut response: reqwest::Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > MAX_DOCUMENT {
            tracing::warn!(limit = MAX_DOCUMENT, "upstream document is too large");
            return Err(Failure::Upstream);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Logs what happened without the address asked for, which may hold a secret.
fn failed(error: &reqwest::Error) -> Failure {
    let host = error
        .url()
        .and_then(Url::host_str)
        .unwrap_or_default()
        .to_owned();
    let reason = std::iter::successors(std::error::Error::source(error), |error| error.source())
        .last()
        .map_or_else(|| "request failed".to_owned(), ToString::to_string);
    tracing::warn!(
        host,
        reason,
        timeout = error.is_timeout(),
        "upstream failed"
    );
    Failure::Upstream
}

/// The one table from an upstream's status to our failure; `None` is success.
pub(crate) fn failure(status: u16) -> Option<Failure> {
    match status {
        200..=399 => None,
        401 | 403 => Some(Failure::Denied),
        404 | 410 => Some(Failure::NotFound),
        429 => Some(Failure::Limited),
        _ => Some(Failure::Upstream),
    }
}

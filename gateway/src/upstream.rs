//! The other side: what we ask of registries ourselves, with deadlines and bounded answers.

pub(crate) mod address;
mod circuit;
pub(crate) mod conda;
pub(crate) mod counters;
pub(crate) mod crates;
pub(crate) mod credential;
pub(crate) mod document;
pub(crate) mod freshness;
pub(crate) mod health;
pub(crate) mod held;
pub(crate) mod kept;
pub(crate) mod known;
pub(crate) mod module;
pub(crate) mod npm;
pub(crate) mod python;
pub(crate) mod registry;
pub(crate) mod releases;
mod resolver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::Method;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RANGE,
};
use url::Url;
use weir_config::catalogue::Credentials;
use weir_config::settings::Gateway as Settings;

use crate::answer::Failure;

use address::{AddressError, Addresses, ForDocuments};
use freshness::Freshness;
use health::Health;

/// Largest document read into memory: project pages of the largest projects are about 20 MB.
const MAX_DOCUMENT: usize = 48 * 1024 * 1024;
/// Most room that is made for a document before it is there: an upstream says how long it is, and need not keep to it.
const MOST_ROOM: usize = 1024 * 1024;
/// Longest time for a connection to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// A document that has begun in time may take this many times as long in all.
const WHOLE: u32 = 6;
/// How many redirects are followed, as by installers.
pub(crate) const MAX_HOPS: usize = 5;

/// How long an upstream may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// To accept a connection, TLS included.
    pub(crate) connect: Duration,
    /// To begin its answer, and between two pieces of it.
    pub(crate) read: Duration,
}

impl Deadlines {
    pub(crate) fn of(settings: &Settings) -> Self {
        let read = Duration::from_secs(settings.upstream_timeout_s);
        Self {
            connect: read.min(CONNECT),
            read,
        }
    }
}

/// A client for documents. It follows no redirect by itself and sends no header but what it is given.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    addresses: Arc<Addresses>,
    health: Arc<Health>,
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

    /// How long it holds.
    pub(crate) fn freshness(&self) -> Freshness {
        Freshness::of(&self.headers)
    }
}

/// What came of asking for a document that is known.
pub(crate) enum Changed {
    /// An answer of any status, but not that nothing has changed.
    Answer(Document),
    /// The known one is still right.
    No(Freshness),
}

impl Client {
    /// Asks what `addresses` gives and `health` allows, within `deadlines`. HTTP/2 where the upstream offers it.
    pub(crate) fn new(
        deadlines: Deadlines,
        addresses: Arc<Addresses>,
        health: Arc<Health>,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(deadlines.connect)
            .read_timeout(deadlines.read)
            .timeout(deadlines.read * WHOLE)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(ForDocuments(Arc::clone(&addresses)))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            addresses,
            health,
        })
    }

    /// GETs a document with `headers`.
    pub(crate) async fn get(&self, url: Url, headers: HeaderMap) -> Result<Document, Failure> {
        let response = self.send(Method::GET, url, headers).await?;
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
        const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, FORM)]);
        let response = self.ask(Method::POST, url, headers, form).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await?;
        Ok(Document {
            status,
            headers,
            body,
        })
    }

    /// GETs the document at `url` wherever it leads, with nobody's account.
    pub(crate) async fn follow(&self, url: Url) -> Result<Document, Failure> {
        let response = self.send_on(Method::GET, url, HeaderMap::new()).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await?;
        Ok(Document {
            status,
            headers,
            body,
        })
    }

    /// GETs a document with `headers`, unless it is still the `known` one.
    pub(crate) async fn get_changed(
        &self,
        url: Url,
        mut headers: HeaderMap,
        known: Option<&Freshness>,
    ) -> Result<Changed, Failure> {
        headers.extend(known.into_iter().flat_map(Freshness::conditions));
        let document = self.get(url, headers).await?;
        Ok(match known {
            Some(known) if document.status == 304 => {
                Changed::No(known.confirmed(&document.headers))
            }
            _ => Changed::Answer(document),
        })
    }

    /// HEADs `url` with `headers`, where it is.
    pub(crate) async fn head(&self, url: Url, headers: HeaderMap) -> Result<Document, Failure> {
        let response = self.send(Method::HEAD, url, headers).await?;
        Ok(Document {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        })
    }

    /// GETs the first bytes, at most `most`, of what is wherever `url` leads.
    pub(crate) async fn beginning(
        &self,
        url: Url,
        mut headers: HeaderMap,
        most: usize,
    ) -> Result<Document, Failure> {
        let range = format!("bytes=0-{}", most - 1);
        headers.insert(
            RANGE,
            HeaderValue::from_str(&range).expect("digits are a header value"),
        );
        let mut response = self.send_on(Method::GET, url, headers).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = BytesMut::new();
        // A server that knows no ranges sends all of it; the rest stays where it is.
        while body.len() < most
            && let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(most);
        Ok(Document {
            status,
            headers,
            body: body.freeze(),
        })
    }

    /// HEADs `url` wherever it leads: what a GET that follows redirects would find.
    pub(crate) async fn probe(&self, url: Url, headers: HeaderMap) -> Result<Document, Failure> {
        let response = self.send_on(Method::HEAD, url, headers).await?;
        Ok(Document {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        })
    }

    /// One request, and those that its redirects lead to. An account stays with the host it is for.
    async fn send_on(
        &self,
        method: Method,
        mut url: Url,
        mut headers: HeaderMap,
    ) -> Result<reqwest::Response, Failure> {
        for _ in 0..=MAX_HOPS {
            let response = self
                .send(method.clone(), url.clone(), headers.clone())
                .await?;
            let location = response.headers().get(LOCATION);
            let Some(further) = next(&url, response.status().as_u16(), location) else {
                return Ok(response);
            };
            if further.origin() != url.origin() {
                headers.remove(AUTHORIZATION);
            }
            url = further;
        }
        tracing::warn!(host = url.host_str(), "upstream redirects too often");
        Err(Failure::Upstream)
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
    ) -> Result<reqwest::Response, Failure> {
        self.ask(method, url, headers, String::new()).await
    }

    /// One request. The address is checked where it is resolved, or here where it needs no resolving.
    async fn ask(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: String,
    ) -> Result<reqwest::Response, Failure> {
        self.addresses
            .check_literal(&url)
            .map_err(|error| refused(&url, &error))?;
        let leave = self.health.enter(&method, &url)?;
        let mut request = self.http.request(method, url).headers(headers);
        if !body.is_empty() {
            request = request.body(body);
        }
        match request.send().await {
            Ok(response) => {
                leave.answered(response.status().as_u16(), Instant::now());
                Ok(response)
            }
            Err(error) => {
                let failure = failed(&error);
                if failure == Failure::Upstream {
                    leave.failed();
                }
                Err(failure)
            }
        }
    }
}

/// Where an answer redirects to, if it does: an address that can be asked for.
pub(crate) fn next(
    url: &Url,
    status: u16,
    location: Option<&reqwest::header::HeaderValue>,
) -> Option<Url> {
    if !matches!(status, 301..=303 | 307 | 308) {
        return None;
    }
    let next = url.join(location?.to_str().ok()?).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

async fn read(mut response: reqwest::Response) -> Result<Bytes, Failure> {
    let said = response.content_length().unwrap_or_default();
    let room = usize::try_from(said).unwrap_or(MOST_ROOM).min(MOST_ROOM);
    let mut body = BytesMut::with_capacity(room);
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > MAX_DOCUMENT {
            tracing::warn!(limit = MAX_DOCUMENT, "upstream document is too large");
            return Err(Failure::Upstream);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What a request of ours says: which forms it takes, if it cares, and whose account it uses.
pub(crate) fn headers(accept: &'static str, credentials: Option<&Credentials>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if !accept.is_empty() {
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
    }
    if let Some(value) = credentials.map(credential::basic) {
        headers.insert(AUTHORIZATION, value);
    }
    headers
}

/// Logs that an upstream's address is none to connect to.
pub(crate) fn refused(url: &Url, error: &AddressError) -> Failure {
    let host = url.host_str().unwrap_or_default();
    tracing::warn!(host, reason = %error, "upstream is not asked");
    Failure::from(error)
}

/// Logs what happened without the address asked for, which may hold a secret.
fn failed(error: &reqwest::Error) -> Failure {
    let causes = || std::iter::successors(std::error::Error::source(error), |error| error.source());
    if let (Some(url), Some(cause)) = (
        error.url(),
        causes().find_map(|cause| cause.downcast_ref::<AddressError>()),
    ) {
        return refused(url, cause);
    }
    let host = error.url().and_then(Url::host_str).unwrap_or_default();
    let reason = causes()
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

//! Fetching a file by HTTP, within bounds of time and size, and only if it is another than the one kept.

use std::time::Duration;

use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode};
use weir_config::catalogue::Credentials;

/// What a fetch may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of one file, packed and unpacked.
    pub(super) bytes: u64,
    /// Time without a byte.
    pub(super) pause: Duration,
    /// Time for all of it.
    pub(super) whole: Duration,
}

/// The largest database that is of use here, of cities, has 140 MB.
impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            pause: Duration::from_secs(30),
            whole: Duration::from_mins(30),
        }
    }
}

/// Redirects that are followed: release pages need two.
const MOST_REDIRECTS: usize = 5;

/// Why a file cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server says no.
    #[error("the server answers {status}{}", advice(*.status))]
    Status {
        /// Its answer.
        status: StatusCode,
    },
    /// The server cannot be reached, or the connection broke.
    #[error("the connection failed or broke off")]
    Broken(#[source] reqwest::Error),
    /// The server is too slow.
    #[error("the server takes too long")]
    Slow,
    /// It is larger than anything that is expected.
    #[error("it has more than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// The address is none.
    #[error("{0:?} is no address")]
    Address(String),
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            ": give an account with credentials_file in a [[geo.source]] of this name"
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            ": give its new address with urls in a [[geo.source]] of this name"
        }
        StatusCode::TOO_MANY_REQUESTS => ": it was asked too often; wait an hour",
        _ => "",
    }
}

/// A file that came.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) bytes: Vec<u8>,
    pub(super) version: Version,
}

/// What a server calls the version of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// Asks servers for files.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    client: Client,
    pub(super) limits: Limits,
}

impl Fetcher {
    /// # Panics
    /// Where no TLS provider was installed in this process: a mistake of the caller.
    pub(super) fn new(limits: Limits) -> Self {
        let client = Client::builder()
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
            // Databases are packed already; what came is what checksums are of.
            .no_gzip()
            .redirect(Policy::custom(follow))
            .connect_timeout(limits.pause)
            .read_timeout(limits.pause)
            .timeout(limits.whole)
            .build();
        Self {
            client: client.expect("the caller has installed a TLS provider"),
            limits,
        }
    }

    /// Fetches a file; nothing where the server says that `known` is still its version.
    pub(super) async fn fetch(
        &self,
        url: &str,
        account: Option<&Credentials>,
        known: Option<&Version>,
    ) -> Result<Option<Came>, FetchError> {
        let url = reqwest::Url::parse(url).map_err(|_| FetchError::Address(url.to_owned()))?;
        let mut request = self.client.get(url);
        if let Some(Credentials { user, password }) = account {
            request = request.basic_auth(user, Some(password));
        }
        if let Some(known) = known {
            if let Some(etag) = &known.etag {
                request = request.header(IF_NONE_MATCH, etag);
            } else if let Some(date) = &known.last_modified {
                request = request.header(IF_MODIFIED_SINCE, date);
            }
        }
        let mut response = request.send().await.map_err(failure)?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && known.is_some() {
            return Ok(None);
        }
        if status != StatusCode::OK {
            return Err(FetchError::Status { status });
        }
        let most = self.limits.bytes;
        if response
            .content_length()
            .is_some_and(|length| length > most)
        {
            return Err(FetchError::TooLarge(most));
        }
        let version = version(response.headers());
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failure)? {
            if (bytes.len() + part.len()) as u64 > most {
                return Err(FetchError::TooLarge(most));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Some(Came { bytes, version }))
    }
}

/// What was asked for in secret is not asked for in the open.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let from = attempt.previous().last().map(reqwest::Url::scheme);
    if from == Some("https") && attempt.url().scheme() != "https" {
        return attempt.error("it redirects from https to http");
    }
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error("it redirects too often");
    }
    attempt.follow()
}

/// Addresses may hold an account, so they are taken off the error.
fn failure(error: reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::Slow;
    }
    FetchError::Broken(error.without_url())
}

fn version(headers: &HeaderMap) -> Version {
    let text = |name| headers.get(name)?.to_str().ok().map(str::to_owned);
    Version {
        etag: text(ETAG),
        last_modified: text(LAST_MODIFIED),
    }
}

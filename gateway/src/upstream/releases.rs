//! Which release of a project is the newest, as its code host says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::future::Cache;
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, LOCATION};
use url::Url;

use super::{Client, next};
use crate::answer::Failure;

/// How long an answer is used without asking again: a release shows within that time, and the
/// host is asked at most as often.
const FRESH: Duration = Duration::from_mins(1);
/// How long an answer is used while the host does not answer.
const STALE: Duration = Duration::from_hours(24);

/// What code hosts said, by the address asked.
#[derive(Debug)]
pub(crate) struct Newest {
    known: Cache<Url, (Arc<str>, Instant)>,
}

impl Newest {
    pub(crate) fn new() -> Self {
        Self {
            known: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(STALE)
                .build(),
        }
    }

    /// The newest release's tag, by the redirect from `latest`.
    pub(crate) async fn tag(&self, client: &Client, latest: &Url) -> Result<Arc<str>, Failure> {
        let known = self.known.get(latest).await;
        if let Some((tag, asked)) = &known
            && asked.elapsed() < FRESH
        {
            return Ok(Arc::clone(tag));
        }
        let found = client.head(latest.clone(), HeaderMap::new()).await;
        let found = found.map(|found| next(latest, found.status, found.headers.get(LOCATION)));
        match (found.map(|leads| leads.as_ref().and_then(tag)), known) {
            (Ok(Some(tag)), _) => {
                let known = (Arc::clone(&tag), Instant::now());
                self.known.insert(latest.clone(), known).await;
                Ok(tag)
            }
            (Ok(None), _) => Err(Failure::NotFound),
            (Err(_), Some((tag, _))) => Ok(tag),
            (Err(failure), None) => Err(failure),
        }
    }
}

/// The last part of the address that a code host has for a release.
fn tag(release: &Url) -> Option<Arc<str>> {
    let last = release.path_segments()?.next_back()?;
    let tag = percent_decode_str(last).decode_utf8().ok()?;
    // A project without releases leads back to their list.
    (!matches!(
        tag.as_ref(),
        "" | "latest" | "releases" | "login" | "sign_in"
    ))
    .then(|| tag.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_last_part() {
        let tag = |url: &str| tag(&Url::parse(url).expect("an address"));
        assert_eq!(
            tag("https://code.example/acme/rocket/releases/tag/v1.2.3").as_deref(),
            Some("v1.2.3")
        );
        assert_eq!(
            tag("https://code.example/acme/rocket/-/releases/cli%2Fv2").as_deref(),
            Some("cli/v2")
        );
        assert_eq!(tag("https://code.example/acme/rocket/releases"), None);
    }
}

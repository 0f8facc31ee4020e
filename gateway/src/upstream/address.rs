//! Names to addresses for streamed answers. Pingora's own look-up blocks and panics, so it never sees a name.

use std::net::SocketAddr;
use std::time::Duration;

use moka::future::Cache;
use url::Url;

use crate::answer::Failure;

/// A look-up that remembers for a little while.
#[derive(Debug)]
pub(crate) struct Addresses {
    known: Cache<(String, u16), SocketAddr>,
}

impl Addresses {
    pub(crate) fn new() -> Self {
        Self {
            known: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(Duration::from_secs(30))
                .build(),
        }
    }

    /// An address of the host and port that `url` names.
    pub(crate) async fn find(&self, url: &Url) -> Result<SocketAddr, Failure> {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(Failure::Upstream);
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let lookup = async {
            let found = tokio::time::timeout(
                Duration::from_secs(5),
                tokio::net::lookup_host((host.as_str(), port)),
            )
            .await;
            match found {
                Ok(Ok(mut addresses)) => addresses.next(),
                Ok(Err(_)) | Err(_) => None,
            }
        };
        let found = self
            .known
            .optionally_get_with((host.clone(), port), lookup)
            .await;
        found.ok_or_else(|| {
            tracing::warn!(host, "upstream name does not resolve");
            Failure::Upstream
        })
    }
}

//! Where a streamed answer comes from: the addresses to try, and what is learned of the upstream on the way.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::Method;
use pingora::prelude::HttpPeer;
use pingora::protocols::ALPN;
use url::Url;

use crate::answer::Failure;
use crate::fulfil::Upstreams;
use crate::upstream::health::Leave;
use crate::upstream::{Deadlines, refused};

/// Most addresses of one upstream that are tried for one answer.
const MAX_TRIES: usize = 3;

/// The way to one upstream.
pub(crate) struct Way {
    leave: Leave,
    /// The address that is tried, and before it those that come after.
    addresses: Vec<SocketAddr>,
    /// Time for each try to connect: together they take no longer than one would.
    connect: Duration,
}

impl Way {
    /// The way to the host and port of `url`: asked for leave, resolved and checked.
    pub(crate) async fn find(
        upstreams: &Upstreams,
        method: &Method,
        url: &Url,
    ) -> Result<Self, Failure> {
        let leave = upstreams.health.enter(method, url)?;
        let found = match upstreams.addresses.find(url).await {
            Ok(found) => found,
            Err(error) => {
                let failure = refused(url, &error);
                if failure == Failure::Upstream {
                    leave.failed();
                }
                return Err(failure);
            }
        };
        let mut addresses: Vec<_> = found.into_iter().take(MAX_TRIES).collect();
        addresses.reverse();
        let tries = u32::try_from(addresses.len()).unwrap_or(1).max(1);
        Ok(Self {
            leave,
            addresses,
            connect: upstreams.deadlines.connect / tries,
        })
    }

    /// The address to try, if any is left.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.addresses.last().copied()
    }

    /// How long one try to connect may take.
    pub(crate) fn connect(&self) -> Duration {
        self.connect
    }

    /// The address to try, as Pingora wants it.
    pub(crate) fn peer(&self, url: &Url, deadlines: Deadlines) -> Option<HttpPeer> {
        let address = self.address()?;
        let tls = url.scheme() == "https";
        let host = url.host_str().unwrap_or_default();
        let mut peer = HttpPeer::new(address, tls, host.to_owned());
        peer.options.connection_timeout = Some(self.connect);
        peer.options.total_connection_timeout = Some(self.connect);
        peer.options.read_timeout = Some(deadlines.read);
        peer.options.write_timeout = Some(deadlines.read);
        peer.options.idle_timeout = Some(Duration::from_secs(30));
        peer.options.alpn = if tls { ALPN::H2H1 } else { ALPN::H1 };
        Some(peer)
    }

    /// The address cannot be connected to; whether another is left.
    pub(crate) fn give_up_address(&mut self) -> bool {
        self.addresses.pop();
        !self.addresses.is_empty()
    }

    /// The upstream answers at this `instant`.
    pub(crate) fn answered(self, status: u16, instant: Instant) {
        self.leave.answered(status, instant);
    }

    /// None of the addresses answers.
    pub(crate) fn failed(self) {
        self.leave.failed();
    }
}

//! Names to addresses, checked: for documents and streamed answers alike, and always just before connecting.
//!
//! Pingora's own look-up blocks and panics, so it never sees a name. What was resolved last is used on for a while
//! when DNS does not answer (RFC 8767), so that downloads do not end with somebody's name server.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use moka::{future, sync};
use url::{Host, Url};
use weir_config::network::Sort;

pub(crate) use super::resolver::Texts;
use super::resolver::{Answer, Resolver};
use crate::answer::Failure;

/// Longest wait for DNS where nothing is known.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest wait where an older answer can be used ("client response timer", RFC 8767 §5).
const PATIENCE_WITH_STALE: Duration = Duration::from_millis(1800);
/// How long an answer is used past its time while DNS fails.
const STALE: Duration = Duration::from_hours(1);
/// How long a failing DNS is not asked again for a name with an older answer ("failure recheck timer", RFC 8767 §5).
const RECHECK: Duration = Duration::from_secs(30);
/// How long an answer about a name, also that there is none, serves all who ask for it at once.
const SHARED: Duration = Duration::from_secs(1);
/// Most names remembered.
const MAX_NAMES: u64 = 10_000;

/// Why there is no address to connect to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// DNS has no address, or does not answer.
    #[error("the name does not resolve: {0}")]
    Unresolved(Arc<str>),
    /// All addresses are outside the public internet.
    #[error(
        "{address} is not on the public internet ({}); to allow it, add it to [gateway] private_upstreams",
        sort.as_str()
    )]
    Private { address: IpAddr, sort: Sort },
}

impl From<&AddressError> for Failure {
    fn from(error: &AddressError) -> Self {
        match error {
            AddressError::Unresolved(_) => Self::Upstream,
            AddressError::Private { .. } => Self::PrivateUpstream,
        }
    }
}

/// A look-up that remembers.
pub(crate) struct Addresses {
    resolver: Resolver,
    allowed: Vec<IpNet>,
    known: sync::Cache<String, Arc<Known>>,
    asked: future::Cache<String, Result<Arc<Known>, AddressError>>,
}

/// What a name resolved to.
#[derive(Debug)]
struct Known {
    addresses: Vec<IpAddr>,
    /// Until when it is used without asking again.
    fresh_until: Instant,
    /// Until when it is used where asking again fails.
    usable_until: Instant,
}

impl Addresses {
    /// Asks `name_servers`, or the system's where there are none; gives no address outside the public
    /// internet that is not in one of the `allowed` networks.
    pub(crate) fn new(name_servers: &[SocketAddr], allowed: Vec<IpNet>) -> Self {
        Self {
            resolver: Resolver::new(name_servers),
            allowed,
            known: sync::Cache::builder()
                .max_capacity(MAX_NAMES)
                .time_to_live(STALE * 2)
                .build(),
            asked: future::Cache::builder()
                .max_capacity(MAX_NAMES)
                .time_to_live(SHARED)
                .build(),
        }
    }

    /// The addresses of the host and port that `url` names, best first; never none.
    pub(crate) async fn find(self: &Arc<Self>, url: &Url) -> Result<Vec<SocketAddr>, AddressError> {
        let none = || AddressError::Unresolved("no host in it".into());
        let port = url.port_or_known_default().ok_or_else(none)?;
        let addresses = match url.host().ok_or_else(none)? {
            Host::Domain(name) => self.resolve(name).await?,
            Host::Ipv4(address) => self.admitted([address.into()])?,
            Host::Ipv6(address) => self.admitted([address.into()])?,
        };
        let with_port = |address| SocketAddr::new(address, port);
        Ok(addresses.into_iter().map(with_port).collect())
    }

    /// Checks a host that is an address itself: no look-up will see it.
    pub(crate) fn check_literal(&self, url: &Url) -> Result<(), AddressError> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.admitted([address.into()]).map(drop),
            Some(Host::Ipv6(address)) => self.admitted([address.into()]).map(drop),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }

    /// Whether `name` has an address at all, wherever it is.
    pub(crate) async fn is_known(self: &Arc<Self>, name: &str) -> bool {
        !matches!(self.resolve(name).await, Err(AddressError::Unresolved(_)))
    }

    /// What TXT records say at `name`.
    pub(crate) async fn texts(&self, name: &str) -> Texts {
        let asked = tokio::time::timeout(PATIENCE, self.resolver.texts(name));
        asked.await.unwrap_or(Texts::Failed)
    }

    /// The addresses of `name` that may be connected to.
    pub(crate) async fn resolve(self: &Arc<Self>, name: &str) -> Result<Vec<IpAddr>, AddressError> {
        let known = self.known.get(name);
        let now = Instant::now();
        if let Some(known) = known.as_deref().filter(|known| now < known.fresh_until) {
            return self.admitted(known.addresses.iter().copied());
        }
        let stale = known.filter(|known| now < known.usable_until);
        let patience = match stale {
            Some(_) => PATIENCE_WITH_STALE,
            None => PATIENCE,
        };
        // The look-up goes on when nobody waits for it any more, for those who come next.
        let (addresses, name) = (Arc::clone(self), name.to_owned());
        let ask = tokio::spawn(async move { addresses.ask(name).await });
        let known = match (tokio::time::timeout(patience, ask).await, stale) {
            (Ok(Ok(answer)), _) => answer?,
            (_, Some(stale)) => stale,
            _ => return Err(AddressError::Unresolved("no answer in time".into())),
        };
        self.admitted(known.addresses.iter().copied())
    }

    /// Asks DNS, once for all who want to know.
    async fn ask(&self, name: String) -> Result<Arc<Known>, AddressError> {
        let remember = async { self.remember(&name, self.resolver.look_up(&name).await) };
        self.asked.get_with(name.clone(), remember).await
    }

    /// What is used from now on. That a name has no address is an answer; that there is none is not.
    fn remember(&self, name: &str, answer: Answer) -> Result<Arc<Known>, AddressError> {
        let now = Instant::now();
        let known = match answer {
            Answer::Found {
                addresses,
                valid_until,
            } => Known {
                addresses,
                fresh_until: valid_until,
                usable_until: valid_until + STALE,
            },
            Answer::Nothing(reason) => {
                self.known.invalidate(name);
                return Err(AddressError::Unresolved(reason));
            }
            Answer::Failed(reason) => {
                let stale = self.known.get(name);
                let Some(stale) = stale.filter(|known| now < known.usable_until) else {
                    return Err(AddressError::Unresolved(reason));
                };
                tracing::warn!(name, %reason, "DNS fails; the last addresses of the name are used on");
                Known {
                    addresses: stale.addresses.clone(),
                    fresh_until: now + RECHECK,
                    usable_until: stale.usable_until,
                }
            }
        };
        let known = Arc::new(known);
        self.known.insert(name.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// Those of `addresses` that may be connected to, of which there is at least one.
    fn admitted(
        &self,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> Result<Vec<IpAddr>, AddressError> {
        let mut refused = AddressError::Unresolved("it has no address".into());
        let mut admitted = Vec::new();
        for address in addresses {
            match Sort::refused(address, &self.allowed) {
                None => admitted.push(address),
                Some(sort) => refused = AddressError::Private { address, sort },
            }
        }
        if admitted.is_empty() {
            return Err(refused);
        }
        Ok(admitted)
    }
}

/// The same look-up for the client of documents, which asks it for every new connection and connects to what it gives.
pub(crate) struct ForDocuments(pub(crate) Arc<Addresses>);

impl reqwest::dns::Resolve for ForDocuments {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addresses = Arc::clone(&self.0);
        Box::pin(async move {
            let found = addresses.resolve(name.as_str()).await?;
            // Port 0 stands for the one in the URL.
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "files.test";

    fn addresses() -> Addresses {
        Addresses::new(&[([127, 0, 0, 1], 53).into()], Vec::new())
    }

    fn found(valid_for: Duration) -> Answer {
        Answer::Found {
            addresses: vec![[9, 9, 9, 9].into()],
            valid_until: Instant::now() + valid_for,
        }
    }

    fn failed() -> Answer {
        Answer::Failed("timed out".into())
    }

    #[test]
    fn while_dns_fails_the_last_answer_is_used_on_and_asked_about_now_and_then() {
        let addresses = addresses();
        let first = addresses
            .remember(NAME, found(Duration::ZERO))
            .expect("found");
        let stale = addresses.remember(NAME, failed()).expect("the last answer");
        assert_eq!(stale.addresses, first.addresses);
        assert_eq!(stale.usable_until, first.usable_until, "and not for ever");
        let recheck = stale.fresh_until.saturating_duration_since(Instant::now());
        assert!(RECHECK / 2 < recheck && recheck <= RECHECK, "{recheck:?}");
    }

    #[test]
    fn a_name_that_dns_says_is_gone_is_gone() {
        let addresses = addresses();
        addresses
            .remember(NAME, found(Duration::ZERO))
            .expect("found");
        let gone = AddressError::Unresolved("no such name".into());
        let answer = addresses.remember(NAME, Answer::Nothing("no such name".into()));
        assert_eq!(answer.map(drop), Err(gone));
        assert!(addresses.remember(NAME, failed()).is_err(), "forgotten");
    }

    #[test]
    fn an_answer_is_not_used_for_longer_than_an_hour_past_its_time() {
        let addresses = addresses();
        let found = addresses
            .remember(NAME, found(Duration::ZERO))
            .expect("found");
        assert!(found.usable_until <= Instant::now() + STALE);
        let over = Known {
            addresses: found.addresses.clone(),
            fresh_until: found.fresh_until,
            usable_until: Instant::now(),
        };
        addresses.known.insert(NAME.to_owned(), Arc::new(over));
        assert!(addresses.remember(NAME, failed()).is_err());
    }

    #[tokio::test]
    async fn a_host_that_is_an_address_is_checked_without_a_look_up() {
        let addresses = Arc::new(addresses());
        for (url, public) in [
            ("https://9.9.9.9/a", true),
            ("http://0x7f.1/", false),
            ("http://[::ffff:10.0.0.1]:8080/", false),
            ("http://2130706433/", false),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(addresses.find(&url).await.is_ok(), public, "{url}");
            assert_eq!(addresses.check_literal(&url).is_ok(), public, "{url}");
        }
    }
}

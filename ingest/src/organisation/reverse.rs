//! The domains of addresses by DNS, asked after the request is over and only where an operator wants that.
//!
//! A question goes to the resolvers of the settings, and through them to whoever owns the address. An answer counts
//! only where the name leads back to the address, since owners may write any name. What is kept, in memory and for a
//! day at most, is a domain under a number that stands for the address in this process alone: neighbours in one
//! network are often different customers, so the network would not do. A question that finds no room is dropped.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::rr::{Name, RData};
use moka::Expiry;
use moka::sync::Cache;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::pointer::organisation_domain;
use crate::ClientIp;
use crate::salt::{NoRandomness, ProcessKey};

/// Most answers that are kept.
const MOST_KEPT: u64 = 100_000;
/// Most questions that wait.
const MOST_WAITING: usize = 1024;
/// Most questions under way at once.
const MOST_ASKED: usize = 16;
/// How long a resolver is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

const HOUR: Duration = Duration::from_hours(1);

/// Why names of addresses cannot be asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReverseError {
    /// The system refused a thread, or a socket.
    #[error("cannot start asking for names of addresses")]
    Thread(#[source] std::io::Error),
    /// The resolvers cannot be used.
    #[error("cannot ask the resolvers of [organisations]")]
    Resolver(#[source] NetError),
    /// No key can be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// What is known of one address.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// The question is under way.
    Asked,
    /// Its name is an organisation's.
    Domain(Arc<str>),
    /// It has no name, or one that is a line's.
    Nothing,
    /// No resolver answered.
    Failed,
}

/// How long each is believed.
struct Lifetimes;

impl Expiry<u64, Known> for Lifetimes {
    fn expire_after_create(&self, _: &u64, known: &Known, _: Instant) -> Option<Duration> {
        Some(match known {
            Known::Domain(_) => 24 * HOUR,
            Known::Nothing => 6 * HOUR,
            Known::Failed | Known::Asked => HOUR / 12,
        })
    }

    fn expire_after_update(
        &self,
        key: &u64,
        known: &Known,
        at: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(key, known, at)
    }
}

struct Question {
    number: u64,
    address: ClientIp,
}

/// Asks for names of addresses, on a thread of its own that ends with this.
pub(crate) struct Reverse {
    known: Cache<u64, Known>,
    key: ProcessKey,
    questions: mpsc::Sender<Question>,
    dropped: AtomicU64,
}

impl Reverse {
    /// Asks `resolvers` and nobody else.
    pub(crate) fn new(resolvers: &[SocketAddr]) -> Result<Self, ReverseError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ReverseError::Thread)?;
        let resolver = {
            let _inside = runtime.enter();
            resolver(resolvers).map_err(ReverseError::Resolver)?
        };
        let known = Cache::builder()
            .max_capacity(MOST_KEPT)
            .expire_after(Lifetimes)
            .build();
        let (questions, waiting) = mpsc::channel(MOST_WAITING);
        let answers = known.clone();
        std::thread::Builder::new()
            .name("reverse-dns".to_owned())
            .spawn(move || runtime.block_on(answer(waiting, &resolver, &answers)))
            .map_err(ReverseError::Thread)?;
        Ok(Self {
            known,
            key: ProcessKey::new()?,
            questions,
            dropped: AtomicU64::new(0),
        })
    }

    /// The registered domain of the address's name, if it is known by now. Otherwise it is asked for, for the next
    /// time; this never waits.
    pub(crate) fn domain(&self, address: &ClientIp) -> Option<Arc<str>> {
        let number = address.session(&self.key, "ptr");
        match self.known.get(&number) {
            Some(Known::Domain(domain)) => Some(domain),
            Some(_) => None,
            None => {
                self.ask(number, address);
                None
            }
        }
    }

    fn ask(&self, number: u64, address: &ClientIp) {
        let question = Question {
            number,
            address: address.for_dns(),
        };
        // Before the answer can come.
        self.known.insert(number, Known::Asked);
        if self.questions.try_send(question).is_err() {
            self.known.invalidate(&number);
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn resolver(resolvers: &[SocketAddr]) -> Result<TokioResolver, NetError> {
    let servers = resolvers.iter().map(name_server).collect();
    let config = ResolverConfig::from_parts(None, Vec::new(), servers);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    options.timeout = PATIENCE;
    options.attempts = 1;
    // Answers are kept here, without the addresses they are about.
    options.cache_size = 0;
    options.num_concurrent_reqs = 1;
    builder.build()
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}

/// Takes questions until nobody can ask any more, some at once.
async fn answer(
    mut questions: mpsc::Receiver<Question>,
    resolver: &TokioResolver,
    known: &Cache<u64, Known>,
) {
    let mut under_way = JoinSet::new();
    while let Some(Question { number, address }) = questions.recv().await {
        if under_way.len() == MOST_ASKED {
            under_way.join_next().await;
        }
        let (resolver, known) = (resolver.clone(), known.clone());
        under_way.spawn(async move {
            let found = look_up(&resolver, address.to_dns()).await;
            known.insert(number, found);
        });
    }
}

async fn look_up(resolver: &TokioResolver, address: IpAddr) -> Known {
    let names = match resolver.reverse_lookup(Name::from(address)).await {
        Ok(names) => names,
        Err(error) => return failure(&error),
    };
    let first = names
        .answers()
        .iter()
        .find_map(|record| match &record.data {
            RData::PTR(name) => Some(name.to_string().to_ascii_lowercase()),
            _ => None,
        });
    let Some(name) = first else {
        return Known::Nothing;
    };
    let Some(domain) = organisation_domain(&name, address) else {
        return Known::Nothing;
    };
    match resolver.lookup_ip(name.as_str()).await {
        Ok(addresses) if addresses.iter().any(|confirmed| confirmed == address) => {
            Known::Domain(domain.into())
        }
        Ok(_) => Known::Nothing,
        Err(error) => failure(&error),
    }
}

/// "There is none" is an answer; anything else is worth asking again soon.
fn failure(error: &NetError) -> Known {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(_)) => Known::Nothing,
        _ => Known::Failed,
    }
}

#[cfg(test)]
mod tests;

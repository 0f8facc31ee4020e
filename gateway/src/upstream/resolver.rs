//! One question to DNS: the system's name servers and hosts file, or the operator's own name servers.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, Record};

/// Bounds of how long an answer is believed, whatever its records say. A minute's outage of DNS should not be seen,
/// nor a moved upstream missed for longer than a few.
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(5);
/// Longest that "there is no such name" is believed (RFC 2308 §5 allows hours): a new upstream should just work.
const LONGEST_NEGATIVE: Duration = Duration::from_secs(10);
/// How long one name server is waited for before the next.
const TRY: Duration = Duration::from_secs(2);
/// How long an answer of the platform's own resolver is believed, which does not say.
const PLATFORM: Duration = Duration::from_secs(30);

/// What asks.
pub(super) enum Resolver {
    /// Our own, which knows how long an answer holds.
    Own(Box<TokioResolver>),
    /// The platform's, where it has no `/etc/resolv.conf` to read.
    Platform,
}

/// What came of asking.
#[derive(Debug)]
pub(super) enum Answer {
    /// Addresses, IPv4 first: where IPv6 goes nowhere, finding out costs a timeout.
    Found {
        addresses: Vec<IpAddr>,
        valid_until: Instant,
    },
    /// There is no such name, or it has no address.
    Nothing(Arc<str>),
    /// Nobody can tell at present.
    Failed(Arc<str>),
}

/// What came of asking for texts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    /// What TXT records say, each with its strings joined (RFC 1035 §3.3.14).
    Found(Vec<String>),
    /// There is no such name, or it has none.
    Nothing,
    /// Nobody can tell at present.
    Failed,
}

impl Resolver {
    /// Asks `name_servers`, or those of the system where there are none.
    pub(super) fn new(name_servers: &[SocketAddr]) -> Self {
        own(name_servers).unwrap_or_else(|error| {
            tracing::warn!(%error, "no name servers can be read; asking the platform's resolver instead");
            Self::Platform
        })
    }

    /// Asks for the addresses of `name`.
    pub(super) async fn look_up(&self, name: &str) -> Answer {
        match self {
            Self::Own(resolver) => match resolver.lookup_ip(name).await {
                Ok(found) => Answer::Found {
                    valid_until: found.valid_until(),
                    addresses: found.iter().collect(),
                },
                Err(error) if is_certain(&error) => Answer::Nothing(error.to_string().into()),
                Err(error) => Answer::Failed(error.to_string().into()),
            },
            Self::Platform => platform(tokio::net::lookup_host((name, 0)).await),
        }
    }

    /// Asks for the texts of `name`, which the platform's resolver does not know of.
    pub(super) async fn texts(&self, name: &str) -> Texts {
        let Self::Own(resolver) = self else {
            return Texts::Failed;
        };
        match resolver.txt_lookup(format!("{name}.")).await {
            Ok(found) => Texts::Found(found.answers().iter().filter_map(text).collect()),
            Err(error) if is_certain(&error) => Texts::Nothing,
            Err(error) => {
                tracing::debug!(name, %error, "DNS does not say what texts there are");
                Texts::Failed
            }
        }
    }
}

fn own(name_servers: &[SocketAddr]) -> Result<Resolver, NetError> {
    let mut builder = if name_servers.is_empty() {
        TokioResolver::builder_tokio()?
    } else {
        let servers = name_servers.iter().map(name_server).collect();
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
    bound(builder.options_mut());
    Ok(Resolver::Own(Box::new(builder.build()?)))
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}

fn bound(options: &mut ResolverOpts) {
    options.timeout = options.timeout.min(TRY);
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.positive_min_ttl = Some(SHORTEST);
    options.positive_max_ttl = Some(LONGEST);
    options.negative_max_ttl = Some(LONGEST_NEGATIVE);
}

/// Whether "nothing found" is the name's state and not the server's, as SERVFAIL and REFUSED are (RFC 8767 §4).
fn is_certain(error: &NetError) -> bool {
    use hickory_resolver::net::{DnsError, NetError::Dns};
    use hickory_resolver::proto::op::ResponseCode;
    match error {
        Dns(DnsError::NoRecordsFound(nothing)) => matches!(
            nothing.response_code,
            ResponseCode::NoError | ResponseCode::NXDomain
        ),
        _ => false,
    }
}

/// What a TXT record says; nothing of others, such as a CNAME on the way.
fn text(record: &Record) -> Option<String> {
    let RData::TXT(strings) = &record.data else {
        return None;
    };
    String::from_utf8(strings.txt_data.concat()).ok()
}

fn platform(found: io::Result<impl Iterator<Item = SocketAddr>>) -> Answer {
    match found {
        Ok(found) => Answer::Found {
            addresses: found.map(|address| address.ip()).collect(),
            valid_until: Instant::now() + PLATFORM,
        },
        Err(error) => Answer::Failed(error.to_string().into()),
    }
}

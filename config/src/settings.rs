//! How the process runs: addresses, paths, limits. As used; `written.rs` reads them.

mod operator;
mod tls;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;

use crate::controller::Controller;
use crate::oidc::Oidc;

pub use operator::{Operator, Traces};
pub use tls::{Acme, CertificateFiles, Challenge};

/// Everything that is not a package.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one folder with all state. Default `weir-data`.
    pub data_dir: PathBuf,
    /// The public side.
    pub gateway: Gateway,
    /// Certificates in files.
    pub certificates: Vec<CertificateFiles>,
    /// Who makes the others.
    pub acme: Option<Acme>,
    /// The maintainers' side.
    pub dashboards: Dashboards,
    /// The operator's side.
    pub operator: Operator,
    /// Who may look.
    pub accounts: Accounts,
    /// Where events end up.
    pub clickhouse: ClickHouse,
    /// Place data.
    pub geo: Geo,
    /// Whether and how organisations are named.
    pub organisations: Organisations,
    /// How clients are told apart.
    pub clients: Clients,
    /// The durable buffer.
    pub spool: Spool,
    /// What keeps people from being known again.
    pub privacy: Privacy,
    /// What leaves by the clock.
    pub exports: Vec<Export>,
    /// How long rows are kept.
    pub retention: Retention,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "weir-data".into(),
            gateway: Gateway {
                http: vec![(Ipv4Addr::UNSPECIFIED, 8080).into()],
                https: Vec::new(),
                https_redirect: Vec::new(),
                hsts_days: 0,
                trusted_proxies: Vec::new(),
                forwarded_header: ForwardedHeader::XForwardedFor,
                proxy_protocol: Vec::new(),
                threads: std::thread::available_parallelism().map_or(1, usize::from),
                upstream_timeout_s: 10,
                verify_files: true,
                private_upstreams: Vec::new(),
                name_servers: Vec::new(),
                always_proxy: Vec::new(),
                telemetry_per_minute: 6_000,
            },
            certificates: Vec::new(),
            acme: None,
            dashboards: Dashboards {
                listen: (Ipv4Addr::LOCALHOST, 8081).into(),
                import_tokens: None,
                public_url: None,
                oidc: None,
            },
            operator: Operator {
                listen: None,
                drain_delay_s: 0,
                traces: None,
            },
            accounts: Accounts {
                postgres: None,
                audit_days: 400,
            },
            clickhouse: ClickHouse {
                url: None,
                user: "default".to_owned(),
                password: None,
                database: "weir".to_owned(),
                cluster: None,
                engine: None,
                memory_bytes: 2 << 30,
            },
            geo: Geo {
                country: Vec::new(),
                local_country: None,
                region: false,
                update: false,
                sources: Vec::new(),
                own_sources: Vec::new(),
            },
            organisations: Organisations::default(),
            clients: Clients { rules: Vec::new() },
            spool: Spool {
                quota_bytes: 10 << 30,
            },
            privacy: Privacy {
                controller: Controller::default(),
                salt: SaltPlace::Memory,
            },
            exports: Vec::new(),
            retention: Retention {
                raw_days: 90,
                rollup_months: 25,
            },
        }
    }
}

/// `[gateway]`
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Addresses for plain HTTP. Default `0.0.0.0:8080`.
    pub http: Vec<SocketAddr>,
    /// Addresses for HTTP over TLS. Default none.
    pub https: Vec<SocketAddr>,
    /// Domains whose plain HTTP leads to https. Default none.
    pub https_redirect: Vec<String>,
    /// Days for which browsers are told to use https alone on the domains of `https_redirect`. Default 0: they are not.
    pub hsts_days: u32,
    /// Whose word for the client's address counts. Default nobody's.
    pub trusted_proxies: Vec<IpNet>,
    /// Where that word stands. Default `X-Forwarded-For`.
    pub forwarded_header: ForwardedHeader,
    /// Peers that must begin each connection with the PROXY protocol. Default none, and then nobody may.
    pub proxy_protocol: Vec<IpNet>,
    /// Worker threads. Default: one per core.
    pub threads: usize,
    /// Seconds an upstream may take to begin its answer, and pause within it. Default 10.
    pub upstream_timeout_s: u64,
    /// Ask a host whether a file is there before the first client in an hour is sent to it, so that what
    /// is missing counts as a broken link and not as a download. Default true.
    pub verify_files: bool,
    /// Networks outside the public internet that upstreams may be in. Default none.
    pub private_upstreams: Vec<IpNet>,
    /// DNS servers that are asked for upstreams. Default: the system's.
    pub name_servers: Vec<SocketAddr>,
    /// Domains on which nothing is redirected: what is elsewhere is streamed through. Default none.
    pub always_proxy: Vec<String>,
    /// Most views and events that one network (/24, or /48 of IPv6) may tell in a minute; 0 is no limit. Default 6000.
    pub telemetry_per_minute: u32,
}

impl Gateway {
    /// Whether nothing is redirected on `host`, a name as [`crate::host_name`] gives it.
    pub fn always_proxies(&self, host: &str) -> bool {
        self.always_proxy.iter().any(|domain| domain == host)
    }

    /// Whether plain HTTP on `host`, a name as [`crate::host_name`] gives it, leads to https.
    pub fn redirects_to_https(&self, host: &str) -> bool {
        self.https_redirect.iter().any(|domain| domain == host)
    }

    /// Whether `peer` must begin its connections with the PROXY protocol.
    pub fn expects_proxy_header(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.proxy_protocol
            .iter()
            .any(|network| network.contains(&peer))
    }
}

/// The one header in which trusted proxies name the client. Of two that a request may carry, the one that
/// the proxies do not write is whatever the client wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// `[dashboards]`
#[derive(Clone, Debug)]
pub struct Dashboards {
    /// Address of the page and the API. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// Tokens that allow imports by HTTP, read from the file the operator named. Default none, which allows nobody.
    pub import_tokens: Option<crate::catalogue::Tokens>,
    /// Where people open the page, for providers that send them back to it. Default not known.
    pub public_url: Option<url::Url>,
    /// The provider through which people sign in. Default none.
    pub oidc: Option<Oidc>,
}

/// `[accounts]`
#[derive(Clone)]
pub struct Accounts {
    /// PostgreSQL's address, with the password of the file the operator named; none means a SQLite file in `data_dir`.
    pub postgres: Option<url::Url>,
    /// How long it is remembered who did what. Default 400.
    pub audit_days: u32,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = self.postgres.as_ref().and_then(url::Url::host_str);
        f.debug_struct("Accounts")
            .field("postgres", &host)
            .field("audit_days", &self.audit_days)
            .finish()
    }
}

/// `[clickhouse]`
#[derive(Clone, Debug)]
pub struct ClickHouse {
    /// A server's HTTP address; none means that we run the engine ourselves.
    pub url: Option<url::Url>,
    /// User at that server. Default `default`.
    pub user: String,
    /// Password, read from the file the operator named.
    pub password: Option<crate::catalogue::Credentials>,
    /// Database. Default `weir`.
    pub database: String,
    /// The servers' name for the cluster that the tables are spread over; none means one server.
    pub cluster: Option<String>,
    /// Embedded engine: path of the engine library or of a `clickhouse` binary; none means look for one.
    pub engine: Option<PathBuf>,
    /// Embedded engine: memory limit in bytes. Default 2 GiB.
    pub memory_bytes: u64,
}

/// `[geo]`
#[derive(Clone, Debug)]
pub struct Geo {
    /// Country databases (MMDB). Empty, the default: every `*.mmdb` in `data_dir/geo`.
    pub country: Vec<PathBuf>,
    /// Country that private and loopback addresses count as, for networks that are all one's own.
    pub local_country: Option<String>,
    /// Keep the region within a country too. Default false.
    pub region: bool,
    /// Fetch data anew by itself while running. Default false.
    pub update: bool,
    /// Names of the sources to fetch, asked in this order. Empty, the default: the usual ones.
    pub sources: Vec<String>,
    /// Sources of the operator's own, and changes to known ones.
    pub own_sources: Vec<GeoSource>,
}

/// `[[geo.source]]`: what is left out is as the known source of that name has it.
#[derive(Clone, Debug, Default)]
pub struct GeoSource {
    /// What it is called.
    pub name: String,
    /// What its files are made of.
    pub format: Option<GeoFormat>,
    /// For networks: the list that they are on.
    pub list: Option<String>,
    /// For networks in JSON: the key below which they are.
    pub within: Option<String>,
    /// Addresses to fetch from.
    pub urls: Vec<String>,
    /// A package to ask the npm client for.
    pub npm: Option<String>,
    /// Names of files in the package or archive.
    pub files: Vec<String>,
    /// Files of this machine that are copied.
    pub paths: Vec<PathBuf>,
    /// Account at the provider.
    pub credentials: Option<crate::catalogue::Credentials>,
    /// What the one file must be: SHA-256 in hexadecimal digits.
    pub sha256: Option<String>,
    /// Its licence.
    pub licence: Option<String>,
    /// What the page has to show for it.
    pub attribution: Option<String>,
    /// Where that leads.
    pub link: Option<String>,
    /// How often it is worth asking.
    pub refresh_hours: Option<u64>,
    /// How long it may be used after it was made.
    pub expires_days: Option<u64>,
}

/// What the files of a source of place data are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeoFormat {
    /// A database of MaxMind's format, whoever made it.
    Mmdb,
    /// `first,last,asn,name`.
    Systems,
    /// `first,last,country`.
    Countries,
    /// What is known of autonomous systems, with columns by name.
    About,
    /// Networks, a line each or anywhere in JSON.
    Networks,
}

impl GeoFormat {
    /// The words that settings use.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("mmdb", Self::Mmdb),
        ("systems", Self::Systems),
        ("countries", Self::Countries),
        ("about", Self::About),
        ("networks", Self::Networks),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        let own = Self::WORDS.iter().find(|(_, format)| *format == self);
        own.map_or("", |(word, _)| word)
    }
}

/// `[organisations]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisations {
    /// Whether organisations are named at all. Default false.
    pub enabled: bool,
    /// The operator's own organisations and exceptions; read again when it changes. Default none.
    pub overrides: Option<PathBuf>,
    /// Countries (ISO 3166-1, or `EEA`) where nobody is named. Default none.
    pub exclude_countries: Vec<String>,
    /// Types of organisation that are not named. Default none.
    pub exclude_types: Vec<String>,
    /// Least confidence, 0 to 100, at which a name is stored. Default 60.
    pub least_confidence: u8,
    /// The operator's rules about stages, in place of those that are built in; read again when it changes. Default none.
    pub stages: Option<PathBuf>,
    /// Ask DNS for the names of addresses. Default false.
    pub ptr: bool,
    /// Resolvers that are asked; at least one where `ptr` is set.
    pub resolvers: Vec<SocketAddr>,
}

impl Default for Organisations {
    fn default() -> Self {
        Self {
            enabled: false,
            overrides: None,
            exclude_countries: Vec::new(),
            exclude_types: Vec::new(),
            least_confidence: 60,
            stages: None,
            ptr: false,
            resolvers: Vec::new(),
        }
    }
}

impl Organisations {
    /// The types that can be excluded.
    pub const TYPES: [&str; 4] = ["business", "education", "government", "nonprofit"];
}

/// `[clients]`
#[derive(Clone, Debug)]
pub struct Clients {
    /// Files of rules about agents and audiences, which come before the program's own. Default none.
    pub rules: Vec<PathBuf>,
}

/// `[spool]`
#[derive(Clone, Debug)]
pub struct Spool {
    /// Most bytes on disk before events are dropped (and counted). Default 10 GiB.
    pub quota_bytes: u64,
}

/// `[privacy]`
#[derive(Clone, Debug)]
pub struct Privacy {
    /// Who answers for what is kept. Default: nobody is named.
    pub controller: Controller,
    /// Where the salt of the day is kept. Default in memory.
    pub salt: SaltPlace,
}

/// Where the secret is kept that makes visitors of addresses, for a day.
#[derive(Clone, Debug)]
pub enum SaltPlace {
    /// In the memory of this process: a restart makes another.
    Memory,
    /// In a file on a file system that is memory, which outlives the process and not the machine.
    File(PathBuf),
    /// In a store that several gateways share.
    Shared(SaltStore),
}

/// A server that speaks RESP, as Redis and Valkey do.
#[derive(Clone, Debug)]
pub struct SaltStore {
    /// Name or address.
    pub host: String,
    /// Port. Default 6379.
    pub port: u16,
    /// Number of the database in it. Default 0.
    pub database: u16,
    /// Who we are there, the password read from the file the operator named.
    pub account: Option<crate::catalogue::Credentials>,
}

/// `[[export]]`
#[derive(Clone, Debug)]
pub struct Export {
    /// Names the files.
    pub name: String,
    /// How often. Default each day.
    pub every: Every,
    /// Where to.
    pub destination: Destination,
    /// Which rows, as `POST /api/v2/export` takes them.
    pub rows: serde_json::Value,
}

/// How often something is exported; each file holds that much, by UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
}

/// Where exported files go.
#[derive(Clone)]
pub enum Destination {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of S3 or of what speaks like it.
    Bucket {
        /// Its address, and the path in it that names begin with.
        url: url::Url,
        /// Name of the key.
        access_key: String,
        /// The key, read from the file the operator named.
        secret: String,
    },
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "Folder({})", folder.display()),
            Self::Bucket {
                url, access_key, ..
            } => write!(f, "Bucket({url} as {access_key})"),
        }
    }
}

/// `[retention]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days that single events are kept for. Default 90.
    pub raw_days: u16,
    /// Months that what is counted from them is kept for. Default 25.
    pub rollup_months: u16,
}

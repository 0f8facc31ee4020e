//! How the process runs: addresses, paths, limits. As used; `written.rs` reads them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;

/// Everything that is not a package.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one folder with all state. Default `weir-data`.
    pub data_dir: PathBuf,
    /// The public side.
    pub gateway: Gateway,
    /// The operator's side.
    pub dashboards: Dashboards,
    /// Where events end up.
    pub clickhouse: ClickHouse,
    /// Place data.
    pub geo: Geo,
    /// The durable buffer.
    pub spool: Spool,
    /// What leaves by the clock.
    pub exports: Vec<Export>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "weir-data".into(),
            gateway: Gateway {
                http: vec![(Ipv4Addr::UNSPECIFIED, 8080).into()],
                trusted_proxies: Vec::new(),
                threads: std::thread::available_parallelism().map_or(1, usize::from),
                upstream_timeout_s: 10,
                verify_files: true,
                private_upstreams: Vec::new(),
                name_servers: Vec::new(),
                always_proxy: Vec::new(),
            },
            dashboards: Dashboards {
                listen: (Ipv4Addr::LOCALHOST, 8081).into(),
                import_tokens: None,
            },
            clickhouse: ClickHouse {
                url: None,
                user: "default".to_owned(),
                password: None,
                database: "weir".to_owned(),
                engine: None,
                memory_bytes: 2 << 30,
            },
            geo: Geo {
                country: Vec::new(),
                local_country: None,
            },
            spool: Spool {
                quota_bytes: 10 << 30,
            },
            exports: Vec::new(),
        }
    }
}

/// `[gateway]`
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Addresses for plain HTTP. Default `0.0.0.0:8080`.
    pub http: Vec<SocketAddr>,
    /// Whose `X-Forwarded-For` counts. Default nobody's.
    pub trusted_proxies: Vec<IpNet>,
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
}

impl Gateway {
    /// Whether nothing is redirected on `host`, a name as [`crate::host_name`] gives it.
    pub fn always_proxies(&self, host: &str) -> bool {
        self.always_proxy.iter().any(|domain| domain == host)
    }
}

/// `[dashboards]`
#[derive(Clone, Debug)]
pub struct Dashboards {
    /// Address of the page and the API. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// Tokens that allow imports by HTTP, read from the file the operator named. Default none, which allows nobody.
    pub import_tokens: Option<crate::catalogue::Tokens>,
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
}

/// `[spool]`
#[derive(Clone, Debug)]
pub struct Spool {
    /// Most bytes on disk before events are dropped (and counted). Default 10 GiB.
    pub quota_bytes: u64,
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

//! `[operator]`: what those who run the process watch it by.

use std::net::SocketAddr;

use url::Url;

/// `[operator]`
#[derive(Clone, Debug)]
pub struct Operator {
    /// Address of metrics and health, for those who run the installation. Default none.
    pub listen: Option<SocketAddr>,
    /// How many seconds requests are still taken from the moment on that readiness says no. Default 0.
    pub drain_delay_s: u64,
    /// Where traces go. Default nowhere.
    pub traces: Option<Traces>,
}

/// Traces, and who collects them.
#[derive(Clone)]
pub struct Traces {
    /// Where the collector takes spans: OTLP over HTTP.
    pub url: Url,
    /// Which part of requests is traced, from 0 to 1. Default 0.01.
    pub ratio: f64,
    /// Whether a trusted proxy may say which trace a request belongs to. Default false.
    pub join: bool,
    /// Fields of each request to the collector, read from the file the operator named.
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Traces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Traces")
            .field("url", &self.url.as_str())
            .field("ratio", &self.ratio)
            .field("join", &self.join)
            .field("headers", &names)
            .finish()
    }
}

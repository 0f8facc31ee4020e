//! The sockets of both halves: where they are, and once more for a successor.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context as _;
use weir_config::settings::Settings;
use weir_gateway::Listeners;

use super::inheritance::Sockets;

/// Where the gateway listens.
pub(super) struct Addresses {
    pub(super) http: Vec<SocketAddr>,
    pub(super) https: Vec<SocketAddr>,
}

impl Addresses {
    pub(super) fn of(listeners: &Listeners) -> std::io::Result<Self> {
        let listen = |listeners: &[TcpListener]| {
            let addresses = listeners.iter().map(TcpListener::local_addr);
            addresses.collect::<Result<_, _>>()
        };
        Ok(Self {
            http: listen(&listeners.http)?,
            https: listen(&listeners.https)?,
        })
    }
}

/// Opens the page's address, unless `handed` has a socket for it, from another process.
pub(super) fn listen_page(
    settings: &Settings,
    handed: impl FnOnce(SocketAddr) -> Option<TcpListener>,
) -> anyhow::Result<TcpListener> {
    listen(settings.dashboards.listen, "[dashboards] listen", handed)
}

/// The same of the operator's, where the settings name one.
pub(super) fn listen_operator(
    settings: &Settings,
    handed: impl FnOnce(SocketAddr) -> Option<TcpListener>,
) -> anyhow::Result<Option<TcpListener>> {
    let address = settings.operator.listen;
    address
        .map(|address| listen(address, "[operator] listen", handed))
        .transpose()
}

fn listen(
    address: SocketAddr,
    setting: &str,
    handed: impl FnOnce(SocketAddr) -> Option<TcpListener>,
) -> anyhow::Result<TcpListener> {
    if let Some(listener) = handed(address) {
        return Ok(listener);
    }
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}; choose another in {setting}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Every socket once more, for a successor.
pub(super) fn again(
    settings: &Settings,
    listeners: &Listeners,
    page: Option<&TcpListener>,
    operator: Option<&TcpListener>,
) -> std::io::Result<Sockets> {
    let gateway = &settings.gateway;
    let http = gateway.http.iter().zip(&listeners.http);
    let https = gateway.https.iter().zip(&listeners.https);
    let page = page.map(|page| (&settings.dashboards.listen, page));
    let operator = settings.operator.listen.as_ref().zip(operator);
    let all = http.chain(https).chain(page).chain(operator);
    all.map(|(&address, listener)| Ok((address, listener.try_clone()?)))
        .collect()
}

//! The sockets that connections are accepted from.

use std::net::{SocketAddr, TcpListener};

use weir_config::settings::Gateway as Settings;

use crate::gateway::StartError;

/// Connections that may wait to be accepted, where the system lets so many (`net.core.somaxconn`). The library's 128 are
/// soon full when thousands come back at once, and who finds no room there tries again a second later.
const BACKLOG: i32 = 4096;

/// Addresses that are listened on.
#[derive(Debug, Default)]
pub struct Listeners {
    /// For plain HTTP.
    pub http: Vec<TcpListener>,
    /// For HTTP over TLS.
    pub https: Vec<TcpListener>,
}

/// Opens the addresses of `[gateway]`, but for those that `handed` has a socket for, from another process.
pub fn listen(
    settings: &Settings,
    mut handed: impl FnMut(SocketAddr) -> Option<TcpListener>,
) -> Result<Listeners, StartError> {
    let mut open = |addresses: &[SocketAddr]| {
        let addresses = addresses.iter();
        let sockets = addresses.map(|&address| handed(address).map_or_else(|| open(address), Ok));
        sockets.collect::<Result<_, _>>()
    };
    Ok(Listeners {
        http: open(&settings.http)?,
        https: open(&settings.https)?,
    })
}

fn open(address: SocketAddr) -> Result<TcpListener, StartError> {
    let opened = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        // To listen again changes this number and nothing else (listen(2)).
        rustix::net::listen(&listener, BACKLOG)?;
        Ok(listener)
    });
    opened.map_err(|source| StartError::Listen { address, source })
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    #[test]
    fn many_may_wait_to_be_accepted() {
        let listener = open(([127, 0, 0, 1], 0).into()).expect("a port");
        let address = listener.local_addr().expect("an address");
        // Who finds no room gets no answer.
        let patience = Duration::from_secs(10);
        let waiting: Result<Vec<_>, _> = (0..400)
            .map(|_| TcpStream::connect_timeout(&address, patience))
            .collect();
        assert_eq!(waiting.expect("room").len(), 400);
    }
}

//! The clients whose addresses must be nowhere afterwards.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::carrier::carriers;

/// Those whose address a trusted proxy tells.
const FORWARDED: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(198, 18, 77, 201)),
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 214)),
    IpAddr::V6(Ipv6Addr::new(
        0x2001, 0xdb8, 0x5eed, 0xcafe, 0xb00c, 0x7a1e, 0xfade, 0x1dea,
    )),
    IpAddr::V6(Ipv6Addr::new(
        0x2001, 0xdb8, 0xd00d, 0xbeef, 0x8bad, 0xf00d, 0xca7e, 0xc0de,
    )),
];

/// Those who connect by themselves: the whole of 127.0.0.0/8 is this machine.
const PEERS: [Ipv4Addr; 2] = [
    Ipv4Addr::new(127, 83, 77, 201),
    Ipv4Addr::new(127, 91, 166, 214),
];

/// The proxy's own address, the only one that is trusted.
const PROXY: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Every address that is looked for.
pub(crate) fn addresses() -> Vec<IpAddr> {
    let peers = PEERS.map(IpAddr::V4);
    FORWARDED.into_iter().chain(peers).collect()
}

/// Somebody who asks.
pub(crate) struct Client {
    /// Sends from the client's own address, or from the proxy's.
    pub(crate) http: reqwest::Client,
    /// What the proxy says, where there is one.
    pub(crate) forwarded: Option<String>,
    /// The address, as this client writes it wherever there is room for text.
    pub(crate) own: String,
    from: Ipv4Addr,
}

impl Client {
    fn new(from: Ipv4Addr, forwarded: Option<String>, own: String) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .local_address(IpAddr::V4(from))
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            http,
            forwarded,
            own,
            from,
        }
    }

    /// The address as it stands in URLs.
    pub(crate) fn host(&self) -> String {
        if self.own.contains(':') {
            format!("[{}]", self.own)
        } else {
            self.own.clone()
        }
    }

    /// A connection of this client's, for bytes that no library would send.
    pub(crate) async fn connect(&self, to: std::net::SocketAddr) -> tokio::net::TcpStream {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket
            .bind((self.from, 0).into())
            .expect("an address of this machine");
        socket.connect(to).await.expect("a connection")
    }
}

/// Every client, in every form that its address can arrive in.
pub(crate) fn clients() -> Vec<Client> {
    let forwarded = FORWARDED.into_iter().flat_map(forms);
    let forwarded = forwarded.map(|form| Client::new(PROXY, Some(form.clone()), form));
    let peers = PEERS.map(|peer| Client::new(peer, None, peer.to_string()));
    forwarded.chain(peers).collect()
}

fn forms(address: IpAddr) -> Vec<String> {
    let mut forms = vec![address.to_string()];
    if let IpAddr::V4(v4) = address {
        forms.extend(carriers(v4).map(|(_, carrier)| carrier.to_string()));
    }
    forms
}

//! DNS: a name server of the test's own, and what the gateway does with its answers and its silence.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::net::UdpSocket;

use crate::upstream::{Answer, Upstream};
use crate::world::{PATIENCE, World};
use crate::{FILES, files, gateway, index, python_index, status};
use crate::{INDEX, PAGE};

/// A name server that knows one answer for all names, or is dead.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    /// None while it is dead.
    addresses: Option<Vec<Ipv4Addr>>,
    questions: usize,
}

impl NameServer {
    pub(crate) async fn start(addresses: &[Ipv4Addr]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let address = socket.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            addresses: Some(addresses.to_vec()),
            questions: 0,
        }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question).await {
                let answer = {
                    let mut state = shared.lock().expect("no panic");
                    state.questions += 1;
                    let addresses = state.addresses.as_deref();
                    addresses.map(|addresses| answer(&question[..length], addresses))
                };
                if let Some(answer) = answer {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Self { address, state }
    }

    fn die(&self) {
        self.state.lock().expect("no panic").addresses = None;
    }

    fn questions(&self) -> usize {
        self.state.lock().expect("no panic").questions
    }

    /// `[gateway]` settings that ask it and allow `networks`.
    pub(crate) fn settings(&self, networks: &str) -> String {
        let address = self.address;
        gateway(&format!(
            "name_servers = [\"{address}\"]\nprivate_upstreams = [{networks}]"
        ))
    }
}

/// An answer to `question` that holds for a second (RFC 1035 §4.1): its addresses for type A, nothing for others.
fn answer(question: &[u8], addresses: &[Ipv4Addr]) -> Vec<u8> {
    const TYPE_A: [u8; 2] = [0, 1];
    let name = question[12..].iter().position(|&byte| byte == 0);
    let end = 12 + name.expect("a name") + 5;
    let is_a = question[end - 4..end - 2] == TYPE_A;
    let addresses = if is_a { addresses } else { &[] };
    let count = u8::try_from(addresses.len()).expect("few");
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0]);
    answer.extend(&question[12..end]);
    for address in addresses {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        answer.extend(address.octets());
    }
    answer
}

#[tokio::test]
async fn names_are_asked_of_the_operators_own_name_servers_and_remembered() {
    let upstream = Upstream::start("127.0.0.1", |_| Answer::new(200, "bytes")).await;
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    let to = format!("files.test:{}", upstream.address.port());
    let world = World::start(&(dns.settings("\"127.0.0.0/8\"") + &files(&to))).await;
    for _ in 0..20 {
        assert_eq!(status(&world, FILES, "/s/a").await, 200);
    }
    let asked = upstream.asked();
    assert_eq!(asked.len(), 20);
    assert!(asked.iter().all(|asked| asked.header("host") == to));
    assert!(dns.questions() <= 4, "A and AAAA: {}", dns.questions());
}

#[tokio::test]
async fn an_address_that_does_not_answer_is_followed_by_the_next() {
    // Nobody listens on the first.
    let upstream = Upstream::start("127.0.0.3", |_| Answer::new(200, "bytes")).await;
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 3)]).await;
    let to = format!("files.test:{}", upstream.address.port());
    let world = World::start(&(dns.settings("\"127.0.0.0/8\"") + &files(&to))).await;
    assert_eq!(status(&world, FILES, "/s/a").await, 200);
    assert_eq!(
        world
            .request("HEAD", FILES, "/r/a")
            .send()
            .await
            .expect("an answer")
            .status(),
        200
    );
}

#[tokio::test]
async fn downloads_go_on_when_dns_is_dead() {
    let upstream = Upstream::start_knowing_itself("127.0.0.1", python_index).await;
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    let to = format!("files.test:{}", upstream.address.port());
    let config = dns.settings("\"127.0.0.0/8\"") + &files(&to) + &index(&to);
    let world = World::start(&config).await;
    assert_eq!(status(&world, FILES, "/s/rocket-1.0.tar.gz").await, 200);
    assert_eq!(status(&world, INDEX, PAGE).await, 200);
    dns.die();
    let (before, deadline) = (dns.questions(), Instant::now() + PATIENCE);
    // An answer of DNS holds for a second here, and is believed for five.
    while dns.questions() == before {
        assert_eq!(status(&world, FILES, "/s/rocket-1.0.tar.gz").await, 200);
        assert_eq!(status(&world, INDEX, PAGE).await, 200);
        assert!(Instant::now() < deadline, "DNS is not asked again");
    }
    for _ in 0..5 {
        assert_eq!(status(&world, FILES, "/s/rocket-1.0.tar.gz").await, 200);
    }
}

#[tokio::test]
async fn the_hosts_file_and_localhost_names_need_no_name_server() {
    let upstream = Upstream::start("127.0.0.1", |_| Answer::new(200, "bytes")).await;
    let dns = NameServer::start(&[]).await;
    for host in ["localhost", "files.test.localhost"] {
        let to = format!("{host}:{}", upstream.address.port());
        let world = World::start(&(dns.settings("\"127.0.0.0/8\"") + &files(&to))).await;
        assert_eq!(status(&world, FILES, "/s/a").await, 200, "{host}");
    }
    assert_eq!(dns.questions(), 0);
}

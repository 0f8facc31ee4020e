//! DNS: a name server of the test's own, and what the gateway does with its answers and its silence.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::net::UdpSocket;

use crate::upstream::{Answer, Upstream};
use crate::world::{PATIENCE, World};
use crate::{FILES, files, gateway, index, python_index, status};
use crate::{INDEX, PAGE};

/// A name server that knows one answer for all names, texts for some, or is dead.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    socket: Arc<UdpSocket>,
    state: Arc<Mutex<State>>,
}

struct State {
    /// None while it is dead.
    addresses: Option<Vec<Ipv4Addr>>,
    /// By name, in small letters.
    texts: HashMap<String, Vec<String>>,
    /// Names about which nothing is said yet, with what was asked and where from.
    held: HashMap<String, Vec<(Vec<u8>, SocketAddr)>>,
    questions: usize,
}

impl State {
    /// What is said to `question`; nothing while it is dead or keeps that back.
    fn heard(&mut self, question: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
        self.questions += 1;
        if let Some(waiting) = self.held.get_mut(&asked(question).0) {
            waiting.push((question.to_vec(), from));
            return None;
        }
        let addresses = self.addresses.as_deref()?;
        Some(answer(question, addresses, &self.texts))
    }
}

impl NameServer {
    pub(crate) async fn start(addresses: &[Ipv4Addr]) -> Self {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
        let address = socket.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            addresses: Some(addresses.to_vec()),
            texts: HashMap::new(),
            held: HashMap::new(),
            questions: 0,
        }));
        let (listening, shared) = (Arc::clone(&socket), Arc::clone(&state));
        tokio::spawn(async move {
            let mut question = [0; 512];
            while let Ok((length, from)) = listening.recv_from(&mut question).await {
                let answer = {
                    let mut state = shared.lock().expect("no panic");
                    state.heard(&question[..length], from)
                };
                if let Some(answer) = answer {
                    let _ = listening.send_to(&answer, from).await;
                }
            }
        });
        Self {
            address,
            socket,
            state,
        }
    }

    /// Answers with other addresses from now on.
    pub(crate) fn answer(&self, addresses: &[Ipv4Addr]) {
        self.state.lock().expect("no panic").addresses = Some(addresses.to_vec());
    }

    /// Says `texts` at `name` from now on.
    pub(crate) fn say(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        let mut state = self.state.lock().expect("no panic");
        state.texts.insert(name.to_owned(), texts);
    }

    /// Keeps back what it would say of `name`.
    pub(crate) fn hold(&self, name: &str) {
        let mut state = self.state.lock().expect("no panic");
        state.held.insert(name.to_owned(), Vec::new());
    }

    /// How often `name` was asked about since it is held.
    pub(crate) fn waiting(&self, name: &str) -> usize {
        self.state.lock().expect("no panic").held[name].len()
    }

    /// Says of `name` what was kept back, and whatever it is asked from here on.
    pub(crate) async fn let_go(&self, name: &str) {
        let held = self.state.lock().expect("no panic").held.remove(name);
        for (question, from) in held.expect("it is held") {
            let answer = self.state.lock().expect("no panic").heard(&question, from);
            let answer = answer.expect("it is alive");
            // A try that was given up left nobody there.
            let _ = self.socket.send_to(&answer, from).await;
        }
    }

    pub(crate) fn die(&self) {
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

/// An answer to `question` that holds for a second (RFC 1035 §4.1): addresses for type A, texts for TXT, nothing for
/// others.
fn answer(
    question: &[u8],
    addresses: &[Ipv4Addr],
    texts: &HashMap<String, Vec<String>>,
) -> Vec<u8> {
    const TYPE_A: [u8; 2] = [0, 1];
    const TYPE_TXT: [u8; 2] = [0, 16];
    let (name, end) = asked(question);
    let kind: [u8; 2] = question[end - 4..end - 2].try_into().expect("two bytes");
    let records: Vec<Vec<u8>> = match kind {
        TYPE_A => addresses.iter().map(|one| one.octets().to_vec()).collect(),
        TYPE_TXT => {
            let texts = texts.get(&name);
            let texts = texts.into_iter().flatten();
            texts.map(|text| character_string(text)).collect()
        }
        _ => Vec::new(),
    };
    let count = u8::try_from(records.len()).expect("few");
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0]);
    answer.extend(&question[12..end]);
    for record in records {
        let length = u16::try_from(record.len()).expect("short");
        answer.extend([0xc0, 12]);
        answer.extend(kind);
        answer.extend([0, 1, 0, 0, 0, 1]);
        answer.extend(length.to_be_bytes());
        answer.extend(record);
    }
    answer
}

/// The name that a question is about, in small letters, and where the question ends: labels, each behind its length,
/// then type and class.
fn asked(question: &[u8]) -> (String, usize) {
    let length = question[12..].iter().position(|&byte| byte == 0);
    let end = 12 + length.expect("a name");
    (name(&question[12..end]), end + 5)
}

fn name(mut labels: &[u8]) -> String {
    let mut name = Vec::new();
    while let Some((&length, rest)) = labels.split_first() {
        let (label, rest) = rest.split_at(length.into());
        name.push(String::from_utf8_lossy(label).to_ascii_lowercase());
        labels = rest;
    }
    name.join(".")
}

fn character_string(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("short");
    [&[length], text.as_bytes()].concat()
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

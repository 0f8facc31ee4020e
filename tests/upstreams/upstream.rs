//! An upstream that does what a test wants: answers as told, keeps a list of what it was asked, counts connections,
//! falls silent and comes back.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A running upstream; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    answer: Box<dyn Fn(&Asked) -> Answer + Send + Sync>,
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    silent: AtomicBool,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
}

impl Asked {
    /// A header's value or nothing; `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The headers' names, in lower case.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }
}

/// What is answered.
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
    /// Says that more follows, and says nothing more.
    stalls: bool,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: String::new(),
            body: body.into(),
            stalls: false,
        }
    }

    /// A redirect to `location`.
    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(302, "elsewhere").with("location", location)
    }

    /// The same, but for an end that never comes.
    pub(crate) fn stalling(self) -> Self {
        Self {
            stalls: true,
            ..self
        }
    }

    /// With lines of the head as they are.
    pub(crate) fn with_raw(mut self, lines: &str) -> Self {
        self.headers.push_str(lines);
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.extend([name, ": ", value, "\r\n"]);
        self
    }
}

impl Upstream {
    /// Listens on a port of `host` and answers by `answer`.
    pub(crate) async fn start(
        host: &str,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::listen(&format!("{host}:0"), answer).await
    }

    /// The same, where the answers name the upstream's own address.
    pub(crate) async fn start_knowing_itself(
        host: &str,
        answer: impl Fn(&Asked, SocketAddr) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::serve(listener, move |asked| answer(asked, address))
    }

    /// Listens on exactly `address`.
    pub(crate) async fn listen(
        address: &str,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        Self::serve(listener, answer)
    }

    fn serve(
        listener: TcpListener,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(State {
            answer: Box::new(answer),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            silent: AtomicBool::new(false),
        });
        let address = listener.local_addr().expect("an address");
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                shared.connections.fetch_add(1, SeqCst);
                tokio::spawn(connection(socket, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// Accepts and reads, and says nothing, until it is told otherwise.
    pub(crate) fn fall_silent(&self, silent: bool) {
        self.state.silent.store(silent, SeqCst);
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(SeqCst)
    }

    /// Everything it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().expect("no panic").clone()
    }
}

async fn connection(socket: TcpStream, state: Arc<State>) {
    let mut socket = BufReader::new(socket);
    while let Some(asked) = read(&mut socket).await {
        state.asked.lock().expect("no panic").push(asked.clone());
        if state.silent.load(SeqCst) {
            // Until the other side gives up.
            let _ = socket.read_line(&mut String::new()).await;
            return;
        }
        let answer = (state.answer)(&asked);
        let Answer {
            status,
            headers,
            body,
            stalls,
        } = answer;
        let length = body.len() + usize::from(stalls);
        let length = match status {
            304 => String::new(),
            _ => format!("content-length: {length}\r\n"),
        };
        let mut bytes = format!("HTTP/1.1 {status} Told\r\n{headers}{length}\r\n").into_bytes();
        if asked.method != "HEAD" && status != 304 {
            bytes.extend(&body);
        }
        if socket.write_all(&bytes).await.is_err() {
            return;
        }
        if stalls {
            let _ = socket.read_line(&mut String::new()).await;
            return;
        }
    }
}

async fn read(socket: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut start = lines.first()?.split(' ');
    let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
    let headers = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Some(Asked {
        method,
        path,
        headers,
    })
}

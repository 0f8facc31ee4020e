//! Bytes to the gateway and answers back, without a client's good manners in between.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::{Event, PATIENCE, World};

/// One connection to the gateway.
pub(crate) struct Connection {
    socket: TcpStream,
    received: Vec<u8>,
}

/// One answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value; `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The whole answer but for its date, for snapshots.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<_> = self
            .head
            .lines()
            .filter(|line| !line.starts_with("date:"))
            .collect();
        format!("{}\n\n{}", lines.join("\n"), self.body)
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).await.expect("a connection");
        Self {
            socket,
            received: Vec::new(),
        }
    }

    /// The same from one of this machine's addresses.
    pub(crate) async fn open_from(from: Ipv4Addr, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("an address to bind");
        Self {
            socket: socket.connect(address).await.expect("a connection"),
            received: Vec::new(),
        }
    }

    /// Sends bytes; that the other side no longer reads them is no failure.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.socket.write_all(bytes).await;
    }

    /// Sends a byte at a time until something comes back or the connection ends.
    pub(crate) async fn trickle(&mut self, pause: Duration) {
        let mut pace = tokio::time::interval(pause);
        let Self { socket, received } = self;
        loop {
            tokio::select! {
                _ = socket.read_buf(received) => return,
                _ = pace.tick() => {}
            }
            if socket.write_all(b"x").await.is_err() {
                return;
            }
        }
    }

    /// The same connection, whose client takes few bytes at a time.
    pub(crate) async fn open_narrow(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a size");
        Self {
            socket: socket.connect(address).await.expect("a connection"),
            received: Vec::new(),
        }
    }

    /// Sends `request` again and again and reads nothing, until the other side has ended the connection.
    pub(crate) async fn ask_without_reading(&mut self, request: &[u8]) {
        let batch = request.repeat(64);
        while self.socket.write_all(&batch).await.is_ok() {}
    }

    /// The next answer with a body, or `None` once the other side has closed.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        self.next(true).await
    }

    /// The next answer to a HEAD.
    pub(crate) async fn bodiless_answer(&mut self) -> Option<Answer> {
        self.next(false).await
    }

    async fn next(&mut self, has_body: bool) -> Option<Answer> {
        let end = loop {
            match self
                .received
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                Some(end) => break end + 4,
                None if !self.read().await => return None,
                None => {}
            }
        };
        let head = String::from_utf8_lossy(&self.received[..end])
            .trim_end()
            .to_owned();
        self.received.drain(..end);
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status line");
        let mut answer = Answer {
            status,
            head,
            body: String::new(),
        };
        let length: usize = answer
            .header("content-length")
            .map_or(0, |length| length.parse().expect("a length"));
        if has_body {
            while self.received.len() < length && self.read().await {}
            let body: Vec<u8> = self
                .received
                .drain(..length.min(self.received.len()))
                .collect();
            answer.body = String::from_utf8_lossy(&body).into_owned();
        }
        Some(answer)
    }

    /// Waits until the other side closes; what it sent before.
    pub(crate) async fn rest(&mut self) -> String {
        while self.read().await {}
        String::from_utf8_lossy(&std::mem::take(&mut self.received)).into_owned()
    }

    /// Reads once; false at the end of the connection.
    async fn read(&mut self) -> bool {
        let read = tokio::time::timeout(PATIENCE, self.socket.read_buf(&mut self.received)).await;
        matches!(read.expect("an answer or an end in time"), Ok(1..))
    }
}

impl World {
    pub(crate) async fn connect(&self) -> Connection {
        Connection::open(self.weir.gateway).await
    }

    /// Everything stored, once all that was asked before has had its turn: a request of its own kind
    /// goes last and is waited for. It is left out.
    pub(crate) async fn recorded(&self) -> Vec<Event> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let version = format!("99.{}", LAST.fetch_add(1, Ordering::Relaxed));
        let marker = self
            .request("GET", "settled.test", "/")
            .header("user-agent", format!("curl/{version}"));
        marker.send().await.expect("an answer");
        let events = self
            .wait_for(|events| {
                events
                    .iter()
                    .any(|event| event["client_version"] == *version)
            })
            .await;
        let is_marker = |event: &Event| {
            event["client_version"]
                .as_str()
                .is_some_and(|version| version.starts_with("99."))
        };
        events
            .into_iter()
            .filter(|event| !is_marker(event))
            .collect()
    }
}

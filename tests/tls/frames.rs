//! HTTP/2 as frames that no client sends: what floods ends its connection early, what is malformed its request, and
//! others are served meanwhile.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::names::Authority;
use crate::world::process::memory_mib;
use crate::world::{PATIENCE, World};
use crate::{DOMAIN, FILE, port, start};

/// Kinds of frames (RFC 9113 §6).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// What a server may say to a request that it did not look at (RFC 9113 §8.7).
const REFUSED_STREAM: u32 = 7;

/// More than this need not be sent to anybody who has had enough.
const MOST: usize = 1024 * 1024;

/// What ended, and with which code (RFC 9113 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Stream(u32),
    Connection(u32),
    /// Without a word, or with one that was lost.
    Closed,
    /// Answered with 400, which has a place of its own in the static table (RFC 7541, appendix A).
    Refused,
    Answered,
}

struct Peer {
    stream: TlsStream<TcpStream>,
    received: Vec<u8>,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// Fields as literals that nobody remembers (RFC 7541 §6.2.2).
fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            assert!(text.len() < 127);
            block.push(text.len() as u8);
            block.extend(text.as_bytes());
        }
    }
    block
}

fn request<'a>(path: &'a str, more: &[(&'a str, &'a str)]) -> Vec<u8> {
    let usual = [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", DOMAIN),
        (":path", path),
    ];
    block(&[&usual, more].concat())
}

impl Peer {
    async fn connect(world: &World, authority: &Authority) -> Self {
        let ends = (Ipv4Addr::LOCALHOST, ([127, 0, 0, 1], port(world)).into());
        let stream = authority.connect(ends, DOMAIN, "h2", "").await;
        let mut peer = Self {
            stream: stream.expect("a handshake"),
            received: Vec::new(),
        };
        peer.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        peer.send(&frame(SETTINGS, 0, 0, &[])).await;
        peer
    }

    /// Sends bytes; false once the other side takes no more.
    async fn send(&mut self, bytes: &[u8]) -> bool {
        let sent = tokio::time::timeout(PATIENCE, async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        });
        matches!(sent.await, Ok(Ok(())))
    }

    /// Sends `frames` again and again until the other side has had enough; how many bytes that took.
    async fn flood(&mut self, frames: &[u8]) -> usize {
        let mut sent = 0;
        while sent < MOST && !self.is_sent_away() && self.send(frames).await {
            sent += frames.len();
            self.look().await;
        }
        sent
    }

    /// Takes what has come, and waits for nothing.
    async fn look(&mut self) {
        let read = self.stream.read_buf(&mut self.received);
        let _ = tokio::time::timeout(Duration::ZERO, read).await;
    }

    fn is_sent_away(&self) -> bool {
        self.frames().any(|(kind, ..)| kind == GOAWAY)
    }

    /// Whole frames so far: kind, stream, payload.
    fn frames(&self) -> impl Iterator<Item = (u8, u32, &[u8])> {
        let mut rest = &self.received[..];
        std::iter::from_fn(move || {
            let (head, behind) = rest.split_first_chunk::<9>()?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
            let payload = behind.get(..length)?;
            rest = &behind[length..];
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            Some((head[3], stream, payload))
        })
    }

    /// What came of the body of `stream`, once it is `length` bytes or more.
    async fn body(&mut self, stream: u32, length: usize) -> Vec<u8> {
        loop {
            let of = |(kind, of, payload): (u8, u32, &[u8])| {
                (kind == DATA && of == stream).then(|| payload.to_vec())
            };
            let body = self.frames().filter_map(of).collect::<Vec<_>>().concat();
            if body.len() >= length {
                return body;
            }
            let read = self.stream.read_buf(&mut self.received);
            let read = tokio::time::timeout(PATIENCE, read).await;
            assert!(matches!(read.expect("more in time"), Ok(1..)), "{body:?}");
        }
    }

    /// How `stream` ended, or the connection did.
    async fn end(&mut self, stream: u32) -> End {
        loop {
            let code = |payload: &[u8]| payload.try_into().map_or(0, u32::from_be_bytes);
            let end = self.frames().find_map(|(kind, of, payload)| match kind {
                GOAWAY => Some(End::Connection(code(&payload[4..8]))),
                RST_STREAM if of == stream => Some(End::Stream(code(payload))),
                HEADERS if of == stream && payload[0] == 0x8c => Some(End::Refused),
                HEADERS if of == stream => Some(End::Answered),
                _ => None,
            });
            if let Some(end) = end {
                return end;
            }
            let read = self.stream.read_buf(&mut self.received);
            let read = tokio::time::timeout(PATIENCE, read).await;
            if !matches!(read.expect("an end in time"), Ok(1..)) {
                return End::Closed;
            }
        }
    }
}

/// A download that another client asks for is answered.
async fn assert_others_are_served(world: &World, authority: &Authority) {
    let mut other = Peer::connect(world, authority).await;
    let head = request(&format!("/rocket/1.2.3/{FILE}"), &[]);
    let flags = END_STREAM | END_HEADERS;
    assert!(other.send(&frame(HEADERS, flags, 1, &head)).await);
    assert_eq!(other.end(1).await, End::Answered);
}

#[tokio::test]
async fn floods_of_frames_end_their_connection_soon_and_cost_little_memory() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let before = memory_mib(world.weir.id());
    let head = request("/rocket/1.2.3/x", &[]);
    let endless = frame(HEADERS, END_STREAM, 1, &head);
    let fields = block(&[("x-more", "of the same")]).repeat(300);
    let asking = frame(HEADERS, END_HEADERS, 1, &head);
    for (name, first, rest) in [
        ("fields", &endless, frame(CONTINUATION, 0, 1, &fields)),
        ("no fields", &endless, frame(CONTINUATION, 0, 1, &[])),
        ("no bytes", &asking, frame(DATA, 0, 1, &[])),
    ] {
        let mut peer = Peer::connect(&world, &authority).await;
        assert!(peer.send(first).await);
        let sent = peer.flood(&rest.repeat(16)).await;
        assert!(sent < MOST, "{name}: {sent}");
        assert_others_are_served(&world, &authority).await;
    }
    let grown = memory_mib(world.weir.id()).saturating_sub(before);
    assert!(grown < 40, "{grown} MiB");
}

#[tokio::test]
async fn settings_without_requests_keep_no_connection() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let mut peer = Peer::connect(&world, &authority).await;
    let begun = Instant::now();
    let settings = frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 9]);
    let mut pace = tokio::time::interval(Duration::from_millis(200));
    while peer.send(&settings).await {
        assert!(begun.elapsed() < Duration::from_mins(1), "it lives on");
        pace.tick().await;
        peer.look().await;
    }
    assert!(begun.elapsed() > Duration::from_secs(25));
}

#[tokio::test]
async fn an_answer_comes_piece_by_piece_to_who_has_room_for_a_piece() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let mut peer = Peer::connect(&world, &authority).await;
    // Streams have room for ten bytes (RFC 9113 §6.5.2).
    let settings = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 10]);
    let head = request(&format!("/rocket/1.2.3/{FILE}"), &[]);
    let asked = frame(HEADERS, END_STREAM | END_HEADERS, 1, &head);
    assert!(peer.send(&[settings, asked].concat()).await);
    assert_eq!(peer.end(1).await, End::Answered);
    let all = "follow the redirect to download (curl: -L)\n";
    let first = peer.body(1, 10).await;
    assert_eq!(first, all.as_bytes()[..10]);
    let room = frame(WINDOW_UPDATE, 0, 1, &100_u32.to_be_bytes());
    assert!(peer.send(&room).await);
    assert_eq!(peer.body(1, all.len()).await, all.as_bytes());
}

#[tokio::test]
async fn more_requests_at_once_than_are_allowed_are_refused_one_by_one() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let mut peer = Peer::connect(&world, &authority).await;
    // Each waits for a body.
    let head = block(&[
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", DOMAIN),
        (":path", "/-/installed/1.0"),
    ]);
    let streams = (0..101).flat_map(|number| frame(HEADERS, END_HEADERS, 2 * number + 1, &head));
    assert!(peer.send(&streams.collect::<Vec<_>>()).await);
    assert_eq!(peer.end(201).await, End::Stream(REFUSED_STREAM));
    assert_others_are_served(&world, &authority).await;
}

#[tokio::test]
async fn a_request_that_http_1_could_not_say_is_refused_and_the_next_is_answered() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let stream = format!("/stream/1.2.3/{FILE}");
    let with = |more: &[(&str, &str)]| request(&stream, more);
    let mut lines = Vec::new();
    for (name, head) in [
        ("a space in the path", request("/stream/1.2.3/x y", &[])),
        (
            "a line end in the path",
            request("/x\r\nHost: evil.test", &[]),
        ),
        ("dot segments", request("/stream/../../etc/passwd", &[])),
        ("a line end in a value", with(&[("x-note", "a\r\nb: c")])),
        ("a NUL in a value", with(&[("x-note", "a\0b")])),
        ("a name in capitals", with(&[("X-Note", "a")])),
        ("a colon in a name", with(&[("x:note", "a")])),
        (
            "Transfer-Encoding",
            with(&[("transfer-encoding", "chunked")]),
        ),
        ("Connection", with(&[("connection", "keep-alive")])),
        ("Upgrade", with(&[("upgrade", "websocket")])),
        ("TE of another sort", with(&[("te", "gzip")])),
        ("a length without a body", with(&[("content-length", "5")])),
        (
            "two lengths",
            with(&[("content-length", "0"), ("content-length", "5")]),
        ),
        ("two paths", with(&[(":path", "/x")])),
        ("another Host", with(&[("host", "evil.test")])),
        ("two Hosts", with(&[("host", DOMAIN), ("host", DOMAIN)])),
        (
            "no path",
            block(&[
                (":method", "GET"),
                (":scheme", "https"),
                (":authority", DOMAIN),
            ]),
        ),
        (
            "a user",
            block(&[
                (":method", "GET"),
                (":scheme", "https"),
                (":authority", "evil.test@get.test.localhost"),
                (":path", &stream),
            ]),
        ),
    ] {
        let mut peer = Peer::connect(&world, &authority).await;
        assert!(
            peer.send(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &head))
                .await
        );
        lines.push(format!("{name}: {:?}", peer.end(1).await));
        assert_others_are_served(&world, &authority).await;
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    a space in the path: Stream(1)
    a line end in the path: Stream(1)
    dot segments: Refused
    a line end in a value: Connection(1)
    a NUL in a value: Connection(1)
    a name in capitals: Connection(1)
    a colon in a name: Connection(1)
    Transfer-Encoding: Stream(1)
    Connection: Stream(1)
    Upgrade: Stream(1)
    TE of another sort: Stream(1)
    a length without a body: Stream(1)
    two lengths: Stream(1)
    two paths: Stream(1)
    another Host: Refused
    two Hosts: Refused
    no path: Stream(1)
    a user: Refused
    ");
    assert_eq!(world.registry.seen(), [], "upstream stays silent");
}

//! What the door passes on from an upstream is what Pingora would have passed on, and asked for in the same words.

use std::sync::{Arc, Mutex};

use pingora::protocols::Stream;
use pingora::protocols::l4::stream::Stream as L4Stream;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What an upstream says at a path. It ends the connection where an answer does not tell its own end.
const ANSWERS: [(&str, &str); 26] = [
    (
        "length",
        "HTTP/1.1 200 OK|Server: s|ETag: \"e\"|Content-Length: 5||hello",
    ),
    ("empty", "HTTP/1.1 200 OK|Content-Length: 0||"),
    (
        "chunks",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5;a=b|hello|7|, world|0|X: y||",
    ),
    ("close", "HTTP/1.1 200 OK|X-A: 1|X-A: 2||hello"),
    ("old", "HTTP/1.0 200 Fine|Content-Length: 5||hello"),
    (
        "ends",
        "HTTP/1.1 200 OK|Connection: close|Content-Length: 5||hello",
    ),
    ("unchanged", "HTTP/1.1 304 Not Modified|ETag: \"e\"||"),
    ("nothing", "HTTP/1.1 204 No Content||"),
    ("missing", "HTTP/1.1 404 Not Found|Content-Length: 4||none"),
    (
        "broken",
        "HTTP/1.1 503 Service Unavailable|Retry-After: 5|Content-Length: 4||none",
    ),
    (
        "piece",
        "HTTP/1.1 206 Partial Content|Content-Range: bytes 0-4/9|Content-Length: 5||hello",
    ),
    (
        "leads",
        "HTTP/1.1 302 Found|Location: length|Content-Length: 4||there",
    ),
    (
        "circle",
        "HTTP/1.1 302 Found|Location: /circle|Content-Length: 0||",
    ),
    ("nowhere", "HTTP/1.1 302 Found|Content-Length: 0||"),
    (
        "choices",
        "HTTP/1.1 300 Multiple Choices|Location: a/b|Cache-Control: public|Content-Length: 0||",
    ),
    (
        "denied",
        "HTTP/1.1 401 Unauthorized|WWW-Authenticate: Basic|Content-Length: 0||",
    ),
    (
        "acts",
        "HTTP/1.1 200 OK|Set-Cookie: a=b|Alt-Svc: x|NEL: x|Keep-Alive: timeout=5|Content-Length: 5||hello",
    ),
    (
        "spaced",
        "HTTP/1.1 200 OK|X-Name : value|Content-Length: 5||hello",
    ),
    (
        "twice",
        "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||hello",
    ),
    (
        "lengths",
        "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 4||hello",
    ),
    (
        "both",
        "HTTP/1.1 200 OK|Content-Length: 3|Transfer-Encoding: chunked||5|hello|0||",
    ),
    (
        "chunkless",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||hello",
    ),
    (
        "coded",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||5|hello|0||",
    ),
    ("signed", "HTTP/1.1 200 OK|Content-Length: +5||hello"),
    ("garbage", "SSH-2.0-OpenSSH||"),
    ("cut", "HTTP/1.1 200 OK|Content-Le"),
];

/// What leads to where only Pingora goes.
const SECURE: (&str, &str) = (
    "secure",
    "HTTP/1.1 302 Found|Location: https://127.0.0.1:1/x|Content-Length: 0||",
);

/// What says something before it answers.
const HINTS: (&str, &str) = (
    "hints",
    "HTTP/1.1 103 Early Hints|Link: </style.css>||HTTP/1.1 200 OK|Content-Length: 5||hello",
);

/// An upstream that keeps what it was asked, field by field.
async fn upstream() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let keeping = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answers(BufReader::new(socket), Arc::clone(&keeping)));
        }
    });
    (address, asked)
}

async fn answers(mut socket: BufReader<TcpStream>, asked: Arc<Mutex<Vec<String>>>) {
    loop {
        let mut lines = Vec::new();
        let mut line = String::new();
        while matches!(socket.read_line(&mut line).await, Ok(1..)) && line != "\r\n" {
            lines.push(line.trim_end().to_ascii_lowercase());
            line.clear();
        }
        let Some(first) = lines.first() else { return };
        let path = first.split(' ').nth(1).expect("a target").to_owned();
        lines[1..].sort_unstable();
        asked.lock().expect("no panic").push(lines.join("\n"));
        let mut answers = ANSWERS.iter().chain([&SECURE, &HINTS]);
        let answer = answers.find(|(name, _)| path[1..] == **name);
        let (name, answer) = answer.expect("one that is known");
        let answer = answer.replace('|', "\r\n");
        socket.write_all(answer.as_bytes()).await.expect("sent");
        if matches!(*name, "close" | "old" | "ends" | "garbage" | "cut") {
            return;
        }
    }
}

/// Both ways to `upstream`.
fn ways(upstream: SocketAddr) -> Ways {
    Ways::serving(&format!(
        "[gateway]\nprivate_upstreams = [\"127.0.0.0/8\"]\n\
         [[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"get.test\"]\n\
         [[package.route]]\npath = \"/up/{{+rest}}\"\nto = \"http://{upstream}/{{+rest}}\"\nproxy = true\n"
    ))
}

/// What a client is answered at `path` of the upstream.
async fn ask(ways: &Ways, path: &str, by_the_door: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let (socket, peer) = listener.accept().await.expect("the same");
    let request = format!(
        "GET /up/{path} HTTP/1.1\r\nHost: get.test\r\nUser-Agent: curl/8\r\nAccept: */*\r\nCookie: a=b\r\n\
         X-Forwarded-For: 9.9.9.9\r\nIf-None-Match: \"e\"\r\nConnection: close\r\n\r\n"
    );
    client.write_all(request.as_bytes()).await.expect("sent");
    let serving = async {
        if by_the_door {
            let place = ways.crowd.enter().await;
            let line = Line::new(socket, peer);
            let served = ways
                .door
                .serve(line, peer.ip(), &place, None, &ways.shutdown);
            served.await;
        } else {
            let stream: Stream = Box::new(L4Stream::from(socket));
            let session = ServerSession::new_http1(stream);
            drop(ways.proxy.process_new_http(session, &ways.shutdown).await);
        }
    };
    let (answer, ()) = tokio::join!(answer(client), serving);
    in_one(&answer)
}

/// The answer without the form of chunks, where each ends means nothing, and with its length said once (RFC 9110 §8.6).
fn in_one(answer: &str) -> String {
    let answer = answer.replace(
        "content-length: 5\ncontent-length: 5\n",
        "content-length: 5\n",
    );
    let (head, body) = answer.split_once("\n\n").expect("a head");
    if !head.contains("transfer-encoding: chunked") {
        return answer;
    }
    let data: String = body.split("\r\n").skip(1).step_by(2).collect();
    format!("{head}\n\n{data}")
}

#[tokio::test]
async fn an_upstreams_answer_is_the_same_whoever_passes_it_on() {
    let (address, asked) = upstream().await;
    let ways = ways(address);
    let take = || std::mem::take(&mut *asked.lock().expect("no panic"));
    for (path, _) in ANSWERS {
        let by_pingora = (ask(&ways, path, false).await, take());
        // So that none is spared because too many before it failed.
        ask(&ways, "length", true).await;
        take();
        let by_the_door = (ask(&ways, path, true).await, take());
        assert_eq!(by_the_door, by_pingora, "{path}");
    }
}

#[tokio::test]
async fn a_connection_to_an_upstream_serves_one_client_after_the_other() {
    let (address, _) = upstream().await;
    let ways = ways(address);
    let kept = &ways.shared.upstreams.kept;
    for (path, lasts) in [
        ("length", true),
        ("chunks", true),
        ("close", false),
        ("both", true),
    ] {
        ask(&ways, path, true).await;
        let again = kept.take(address);
        assert_eq!(again.is_some(), lasts, "{path}");
    }
}

#[tokio::test]
async fn what_leads_to_tls_is_left_to_pingora() {
    let (address, asked) = upstream().await;
    let ways = ways(address);
    let answer = ask(&ways, SECURE.0, true).await;
    // Nobody listens there, which the second to ask found out.
    assert!(answer.starts_with("502"), "{answer}");
    assert_eq!(asked.lock().expect("no panic").len(), 2);
}

#[tokio::test]
async fn what_comes_before_an_answer_is_not_counted_as_one() {
    let (address, _) = upstream().await;
    for by_the_door in [true, false] {
        let ways = ways(address);
        let answer = ask(&ways, "hints", by_the_door).await;
        assert!(answer.ends_with("hello"), "{answer}");
        let counts = ways.shared.traffic.counts();
        let counted = counts.requests.iter();
        let counted: Vec<_> = counted
            .map(|found| (found.kind, found.outcome, found.count))
            .collect();
        assert_eq!(counted, [("download", "proxy", 1)], "{by_the_door}");
    }
}

//! A server on loopback that answers as it is told, well or badly.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a server does when it is asked for a path.
#[derive(Clone)]
pub(super) enum Answer {
    /// The head behind the status line, and the body.
    Whole(&'static str, Vec<u8>),
    /// A version of which `If-None-Match` is heeded.
    Tagged(&'static str, Vec<u8>),
    /// Another status.
    Status(&'static str),
    /// A redirect.
    Elsewhere(String),
    /// Promises more bytes than it sends.
    Broken(Vec<u8>),
    /// Sends a few bytes and then nothing.
    Stuck,
    /// Sends without end.
    Endless,
    /// Serves those that give this account.
    Account(&'static str, Vec<u8>),
}

/// A server on loopback that answers as it is told, and remembers what it was asked.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            address: listener.local_addr().expect("a port"),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (Arc::clone(&server.answers), Arc::clone(&server.asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answers, asked) = (Arc::clone(&answers), Arc::clone(&asked));
                tokio::spawn(async move {
                    // A client that goes away in the middle is what some tests are about.
                    let _ = serve(stream, &answers, &asked).await;
                });
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn says(&self, path: &str, answer: Answer) {
        self.answers
            .lock()
            .expect("unpoisoned")
            .insert(path.to_owned(), answer);
    }

    pub(super) fn serves(&self, path: &str, text: &str) {
        self.says(path, Answer::Whole("", text.as_bytes().to_vec()));
    }

    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().expect("unpoisoned"))
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: &Mutex<HashMap<String, Answer>>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().expect("unpoisoned").push(path.clone());
    let answer = answers.lock().expect("unpoisoned").get(&path).cloned();
    let whole = |status: &str, head: &str, body: &[u8]| {
        let length = body.len();
        let mut text = format!(
            "HTTP/1.1 {status}\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        let mut bytes = std::mem::take(&mut text).into_bytes();
        bytes.extend_from_slice(body);
        bytes
    };
    match answer {
        None => stream.write_all(&whole("404 Not Found", "", b"")).await,
        Some(Answer::Whole(head, body)) => stream.write_all(&whole("200 OK", head, &body)).await,
        Some(Answer::Tagged(tag, body)) => {
            let tagged = format!("ETag: {tag}\r\n");
            let answer = if head.contains(&format!("if-none-match: {tag}\r\n")) {
                whole("304 Not Modified", &tagged, b"")
            } else {
                whole("200 OK", &tagged, &body)
            };
            stream.write_all(&answer).await
        }
        Some(Answer::Status(status)) => stream.write_all(&whole(status, "", b"")).await,
        Some(Answer::Elsewhere(url)) => {
            let head = format!("Location: {url}\r\n");
            stream.write_all(&whole("302 Found", &head, b"")).await
        }
        Some(Answer::Broken(body)) => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Some(Answer::Stuck) => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
                .await?;
            // Until the client gives up.
            stream.read_u8().await.map(drop)
        }
        Some(Answer::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                stream.write_all(&[b'#'; 4096]).await?;
            }
        }
        Some(Answer::Account(account, body)) => {
            let given = format!("authorization: basic {}\r\n", account.to_ascii_lowercase());
            let answer = if head.contains(&given) {
                whole("200 OK", "", &body)
            } else {
                whole("401 Unauthorized", "", b"")
            };
            stream.write_all(&answer).await
        }
    }
}

//! Many downloads with an id each over kept connections, and what became of every one: the outside
//! view that stored events are held against.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{PATIENCE, World, closes, is_whole};

/// The package that is downloaded; the id is its version, so that no request repeats another.
pub(crate) const ROCKET: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
"#;

/// How much is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) connections: usize,
    /// Requests in all; more are never sent.
    pub(crate) requests: u64,
    /// Rest of a connection after each answer.
    pub(crate) rest: Duration,
}

impl Rate {
    /// A few hundred a second, until it is told to stop.
    pub(crate) const STEADY: Self = Self {
        connections: 4,
        requests: u64::MAX,
        rest: Duration::from_millis(5),
    };
}

/// Downloads under way.
pub(crate) struct Load {
    shared: Arc<Shared>,
    clients: JoinSet<()>,
}

struct Shared {
    gateway: SocketAddr,
    rate: Rate,
    next: AtomicU64,
    answers: AtomicU64,
    stop: AtomicBool,
    outcome: Mutex<Outcome>,
}

/// What became of every request that was sent.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// A whole redirect was read.
    pub(crate) answered: BTreeSet<u64>,
    /// The connection broke before that; the gateway may or may not have counted it.
    pub(crate) ambiguous: BTreeSet<u64>,
    /// Answers that are no redirect.
    pub(crate) failed: Vec<String>,
    /// How long the answers took.
    pub(crate) took: Vec<Duration>,
}

/// Ids for which clients and tables do not agree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    pub(crate) lost: Vec<u64>,
    pub(crate) doubled: Vec<u64>,
    pub(crate) invented: Vec<u64>,
}

impl Load {
    pub(crate) fn start(gateway: SocketAddr, rate: Rate) -> Self {
        let shared = Arc::new(Shared {
            gateway,
            rate,
            next: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            outcome: Mutex::default(),
        });
        let clients = (0..rate.connections)
            .map(|_| Arc::clone(&shared).run())
            .collect();
        Self { shared, clients }
    }

    /// Answers so far.
    pub(crate) fn answers(&self) -> u64 {
        self.shared.answers.load(Ordering::Relaxed)
    }

    /// Waits until `count` more answers have come.
    pub(crate) async fn more(&self, count: u64) {
        let (from, deadline) = (self.answers(), Instant::now() + PATIENCE);
        while self.answers() < from + count {
            assert!(
                Instant::now() < deadline,
                "{} answers after {from}",
                self.answers()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until every request has been sent and its end seen.
    pub(crate) async fn finish(mut self) -> Outcome {
        while let Some(client) = self.clients.join_next().await {
            client.expect("a client does not panic");
        }
        std::mem::take(&mut self.shared.outcome.lock().expect("no panic"))
    }

    /// The same, sending no further requests.
    pub(crate) async fn stop(self) -> Outcome {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.finish().await
    }
}

impl Shared {
    /// One client: connects, asks until the connection breaks, and connects again.
    async fn run(self: Arc<Self>) {
        let mut outcome = Outcome::default();
        while let Some(mut socket) = self.connect().await {
            while let Some(id) = self.draw() {
                let begun = Instant::now();
                match ask(&mut socket, &format!("/rocket/1.0.{id}/linux-amd64.tar.gz")).await {
                    Ok(answer) if answer.starts_with("HTTP/1.1 302 ") => {
                        outcome.took.push(begun.elapsed());
                        outcome.answered.insert(id);
                        self.answers.fetch_add(1, Ordering::Relaxed);
                        if closes(answer.as_bytes()) {
                            break;
                        }
                    }
                    Ok(answer) => outcome.failed.push(answer),
                    Err(_) => {
                        outcome.ambiguous.insert(id);
                        break;
                    }
                }
                if !self.rate.rest.is_zero() {
                    tokio::time::sleep(self.rate.rest).await;
                }
            }
        }
        self.outcome.lock().expect("no panic").add(outcome);
    }

    /// The id of the next request, if there is to be one.
    fn draw(&self) -> Option<u64> {
        if self.ended() {
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        (id < self.rate.requests).then_some(id)
    }

    fn ended(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.next.load(Ordering::Relaxed) >= self.rate.requests
    }

    async fn connect(&self) -> Option<TcpStream> {
        let deadline = Instant::now() + PATIENCE;
        while !self.ended() {
            if let Ok(socket) = TcpStream::connect(self.gateway).await {
                socket.set_nodelay(true).expect("a socket option");
                return Some(socket);
            }
            assert!(
                Instant::now() < deadline,
                "nobody listens on {}",
                self.gateway
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        None
    }
}

/// Sends one request and reads its answer to the end.
pub(crate) async fn ask(socket: &mut TcpStream, path: &str) -> io::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: get.test\r\nUser-Agent: curl/8.0\r\n\r\n");
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(512);
    while !is_whole(&answer) {
        if socket.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.answered.extend(other.answered);
        self.ambiguous.extend(other.ambiguous);
        self.failed.extend(other.failed);
        self.took.extend(other.took);
    }

    /// Every request was answered with a redirect.
    pub(crate) fn assert_unharmed(&self) {
        assert!(self.failed.is_empty(), "{:?}", self.failed);
        assert!(
            self.ambiguous.is_empty(),
            "connections broke: {:?}",
            self.ambiguous
        );
        assert!(!self.answered.is_empty(), "nothing was asked");
    }

    /// Every answered request is stored once, and nothing is stored that was not asked.
    pub(crate) fn assert_stored_once(&self, stored: &BTreeMap<u64, u64>) {
        assert!(self.failed.is_empty(), "{:?}", self.failed);
        assert_eq!(self.differences(stored), Differences::default());
    }

    /// What is wrong with what is stored.
    pub(crate) fn differences(&self, stored: &BTreeMap<u64, u64>) -> Differences {
        let asked = |id: &u64| self.answered.contains(id) || self.ambiguous.contains(id);
        let lost = self.answered.iter().filter(|id| !stored.contains_key(id));
        let doubled = stored.iter().filter(|(_, count)| **count > 1);
        Differences {
            lost: lost.copied().collect(),
            doubled: doubled.map(|(id, _)| *id).collect(),
            invented: stored.keys().filter(|id| !asked(id)).copied().collect(),
        }
    }

    /// The time within which all answers but one in a hundred came.
    pub(crate) fn p99(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took[(took.len() * 99 / 100).min(took.len() - 1)]
    }
}

impl World {
    /// Waits until all that was answered before this call is stored; how often each id is. All of it are
    /// downloads: nobody asked for anything twice.
    pub(crate) async fn stored_ids(&self) -> BTreeMap<u64, u64> {
        static MARKERS: AtomicU64 = AtomicU64::new(0);
        let marker = format!(
            "settled-{}-{}",
            std::process::id(),
            MARKERS.fetch_add(1, Ordering::Relaxed)
        );
        let answer = self
            .get("get.test", &format!("/rocket/{marker}/linux-amd64.tar.gz"))
            .await;
        assert_eq!(answer.status(), 302, "a fresh download works");
        // Batches are stored oldest first, so this is the last of them.
        let sql = format!("SELECT count() AS count FROM events WHERE version = '{marker}'");
        self.wait_for_rows(&sql, |rows| rows[0]["count"] == 1).await;
        // One row with all of them: rows are limited.
        let sql = "SELECT groupArray((version, stored, downloads)) AS ids FROM (
            SELECT version, count() AS stored, countIf(kind = 'download') AS downloads
            FROM events WHERE version LIKE '1.0.%' GROUP BY version)";
        let rows = self.query(sql).await.expect("it answered a moment ago");
        let id = |version: &str| version.strip_prefix("1.0.").and_then(|id| id.parse().ok());
        let ids = rows[0]["ids"].as_array().expect("an array");
        ids.iter()
            .map(|row| {
                assert_eq!(row[2], row[1], "{row}");
                (
                    row[0].as_str().and_then(id).expect("an id of ours"),
                    row[1].as_u64().expect("a count"),
                )
            })
            .collect()
    }

    /// Waits until the daily rollup has as many events as the table; it may follow a moment later.
    pub(crate) async fn rollups_agree(&self) {
        let totals = "SELECT (SELECT count() FROM events) AS raw, (SELECT sum(requests) FROM daily) AS rolled_up";
        self.wait_for_rows(totals, |rows| rows[0]["raw"] == rows[0]["rolled_up"])
            .await;
    }

    /// Waits until the rows that `sql` gives are as wanted.
    pub(crate) async fn wait_for_rows(
        &self,
        sql: &str,
        wanted: impl Fn(&[serde_json::Value]) -> bool,
    ) -> Vec<serde_json::Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rows = self.query(sql).await.unwrap_or_default();
            if !rows.is_empty() && wanted(&rows) {
                return rows;
            }
            assert!(
                Instant::now() < deadline,
                "{sql}: {rows:?}\nlog: {}",
                self.weir.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

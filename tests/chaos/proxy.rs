//! What stands between the gateway and ClickHouse, and does to their exchanges what networks do.
//!
//! It carries bytes and knows two things of HTTP: where an insert begins, and that the first bytes
//! back after it are its answer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::dice::Dice;

/// What happens to what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Clear,
    /// Connections are closed at once.
    Refuse,
    /// Everything is taken and nothing comes back, until the weather changes.
    BlackHole,
    /// So many of a hundred inserts, the first among them, arrive, and their answers do not.
    CutAnswers(u64),
    /// So many of a hundred inserts break off in the middle.
    CutInserts(u64),
    /// Answers take so long.
    Delay(Duration),
    /// So many of a hundred inserts arrive twice.
    Duplicate(u64),
    /// Every request is answered with 503, by nobody who knows the server.
    Unavailable,
}

/// How many inserts there were, and what was done to them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    inserts: AtomicU64,
    spoilt: AtomicU64,
    refused: AtomicU64,
    under_way: AtomicU64,
    most_at_once: AtomicU64,
}

/// The proxy. It ends with the test.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    weather: watch::Sender<Weather>,
    tally: Arc<Tally>,
    listening: JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr, dice: Dice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (weather, seen) = watch::channel(Weather::Clear);
        let tally = Arc::<Tally>::default();
        let passage = Passage {
            server,
            weather: seen,
            tally: Arc::clone(&tally),
            dice: Arc::new(Mutex::new(dice)),
        };
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let passage = passage.clone();
                // Either side may break off at any time; that is what this is for.
                tokio::spawn(async move { drop(passage.carry(client).await) });
            }
        });
        Self {
            address,
            weather,
            tally,
            listening,
        }
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Inserts that came by.
    pub(crate) fn inserts(&self) -> u64 {
        self.tally.inserts.load(Ordering::Relaxed)
    }

    /// Inserts that were cut, doubled or left without an answer.
    pub(crate) fn spoilt(&self) -> u64 {
        self.tally.spoilt.load(Ordering::Relaxed)
    }

    /// Connections that were closed instead of carried.
    pub(crate) fn refused(&self) -> u64 {
        self.tally.refused.load(Ordering::Relaxed)
    }

    /// The most inserts that were under way at one time.
    pub(crate) fn most_at_once(&self) -> u64 {
        self.tally.most_at_once.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Passage {
    server: SocketAddr,
    weather: watch::Receiver<Weather>,
    tally: Arc<Tally>,
    dice: Arc<Mutex<Dice>>,
}

/// An insert whose answer has not come. Counted for as long as it lives.
struct Insert {
    tally: Arc<Tally>,
    /// All that was sent of it, for a second time.
    bytes: Vec<u8>,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fine,
    LosesItsAnswer,
    BreaksOff,
    ArrivesTwice,
}

impl Insert {
    fn new(tally: &Arc<Tally>, fate: Fate) -> Self {
        tally.inserts.fetch_add(1, Ordering::Relaxed);
        if fate != Fate::Fine {
            tally.spoilt.fetch_add(1, Ordering::Relaxed);
        }
        let now = tally.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        tally.most_at_once.fetch_max(now, Ordering::Relaxed);
        Self {
            tally: Arc::clone(tally),
            bytes: Vec::new(),
            fate,
        }
    }
}

impl Drop for Insert {
    fn drop(&mut self) {
        self.tally.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Passage {
    async fn carry(mut self, mut client: TcpStream) -> std::io::Result<()> {
        let weather = *self.weather.borrow_and_update();
        match weather {
            Weather::Refuse => {
                self.tally.refused.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Weather::BlackHole => {
                self.swallow(&mut client, false).await;
                Ok(())
            }
            Weather::Unavailable => self.unavailable(client).await,
            _ => {
                let server = TcpStream::connect(self.server).await?;
                self.exchange(client, server).await
            }
        }
    }

    async fn unavailable(&mut self, mut client: TcpStream) -> std::io::Result<()> {
        let mut request = vec![0; 64 << 10];
        let count = client.read(&mut request).await?;
        let _insert = is_insert(&request[..count]).then(|| self.insert(Fate::LosesItsAnswer));
        client
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy")
            .await
    }

    async fn exchange(&mut self, client: TcpStream, server: TcpStream) -> std::io::Result<()> {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
        let mut insert = None;
        let mut weather = self.weather.clone();
        loop {
            tokio::select! {
                _ = weather.changed() => {
                    let now = *weather.borrow_and_update();
                    if now == Weather::BlackHole {
                        self.weather.mark_unchanged();
                        self.swallow(&mut from_client, insert.take().is_some()).await;
                    }
                    if matches!(now, Weather::BlackHole | Weather::Refuse | Weather::Unavailable) {
                        return Ok(());
                    }
                }
                count = from_client.read(&mut up) => {
                    let bytes = &up[..count?];
                    if bytes.is_empty() {
                        return Ok(());
                    }
                    self.upwards(bytes, &mut insert, &mut to_server).await?;
                    if insert.as_ref().is_some_and(|insert: &Insert| insert.fate == Fate::BreaksOff) {
                        return Ok(());
                    }
                }
                count = from_server.read(&mut down) => {
                    let bytes = &down[..count?];
                    if bytes.is_empty() {
                        return Ok(());
                    }
                    if !self.downwards(bytes, insert.take(), &mut to_client).await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Carries a piece of a request to the server.
    async fn upwards(
        &mut self,
        bytes: &[u8],
        insert: &mut Option<Insert>,
        server: &mut OwnedWriteHalf,
    ) -> std::io::Result<()> {
        if is_insert(bytes) {
            let fate = self.fate();
            *insert = Some(self.insert(fate));
        }
        if let Some(insert) = insert {
            if insert.fate == Fate::BreaksOff {
                return server.write_all(&bytes[..bytes.len() / 2]).await;
            }
            insert.bytes.extend_from_slice(bytes);
        }
        server.write_all(bytes).await
    }

    /// Carries a piece of an answer to the client; `false` if that was the end of it.
    async fn downwards(
        &mut self,
        bytes: &[u8],
        insert: Option<Insert>,
        to_client: &mut OwnedWriteHalf,
    ) -> std::io::Result<bool> {
        let weather = *self.weather.borrow();
        match (weather, insert.as_ref().map(|insert| insert.fate)) {
            (_, Some(Fate::LosesItsAnswer)) => return Ok(false),
            (_, Some(Fate::ArrivesTwice)) => self.again(insert).await?,
            (Weather::Delay(pause), _) => tokio::time::sleep(pause).await,
            _ => {}
        }
        to_client.write_all(bytes).await?;
        Ok(true)
    }

    /// Sends an insert once more, as a network does that was thought to have lost it.
    async fn again(&self, insert: Option<Insert>) -> std::io::Result<()> {
        let bytes = insert.map_or_else(Vec::new, |mut insert| std::mem::take(&mut insert.bytes));
        let mut server = TcpStream::connect(self.server).await?;
        server.write_all(&bytes).await?;
        // Any part of the answer shows that it was taken.
        server.read_u8().await.map(drop)
    }

    /// Takes what comes and says nothing, until the weather changes or the client gives up. An insert
    /// may be `under_way`, which the server then has.
    async fn swallow(&mut self, client: &mut (impl tokio::io::AsyncRead + Unpin), under_way: bool) {
        let mut insert = under_way.then(|| self.insert(Fate::LosesItsAnswer));
        let mut bytes = vec![0; 64 << 10];
        loop {
            tokio::select! {
                _ = self.weather.changed() => return drop(insert),
                count = client.read(&mut bytes) => match count {
                    Ok(count @ 1..) if is_insert(&bytes[..count]) => insert = Some(self.insert(Fate::LosesItsAnswer)),
                    Ok(1..) => {}
                    _ => return drop(insert),
                }
            }
        }
    }

    fn insert(&self, fate: Fate) -> Insert {
        Insert::new(&self.tally, fate)
    }

    fn fate(&self) -> Fate {
        let (percent, fate) = match *self.weather.borrow() {
            Weather::CutAnswers(percent) => (percent, Fate::LosesItsAnswer),
            Weather::CutInserts(percent) => (percent, Fate::BreaksOff),
            Weather::Duplicate(percent) => (percent, Fate::ArrivesTwice),
            _ => return Fate::Fine,
        };
        let drawn = self.dice.lock().expect("no panic while drawing").below(100);
        let is_first = self.tally.spoilt.load(Ordering::Relaxed) == 0;
        if is_first || drawn < percent {
            fate
        } else {
            Fate::Fine
        }
    }
}

/// Whether an insert of events begins in these bytes: its statement stands in the request's first line.
fn is_insert(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|&byte| byte == b'\r')
        .next()
        .unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.starts_with("POST ") && line.contains("INSERT") && line.contains("events")
}

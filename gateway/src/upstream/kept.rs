//! Connections to upstreams that wait for the next request.
//!
//! One that an upstream ends, or says something on unasked, is found out when it would be used again: nobody listens on
//! it until then, which keeps a connection's way here and back to a lock and a look.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use foldhash::fast::RandomState;
use tokio::net::TcpStream;

/// How long a connection waits.
const IDLE: Duration = Duration::from_secs(30);
/// How often those that waited for long are looked for.
const SWEEP: Duration = Duration::from_secs(5);
/// Most connections that wait.
const MOST: usize = 512;

/// A connection to an upstream.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    /// What has come and was not yet passed on. It keeps its room.
    pub(crate) input: BytesMut,
}

/// All connections that wait.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// The latest at the end, which is the first to be used.
    at: HashMap<SocketAddr, Vec<(Connection, Instant)>, RandomState>,
    count: usize,
    /// A task looks for those that waited for long.
    swept: bool,
}

impl Kept {
    /// A connection to `address` on which nothing has come.
    pub(crate) fn take(&self, address: SocketAddr) -> Option<Connection> {
        loop {
            let connection = self.waiting().take(address)?;
            if is_quiet(&connection.stream) {
                return Some(connection);
            }
        }
    }

    /// Keeps `connection` to `address`, whose last answer was read to its end at this `instant`.
    pub(crate) fn keep(
        self: &Arc<Self>,
        address: SocketAddr,
        connection: Connection,
        instant: Instant,
    ) {
        let mut waiting = self.waiting();
        if waiting.count == MOST {
            return;
        }
        waiting.count += 1;
        let at = waiting.at.entry(address).or_default();
        at.push((connection, instant));
        if !waiting.swept {
            waiting.swept = true;
            tokio::spawn(sweep(Arc::clone(self)));
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing is half done, so one that was locked in a panic is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self, address: SocketAddr) -> Option<Connection> {
        let (connection, _) = self.at.get_mut(&address)?.pop()?;
        self.count -= 1;
        Some(connection)
    }

    /// Ends those that wait since `moment` or longer.
    fn end_since(&mut self, moment: Instant) {
        self.at.retain(|_, streams| {
            streams.retain(|(_, since)| *since > moment);
            !streams.is_empty()
        });
        self.count = self.at.values().map(Vec::len).sum();
    }
}

/// Ends what waited for long, as long as something waits.
async fn sweep(kept: Arc<Kept>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let mut waiting = kept.waiting();
        if let Some(moment) = Instant::now().checked_sub(IDLE) {
            waiting.end_since(moment);
        }
        if waiting.count == 0 {
            waiting.swept = false;
            return;
        }
    }
}

/// Whether nothing has come, not even the end.
fn is_quiet(stream: &TcpStream) -> bool {
    stream
        .try_read(&mut [0])
        .is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (SocketAddr, TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stream = TcpStream::connect(address).await.expect("a connection");
        let (upstream, _) = listener.accept().await.expect("the same");
        (address, stream, upstream)
    }

    fn idle(stream: TcpStream) -> Connection {
        Connection {
            stream,
            input: BytesMut::new(),
        }
    }

    #[tokio::test]
    async fn a_connection_is_given_to_one_request_at_a_time() {
        let kept = Arc::new(Kept::default());
        let (address, stream, _upstream) = pair().await;
        assert!(kept.take(address).is_none());
        kept.keep(address, idle(stream), Instant::now());
        assert!(kept.take(address).is_some());
        assert!(kept.take(address).is_none());
    }

    #[tokio::test]
    async fn one_that_the_upstream_ended_or_spoke_on_is_not_given() {
        for says in [&b""[..], b"HTTP/1.1 408 Request Timeout\r\n\r\n"] {
            let kept = Arc::new(Kept::default());
            let (address, stream, mut upstream) = pair().await;
            upstream.write_all(says).await.expect("written");
            drop(upstream);
            stream.readable().await.expect("an end or bytes");
            kept.keep(address, idle(stream), Instant::now());
            assert!(kept.take(address).is_none());
        }
    }

    #[tokio::test]
    async fn those_that_waited_for_long_are_ended_and_no_more_are_kept_than_may_be() {
        let kept = Arc::new(Kept::default());
        let (address, stream, mut upstream) = pair().await;
        kept.keep(address, idle(stream), Instant::now());
        kept.waiting().end_since(Instant::now());
        assert_eq!(kept.waiting().count, 0);
        let end = tokio::io::AsyncReadExt::read(&mut upstream, &mut [0]).await;
        assert_eq!(end.expect("an end"), 0);
        let (_, stream, _upstream) = pair().await;
        kept.waiting().count = MOST;
        kept.keep(address, idle(stream), Instant::now());
        assert!(kept.take(address).is_none());
    }
}

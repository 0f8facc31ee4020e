//! One connection to an upstream, as it is asked and answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::body::Body;
use super::caller::{Caller, Stop};
use super::chunks::Malformed;
use super::heard::{self, Heard, Unclear};
use crate::head::Method;
use crate::upstream::kept::{Connection, Kept};

/// Room for a usual head and a small file.
const ROOM: usize = 4096;

/// Why there is no answer, or not the whole of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    #[error("the connection broke: {0}")]
    Broken(io::Error),
    #[error("the connection ended early")]
    Ended,
    #[error("{0}")]
    Unclear(#[from] Unclear),
    #[error("{0}")]
    Malformed(#[from] Malformed),
    #[error("no answer in time")]
    Late,
    /// It is the client that went away.
    #[error("the client went away")]
    Gone,
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Late => Self::Late,
            Stop::Gone => Self::Gone,
        }
    }
}

/// A connection on which a question was put.
pub(super) struct Upstream {
    connection: Connection,
    address: SocketAddr,
    /// How long it may say nothing.
    patience: Duration,
    /// The connection may be used again, as the answer says.
    lasts: bool,
}

impl Upstream {
    /// Puts `request` to `address` and waits for the first of an answer. Upstreams end connections that wait, also in
    /// the moment in which one is used again, so that one which says nothing is replaced by another.
    pub(super) async fn ask(
        kept: &Kept,
        address: SocketAddr,
        request: &[u8],
        caller: &mut Caller<'_>,
        (connect, patience): (Duration, Duration),
    ) -> Result<Self, Trouble> {
        loop {
            let waited = kept.take(address);
            let again = waited.is_some();
            let connection = match waited {
                Some(connection) => connection,
                None => open(address, connect).await?,
            };
            let mut upstream = Self {
                connection,
                address,
                patience,
                lasts: false,
            };
            match upstream.put(request, caller).await {
                Err(Trouble::Broken(_) | Trouble::Ended) if again => {}
                Err(trouble) => return Err(trouble),
                Ok(()) => return Ok(upstream),
            }
        }
    }

    async fn put(&mut self, request: &[u8], caller: &mut Caller<'_>) -> Result<(), Trouble> {
        let Connection { stream, input } = &mut self.connection;
        let put = async {
            stream.write_all(request).await?;
            stream.read_buf(input).await
        };
        match caller
            .within(self.patience, put)
            .await?
            .map_err(Trouble::Broken)?
        {
            0 => Err(Trouble::Ended),
            _ => Ok(()),
        }
    }

    /// Hears the head of the answer out.
    pub(super) async fn hear<T>(
        &mut self,
        method: Method,
        caller: &mut Caller<'_>,
        with: impl FnOnce(&Heard<'_>) -> T,
    ) -> Result<T, Trouble> {
        let mut with = Some(with);
        loop {
            let lasts = &mut self.lasts;
            let heard = heard::read(&self.connection.input, method, |heard| {
                *lasts = heard.lasts;
                let with = with.take_if(|_| !heard.is_interim());
                (heard.size, with.map(|with| with(&heard)))
            })?;
            match heard {
                Some((size, Some(done))) => {
                    self.connection.input.advance(size);
                    return Ok(done);
                }
                Some((size, None)) => self.connection.input.advance(size),
                None if self.read(caller).await? == 0 => return Err(Trouble::Ended),
                None => {}
            }
        }
    }

    /// Passes `body` on to the client, behind what `output` holds.
    pub(super) async fn pass(
        &mut self,
        body: &mut Body,
        output: &mut Vec<u8>,
        caller: &mut Caller<'_>,
    ) -> Result<(), Trouble> {
        loop {
            let passed = body.pass(&mut self.connection.input, output);
            // Also where it goes wrong: what was recorded is begun.
            caller.send(output).await?;
            output.clear();
            passed?;
            if body.is_done() {
                return Ok(());
            }
            self.connection.input.reserve(body.room());
            if self.read(caller).await? == 0 {
                if !body.end(output) {
                    return Err(Trouble::Ended);
                }
                return Ok(caller.send(output).await?);
            }
        }
    }

    /// Leaves the connection, whose answer was passed on whole by this `instant`, to the next request. On one that says
    /// more than it was asked, that would be taken for the next answer.
    pub(super) fn keep(mut self, kept: &Arc<Kept>, instant: Instant) {
        let input = &mut self.connection.input;
        if !self.lasts || !input.is_empty() {
            return;
        }
        // Room that was read through is gained back; more than is usual is not held.
        if !input.try_reclaim(ROOM) || input.capacity() > ROOM {
            *input = BytesMut::with_capacity(ROOM);
        }
        kept.keep(self.address, self.connection, instant);
    }

    async fn read(&mut self, caller: &mut Caller<'_>) -> Result<usize, Trouble> {
        let Connection { stream, input } = &mut self.connection;
        let read = caller.within(self.patience, stream.read_buf(input));
        read.await?.map_err(Trouble::Broken)
    }
}

async fn open(address: SocketAddr, patience: Duration) -> Result<Connection, Trouble> {
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let opened = timeout(patience, TcpStream::connect(address)).await;
    let stream = opened
        .unwrap_or_else(|_| Err(late()))
        .map_err(Trouble::Connect)?;
    // Without it a request may wait for the answer to the one before; one that cannot be had is no harm.
    let _ = stream.set_nodelay(true);
    Ok(Connection {
        stream,
        input: BytesMut::with_capacity(ROOM),
    })
}

//! A connection after its handshake, as Pingora wants it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Instant;

use async_trait::async_trait;
use bytes::{Buf as _, BytesMut};
use pingora::protocols::raw_connect::ProxyDigest;
use pingora::protocols::tls::SslDigest;
use pingora::protocols::{
    ALPN, GetProxyDigest, GetSocketDigest, GetTimingDigest, Peek, Shutdown, SocketDigest, Ssl,
    TimingDigest, UniqueID,
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_rustls::server::TlsStream;

use crate::crowd::Seat;
use crate::door::Line;

/// That there is TLS is all that Pingora's phases are told of it.
static ENCRYPTED: LazyLock<Arc<SslDigest>> =
    LazyLock::new(|| Arc::new(SslDigest::new("", "", None, None, Vec::new())));

/// Bytes of a connection in the clear.
#[derive(Debug)]
pub(crate) struct Encrypted {
    tls: TlsStream<Line>,
    socket: Option<Arc<SocketDigest>>,
    /// Read before, and first to be read again.
    ahead: BytesMut,
    /// Told of all that is read, where nobody else tells what goes on here.
    seat: Option<Arc<Seat>>,
}

impl Encrypted {
    pub(crate) fn new(tls: TlsStream<Line>) -> Self {
        Self {
            socket: tls.get_ref().0.digest(),
            tls,
            ahead: BytesMut::new(),
            seat: None,
        }
    }

    /// Has `seat` wait anew with all that is read.
    pub(crate) fn note_activity(&mut self, seat: Arc<Seat>) {
        seat.waits(Instant::now());
        self.seat = Some(seat);
    }

    /// Whether HTTP/2 was agreed on.
    pub(crate) fn is_http2(&self) -> bool {
        self.tls.get_ref().1.alpn_protocol() == Some(b"h2")
    }

    /// Puts what was read back.
    pub(crate) fn unread(&mut self, bytes: BytesMut) {
        self.ahead = bytes;
    }

    fn inner(&mut self) -> Pin<&mut TlsStream<Line>> {
        Pin::new(&mut self.tls)
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            let read = self.inner().poll_read(context, buffer);
            if let (Poll::Ready(Ok(())), Some(seat)) = (&read, &self.seat) {
                seat.waits(Instant::now());
            }
            return read;
        }
        let count = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..count]);
        self.ahead.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.tls.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_shutdown(context)
    }
}

#[async_trait]
impl Shutdown for Encrypted {
    async fn shutdown(&mut self) {
        // A client that went away needs no goodbye.
        let _ = self.tls.shutdown().await;
    }
}

impl UniqueID for Encrypted {
    fn id(&self) -> i32 {
        self.tls.get_ref().0.id()
    }
}

impl Ssl for Encrypted {
    fn get_ssl_digest(&self) -> Option<Arc<SslDigest>> {
        Some(Arc::clone(&ENCRYPTED))
    }

    fn selected_alpn_proto(&self) -> Option<ALPN> {
        Some(if self.is_http2() { ALPN::H2 } else { ALPN::H1 })
    }
}

impl GetTimingDigest for Encrypted {
    fn get_timing_digest(&self) -> Vec<Option<TimingDigest>> {
        Vec::new()
    }
}

impl GetProxyDigest for Encrypted {
    fn get_proxy_digest(&self) -> Option<Arc<ProxyDigest>> {
        None
    }
}

impl GetSocketDigest for Encrypted {
    fn get_socket_digest(&self) -> Option<Arc<SocketDigest>> {
        self.socket.clone()
    }

    fn set_socket_digest(&mut self, digest: SocketDigest) {
        self.socket = Some(Arc::new(digest));
    }
}

impl Peek for Encrypted {}

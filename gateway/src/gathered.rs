//! A connection whose small writes go out together.
//!
//! Pingora writes an answer's head and its body apart, and expects a buffer below; the one that it makes for its own
//! listeners cannot be asked for elsewhere. Without it a small answer takes two calls to the system, and two records of
//! TLS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait;
use pingora::protocols::raw_connect::ProxyDigest;
use pingora::protocols::tls::SslDigest;
use pingora::protocols::{
    ALPN, GetProxyDigest, GetSocketDigest, GetTimingDigest, Peek, Shutdown, SocketDigest, Ssl,
    Stream, TimingDigest, UniqueID,
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufWriter, ReadBuf};

/// Bytes that are gathered: a head and a small document. What is larger goes out as it comes.
const ROOM: usize = 4096;

/// What is written is sent with the next flush, when there is enough of it, or once something is to be read.
#[derive(Debug)]
struct Gathered(BufWriter<Stream>);

/// `stream` with its writes gathered, once however often it is asked for.
pub(crate) fn gathered(stream: Stream) -> Stream {
    if (*stream).as_any().is::<Gathered>() {
        return stream;
    }
    Box::new(Gathered(BufWriter::with_capacity(ROOM, stream)))
}

impl Gathered {
    fn inner(&mut self) -> Pin<&mut BufWriter<Stream>> {
        Pin::new(&mut self.0)
    }
}

impl AsyncRead for Gathered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Whoever listens has no more to say for now: the head of an answer whose body is still to come.
        if !self.0.buffer().is_empty()
            && let Poll::Ready(Err(error)) = self.inner().poll_flush(context)
        {
            return Poll::Ready(Err(error));
        }
        self.inner().poll_read(context, buffer)
    }
}

impl AsyncWrite for Gathered {
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
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_shutdown(context)
    }
}

#[async_trait]
impl Shutdown for Gathered {
    async fn shutdown(&mut self) {
        // What a client that went away was not sent is lost either way.
        let _ = self.0.flush().await;
        Shutdown::shutdown(&mut **self.0.get_mut()).await;
    }
}

impl UniqueID for Gathered {
    fn id(&self) -> i32 {
        self.0.get_ref().id()
    }
}

impl Ssl for Gathered {
    fn get_ssl_digest(&self) -> Option<Arc<SslDigest>> {
        self.0.get_ref().get_ssl_digest()
    }

    fn selected_alpn_proto(&self) -> Option<ALPN> {
        self.0.get_ref().selected_alpn_proto()
    }
}

impl GetTimingDigest for Gathered {
    fn get_timing_digest(&self) -> Vec<Option<TimingDigest>> {
        self.0.get_ref().get_timing_digest()
    }
}

impl GetProxyDigest for Gathered {
    fn get_proxy_digest(&self) -> Option<Arc<ProxyDigest>> {
        self.0.get_ref().get_proxy_digest()
    }
}

impl GetSocketDigest for Gathered {
    fn get_socket_digest(&self) -> Option<Arc<SocketDigest>> {
        self.0.get_ref().get_socket_digest()
    }

    fn set_socket_digest(&mut self, digest: SocketDigest) {
        self.0.get_mut().set_socket_digest(digest);
    }
}

impl Peek for Gathered {}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream as Client;

    use pingora::protocols::l4::stream::Stream as L4Stream;
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (Stream, Client) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let client = Client::connect(address).expect("a connection");
        let (socket, _) = listener.accept().await.expect("the same");
        (Box::new(L4Stream::from(socket)), client)
    }

    #[tokio::test]
    async fn small_writes_arrive_together_once_they_are_flushed() {
        let (stream, mut client) = pair().await;
        let mut stream = gathered(gathered(stream));
        stream.write_all(b"head").await.expect("gathered");
        stream.write_all(b"body").await.expect("gathered");
        client.set_nonblocking(true).expect("a mode");
        let nothing = client.read(&mut [0; 8]).expect_err("nothing was sent");
        assert_eq!(nothing.kind(), io::ErrorKind::WouldBlock);
        stream.flush().await.expect("sent");
        client.set_nonblocking(false).expect("a mode");
        let mut read = [0; 8];
        client.read_exact(&mut read).expect("both");
        assert_eq!(&read, b"headbody");
    }

    #[tokio::test]
    async fn whoever_waits_for_the_other_side_has_said_all_first() {
        let (stream, mut client) = pair().await;
        let mut stream = gathered(stream);
        stream.write_all(b"head").await.expect("gathered");
        let answering = tokio::task::spawn_blocking(move || {
            client.read_exact(&mut [0; 4])?;
            client.write_all(b"go on")
        });
        stream.read_exact(&mut [0; 5]).await.expect("an answer");
        answering.await.expect("no panic").expect("both");
    }

    #[tokio::test]
    async fn nothing_is_left_behind_at_the_end() {
        let (stream, mut client) = pair().await;
        let mut stream = gathered(stream);
        stream.write_all(b"last").await.expect("gathered");
        Shutdown::shutdown(&mut *stream).await;
        drop(stream);
        let mut read = Vec::new();
        client.read_to_end(&mut read).expect("to the end");
        assert_eq!(read, b"last");
    }
}

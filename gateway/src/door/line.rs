//! A connection as it comes from the kernel, which Pingora is given when it is Pingora's turn.
//!
//! Pingora's stream reads the clock whenever it waits, for figures that nobody asks for here.

use std::mem::MaybeUninit;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::{fmt, io};

use pingora::protocols::l4::stream::Stream as L4Stream;
use pingora::protocols::{GetSocketDigest as _, SocketDigest, Stream};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// The way to a client, and who that is.
pub(crate) enum Line {
    Plain {
        socket: TcpStream,
        peer: SocketAddr,
    },
    /// With something around the socket.
    Wrapped(Stream),
}

impl Line {
    pub(crate) fn new(socket: TcpStream, peer: SocketAddr) -> Self {
        let _ = socket.set_nodelay(true);
        Self::Plain { socket, peer }
    }

    /// Lets what is behind the door know who is at the other end.
    pub(super) fn tell_peer(&mut self, source: IpAddr) {
        let source = SocketAddr::new(source, 0);
        match self {
            Self::Plain { peer, .. } => *peer = source,
            Self::Wrapped(stream) => {
                let digest = digest(stream.id(), source);
                stream.set_socket_digest(digest);
            }
        }
    }

    pub(crate) fn id(&self) -> i32 {
        match self {
            Self::Plain { socket, .. } => socket.as_raw_fd(),
            Self::Wrapped(stream) => stream.id(),
        }
    }

    /// Writes what the kernel takes of `bytes` at once; how many that was. What fails here fails again when it is
    /// waited for.
    pub(super) fn write_now(&self, bytes: &[u8]) -> usize {
        match self {
            Self::Plain { socket, .. } => {
                // Straight to the kernel: the C library's way takes and leaves a state in which threads can be cancelled.
                let send = || Ok(send(socket, bytes, SendFlags::NOSIGNAL)?);
                let taken = socket.try_io(Interest::WRITABLE, send);
                taken.unwrap_or_default()
            }
            Self::Wrapped(_) => 0,
        }
    }

    /// The socket and the peer's address, for Pingora.
    pub(crate) fn digest(&self) -> Option<Arc<SocketDigest>> {
        match self {
            Self::Plain { socket, peer } => Some(Arc::new(digest(socket.as_raw_fd(), *peer))),
            Self::Wrapped(stream) => stream.get_socket_digest(),
        }
    }

    /// As Pingora wants it, with the peer's address noted.
    pub(super) fn into_stream(self) -> Stream {
        match self {
            Self::Plain { socket, peer } => {
                let digest = digest(socket.as_raw_fd(), peer);
                let mut stream = L4Stream::from(socket);
                stream.set_socket_digest(digest);
                Box::new(stream)
            }
            Self::Wrapped(stream) => stream,
        }
    }
}

/// Bytes that are read at once: more than nearly all heads have.
const AT_ONCE: usize = 4 << 10;

/// What tokio's own way does, straight to the kernel as in [`Line::write_now`]: 1.6 % of a redirect's time was the C
/// library's.
fn poll_read(
    socket: &TcpStream,
    context: &mut Context<'_>,
    buffer: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let mut room = [MaybeUninit::uninit(); AT_ONCE];
    let room = &mut room[..AT_ONCE.min(buffer.remaining())];
    loop {
        ready!(socket.poll_read_ready(context))?;
        let mut has_read = false;
        let tried = socket.try_io(Interest::READABLE, || {
            let ((bytes, unused), _) = recv(socket, &mut *room, RecvFlags::empty())?;
            buffer.put_slice(bytes);
            has_read = true;
            // Less than there was room for is all there is: who asks next is to wait, and not to ask in vain.
            let is_all = !bytes.is_empty() && !unused.is_empty();
            if is_all {
                Err(io::ErrorKind::WouldBlock.into())
            } else {
                Ok(())
            }
        });
        match tried {
            Err(error) if !has_read && error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if !has_read => return Poll::Ready(Err(error)),
            _ => return Poll::Ready(Ok(())),
        }
    }
}

fn digest(descriptor: i32, peer: SocketAddr) -> SocketDigest {
    let digest = SocketDigest::from_raw_fd(descriptor);
    let _ = digest.peer_addr.set(Some(peer.into()));
    digest
}

/// Says nothing of who is there.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { socket, .. } => poll_read(socket, context, buffer),
            Self::Wrapped(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { socket, .. } => Pin::new(socket).poll_write(context, bytes),
            Self::Wrapped(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { socket, .. } => Pin::new(socket).poll_write_vectored(context, pieces),
            Self::Wrapped(stream) => Pin::new(stream).poll_write_vectored(context, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain { socket, .. } => socket.is_write_vectored(),
            Self::Wrapped(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { socket, .. } => Pin::new(socket).poll_flush(context),
            Self::Wrapped(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { socket, .. } => Pin::new(socket).poll_shutdown(context),
            Self::Wrapped(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

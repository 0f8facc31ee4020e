//! An upstream that fails in the ways that upstreams do.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Serves until the test ends; its address.
///
/// `…silent…` is never answered, `…torn…` breaks off, everything else is a 500.
pub(crate) async fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(fail(socket));
        }
    });
    address
}

async fn fail(mut socket: TcpStream) {
    let mut head = vec![0; 8 << 10];
    let Ok(count @ 1..) = socket.read(&mut head).await else {
        return;
    };
    let line = String::from_utf8_lossy(&head[..count]);
    let line = line.lines().next().unwrap_or_default();
    let answer = if line.contains("silent") {
        // Until whoever asked gives up.
        let _ = socket.read(&mut [0; 1]).await;
        return;
    } else if line.contains("torn") {
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"
    } else {
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 6\r\nConnection: close\r\n\r\nbroken"
    };
    let _ = socket.write_all(answer.as_bytes()).await;
}

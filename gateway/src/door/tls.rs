//! Connections to the TLS listeners: a hello, a handshake, then requests as at the door.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use pingora::protocols::Stream;
use pingora::server::ShutdownWatch;
use rustls::ServerConfig;
use rustls::server::Accepted;
use tokio::time::timeout;
use tokio_rustls::server::StartHandshake;

use super::arriving::{Waiting, read_until};
use super::{Client, Door, HEAD_DEADLINE, Line, finish};
use crate::head::Refusal;
use crate::tls::hello::{self, Opening, UNRECOGNIZED_NAME};
use crate::tls::stream::Encrypted;
use crate::tls::{Tls, Welcome};
use crate::traffic::Handshake;

/// Time for the rest of a handshake, after the hello.
const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);
/// What a client of HTTP/2 sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// For who asks here without TLS.
const PLAIN: Refusal = Refusal::Bad("this port speaks TLS: use https");

impl Door {
    /// Waits for a client's hello and shakes hands, or says why not. Gives back who is to be served over HTTP/1.1.
    pub(super) async fn welcome(
        &self,
        mut line: Line,
        mut input: BytesMut,
        waiting: &mut Waiting,
        client: Client,
        tls: &Tls,
        shutdown: &ShutdownWatch,
    ) -> Option<Stream> {
        let read = |input: &[u8], _| Ok(hello::read(input));
        let opening = read_until(&mut line, &mut input, waiting, HEAD_DEADLINE, read).await;
        let hello = match opening {
            Ok(Some(Opening::Hello(hello))) => hello,
            Ok(Some(Opening::Alert(alert))) => {
                finish(&mut line, &alert).await;
                return None;
            }
            Ok(Some(Opening::Plain)) => {
                self.refuse_all(&mut line, PLAIN).await;
                return None;
            }
            Ok(None) | Err(_) => return None,
        };
        drop(input);
        match tls.welcome(&hello.client_hello()) {
            Welcome::Unknown => {
                self.shared.traffic.shook_hands(Handshake::UnknownName);
                finish(&mut line, &UNRECOGNIZED_NAME).await;
                None
            }
            // Whoever looks has seen the certificate with the handshake's end.
            Welcome::Challenge(config) => {
                drop(shake_hands(*hello, line, config).await);
                None
            }
            Welcome::Http(config) => {
                let shaken = shake_hands(*hello, line, config).await;
                let how = match shaken {
                    Some(_) => Handshake::Done,
                    None => Handshake::Failed,
                };
                self.shared.traffic.shook_hands(how);
                let stream = shaken?;
                if !stream.is_http2() {
                    return Some(stream);
                }
                self.converse(stream, waiting, client, shutdown).await;
                None
            }
        }
    }

    /// Serves requests over HTTP/2.
    async fn converse(
        &self,
        mut stream: Box<Encrypted>,
        waiting: &mut Waiting,
        client: Client,
        shutdown: &ShutdownWatch,
    ) {
        let mut input = BytesMut::new();
        // h2 would wait for it without an end.
        let begun = read_until(&mut stream, &mut input, waiting, HEAD_DEADLINE, preface).await;
        if let Ok(Some(())) = begun {
            stream.unread(input);
            stream.note_activity(Arc::clone(&waiting.seat));
            self.multiplex(stream, waiting, client, shutdown).await;
        }
    }
}

/// The rest of a handshake; nothing if it fails, of which the client was told, or takes too long.
async fn shake_hands(
    hello: Accepted,
    line: Line,
    config: Arc<ServerConfig>,
) -> Option<Box<Encrypted>> {
    let handshake = StartHandshake::from_parts(hello, line).into_stream(config);
    let done = timeout(HANDSHAKE_DEADLINE, handshake).await;
    let stream = done.ok()?.ok()?;
    Some(Box::new(Encrypted::new(stream)))
}

/// Whether `input` begins as HTTP/2 does; `None` while that is open.
fn preface(input: &[u8], _: usize) -> Result<Option<()>, Refusal> {
    let seen = input.len().min(PREFACE.len());
    if input[..seen] != PREFACE[..seen] {
        return Err(Refusal::Bad("not HTTP/2"));
    }
    Ok((seen == PREFACE.len()).then_some(()))
}

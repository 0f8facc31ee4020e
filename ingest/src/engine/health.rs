//! Whether an engine answers: at its start, and for as long as it runs.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Rest between two questions to an engine that answers.
const EVERY: Duration = Duration::from_secs(5);

/// Longest that the smallest of questions may take. A busy engine needs milliseconds; this is for a
/// machine that swaps or whose disk stands still.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many questions in a row without an answer, and the engine hangs.
const MISSES: u32 = 3;

/// Whether it listens and answers `GET /ping` as ClickHouse does.
pub(super) async fn pings(port: u16) -> bool {
    let answer = timeout(
        Duration::from_secs(2),
        ask(port, "GET /ping HTTP/1.0\r\n\r\n"),
    );
    matches!(answer.await, Ok(Ok(answer)) if answer.ends_with(b"Ok.\n"))
}

/// Returns when an engine that was ready has stopped answering.
///
/// `/ping` is answered by an engine that can run no query any more, so a query is asked. That it is
/// refused, for the many others that run, is an answer too.
pub(super) async fn until_it_hangs(port: u16, user: &str, password: &str) {
    let question = format!(
        "GET /?query=SELECT%201 HTTP/1.0\r\nX-ClickHouse-User: {user}\r\nX-ClickHouse-Key: {password}\r\n\r\n"
    );
    let mut misses = 0;
    while misses < MISSES {
        if answers(port, &question).await {
            misses = 0;
            sleep(EVERY).await;
        } else {
            misses += 1;
            tracing::warn!(misses, "the engine does not answer");
        }
    }
}

/// An engine that ends refuses connections; whoever waits for its end sees that, so here it only
/// takes its time like any other silence.
async fn answers(port: u16, question: &str) -> bool {
    let asked = tokio::time::Instant::now();
    if matches!(timeout(PATIENCE, ask(port, question)).await, Ok(Ok(answer)) if answer.starts_with(b"HTTP/1."))
    {
        return true;
    }
    tokio::time::sleep_until(asked + PATIENCE).await;
    false
}

async fn ask(port: u16, question: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(question.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Somebody who takes every connection and gives `answer` to the first `count` of them.
    async fn listener(answer: &'static str, count: usize) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            let mut held = Vec::new();
            for position in 0.. {
                let (mut socket, _) = listener.accept().await.expect("a connection");
                let mut request = [0; 512];
                let _ = socket.read(&mut request).await;
                if position < count {
                    let _ = socket.write_all(answer.as_bytes()).await;
                } else {
                    held.push(socket);
                }
            }
        });
        port
    }

    #[tokio::test]
    async fn a_ping_is_answered_in_the_servers_own_words() {
        assert!(pings(listener("HTTP/1.0 200 OK\r\n\r\nOk.\n", 1).await).await);
        assert!(!pings(listener("HTTP/1.0 200 OK\r\n\r\nHello", 1).await).await);
    }

    #[tokio::test]
    async fn silence_is_a_hang_and_a_refusal_is_not() {
        let port = listener("HTTP/1.0 500 Too many\r\n\r\nCode: 202.", 1).await;
        let question = "GET /?query=SELECT%201 HTTP/1.0\r\n\r\n";
        assert!(answers(port, question).await);
        tokio::time::pause(); // its waits pass at once, while nothing else goes on
        assert!(!answers(port, question).await);
        let begun = tokio::time::Instant::now();
        until_it_hangs(port, "user", "password").await;
        assert_eq!(begun.elapsed().as_secs(), 30);
    }
}

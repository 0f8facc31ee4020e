//! Answers that are made here, on their way to the client.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::{ANSWER_DEADLINE, LINGER, Line};

/// Most bytes that are read of a client after the last answer.
const LINGER_BYTES: u64 = 256 * 1024;

/// Sends the last answer and closes. A socket that is closed with bytes unread is reset, which can
/// cost the client the answer, so what it still sends is read for a moment (RFC 9112 §9.6).
pub(super) async fn finish(line: &mut Line, output: &[u8]) {
    if !send(line, output).await {
        return;
    }
    let _ = timeout(LINGER, async {
        if AsyncWriteExt::shutdown(line).await.is_ok() {
            let mut left = line.take(LINGER_BYTES);
            let _ = tokio::io::copy(&mut left, &mut tokio::io::sink()).await;
        }
    })
    .await;
}

/// Sends an answer of ours; whether it is on its way. Answers are small, so a client that leaves one for long has read
/// none of many before.
pub(super) async fn send(line: &mut Line, output: &[u8]) -> bool {
    // Most are on their way at once, and nothing is set up to wait for them.
    let taken = line.write_now(output);
    if taken == output.len() {
        return true;
    }
    let sent = async {
        line.write_all(&output[taken..]).await?;
        line.flush().await
    };
    // Encrypted ones may be, too: the clock is read for the others alone.
    let patience = async { sleep(ANSWER_DEADLINE).await };
    tokio::select! {
        biased;
        sent = sent => sent.is_ok(),
        () = patience => false,
    }
}

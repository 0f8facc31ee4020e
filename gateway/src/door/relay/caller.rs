//! A client's connection while others are waited for.

use std::pin::Pin;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, Sleep, sleep};

use crate::door::arriving::Waiting;
use crate::door::{Line, STALLED};

/// Why waiting came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The client went away.
    Gone,
    /// Time is up.
    Late,
}

/// A client that waits for an answer.
pub(in crate::door) struct Caller<'c> {
    line: &'c mut Line,
    /// The beginning of the next request, which may come before the answer to this one.
    input: &'c mut BytesMut,
    /// Set for each wait anew, which costs less than a timer of its own.
    deadline: Pin<&'c mut Sleep>,
}

impl<'c> Caller<'c> {
    pub(in crate::door) fn new(
        line: &'c mut Line,
        input: &'c mut BytesMut,
        waiting: &'c mut Waiting,
    ) -> Self {
        Self {
            line,
            input,
            deadline: waiting.lend_deadline(),
        }
    }

    /// Waits for `work`, for so long and only while the client is there.
    pub(super) async fn within<T>(
        &mut self,
        patience: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Stop> {
        self.deadline.as_mut().reset(Instant::now() + patience);
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = gone(self.line, self.input) => Err(Stop::Gone),
            () = &mut self.deadline => Err(Stop::Late),
        }
    }

    /// Sends `output`, which a client takes before long or not at all.
    pub(super) async fn send(&mut self, output: &[u8]) -> Result<(), Stop> {
        let line = &mut *self.line;
        let sent = async {
            line.write_all(output).await?;
            line.flush().await
        };
        // Most is on its way at once: the clock is read for the rest alone.
        let patience = async { sleep(STALLED).await };
        tokio::select! {
            biased;
            sent = sent => sent.map_err(|_| Stop::Gone),
            () = patience => Err(Stop::Gone),
        }
    }
}

/// Waits for the client to go away. One that asks for more stays.
async fn gone(line: &mut Line, input: &mut BytesMut) {
    if !input.is_empty() || matches!(line.read_buf(input).await, Ok(1..)) {
        std::future::pending::<()>().await;
    }
}

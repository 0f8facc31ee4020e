//! Bytes on their way in: waited for within bounds, until something is whole.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bytes::BytesMut;
use memchr::memmem;
use pingora::server::ShutdownWatch;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{Instant, Sleep, sleep};

use super::{HEAD_DEADLINE, MAX_HEAD, room};
use crate::crowd::Seat;
use crate::gateway::{Shared, ended};
use crate::head::Refusal;
use crate::proxy_protocol;

/// What else a connection waits for while it waits for bytes. Made once a connection, and asked only when one of these
/// has something to say: most waits end with bytes.
pub(super) struct Waiting {
    pub(super) deadline: Pin<Box<Sleep>>,
    /// When the wait is over. The timer is not moved for each request: it rings no later than this, and then it turns
    /// out how long is left.
    until: Instant,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
    ending: bool,
    /// Another needs the place more.
    pub(super) displaced: Pin<Box<dyn Future<Output = ()> + Send>>,
    pub(super) seat: Arc<Seat>,
    bell: Option<Arc<Bell>>,
}

impl Waiting {
    pub(super) fn new(shared: &Arc<Shared>, shutdown: &ShutdownWatch, seat: &Arc<Seat>) -> Self {
        let (shared, mut shutdown) = (Arc::clone(shared), shutdown.clone());
        let end = async move {
            ended(&mut shutdown).await;
            if shared.ending.lets_ask_once_more() {
                std::future::pending::<()>().await;
            }
        };
        Self::for_end(end, seat)
    }

    fn for_end(end: impl Future<Output = ()> + Send + 'static, seat: &Arc<Seat>) -> Self {
        let displaced = Arc::clone(seat);
        let deadline = Box::pin(sleep(HEAD_DEADLINE));
        Self {
            until: deadline.deadline(),
            deadline,
            shutdown: Box::pin(end),
            ending: false,
            displaced: Box::pin(async move { displaced.ended().await }),
            seat: Arc::clone(seat),
            bell: None,
        }
    }

    /// The timer, for who sets it for a wait of their own. The next wait here looks at it, and all else, anew.
    pub(super) fn lend_deadline(&mut self) -> Pin<&mut Sleep> {
        self.bell = None;
        self.deadline.as_mut()
    }

    fn wait_until(&mut self, until: Instant) {
        self.until = until;
        if until < self.deadline.deadline() {
            self.deadline.as_mut().reset(until);
        }
    }

    /// Whether the wait is to be given up, and with it the connection; `idle` says that no request has begun.
    fn poll_end(&mut self, context: &Context<'_>, idle: bool) -> Poll<()> {
        let bell = match &self.bell {
            Some(bell) if bell.task.will_wake(context.waker()) => bell,
            _ => self.bell.insert(Bell::for_task(context.waker())),
        };
        if bell.has_rung() {
            let waker = Waker::from(Arc::clone(bell));
            let mut context = Context::from_waker(&waker);
            self.ending = self.ending || self.shutdown.as_mut().poll(&mut context).is_ready();
            if self.displaced.as_mut().poll(&mut context).is_ready()
                || self.poll_deadline(&mut context).is_ready()
            {
                return Poll::Ready(());
            }
        }
        // Between requests nobody waits for an answer, so a shutdown may end the connection: see `Ending`.
        if self.ending && idle {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.deadline.as_mut().poll(context).is_ready() {
            if Instant::now() >= self.until {
                return Poll::Ready(());
            }
            self.deadline.as_mut().reset(self.until);
        }
        Poll::Pending
    }
}

/// Wakes a task, and keeps that it was this that woke it.
struct Bell {
    rung: AtomicBool,
    task: Waker,
}

impl Bell {
    /// Has rung already, since nobody knows of it yet.
    fn for_task(task: &Waker) -> Arc<Self> {
        Arc::new(Self {
            rung: AtomicBool::new(true),
            task: task.clone(),
        })
    }

    /// Whether it has since the last time.
    fn has_rung(&self) -> bool {
        self.rung.load(Acquire) && self.rung.swap(false, AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Release);
        self.task.wake_by_ref();
    }
}

/// Reads until `found` finds what it looks for at the start of `input`, which it is given with how many
/// bytes it was given before; `None` at the end of the connection.
pub(super) async fn read_until<T>(
    stream: &mut (impl AsyncRead + Unpin),
    input: &mut BytesMut,
    waiting: &mut Waiting,
    wait: Duration,
    found: impl Fn(&[u8], usize) -> Result<Option<T>, Refusal>,
) -> Result<Option<T>, Refusal> {
    read_within(stream, input, waiting, Wait::from_now(wait), found).await
}

/// How long is waited for the first byte, and since when.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    since: Instant,
    longest: Duration,
}

impl Wait {
    /// For who read the clock lately: the clock is a good part of what a request costs.
    pub(super) fn new(since: Instant, longest: Duration) -> Self {
        Self { since, longest }
    }

    pub(super) fn from_now(longest: Duration) -> Self {
        Self::new(Instant::now(), longest)
    }
}

/// The same, where waiting began some time ago.
pub(super) async fn read_within<T>(
    stream: &mut (impl AsyncRead + Unpin),
    input: &mut BytesMut,
    waiting: &mut Waiting,
    wait: Wait,
    found: impl Fn(&[u8], usize) -> Result<Option<T>, Refusal>,
) -> Result<Option<T>, Refusal> {
    if !input.is_empty()
        && let Some(whole) = found(input, 0)?
    {
        return Ok(Some(whole));
    }
    let longest = if input.is_empty() {
        wait.longest
    } else {
        HEAD_DEADLINE
    };
    waiting.wait_until(wait.since + longest);
    waiting.seat.waits(wait.since.into_std());
    let arrived = arrive(stream, input, waiting, found).await;
    waiting.seat.works();
    arrived
}

async fn arrive<T>(
    stream: &mut (impl AsyncRead + Unpin),
    input: &mut BytesMut,
    waiting: &mut Waiting,
    found: impl Fn(&[u8], usize) -> Result<Option<T>, Refusal>,
) -> Result<Option<T>, Refusal> {
    loop {
        let seen = input.len();
        let read = poll_fn(|context| {
            room::lend(input);
            match pin!(stream.read_buf(input)).poll(context) {
                Poll::Ready(read) => Poll::Ready(read.unwrap_or_default()),
                Poll::Pending => {
                    room::take_back(input);
                    waiting.poll_end(context, seen == 0).map(|()| 0)
                }
            }
        });
        let read = read.await;
        if read == 0 {
            return Ok(None);
        }
        if let Some(whole) = found(input, seen)? {
            return Ok(Some(whole));
        }
        if seen == 0 {
            waiting.wait_until(Instant::now() + HEAD_DEADLINE);
        }
    }
}

/// What ends a head, and how it is looked for, which is made once.
static EMPTY_LINE: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new(b"\r\n\r\n"));

/// How many bytes hold the head at the start of `input`, once it is whole: those of the head, or more where bytes that
/// came with it end as it does. The parser finds out; most heads come by themselves.
pub(super) fn head_within(input: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    let ends = input.len() <= MAX_HEAD && input.ends_with(b"\r\n\r\n");
    if ends && speaks_http(input).is_ok() {
        return Ok(Some(input.len()));
    }
    head_length(input, seen)
}

/// The length of the head at the start of `input`, once it is whole. `seen` bytes were looked at before.
fn head_length(input: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    speaks_http(input)?;
    let from = seen.saturating_sub(3);
    let end = EMPTY_LINE
        .find(&input[from..])
        .map(|at| from + at + EMPTY_LINE.needle().len());
    match end {
        Some(length) if length <= MAX_HEAD => Ok(Some(length)),
        // Such a head may never get the end that is waited for.
        None if has_bare_line_feed(input, from) => {
            Err(Refusal::Bad("bare line feed in the request head"))
        }
        None if input.len() <= MAX_HEAD => Ok(None),
        _ if memchr::memchr(b'\n', input).is_none_or(|line| line > MAX_HEAD) => {
            Err(Refusal::TargetTooLong)
        }
        _ => Err(Refusal::HeadTooLarge),
    }
}

/// Refuses what begins as no request does.
fn speaks_http(input: &[u8]) -> Result<(), Refusal> {
    if proxy_protocol::begins(input) {
        return Err(proxy_protocol::UNEXPECTED);
    }
    // A TLS handshake, most likely: a client that tries https first should not wait for a deadline.
    if input
        .first()
        .is_some_and(|first| !first.is_ascii_alphabetic())
    {
        return Err(Refusal::Bad("this port speaks plain HTTP"));
    }
    Ok(())
}

fn has_bare_line_feed(input: &[u8], from: usize) -> bool {
    memchr::memchr_iter(b'\n', &input[from..]).any(|at| !input[..from + at].ends_with(b"\r"))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use proptest::prelude::*;
    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::sync::oneshot;

    use super::*;

    const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const LONG: Duration = Duration::from_secs(20);

    /// A head's length, once it is there; nothing where it is not waited for any longer.
    async fn head(
        stream: &mut DuplexStream,
        waiting: &mut Waiting,
        longest: Duration,
    ) -> Option<usize> {
        let mut input = BytesMut::new();
        let wait = Wait::from_now(longest);
        let head = read_within(stream, &mut input, waiting, wait, head_length);
        head.await.expect("no refusal")
    }

    #[tokio::test]
    async fn each_wait_is_as_long_as_it_may_be_however_long_the_one_before() {
        let [short, longer] = [20, 150].map(Duration::from_millis);
        for [first, second] in [[short, longer], [LONG, short]] {
            let (mut client, mut stream) = duplex(1024);
            let mut waiting = Waiting::for_end(pending(), &Arc::default());
            client.write_all(HEAD).await.expect("sent");
            assert!(head(&mut stream, &mut waiting, first).await.is_some());
            let begun = Instant::now();
            assert!(head(&mut stream, &mut waiting, second).await.is_none());
            assert!(begun.elapsed() >= second && begun.elapsed() < HEAD_DEADLINE);
        }
    }

    #[tokio::test]
    async fn who_is_to_make_room_waits_no_longer() {
        let (mut client, mut stream) = duplex(1024);
        let seat = Arc::<Seat>::default();
        let mut waiting = Waiting::for_end(pending(), &seat);
        let sending = async {
            client.write_all(HEAD).await.expect("sent");
            client
        };
        let (first, _client) = tokio::join!(head(&mut stream, &mut waiting, LONG), sending);
        assert!(first.is_some());
        // Nobody waits at this moment, and it is heard all the same.
        seat.end();
        assert!(head(&mut stream, &mut waiting, LONG).await.is_none());
    }

    #[tokio::test]
    async fn the_end_is_heard_between_requests_and_not_within_one() {
        let (mut client, mut stream) = duplex(1024);
        let (end, ended) = oneshot::channel::<()>();
        let mut waiting =
            Waiting::for_end(async { ended.await.unwrap_or_default() }, &Arc::default());
        let sending = async {
            client.write_all(&HEAD[..9]).await.expect("sent");
            tokio::task::yield_now().await;
            drop(end);
            tokio::task::yield_now().await;
            client.write_all(&HEAD[9..]).await.expect("sent");
            client
        };
        let (first, _client) = tokio::join!(head(&mut stream, &mut waiting, LONG), sending);
        assert_eq!(first, Some(HEAD.len()));
        assert!(head(&mut stream, &mut waiting, LONG).await.is_none());
    }

    #[test]
    fn a_head_ends_at_its_empty_line() {
        assert_eq!(
            head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", 0),
            Ok(Some(27))
        );
        assert_eq!(head_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r", 0), Ok(None));
        assert_eq!(
            head_length(&vec![b'x'; MAX_HEAD + 1], 0),
            Err(Refusal::TargetTooLong)
        );
        let fields = [&b"GET / HTTP/1.1\r\n"[..], &[b'x'; MAX_HEAD]].concat();
        assert_eq!(head_length(&fields, 0), Err(Refusal::HeadTooLarge));
        assert!(
            head_length(b"\x16\x03\x01", 0).is_err(),
            "a TLS handshake is refused at once"
        );
        assert!(
            head_length(b"GET / HTTP/1.0\n\n", 0).is_err(),
            "an end that never comes is not waited for"
        );
        assert_eq!(head_length(b"GET / HTTP/1.1\r\n", 15), Ok(None));
    }

    #[test]
    fn a_head_is_within_what_came_with_it_where_both_end_alike() {
        let [head, more] = [&b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..], b"more"];
        let two = head.repeat(2);
        assert_eq!(head_within(&two, 0), Ok(Some(two.len())));
        assert_eq!(head_within(&[head, more].concat(), 0), Ok(Some(head.len())));
        assert_eq!(head_within(&head[..20], 0), Ok(None));
        let many = head.repeat(MAX_HEAD / head.len() + 1);
        assert_eq!(head_within(&many, 0), Ok(Some(head.len())));
        assert!(head_within(b"PROXY UNKNOWN\r\n\r\n", 0).is_err());
        assert!(head_within(b"\x16\x03\r\n\r\n", 0).is_err());
    }

    proptest! {
        #[test]
        fn the_end_is_found_however_the_bytes_arrive(split in 0_usize..27) {
            let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            let early = head_length(&head[..split], 0).expect("short");
            prop_assert!(early.is_none());
            prop_assert_eq!(head_length(head, split), Ok(Some(27)));
        }
    }
}

//! Clients that take their time, and more of them than there are places: downloads go on, and all of it ends.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::stage::{Stage, long_or};
use crate::world::Weir;
use crate::world::process::{descriptors, descriptors_return_to, memory_mib};

/// Longest that a slow client may last.
const PATIENCE: Duration = Duration::from_secs(15);
/// Most memory in use, in MiB.
const MOST_MIB: u64 = 512;
/// Most that memory may grow from the middle of many rounds to their end, in MiB: 500 bytes a connection in the long run.
const MOST_GROWTH_MIB: u64 = 16;
/// Descriptors that may be open for something else than before.
const SOME: usize = 24;

/// What a slow client does.
#[derive(Clone, Copy)]
enum Slow {
    /// Connects, and says nothing.
    Silent,
    /// Sends a head that has no end, a byte a second.
    Trickling,
    /// Asks, takes the answer, and leaves the connection open.
    Lingering,
}

/// Connects from one of the many addresses of this machine: each has ports of its own.
async fn connect(number: usize, to: SocketAddr) -> Option<TcpStream> {
    let from = Ipv4Addr::new(127, 0, 1, (number % 200) as u8 + 1);
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind((from, 0).into()).ok()?;
    socket.connect(to).await.ok()
}

impl Slow {
    fn of(number: usize) -> Self {
        match number % 2 {
            0 => Self::Silent,
            _ => Self::Trickling,
        }
    }

    /// Lasts until the other side has had enough; how long that was.
    async fn lasts(self, mut socket: TcpStream) -> Duration {
        let begun = Instant::now();
        let head = match self {
            Self::Silent => "",
            Self::Trickling => {
                "GET /rocket/1.0/linux-amd64.tar.gz HTTP/1.1\r\nHost: get.test\r\nX-Slow: "
            }
            Self::Lingering => "GET /nothing HTTP/1.1\r\nHost: get.test\r\n\r\n",
        };
        let mut pace = tokio::time::interval(Duration::from_secs(1));
        let mut sent = socket.write_all(head.as_bytes()).await;
        let mut received = [0; 1024];
        while sent.is_ok() {
            tokio::select! {
                read = socket.read(&mut received) => match read {
                    Ok(1..) => {}
                    _ => break,
                },
                _ = pace.tick() => if matches!(self, Self::Trickling) {
                    sent = socket.write_all(b"x").await;
                },
            }
        }
        begun.elapsed()
    }
}

/// So many slow clients at once, each of its kind.
async fn crowd(stage: &Stage, count: usize, kind: fn(usize) -> Slow) -> JoinSet<Duration> {
    let mut clients = JoinSet::new();
    for number in 0..count {
        let to = stage.world.weir.gateway;
        if let Some(socket) = connect(number, to).await {
            clients.spawn(kind(number).lasts(socket));
        }
    }
    clients
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_served_by_nobody_and_keep_nobody_waiting() {
    let count = long_or(10_000, 500);
    let stage = Stage::set().await;
    let weir = stage.world.weir.id();
    let before = descriptors(weir);
    let load = stage.load();
    load.more(200).await;
    let clients = crowd(&stage, count, Slow::of).await;
    let (reached, memory) = (clients.len(), memory_mib(weir));
    let open = descriptors(weir) - before;
    load.more(200).await;
    let lasted = clients.join_all().await;
    let longest = lasted.into_iter().max().expect("some came");
    stage
        .unharmed("slow clients", load, |_| {
            let seconds = longest.as_secs();
            format!(
                "{reached} at a time, {open} open at once, all gone after {seconds} s; {memory} MiB"
            )
        })
        .await;
    assert_eq!(reached, count, "the machine lets them");
    assert!(longest < PATIENCE, "{longest:?}");
    assert!(memory < MOST_MIB, "{memory} MiB");
    descriptors_return_to(weir, before + SOME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_clients_than_descriptors_displace_each_other_and_not_the_downloads() {
    let (limit, count) = long_or((2_048, 10_000), (256, 600));
    let mut stage = Stage::set().await;
    stage.world.weir.kill();
    let mut command = Weir::command(stage.world.folder.path());
    let program = command.get_program().to_owned();
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    command = Command::new("sh");
    command
        .arg0("sh")
        .args(["-c", &format!("ulimit -n {limit}; exec \"$@\""), "sh"])
        .arg(program)
        .args(arguments)
        .stderr(std::process::Stdio::piped());
    stage.world.replace(Weir::run(command));
    let weir = stage.world.weir.id();
    let load = stage.load();
    load.more(200).await;
    let before = descriptors(weir);
    let mut most = before;
    let mut clients = JoinSet::new();
    for number in 0..count {
        let socket = connect(number, stage.world.weir.gateway).await;
        clients.spawn(Slow::Lingering.lasts(socket.expect("the kernel takes it")));
        most = most.max(descriptors(weir));
    }
    load.more(200).await;
    // Who is still there need not wait for the end of its time.
    clients.shutdown().await;
    stage
        .unharmed("few descriptors", load, |_| {
            format!("{limit} descriptors, {count} clients that linger, {most} in use at most")
        })
        .await;
    assert!(most < limit, "{most}");
    descriptors_return_to(weir, before + SOME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_come_and_go_leave_nothing_behind() {
    let (rounds, each) = long_or((50, 2_000), (30, 200));
    let stage = Stage::set().await;
    let weir = stage.world.weir.id();
    let load = stage.load();
    load.more(200).await;
    // The first of everything is not given back.
    comes_and_goes(&stage, each).await;
    let before = descriptors(weir);
    let mut memory = Vec::new();
    for _ in 0..rounds {
        comes_and_goes(&stage, each).await;
        memory.push(memory_mib(weir));
    }
    descriptors_return_to(weir, before + SOME).await;
    let Plateau { at, growth } = Plateau::of(&memory);
    stage
        .unharmed("connections come and go", load, |_| {
            format!(
                "{} of them; {at} MiB, {growth} MiB more than halfway",
                rounds * each
            )
        })
        .await;
    assert!(growth < MOST_GROWTH_MIB, "{memory:?}");
}

/// Where memory stands after many rounds, in MiB.
#[derive(Debug, PartialEq, Eq)]
struct Plateau {
    at: u64,
    /// How much higher that is than some rounds before: what each connection leaves behind adds up there.
    growth: u64,
}

impl Plateau {
    /// The last rounds beside as many before them, once a third of all has brought memory to where it stays. Of each, the
    /// one with the least in use tells: what the allocator keeps for a while comes on top, and differs from round to round.
    fn of(rounds: &[u64]) -> Self {
        let (_, settled) = rounds.split_at(rounds.len() / 3);
        let (earlier, later) = settled.split_at(settled.len() / 2);
        let least = |of: &[u64]| of.iter().copied().min().expect("several rounds");
        let at = least(later);
        Self {
            at,
            growth: at.saturating_sub(least(earlier)),
        }
    }
}

#[test]
fn a_plateau_is_told_from_a_leak() {
    // As it went: not as high at the end as at times before.
    let kept = [99, 104, 122, 97, 118, 95, 101, 120, 96, 117, 98, 95];
    assert_eq!(Plateau::of(&kept), Plateau { at: 95, growth: 0 });
    let leaking = |each: u64| {
        let rounds = (0..50).zip(kept.iter().cycle());
        let memory: Vec<_> = rounds.map(|(round, kept)| kept + each * round).collect();
        Plateau::of(&memory).growth
    };
    assert_eq!(leaking(0), 0);
    assert!(leaking(1) >= MOST_GROWTH_MIB, "a mebibyte in each round");
}

/// Clients that ask once and leave, many at a time.
async fn comes_and_goes(stage: &Stage, count: usize) {
    let mut clients = JoinSet::new();
    for number in 0..count {
        let to = stage.world.weir.gateway;
        clients.spawn(async move {
            let mut socket = connect(number, to).await.expect("a connection");
            let asked = b"GET /nothing HTTP/1.1\r\nHost: get.test\r\nConnection: close\r\n\r\n";
            socket.write_all(asked).await.expect("sent");
            let mut answer = Vec::new();
            socket.read_to_end(&mut answer).await.expect("an answer");
            assert!(answer.starts_with(b"HTTP/1.1 404 "));
        });
    }
    clients.join_all().await;
}

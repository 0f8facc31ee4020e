//! Against the real server that `make setup` unpacks.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use weir_config::catalogue::Credentials;
use weir_config::settings::SaltStore;

use super::*;
use crate::ClientIp;

const MIDNIGHT: u32 = 20_000 * SECONDS_A_DAY;
const NOON: u32 = MIDNIGHT + SECONDS_A_DAY / 2;

/// What keeps a server from writing to its disk.
const FORGETS: [&str; 4] = ["--save", "", "--appendonly", "no"];

/// A running server.
struct Server {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("bound").port();
        drop(free);
        Self::start_on(port, arguments)
    }

    fn start_on(port: u16, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../.setup/redis/redis-server");
        let process = Command::new(program)
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .arg("--dir")
            .arg(folder.path())
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .expect("a server below .setup: run `make setup`");
        let server = Self {
            process,
            port,
            folder,
        };
        let deadline = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < deadline, "the server does not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    fn place(&self) -> SaltPlace {
        place(self.port, None)
    }

    /// Ends it and waits until it has.
    fn stop(mut self) -> u16 {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
        self.port
    }

    /// Sends one command and forgets the answer.
    fn tell(&self, words: &[&[u8]]) {
        use std::io::{Read as _, Write as _};
        let mut bytes = Vec::new();
        super::super::resp::command(words, &mut bytes);
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("a connection");
        stream.write_all(&bytes).expect("sent");
        let _ = stream.read(&mut [0; 512]).expect("an answer");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn place(port: u16, account: Option<(&str, &str)>) -> SaltPlace {
    SaltPlace::Shared(SaltStore {
        host: "127.0.0.1".to_owned(),
        port,
        database: 3,
        account: account.map(|(user, password)| Credentials {
            user: user.to_owned(),
            password: password.to_owned(),
        }),
    })
}

/// One gateway's salts and their watch, by a clock that the test reads out.
struct Gateway {
    salts: Arc<Salts>,
    watch: Watch,
}

impl Gateway {
    fn start(place: &SaltPlace, now: u32) -> Self {
        let salts = Arc::new(Salts::new(now).expect("random bytes"));
        let store = Store::of(place).expect("a store");
        let watch = Watch::new(store, Arc::clone(&salts), Arc::default());
        Self { salts, watch }
    }

    fn look(&mut self, now: u32) {
        let outcome = self.watch.agree(now);
        self.watch.note(outcome, now);
    }

    fn failures(&self) -> u64 {
        self.watch.failures.load(Ordering::Relaxed)
    }

    /// Whom a request counts as.
    fn visitor(&self, now: u32, package: &str) -> (u32, u16) {
        let client = ClientIp::new([203, 0, 113, 77].into());
        let salt = self.salts.at(now);
        let visitor = client.visitor(&salt, package, "pip", "linux");
        (visitor.id, salt.epoch())
    }
}

fn start(place: &SaltPlace) -> Result<Option<Keeper>, StoreError> {
    let salts = Arc::new(Salts::new(NOON).expect("random bytes"));
    Keeper::start(place, &salts, || NOON)
}

fn refusal(place: &SaltPlace) -> String {
    let error = start(place).err().expect("refused");
    in_full(&error).replace(|character: char| character.is_ascii_digit(), "")
}

#[test]
fn gateways_with_one_store_know_a_client_as_one_visitor_for_one_package_and_day() {
    let server = Server::start(&FORGETS);
    let [mut one, mut other] = [(); 2].map(|()| Gateway::start(&server.place(), NOON));
    let rocket = "acme/rocket";
    assert_ne!(one.visitor(NOON, rocket), other.visitor(NOON, rocket));
    one.look(NOON);
    other.look(NOON);
    let today = one.visitor(NOON, rocket);
    assert_eq!(today, other.visitor(NOON, rocket));
    assert_ne!(today.0, one.visitor(NOON, "acme/other").0);

    let tomorrow = NOON + SECONDS_A_DAY;
    other.look(tomorrow);
    one.look(tomorrow);
    assert_eq!(
        one.visitor(tomorrow, rocket),
        other.visitor(tomorrow, rocket)
    );
    assert_ne!(today, one.visitor(tomorrow, rocket));
    assert_eq!((one.failures(), other.failures()), (0, 0));
}

#[test]
fn the_first_request_after_midnight_finds_the_salt_that_was_agreed_on_before() {
    let server = Server::start(&FORGETS);
    let [mut one, mut other] = [(); 2].map(|()| Gateway::start(&server.place(), NOON));
    let (late, next) = (MIDNIGHT + SECONDS_A_DAY - EARLY, MIDNIGHT + SECONDS_A_DAY);
    for gateway in [&mut one, &mut other] {
        gateway.look(NOON);
        gateway.look(late);
    }
    let before = one.visitor(late, "a");
    server.stop();
    assert_eq!(before, other.visitor(next - 1, "a"));
    assert_eq!(one.visitor(next, "a"), other.visitor(next, "a"));
    assert_ne!(before, one.visitor(next, "a"));
}

#[test]
fn without_the_store_each_counts_by_itself_until_it_is_back() {
    let server = Server::start(&FORGETS);
    let place = server.place();
    let port = server.stop();
    let [mut one, mut other] = [(); 2].map(|()| Gateway::start(&place, NOON));
    one.look(NOON);
    other.look(NOON);
    assert_ne!(one.visitor(NOON, "a").1, other.visitor(NOON, "a").1);
    assert_eq!((one.failures(), other.failures()), (1, 1));
    let _server = Server::start_on(port, &FORGETS);
    one.look(NOON);
    other.look(NOON);
    assert_eq!(one.visitor(NOON, "a"), other.visitor(NOON, "a"));
}

#[test]
fn a_store_that_cannot_be_reached_keeps_no_gateway_from_starting() {
    let port = Server::start(&FORGETS).stop();
    let keeper = start(&place(port, None))
        .expect("it starts")
        .expect("a store");
    assert_eq!(keeper.failures(), 1);
}

#[test]
fn a_store_that_was_started_anew_gets_the_salt_back() {
    let server = Server::start(&FORGETS);
    let place = server.place();
    let mut one = Gateway::start(&place, NOON);
    one.look(NOON);
    let before = one.visitor(NOON, "a");
    let _server = Server::start_on(server.stop(), &FORGETS);
    one.look(NOON);
    let mut other = Gateway::start(&place, NOON);
    other.look(NOON);
    assert_eq!(
        [one, other].map(|gateway| gateway.visitor(NOON, "a")),
        [before; 2]
    );
}

#[test]
fn a_store_that_writes_to_a_disk_is_refused_at_the_start() {
    let saving = Server::start(&["--save", "3600 1", "--appendonly", "no"]);
    let appending = Server::start(&["--save", "", "--appendonly", "yes"]);
    let replica_of = format!("127.0.0.1 {}", saving.port);
    let replica = Server::start(&[&FORGETS[..], &["--replicaof", &replica_of]].concat());
    let refusals = [&saving, &appending, &replica].map(|server| refusal(&server.place()));
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    the store of salts ...: keeps what it is told on disk: set save "" there
    the store of salts ...: keeps what it is told on disk: set appendonly no there
    the store of salts ...: keeps what it is told on disk: replication copies it, through files and to others; use a server without replicas
    "#);
}

#[test]
fn a_store_that_begins_to_write_to_a_disk_is_told_nothing_more() {
    let server = Server::start(&FORGETS);
    let mut gateway = Gateway::start(&server.place(), NOON);
    gateway.look(NOON);
    let shared = gateway.visitor(NOON, "a");
    server.tell(&[b"CONFIG", b"SET", b"save", b"3600 1"]);
    gateway.look(NOON);
    let own = gateway.visitor(NOON, "a");
    assert_ne!(shared, own, "what the disk may have is of no use");
    gateway.look(NOON);
    assert_eq!(own, gateway.visitor(NOON, "a"), "once, not at every look");
    assert_eq!(gateway.failures(), 2);
}

#[test]
fn nothing_of_a_salt_is_on_the_stores_disk() {
    let server = Server::start(&FORGETS);
    let mut gateway = Gateway::start(&server.place(), NOON);
    gateway.look(NOON);
    server.tell(&[b"SHUTDOWN"]);
    let files = std::fs::read_dir(server.folder.path()).expect("its folder");
    assert_eq!(files.count(), 0);
}

#[test]
fn a_password_lets_us_in_and_a_wrong_one_does_not() {
    let server = Server::start(&[&FORGETS[..], &["--requirepass", "right"]].concat());
    start(&place(server.port, Some(("", "right")))).expect("let in");
    start(&place(server.port, Some(("default", "right")))).expect("let in");
    // As docs/salts.md gives it.
    let user = "on >right ~weir:salt:* +config|get +info +get +set +select";
    let user: Vec<&str> = ["--user", "weir"]
        .into_iter()
        .chain(user.split(' '))
        .collect();
    let guarded = Server::start(&[&FORGETS[..], &user].concat());
    start(&place(guarded.port, Some(("weir", "right")))).expect("let in");
    let places = [None, Some(("", "wrong"))].map(|account| place(server.port, account));
    insta::assert_snapshot!(places.map(|place| refusal(&place)).join("\n"), @"
    the store of salts ...: refuses us (NOAUTH Authentication required.); its user needs CONFIG, INFO, GET and SET
    the store of salts ...: refuses us (WRONGPASS invalid username-password pair or user is disabled.); its user needs CONFIG, INFO, GET and SET
    ");
}

#[test]
fn whatever_else_listens_there_is_refused() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let web = std::thread::spawn(move || {
        use std::io::Write as _;
        let (mut stream, _) = listener.accept().expect("a connection");
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .expect("sent");
    });
    insta::assert_snapshot!(refusal(&place(port, None)), @"the store of salts ...: does not answer as a server like Redis does");
    web.join().expect("no panic");
}

#[test]
fn a_file_keeps_a_salt_over_a_restart_and_not_over_midnight() {
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder in shared memory");
    let place = SaltPlace::File(folder.path().join("salt"));
    let visitors = [NOON, NOON, NOON + SECONDS_A_DAY].map(|now| {
        let mut gateway = Gateway::start(&place, now);
        gateway.look(now);
        gateway.visitor(now, "a")
    });
    assert_eq!(visitors[0], visitors[1]);
    assert_ne!(visitors[1], visitors[2]);
}

#[test]
fn the_next_look_is_half_a_minute_away_or_at_midnight() {
    let seconds = [NOON, MIDNIGHT, MIDNIGHT - 30, MIDNIGHT - 1];
    assert_eq!(seconds.map(|now| pause(now).as_secs()), [30, 30, 30, 1]);
}

//! The world that tests run in: the real program, a real engine, registries to pull from, and a
//! way to look at what was stored.
//!
//! A test reads as a sentence: `World::start(CONFIG).await`, `world.get(host, path).await`,
//! `world.wait_for(|events| …).await`.

#![allow(dead_code)] // each test file uses its own part

pub(crate) mod client;
pub(crate) mod exchange;
pub(crate) mod load;
pub(crate) mod owner;
pub(crate) mod process;
pub(crate) mod row;

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use weir::demo::Registry;

/// Longest wait for anything; a machine under load takes a while.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A running program with its own folder.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) registry: Registry,
    pub(crate) weir: Weir,
    pub(crate) http: reqwest::Client,
    /// Events that were looked at already.
    looked_at: Mutex<HashSet<String>>,
}

/// The program as a child process.
pub(crate) struct Weir {
    child: Child,
    /// The process that serves in the child's place by now, and all that did in between.
    successors: Vec<u32>,
    pub(crate) gateway: SocketAddr,
    pub(crate) page: SocketAddr,
    /// What it wrote to standard error, line by line.
    lines: mpsc::Receiver<String>,
    /// The same from the beginning, whatever was looked at.
    said: Arc<Mutex<String>>,
}

/// One stored event, by column.
pub(crate) type Event = Value;

impl World {
    /// Starts the program with `config`, in which `REGISTRY` stands for the stand-in registry's address.
    /// Listeners and the data folder are added in front.
    pub(crate) async fn start(config: &str) -> Self {
        Self::start_with(config, &[]).await
    }

    /// The same, in a folder of the test's own.
    pub(crate) async fn start_in(folder: TempDir, config: &str) -> Self {
        Self::start_in_with(folder, config, &[]).await
    }

    /// The same, with settings in the environment.
    pub(crate) async fn start_with(config: &str, env: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::start_in_with(folder, config, env).await
    }

    /// The same, with both.
    pub(crate) async fn start_in_with(folder: TempDir, config: &str, env: &[(&str, &str)]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let registry = Registry::start(listener, std::future::pending())
            .await
            .expect("the stand-in registry");
        write_config(folder.path(), &registry, config);
        let weir = Weir::start_with(folder.path(), env);
        Self {
            folder,
            registry,
            weir,
            http: http_client(),
            looked_at: Mutex::default(),
        }
    }

    /// Starts the program again on what the last one left.
    pub(crate) fn restart(&mut self) {
        self.replace(Weir::start(self.folder.path()));
    }

    /// Goes on with a program that was started on what the last one left.
    pub(crate) fn replace(&mut self, weir: Weir) {
        self.weir = weir;
        // At the same address, connections to the last one would be tried first.
        self.http = http_client();
    }

    /// Writes another configuration; the program notices by itself.
    pub(crate) fn configure(&self, config: &str) {
        write_config(self.folder.path(), &self.registry, config);
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of `path` on `host`, for clients that resolve `*.localhost` themselves.
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.weir.gateway.port())
    }

    /// A request to the gateway under the name `host`.
    pub(crate) fn request(&self, method: &str, host: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.http
            .request(method, format!("http://{}{path}", self.weir.gateway))
            .header("host", host)
    }

    /// GETs `path` on `host`.
    pub(crate) async fn get(&self, host: &str, path: &str) -> reqwest::Response {
        self.request("GET", host, path)
            .send()
            .await
            .expect("an answer")
    }

    /// Sends raw bytes and reads until the other side closes or answers and waits.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let mut socket = tokio::net::TcpStream::connect(self.weir.gateway)
            .await
            .expect("a connection");
        socket.write_all(bytes).await.expect("sent");
        let mut answer = Vec::new();
        let whole = tokio::time::timeout(Duration::from_secs(15), async {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = socket.read(&mut chunk).await {
                answer.extend_from_slice(&chunk[..count]);
                if complete(&answer) {
                    break;
                }
            }
        });
        whole.await.expect("an answer or an end within 15 s");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// What `sql` answers, as the dashboard's user, row by row. `None` while the engine does not answer.
    pub(crate) async fn query(&self, sql: &str) -> Option<Vec<Value>> {
        query(&self.http, &self.data(), sql).await
    }

    /// Every stored event, oldest first; none while the engine does not answer.
    pub(crate) async fn events(&self) -> Vec<Event> {
        self.query("SELECT * EXCEPT(event_id), toString(event_id) AS event_id FROM events ORDER BY events.event_id").await.unwrap_or_default()
    }

    /// Waits until `done` says so of the stored events, and gives them.
    pub(crate) async fn wait_for(&self, done: impl Fn(&[Event]) -> bool) -> Vec<Event> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let events = self.events().await;
            if done(&events) {
                return events;
            }
            assert!(
                Instant::now() < deadline,
                "not seen within {PATIENCE:?}; stored: {events:#?}\nlog: {}",
                self.weir.log()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until `count` downloads are stored, then for whatever was sent before a last marker
    /// request, so that one too many is seen as well.
    pub(crate) async fn downloads(&self, count: usize) -> Vec<Event> {
        self.wait_for(|events| of_kind(events, "download").len() >= count)
            .await;
        let marker = format!("/settled-{}", std::process::id());
        self.get("settled.test", &marker).await;
        let events = self
            .wait_for(|events| events.iter().any(|event| event["route"] == "unknown host"))
            .await;
        of_kind(&events, "download")
    }

    /// Waits until the engine answers as the dashboard's user and has the tables.
    pub(crate) async fn ready(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_ready().await {
            assert!(
                Instant::now() < deadline,
                "the engine does not come up; log: {}",
                self.weir.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether the engine answers and every table is made.
    async fn is_ready(&self) -> bool {
        is_ready(&self.http, &self.data()).await
    }
}

/// Whether the engine whose state is in `data` answers and has every table: each migration is written down once
/// it is done.
pub(crate) async fn is_ready(http: &reqwest::Client, data: &Path) -> bool {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("ingest/schema");
    let files = std::fs::read_dir(schema).expect("the migrations").count();
    let sql = "SELECT uniqExact(number) AS done FROM schema_migrations";
    let done = query(http, data, sql).await;
    done.is_some_and(|rows| rows[0]["done"] == files)
}

/// The events of one kind.
pub(crate) fn of_kind(events: &[Event], kind: &str) -> Vec<Event> {
    events
        .iter()
        .filter(|event| event["kind"] == kind)
        .cloned()
        .collect()
}

/// Some columns of an event as one line, for snapshots.
pub(crate) fn columns(event: &Event, names: &[&str]) -> String {
    let value = |name: &&str| match &event[*name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    names.iter().map(value).collect::<Vec<_>>().join(" | ")
}

/// Asks the engine whose state is in `data`.
pub(crate) async fn query(http: &reqwest::Client, data: &Path, sql: &str) -> Option<Vec<Value>> {
    let access: Value =
        serde_json::from_slice(&std::fs::read(data.join("clickhouse/access.json")).ok()?).ok()?;
    let answer = http
        .post(format!("http://127.0.0.1:{}/?database=weir&default_format=JSONEachRow&output_format_json_quote_64bit_integers=0", access["port"]))
        .header("x-clickhouse-user", "weir_dash")
        .header("x-clickhouse-key", access["dash"].as_str()?)
        .body(sql.to_owned())
        .send()
        .await
        .ok()?;
    let good = answer.status().is_success();
    let text = answer.text().await.ok()?;
    let early = text.contains("UNKNOWN_DATABASE") || text.contains("UNKNOWN_TABLE");
    assert!(good || early, "the test's query is refused: {text}");
    good.then(|| {
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a row"))
            .collect()
    })
}

/// What asks for the tests; it follows no redirect.
pub(crate) fn http_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

fn write_config(folder: &Path, registry: &Registry, config: &str) {
    let head = format!(
        "data_dir = {:?}\n",
        folder.join("data").display().to_string()
    );
    let listeners = "[gateway]\nhttp = [\"127.0.0.1:0\"]\ntrusted_proxies = [\"127.0.0.0/8\"]\nupstream_timeout_s = 2\nprivate_upstreams = [\"127.0.0.0/8\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n";
    let config = config.replace("REGISTRY", &registry.addresses().registry);
    // The stand-in registry is on this machine.
    let private = "private_upstreams = [\"127.0.0.0/8\"]\n";
    let config = match config.split_once("[gateway]\n") {
        _ if config.contains("private_upstreams") => config,
        Some((before, after)) => format!("{before}[gateway]\n{private}{after}"),
        None => config,
    };
    // A test's own [gateway] takes the place of the usual one.
    let listeners = if config.contains("[gateway]") {
        ""
    } else {
        listeners
    };
    // Whole or not at all: half of one may be read on a busy machine, or by two while one takes the other's place.
    let fresh = folder.join("weir.toml.new");
    std::fs::write(&fresh, format!("{head}{listeners}{config}"))
        .and_then(|()| std::fs::rename(&fresh, folder.join("weir.toml")))
        .expect("the configuration is written");
}

/// An answer after which the connection is kept, and that is whole.
fn complete(answer: &[u8]) -> bool {
    !closes(answer) && is_whole(answer)
}

/// An answer whose head is whole and whose body is as long as it says.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse::<usize>()
            .ok()
    });
    length.is_some_and(|length| body.len() >= length)
}

/// Whether an answer says that it is the last one.
fn closes(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    head.contains("connection: close")
}

impl Weir {
    /// `weir serve` on the configuration in `folder`, not yet started.
    pub(crate) fn command(folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command
            .args(["serve", "--config"])
            .arg(folder.join("weir.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `weir serve` on the configuration in `folder` and waits until both listeners are open.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// The same, with settings in the environment.
    pub(crate) fn start_with(folder: &Path, env: &[(&str, &str)]) -> Self {
        let mut command = Self::command(folder);
        command.envs(env.iter().copied());
        Self::run(command)
    }

    /// The same, as `command` does it.
    pub(crate) fn run(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let stderr = child.stderr.take().expect("piped");
        let (sender, lines) = mpsc::channel();
        let said = Arc::<Mutex<String>>::default();
        let transcript = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut transcript = transcript.lock().expect("no panic while writing");
                transcript.extend([line.as_str(), "\n"]);
                // The transcript goes on when nobody waits for lines any more.
                let _ = sender.send(line);
            }
        });
        let mut seen = Vec::new();
        let gateway = address(&lines, "gateway listens", &mut seen);
        let page = address(&lines, "dashboard listens", &mut seen);
        Self {
            child,
            successors: Vec::new(),
            gateway,
            page,
            lines,
            said,
        }
    }

    /// Of the process that serves.
    pub(crate) fn id(&self) -> u32 {
        self.successors.last().map_or(self.child.id(), |&last| last)
    }

    /// Has the program on disk take the place of the one that runs, and waits until it serves; its process id.
    pub(crate) fn upgrade(&mut self) -> u32 {
        process::signal(self.id(), "USR2");
        let line = self.wait_for_line("the successor serves");
        // Two processes write: what one says to people may be cut by a line of the other.
        let json = &line[line.find('{').expect("a JSON line")..];
        let line: Value = serde_json::from_str(json).expect("a JSON line");
        let pid = line["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        let pid = pid.expect("a process id");
        self.successors.push(pid);
        pid
    }

    /// Everything logged since the last look.
    pub(crate) fn log(&self) -> String {
        self.lines.try_iter().collect::<Vec<_>>().join("\n")
    }

    /// Everything logged since the start.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("no panic while writing").clone()
    }

    /// Waits for a line that holds `text`.
    pub(crate) fn wait_for_line(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no line with {text:?} ({error}); seen: {seen:#?}"),
            }
        }
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        for &successor in &self.successors {
            process::kill(successor);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end and waits until it has; its exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        process::signal(self.child.id(), "TERM");
        self.ended()
    }

    /// Waits until it has ended by itself; its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Weir {
    fn drop(&mut self) {
        // A successor may be on its way when a test fails.
        let left = process::children(self.id());
        self.kill();
        left.into_iter().for_each(process::kill);
    }
}

fn address(lines: &mpsc::Receiver<String>, message: &str, seen: &mut Vec<String>) -> SocketAddr {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now()))
        else {
            panic!("the program did not say {message:?}; it said: {seen:#?}")
        };
        if line.contains(message) {
            let line: Value = serde_json::from_str(&line).expect("a JSON line");
            return line["address"]
                .as_str()
                .expect("an address")
                .parse()
                .expect("host and port");
        }
        seen.push(line);
    }
}

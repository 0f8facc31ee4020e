//! The salt of the day outside of one process: kept over a restart, shared by two gateways, and never on
//! a disk.

#[path = "world/mod.rs"]
mod world;

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::json;
use world::client::from_setup;
use world::{PATIENCE, Weir, World};

const HOST: &str = "get.test.localhost";

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}"
  to   = "https://files.test/{version}"
"#;

/// A server that keeps what it is told in memory alone.
struct Store {
    process: Child,
    port: u16,
}

impl Store {
    fn start(persistence: &[&str]) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("bound").port();
        drop(free);
        let process = Command::new(from_setup("redis/redis-server"))
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(persistence)
            .stdout(Stdio::null())
            .spawn()
            .expect("a server below .setup: run `make setup`");
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < deadline, "the server does not come up");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Self { process, port }
    }

    fn setting(&self) -> String {
        format!(
            "[privacy]\nsalt_store = \"redis://127.0.0.1:{}\"\n",
            self.port
        )
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Downloads once, as one client always does; who it counted as, and under which salt.
async fn visitor(world: &World, version: &str) -> (String, String) {
    let path = format!("/rocket/{version}");
    let answer = world.request("GET", HOST, &path);
    let answer = answer
        .header("x-forwarded-for", "198.51.100.7")
        .header("user-agent", "curl/8.9.1")
        .send();
    assert!(answer.await.expect("an answer").status().is_redirection());
    let events = world
        .wait_for(|events| events.iter().any(|event| event["version"] == version))
        .await;
    let event = events.iter().find(|event| event["version"] == version);
    let event = event.expect("waited for");
    (
        event["visitor"].to_string(),
        event["salt_epoch"].to_string(),
    )
}

#[tokio::test]
async fn two_gateways_with_one_store_count_a_client_as_one_visitor() {
    let store = Store::start(&["--save", "", "--appendonly", "no"]);
    let config = format!("{}{CONFIG}", store.setting());
    let one = World::start(&config).await;
    let other = World::start(&config).await;
    let alone = World::start(CONFIG).await;
    let shared = visitor(&one, "1.0").await;
    assert_eq!(shared, visitor(&other, "1.0").await);
    assert_ne!(shared, visitor(&alone, "1.0").await);
}

#[tokio::test]
async fn a_salt_on_a_tmpfs_is_the_same_after_a_crash_and_one_in_memory_is_not() {
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder in shared memory");
    let setting = format!("[privacy]\nsalt_file = {:?}\n", folder.path().join("salt"));
    for (config, is_kept) in [
        (format!("{setting}{CONFIG}"), true),
        (CONFIG.to_owned(), false),
    ] {
        let mut world = World::start(&config).await;
        let before = visitor(&world, "1.0").await;
        world.weir.kill();
        world.restart();
        let after = visitor(&world, "2.0").await;
        assert_eq!(before == after, is_kept, "{config}");
    }
}

#[tokio::test]
async fn a_day_that_was_counted_under_two_salts_says_so() {
    let mut world = World::start(CONFIG).await;
    let owner = world.owner().await;
    let question = json!({"site_id": "acme/rocket", "metrics": ["people"], "date_range": "7d"});
    visitor(&world, "1.0").await;
    let answer = world.question(&owner, &question).await;
    assert_eq!(answer["meta"].get("epochs"), None, "{answer}");
    world.weir.kill();
    world.restart();
    visitor(&world, "2.0").await;
    // What adds up follows the events by a moment.
    let deadline = Instant::now() + PATIENCE;
    let answer = loop {
        let answer = world.question(&owner, &question).await;
        if answer["results"][0]["metrics"][0] == 2 {
            break answer;
        }
        assert!(Instant::now() < deadline, "one client, twice: {answer}");
    };
    let epochs = answer["meta"]["epochs"].as_array().expect("a list");
    assert_eq!(epochs.len(), 1);
    assert_eq!(epochs[0]["epochs"], 2);
}

/// What the program says when it does not start.
fn refusal(privacy: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let listeners = "[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n";
    std::fs::write(
        folder.path().join("weir.toml"),
        format!("data_dir = \"data\"\n{listeners}{privacy}{CONFIG}"),
    )
    .expect("written");
    let mut command = Weir::command(folder.path());
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().last().unwrap_or_default().to_owned();
    last.replace(&folder.path().display().to_string(), "FOLDER")
}

#[test]
fn a_store_or_a_file_on_a_disk_keeps_the_program_from_starting_and_says_what_to_do() {
    let saving = Store::start(&["--save", "3600 1", "--appendonly", "no"]);
    let store = refusal(&saving.setting()).replace(&saving.port.to_string(), "PORT");
    let file = refusal("[privacy]\nsalt_file = \"/proc/salt\"\n");
    insta::assert_snapshot!([store, file].join("\n"), @r#"
    weir: the salt cannot be kept as [privacy] says: the store of salts 127.0.0.1:PORT keeps what it is told on disk: set save "" there
    weir: the salt cannot be kept as [privacy] says: /proc/salt is not on a tmpfs, so a salt in it would be on a disk; name a file below /run, or mount a tmpfs
    "#);
}

#[test]
fn no_core_is_left_by_a_crash() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("weir.toml"),
        format!("data_dir = \"data\"\n[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n{CONFIG}"),
    )
    .expect("written");
    let weir = Weir::start(folder.path());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", weir.id())).expect("it runs");
    let cores = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a limit");
    assert_eq!(cores.split_ascii_whitespace().nth(4), Some("0"), "{cores}");
}

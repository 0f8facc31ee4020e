//! Addresses go in by every way there is, and are nowhere: while it runs, after every kind of end,
//! and after every start.

use std::fs::{self, OpenOptions, Permissions};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::clients::{Client, clients};
use crate::engine::Engine;
use crate::evidence::Evidence;
use crate::world::owner::Owner;
use crate::world::{Weir, World};
use crate::{gateway, odd, page};

const CONFIG: &str = r#"
[gateway]
http = ["127.0.0.1:0", "[::]:0"]
trusted_proxies = ["127.0.0.1/32"]
upstream_timeout_s = 1

[dashboards]
listen = "127.0.0.1:0"
import_tokens_file = "tokens"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path  = "/dead/{file}"
  to    = "http://127.0.0.1:9/{file}"
  proxy = true
  [[package.route]]
  path  = "/odd/{file}"
  to    = "http://ODD/{file}"
  proxy = true

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["events.test"]
  [[package.route]]
  path = "/sent/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[index]]
kind = "pypi"
domains = ["pypi.test"]
upstream = "REGISTRY/simple/"
packages = ["*"]

[[index]]
kind = "pypi"
domains = ["dead.test"]
upstream = "http://127.0.0.1:9/simple/"
packages = ["*"]

[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"
"#;

/// The log at its most talkative.
const LOG: (&str, &str) = ("WEIR_LOG", "trace");

/// Where the marker must be when it was stored: as in every test of this file.
const STORED: [&str; 6] = [
    "data/spool/",
    "data/clickhouse/data/",
    "table weir.events",
    "page: events",
    "export",
    "backup.",
];

/// Commands that take data out, into files beside the configuration.
const WAYS_OUT: [&[&str]; 4] = [
    &["export", "--output", "export.csv"],
    &["export", "--output", "export.ndjson"],
    &["export", "--output", "export.parquet"],
    &[
        "export",
        "--metrics",
        "downloads,people",
        "--dimensions",
        "client",
        "--output",
        "question.csv",
    ],
];

async fn start() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    fs::write(&tokens, page::TOKEN).expect("written");
    fs::set_permissions(&tokens, Permissions::from_mode(0o600)).expect("set");
    let config = CONFIG.replace("ODD", &odd::upstream().await.to_string());
    let mut world = World::start_in_with(folder, &config, &[LOG]).await;
    world.ready().await;
    Engine::of(&world).uncompressed().await;
    again(&mut world);
    world.ready().await;
    world
}

/// Ends it in order and starts it again with what it says kept beside the data.
fn again(world: &mut World) {
    assert_eq!(world.weir.terminate(), Some(0), "{}", world.weir.said());
    let _ = said(world);
    restart(world);
}

fn restart(world: &mut World) {
    let folder = world.folder.path();
    let said = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("stdout"));
    let mut command = Weir::command(folder);
    command.env(LOG.0, LOG.1).stdout(said.expect("a file"));
    world.replace(Weir::run(command));
}

/// Where the gateway listens, for clients of IPv4.
fn listeners(world: &World) -> Vec<SocketAddr> {
    let said = world.weir.said();
    let lines = said.lines().filter(|line| line.contains("gateway listens"));
    let address = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
        let address: SocketAddr = line["address"]
            .as_str()
            .expect("text")
            .parse()
            .expect("an address");
        SocketAddr::from((Ipv4Addr::LOCALHOST, address.port()))
    };
    lines.map(address).collect()
}

/// Everything that everybody can send. Peers come to both listeners, of which one sees IPv4 as mapped.
async fn send_everything(world: &World, clients: &[Client]) {
    let listeners = listeners(world);
    assert_eq!(listeners.len(), 2);
    for client in clients {
        for listener in &listeners {
            gateway::send_everything(*listener, client).await;
        }
        page::send_everything(world, client).await;
    }
    gateway::wait_in_vain(listeners[0], clients).await;
    import_by_command(world, clients);
    gateway::send_marker(listeners[0], &clients[0]).await;
    world
        .wait_for(|events| {
            events.iter().any(|event| {
                event["version"] == crate::evidence::MARKER && event["arch"] == "amd64"
            })
        })
        .await;
}

/// `weir import`; what it says is kept, as a scheduler keeps it.
fn import_by_command(world: &World, clients: &[Client]) {
    let outside = tempfile::tempdir().expect("a folder beside the data");
    let file = outside.path().join("import.log");
    for format in 0..page::logs(&clients[0]).len() {
        let logs = clients
            .iter()
            .map(|client| page::logs(client)[format].clone());
        let (names, texts): (Vec<_>, Vec<_>) = logs.unzip();
        fs::write(&file, texts.concat()).expect("written");
        let file = file.to_str().expect("text");
        let arguments = ["import", "--from", names[0], "--domain", "get.test", file];
        command(world.folder.path(), &arguments);
    }
}

/// Runs a command beside the program; what it prints goes into files of the same folder.
fn command(folder: &Path, arguments: &[&str]) {
    let kept = |name: &str| {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join(name));
        file.expect("a file")
    };
    let (name, rest) = arguments.split_first().expect("a command");
    let status = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args([name, "--config", "weir.toml"])
        .args(rest)
        .current_dir(folder)
        .stdout(kept(&format!("{name}.stdout")))
        .stderr(kept(&format!("{name}.stderr")))
        .status();
    // An import of bad lines ends with 1, and has to.
    assert!(status.expect("it runs").code() < Some(2), "{arguments:?}");
}

/// Keeps what the program has said, with all that is scanned.
fn said(world: &World) -> String {
    let said = world.weir.said();
    let path = world
        .folder
        .path()
        .join(format!("stderr.{}", world.weir.id()));
    fs::write(path, &said).expect("our own folder");
    said
}

/// Looks at all that is on disk: data, logs, what commands printed, what was taken out.
fn on_disk(world: &World) -> Evidence {
    let mut evidence = Evidence::new();
    assert!(said(world).contains("gateway listens"));
    evidence.look_below(world.folder.path());
    evidence
}

/// Looks at all that there is while it runs: every table, every answer of the page, every way out.
async fn running(world: &World, owner: &Owner) -> Evidence {
    for arguments in WAYS_OUT {
        command(world.folder.path(), arguments);
    }
    let backup = format!("backup.{}", world.weir.id());
    command(world.folder.path(), &["backup", &backup]);
    let mut evidence = on_disk(world);
    for (table, bytes) in Engine::of(world).dump().await {
        evidence.look(&format!("table {table}"), &bytes);
    }
    page::look(world, owner, &mut evidence).await;
    evidence
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_is_left_by_any_request_in_any_state() {
    let mut world = start().await;
    let owner = world.owner().await;
    let clients = clients();
    send_everything(&world, &clients).await;
    running(&world, &owner)
        .await
        .assert_no_trace("running", &STORED);
    let used = world
        .query("SELECT countIf(visitor != 0) AS used FROM events")
        .await;
    let used = used.expect("the engine answers")[0]["used"].as_u64();
    assert!(used > Some(100), "the addresses were used before they went");

    let to = listeners(&world)[0];
    let traffic = tokio::spawn(async move {
        for client in clients.iter().cycle() {
            if client
                .http
                .get(format!("http://{to}/{}", client.own))
                .header("host", "get.test")
                .send()
                .await
                .is_err()
            {
                break;
            }
        }
        clients
    });
    assert_eq!(world.weir.terminate(), Some(0));
    let clients = traffic.await.expect("no panic");
    on_disk(&world).assert_no_trace("after SIGTERM under way", &STORED[..2]);

    restart(&mut world);
    world.ready().await;
    let to = listeners(&world)[0];
    for client in &clients {
        gateway::send_everything(to, client).await;
    }
    gateway::send_marker(to, &clients[0]).await;
    world.weir.kill();
    on_disk(&world).assert_no_trace("after SIGKILL", &STORED[..2]);

    restart(&mut world);
    world.ready().await;
    gateway::send_marker(listeners(&world)[0], &clients[0]).await;
    running(&world, &owner)
        .await
        .assert_no_trace("started again", &STORED);
    assert_eq!(world.weir.terminate(), Some(0));
    on_disk(&world).assert_no_trace("ended", &STORED[..2]);
}

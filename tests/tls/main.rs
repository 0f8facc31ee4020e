//! TLS at the gateway's own listeners: certificates by name, from files and from an authority, over both versions of
//! HTTP.

#[path = "../world/mod.rs"]
mod world;

mod authority;
mod clients;
#[path = "../traces/collector.rs"]
#[allow(dead_code, reason = "each program of tests uses its part")]
mod collector;
mod files;
mod frames;
mod http2;
mod names;
mod pebble;
mod scheme;
mod traces;
mod upgrade;

use names::Authority;
use serde_json::Value;
use tempfile::TempDir;
use world::World;

/// The domain of what follows.
const DOMAIN: &str = "get.test.localhost";

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{file}"
  to   = "https://files.test/v{version}/{file}"
  [[package.route]]
  path = "/stream/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  proxy = true

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/installed/{version}"

[[index]]
kind = "pypi"
domains = ["get.test.localhost"]
path = "/python/"
upstream = "REGISTRY/simple/"
packages = ["compass"]
"#;

/// A file of the stand-in registry.
const FILE: &str = "rocket-linux-amd64.tar.gz";

/// Settings with one certificate in `get.pem` and `get.key`; `more` are lines of `[gateway]`.
fn config(more: &str) -> String {
    format!(
        "[gateway]\nhttp = [\"127.0.0.1:0\"]\nhttps = [\"127.0.0.1:0\"]\nverify_files = false\n{more}\n\
         [dashboards]\nlisten = \"127.0.0.1:0\"\n\
         [[certificate]]\nchain = \"get.pem\"\nkey = \"get.key\"\n{CONFIG}"
    )
}

/// The program with a certificate of `authority` for [`DOMAIN`].
async fn start(authority: &Authority, more: &str) -> World {
    let folder: TempDir = tempfile::tempdir().expect("a folder");
    authority.write(folder.path(), "get", &[DOMAIN]);
    World::start_in(folder, &config(more)).await
}

/// The port of the gateway's TLS listener.
fn port(world: &World) -> u16 {
    let said = world.weir.said();
    let line = said.lines().find(|line| line.contains("listens for TLS"));
    let line: Value = serde_json::from_str(line.expect("it says so")).expect("a JSON line");
    let address = line["address"].as_str().expect("an address");
    let address: std::net::SocketAddr = address.parse().expect("host and port");
    address.port()
}

/// The address of `path` by TLS.
fn url(world: &World, path: &str) -> String {
    format!("https://{DOMAIN}:{}{path}", port(world))
}

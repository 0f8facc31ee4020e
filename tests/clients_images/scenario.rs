//! Scenes of one engine: what was done, what should be counted and what is.

use std::net::TcpListener;
use std::path::Path;

use crate::world::row::{Installed, Row, counted, named};
use crate::world::{Event, World};

/// Public images on one name of this machine and private ones on another, since a private image makes
/// every client of its host sign in.
const CONFIG: &str = r#"
[gateway]
http = ["127.0.0.1:PORT"]

[[package]]
name = "acme/server"
kind = "oci"
domains = ["127.0.0.1"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[package]]
name = "acme/vault"
kind = "oci"
domains = ["localhost"]
image = "vault"
upstream = "REGISTRY/acme/vault"
private = true

[dashboards]
listen = "127.0.0.1:0"
"#;

/// A gateway that one engine pulls through.
pub(crate) struct Scenes {
    world: World,
    port: u16,
    client: Installed,
    rows: Vec<Row>,
}

impl Scenes {
    pub(crate) async fn start(client: &str, version: String) -> Self {
        // Kept over restarts, for engines know an image by host and port.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let world = World::start(&CONFIG.replace("PORT", &port.to_string())).await;
        Self {
            world,
            port,
            client: Installed::new("OCI", client, version),
            rows: Vec::new(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.world.folder.path()
    }

    pub(crate) fn repository(&self) -> String {
        format!("127.0.0.1:{}/server", self.port)
    }

    pub(crate) fn image(&self, tag: &str) -> String {
        format!("{}:{tag}", self.repository())
    }

    pub(crate) fn private_host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    pub(crate) fn private_image(&self, tag: &str) -> String {
        format!("{}/vault:{tag}", self.private_host())
    }

    /// The gateway starts anew and knows neither sessions nor manifests, as after a long time.
    pub(crate) async fn forget(&mut self) {
        self.world.recorded().await;
        self.world.weir.terminate();
        self.world.restart();
        self.world.ready().await;
    }

    /// Notes what was counted since the last scene.
    pub(crate) async fn expect(&mut self, scene: &str, expected: &[&str]) {
        self.expect_any(scene, &[expected]).await;
    }

    /// The same where the engine may go either way.
    pub(crate) async fn expect_any(&mut self, scene: &str, allowed: &[&[&str]]) {
        let events = self.world.since_last_look().await;
        let seen: Vec<_> = counted(&events).map(told).collect();
        let row = |expected: &[&str]| {
            let expected = expected.iter().copied();
            self.client.row(scene, expected, seen.iter().cloned())
        };
        let fits = allowed
            .iter()
            .map(|expected| row(expected))
            .find(Row::holds);
        let row = fits.unwrap_or_else(|| row(allowed[0]));
        row.write();
        self.rows.push(row);
    }

    /// Compares, all at once, so that one look shows everything that is wrong with a client.
    pub(crate) fn done(self) {
        let wrong: Vec<_> = self.rows.iter().filter(|row| !row.holds()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}\nof {:#?}", self.rows);
    }
}

fn told(event: &Event) -> String {
    named(event, &["package", "version", "os", "arch"])
}

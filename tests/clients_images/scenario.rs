//! Scenes of one engine: what was done, what should be counted and what is.

use std::net::TcpListener;
use std::path::Path;

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

/// One line of the table: client, version, scenario, expected and seen.
struct Row {
    scene: String,
    expected: Vec<String>,
    seen: Vec<String>,
}

/// A gateway that one engine pulls through.
pub(crate) struct Scenes {
    world: World,
    port: u16,
    client: String,
    told: usize,
    rows: Vec<Row>,
}

impl Scenes {
    pub(crate) async fn start(client: &str, version: &str) -> Self {
        // Kept over restarts, for engines know an image by host and port.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let world = World::start(&CONFIG.replace("PORT", &port.to_string())).await;
        Self {
            world,
            port,
            client: format!("{client} {version}"),
            told: 0,
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
        let counted: Vec<String> = self
            .world
            .recorded()
            .await
            .iter()
            .filter(|event| event["kind"] == "download" || event["kind"] == "mirror")
            .map(told)
            .collect();
        let seen = counted[self.told..].to_vec();
        self.told = counted.len();
        let fits = allowed.iter().find(|expected| **expected == seen);
        let expected = fits.unwrap_or(&allowed[0]);
        self.rows.push(Row {
            scene: scene.to_owned(),
            expected: expected.iter().map(|&line| line.to_owned()).collect(),
            seen,
        });
    }

    /// Compares, all at once, so that one look shows everything that is wrong with a client.
    pub(crate) fn done(self) {
        let lines: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                let mark = if row.expected == row.seen {
                    ""
                } else {
                    "   <- wrong"
                };
                format!(
                    "{} | {} | {:?} | {:?}{mark}",
                    self.client, row.scene, row.expected, row.seen
                )
            })
            .collect();
        let wrong = self.rows.iter().any(|row| row.expected != row.seen);
        assert!(
            !wrong,
            "client | scenario | expected | seen\n{}",
            lines.join("\n")
        );
    }
}

fn told(event: &Event) -> String {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let words = ["kind", "version", "os", "arch"].map(text);
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

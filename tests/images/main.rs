//! Container images through the gateway: from Debian's registry and from one with tokens and signed
//! storage, on one domain and under other names, each pull counted once however the client asks.

#[path = "../world/mod.rs"]
mod world;

mod answers;
mod counting;
mod debian;
mod front;
mod puller;
mod sign_in;
mod traces;

use debian::{DebianRegistry, skopeo};
use world::{Event, World, columns, of_kind};

const HOST: &str = "cr.test.localhost";
const WHAT: [&str; 8] = [
    "package",
    "ecosystem",
    "version",
    "client",
    "os",
    "arch",
    "status",
    "answer",
];

/// Two registries on one domain; `DEBIAN` stands for the address of the second.
const CONFIG: &str = r#"
[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[package]]
name = "acme/streamed"
kind = "oci"
domains = ["cr.test.localhost"]
image = "streamed"
upstream = "REGISTRY/acme/rocket-server"
proxy = true

[[package]]
name = "acme/tool"
kind = "oci"
domains = ["cr.test.localhost"]
image = "org/tags/tool"
upstream = "DEBIAN/team/app"

[[package]]
name = "acme"
kind = "oci"
domains = ["cr.test.localhost"]
image = "mirror/**"
upstream = "REGISTRY/**"

[[package]]
name = "team/*"
kind = "oci"
domains = ["cr.test.localhost"]
image = "mirror/team/*"
upstream = "DEBIAN/team/*"

[[package]]
name = "acme/special"
kind = "oci"
domains = ["cr.test.localhost"]
image = "mirror/team/special"
upstream = "DEBIAN/team/app"
"#;

/// A world with Debian's registry in it, to which `skopeo` has pushed two versions.
async fn world() -> (World, DebianRegistry) {
    let debian = DebianRegistry::start();
    let world =
        World::start(&CONFIG.replace("DEBIAN", &format!("http://{}", debian.address))).await;
    let token_registry = world
        .registry
        .addresses()
        .registry
        .replace("http://", "docker://");
    for version in ["1.2.3", "2.0.0"] {
        let from = format!("{token_registry}/acme/rocket-server:{version}");
        let to = format!("docker://{}/team/app:{version}", debian.address);
        skopeo(
            world.folder.path(),
            &[
                "--insecure-policy",
                "copy",
                "--all",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                &from,
                &to,
            ],
        )
        .await;
    }
    (world, debian)
}

fn lines(events: &[Event]) -> String {
    events
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn downloads(world: &World) -> Vec<Event> {
    of_kind(&world.recorded().await, "download")
}

//! The other side, over real sockets: whom the gateway asks and whom it never does, what it remembers, and what goes
//! on while an upstream or its DNS is dead.

#[path = "../world/mod.rs"]
mod world;

mod addresses;
mod documents;
mod hostile;
mod http2;
mod names;
mod outage;
mod owners;
mod private;
mod streamed;
mod upstream;

use std::net::SocketAddr;

use serde_json::json;
use world::{Event, World, columns};

use upstream::{Answer, Asked};

const INDEX: &str = "pypi.test.localhost";
const FILES: &str = "get.test.localhost";
const PAGE: &str = "/simple/rocket/";
const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// `[gateway]` with `settings` beside what every test needs.
fn gateway(settings: &str) -> String {
    format!(
        "[gateway]\nhttp = [\"127.0.0.1:0\"]\nupstream_timeout_s = 1\n{settings}\n[dashboards]\nlisten = \"127.0.0.1:0\"\n"
    )
}

/// A Python index at `upstream`, as its host and port.
fn index(upstream: &str) -> String {
    format!(
        "[[index]]\nkind = \"pypi\"\ndomains = [\"{INDEX}\"]\nupstream = \"http://{upstream}/simple/\"\npackages = [\"rocket*\"]\n"
    )
}

/// Files streamed from `/s/` and redirected from `/r/` to the same paths of `upstream`.
fn files(upstream: &str) -> String {
    format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"{FILES}\"]\n\
         [[package.route]]\npath = \"/s/{{+path}}\"\nto = \"http://{upstream}/{{+path}}\"\nproxy = true\n\
         [[package.route]]\npath = \"/r/{{+path}}\"\nto = \"http://{upstream}/{{+path}}\"\n"
    )
}

/// The page of one project whose only file lies at `storage`.
fn page(storage: SocketAddr) -> Answer {
    let page = json!({
        "meta": {"api-version": "1.0"},
        "name": "rocket",
        "files": [{"filename": "rocket-1.0.tar.gz", "url": format!("http://{storage}/rocket-1.0.tar.gz"), "hashes": {}}],
        "filler": "x".repeat(2000),
    });
    Answer::new(200, page.to_string())
        .with("content-type", JSON)
        .with("cache-control", "max-age=0")
        .with("etag", "\"first\"")
}

/// Answers the page for itself, and what it lists.
fn python_index(asked: &Asked, itself: SocketAddr) -> Answer {
    match asked.path.as_str() {
        "/simple/rocket/" if asked.header("if-none-match") == "\"first\"" => Answer::new(304, ""),
        "/simple/rocket/" => page(itself),
        "/rocket-1.0.tar.gz" => Answer::new(200, "a source archive"),
        _ => Answer::new(404, ""),
    }
}

async fn status(world: &World, host: &str, path: &str) -> u16 {
    world.get(host, path).await.status().as_u16()
}

fn lines(events: &[Event]) -> String {
    let what = ["kind", "package", "method", "status", "answer", "bytes"];
    let lines: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    lines.join("\n")
}

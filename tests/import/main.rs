//! `weir import`, from real files into a real engine: every format, once however often, whatever cuts it short,
//! in little memory, and without an address anywhere.

#[path = "../world/mod.rs"]
mod world;

mod files;
mod formats;
mod http;
mod privacy;
mod scarf;
mod size;
mod twice;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use world::World;

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["get.test"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"
"#;

/// `weir import` on the configuration in `folder`, not yet started.
fn command(folder: &Path, format: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command
        .args(["import", "--config", "weir.toml", "--from", format])
        .args(arguments)
        .current_dir(folder);
    command
}

fn import(folder: &Path, format: &str, arguments: &[&str]) -> Output {
    command(folder, format, arguments)
        .output()
        .expect("the program runs")
}

/// Exit code, report and summary.
fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    let code = output.status.code().expect("an exit code");
    format!("exit {code}\n{}", texts.concat())
}

/// How many rows `events` has, how many different ids, and how many requests the rollup counts.
async fn counts(world: &World) -> [u64; 3] {
    let sql = "SELECT count() AS rows, uniqExact(event_id) AS ids, (SELECT sum(requests) FROM daily) AS requests FROM events";
    let rows = world.query(sql).await.expect("the engine answers");
    ["rows", "ids", "requests"].map(|name| rows[0][name].as_u64().expect("a number"))
}

/// What a query answers, a line a row.
async fn rows(world: &World, sql: &str) -> String {
    let rows = world.query(sql).await.expect("the engine answers");
    let line = |row: &Value| {
        let values = row.as_object().expect("a row").values();
        let words = values.map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        });
        words.collect::<Vec<_>>().join(" | ")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

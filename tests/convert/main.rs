//! From Scarf's gateway to ours: manifests of every type of rule, converted by the command, served by the
//! program, and answered as Scarf's documentation says; where Scarf has a defect, answered right.

#[path = "../world/mod.rs"]
mod world;

mod command;
mod events;
mod files;
mod images;
mod python;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use world::{Event, World, columns};

const HOST: &str = "get.test.localhost";

/// Runs `weir` in `folder`.
fn weir(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

/// Exit code, output and complaints.
fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    let code = output.status.code().expect("an exit code");
    format!("exit {code}\n{}", texts.concat())
}

/// A folder with a manifest of `rules`, to each of which a domain and a package are added where they lack one.
fn manifest(rules: &[Value]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules = rules.iter().map(|rule| {
        let mut rule = rule.clone();
        let fields = rule.as_object_mut().expect("an object");
        fields.entry("domain").or_insert_with(|| HOST.into());
        fields.entry("package-id").or_insert_with(|| "9d3c".into());
        rule
    });
    let text = json!({ "rules": rules.collect::<Value>() });
    std::fs::write(folder.path().join("manifest.json"), format!("{text:#}")).expect("a manifest");
    folder
}

/// A world that serves what the command makes of `rules`. `registry.test` stands for the stand-in registry.
async fn served(rules: &[Value]) -> World {
    let folder = manifest(rules);
    let output = weir(
        folder.path(),
        &[
            "convert",
            "scarf",
            "manifest.json",
            "--output",
            "converted.toml",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    let check = weir(folder.path(), &["check", "--config", "converted.toml"]);
    assert!(check.status.success(), "{}", said(&check));
    let text = std::fs::read_to_string(folder.path().join("converted.toml")).expect("a result");
    World::start_in(folder, &text.replace("https://registry.test", "REGISTRY")).await
}

/// Sends each raw target on one connection; status and `Location` of each, one line a target.
async fn answers(world: &World, targets: &[&str]) -> String {
    let mut connection = world.connect().await;
    let mut lines = Vec::new();
    for target in targets {
        connection
            .send(format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes())
            .await;
        let answer = connection.answer().await.expect("an answer");
        let location = answer.header("location").unwrap_or("-");
        lines.push(format!("{target} -> {} {location}", answer.status));
    }
    lines.join("\n")
}

fn lines(events: &[Event], what: &[&str]) -> String {
    let lines = events.iter().map(|event| columns(event, what));
    lines.collect::<Vec<_>>().join("\n")
}

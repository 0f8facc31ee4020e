//! `quick-start.md` works as written: every command on it, in its order, with a stand-in for the registry.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::docs;
use super::world::client::{client, run};
use super::world::{PATIENCE, Weir, http_client, query};
use tokio::process::Command;

/// What the stand-in registry has in the place of the package on the page.
const PACKAGE: &str = "weir-demo-compass";

/// The commands of a page: lines of its blocks of `sh`.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split_once("```").expect("an end").0);
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

/// A command as a reader's shell runs it, in `folder`.
fn shell(line: &str, folder: &Path, env: &[(&str, String)]) -> Command {
    let line = match line.strip_prefix("weir ") {
        Some(rest) => format!("exec {} {rest}", env!("CARGO_BIN_EXE_weir")),
        None => line.to_owned(),
    };
    let mut command = client("sh", folder);
    command.args(["-c", &line]).stdin(Stdio::null());
    command.envs(env.iter().map(|(name, value)| (name, value)));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_five_minutes_work_as_written() {
    let page = fs::read_to_string(docs().join("quick-start.md")).expect("the page");
    let all = commands(&page.replace("six", PACKAGE));
    // What builds the program has run, or there would be no test.
    let (built, commands) = all.split_at(2);
    assert_eq!(built[0], "make build engine");

    let folder = tempfile::tempdir().expect("a folder");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let registry = weir::demo::Registry::start(listener, std::future::pending());
    let registry = registry.await.expect("the stand-in registry");
    let index = format!("{}/simple/", registry.addresses().registry);
    let mut env = vec![
        ("PIP_INDEX_URL", index),
        (
            "PIP_TARGET",
            folder.path().join("site").display().to_string(),
        ),
        ("WEIR_GATEWAY__HTTP", "[\"127.0.0.1:0\"]".to_owned()),
        ("WEIR_DASHBOARDS__LISTEN", "127.0.0.1:0".to_owned()),
    ];
    let mut serving = None;
    let mut done = Vec::new();
    for line in commands {
        done.push(line.as_str());
        if line == "weir serve" {
            let mut weir = shell(line, folder.path(), &env).into_std();
            weir.stdout(Stdio::null()).stderr(Stdio::piped());
            let weir = Weir::run(weir);
            env.retain(|(name, _)| *name != "PIP_INDEX_URL");
            serving = Some(weir);
            continue;
        }
        let port = serving
            .as_ref()
            .map_or(8080, |weir: &Weir| weir.gateway.port());
        let line = line.replace("8080", &port.to_string());
        run(&mut shell(&line, folder.path(), &env)).await;
    }
    insta::assert_snapshot!(done.join("\n"), @"
    weir init --package weir-demo-compass
    weir check
    weir explain http://pypi.weir.localhost:8080/simple/weir-demo-compass/
    weir serve
    pip install --no-cache-dir --trusted-host pypi.weir.localhost --index-url http://pypi.weir.localhost:8080/simple/ weir-demo-compass
    ");
    let sql = "SELECT package, version, client, kind FROM events WHERE kind = 'download'";
    let http = http_client();
    let deadline = Instant::now() + PATIENCE;
    let rows = loop {
        let rows = query(&http, &folder.path().join("weir-data"), sql)
            .await
            .unwrap_or_default();
        if !rows.is_empty() || Instant::now() > deadline {
            break rows;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["package"], PACKAGE);
    assert_eq!(rows[0]["client"], "pip");
}

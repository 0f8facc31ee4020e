//! Go fetches modules through the gateway: one download a module, whatever is asked before it.
//!
//! Two versions of it are larger than all other clients, so their tests wait for `make test-clients`.

mod world;

use std::path::Path;

use tokio::process::Command;
use weir::demo::go;
use world::client::{client, from_setup, run};
use world::row::Installed;
use world::{Event, World, columns, of_kind};

/// Go looks names up by itself and finds `localhost` alone on every machine.
const CONFIG: &str = r#"
[[index]]
kind = "go"
domains = ["localhost"]
upstream = "REGISTRY/go/"
packages = ["acme.example/*"]

[[index]]
kind = "go"
domains = ["localhost"]
path = "/below/"
upstream = "REGISTRY/go/"
packages = ["acme.example/*"]
"#;

const WHAT: [&str; 8] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "channel",
    "client",
    "audience",
    "answer",
];

/// The sample module's newest version, as counted.
const COMPASS: &str = "acme.example/Compass v1.1.0";

/// An old and a new go.
fn each_go() -> [String; 2] {
    ["go".to_owned(), from_setup("clients/go/bin/go")]
}

/// A go with caches of its own in `folder`, which has a module to work in, and `proxy` alone to ask.
fn go(program: &str, folder: &Path, proxy: &str) -> Command {
    let module = "module app.example/app\n\ngo 1.19\n";
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("go.mod"), module).expect("a file");
    let mut go = client(program, folder);
    go.env("GOPROXY", proxy)
        // The checksum database knows public modules alone, and is not on this machine.
        .env("GONOSUMDB", "*")
        .env("GOFLAGS", "-mod=mod -modcacherw")
        .env("GOTOOLCHAIN", "local");
    go
}

async fn installed(program: &str) -> Installed {
    let mut version = client(program, Path::new("/"));
    Installed::asked("Go", "go", version.arg("version")).await
}

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_module_is_downloaded_once_by_each_go() {
    let world = World::start(CONFIG).await;
    let mut downloads = Vec::new();
    for (number, program) in each_go().iter().enumerate() {
        let folder = world.folder.path().join(number.to_string());
        let proxy = world.url("localhost", "");
        run(go(program, &folder, &proxy).args(["get", go::MODULE])).await;
        let sums = std::fs::read_to_string(folder.join("go.sum")).expect("sums");
        assert!(sums.contains(go::OTHER_MODULE), "{sums}");
        let go = installed(program).await;
        downloads.extend(world.counts(&go, "`get`", &[COMPASS]).await);
    }
    insta::assert_snapshot!(lines(&downloads), @r"
    acme.example/Compass | go | v1.1.0 | v1.1.0.zip | stable | go-http-client | unknown | redirect
    acme.example/Compass | go | v1.1.0 | v1.1.0.zip | stable | go | people | redirect
    ");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn looking_for_updates_downloads_nothing() {
    let world = World::start(CONFIG).await;
    let proxy = world.url("localhost", "");
    for (number, program) in each_go().iter().enumerate() {
        let folder = world.folder.path().join(number.to_string());
        let mut list = go(program, &folder, &proxy);
        let asked = format!("{}@{}", go::MODULE, go::VERSIONS[0]);
        let listed = run(list.args(["list", "-m", "-u", &asked])).await;
        assert!(listed.contains(go::VERSIONS[1]), "{listed}");
        let go = installed(program).await;
        world.counts(&go, "`list -m -u`", &[]).await;
    }
    let looks = of_kind(&world.events().await, "metadata");
    assert!(looks.iter().all(|event| event["package"] == go::MODULE));
    assert!(!looks.is_empty());
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_commit_without_a_tag_is_counted_as_its_pseudo_version() {
    let world = World::start(CONFIG).await;
    let proxy = world.url("localhost", "");
    let folder = world.folder.path().join("app");
    let branch = format!("{}@{}", go::MODULE, go::BRANCH);
    run(go("go", &folder, &proxy).args(["get", &branch])).await;
    let version = "acme.example/Compass v1.1.1-0.20260701120000-0123456789ab";
    let downloads = world
        .counts(&installed("go").await, "`get` of a branch", &[version])
        .await;
    insta::assert_snapshot!(lines(&downloads), @"acme.example/Compass | go | v1.1.1-0.20260701120000-0123456789ab | v1.1.1-0.20260701120000-0123456789ab.zip | nightly | go-http-client | unknown | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_proxy_below_a_path_keeps_every_request_there() {
    let world = World::start(CONFIG).await;
    let proxy = world.url("localhost", "/below");
    let folder = world.folder.path().join("app");
    run(go("go", &folder, &proxy).args(["get", go::MODULE])).await;
    let downloads = world
        .counts(
            &installed("go").await,
            "`get`, a proxy below a path",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"acme.example/Compass | go | v1.1.0 | v1.1.0.zip | stable | go-http-client | unknown | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_program_that_needs_the_module_is_built() {
    let world = World::start(CONFIG).await;
    let proxy = world.url("localhost", "");
    let folder = world.folder.path().join("app");
    let mut get = go("go", &folder, &proxy);
    let program = format!(
        "package main\n\nimport (\n\t\"fmt\"\n\n\tcompass \"{}\"\n)\n\nfunc main() {{ fmt.Println(compass.North()) }}\n",
        go::MODULE
    );
    std::fs::write(folder.join("main.go"), program).expect("a file");
    run(get.args(["get", go::MODULE])).await;
    let said = run(go("go", &folder, &proxy).args(["run", "."])).await;
    assert_eq!(said, "north is that way\n");
    world
        .counts(&installed("go").await, "`get`, then `run`", &[COMPASS])
        .await;
}

#[tokio::test]
async fn only_a_zip_is_a_download() {
    let world = World::start(CONFIG).await;
    let (ours, others) = ("/acme.example/%21compass/@v", "/tideline.example/demo/@v");
    for (path, file) in [
        (ours, "list"),
        (ours, "v1.1.0.info"),
        (ours, "v1.1.0.mod"),
        (others, "v0.3.0.zip"),
        (ours, "v1.1.0.zip"),
    ] {
        let answer = world
            .get("localhost", &format!("/below{path}/{file}"))
            .await;
        let location = format!("{}/go{path}/{file}", world.registry.addresses().registry);
        assert_eq!(answer.headers()["location"], location);
    }
    let downloads = world.downloads(1).await;
    insta::assert_snapshot!(lines(&downloads), @"acme.example/Compass | go | v1.1.0 | v1.1.0.zip | stable |  | unknown | redirect");
    assert_eq!(of_kind(&world.events().await, "metadata").len(), 3);
}

#[tokio::test]
async fn a_head_of_a_zip_is_a_check_that_is_answered_here() {
    let world = World::start(CONFIG).await;
    let zip = "/acme.example/!compass/@v/v1.1.0.zip";
    let answer = world.request("HEAD", "localhost", zip).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-length"] != "0");
    let checks = world.wait_for(|events| !events.is_empty()).await;
    assert_eq!(checks[0]["kind"], "check");
}

#[tokio::test]
async fn sums_are_asked_of_the_checksum_database_itself() {
    let world = World::start(CONFIG).await;
    let answer = world.get("localhost", "/sumdb/sum.example/supported").await;
    assert_eq!(answer.status(), 404);
    assert!(world.registry.seen().is_empty());
}

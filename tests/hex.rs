//! rebar3 fetches packages through the gateway from a signed registry; a tarball is a download.
//!
//! It brings Erlang with it, so its tests wait for `make test-clients`.

mod world;

use std::path::Path;

use weir::demo::hex;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "hex"
domains = ["localhost"]
upstream = "REGISTRY/hex/"
packages = ["demo_*"]

[[index]]
kind = "hex"
domains = ["localhost"]
path = "/below/"
upstream = "REGISTRY/hex/"
packages = ["demo_*"]
"#;

const WHAT: [&str; 7] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "client",
    "audience",
    "answer",
];

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

/// The sample package's newest version, as counted.
const COMPASS: &str = "demo_compass 2.1.0";

async fn installed() -> Installed {
    let mut version = client("rebar3", Path::new("/"));
    Installed::asked("Hex", "rebar3", version.arg("version")).await
}

/// Compiles an application that needs the sample package from `repository`, whose key it has.
async fn rebar3(folder: &Path, repository: &str) {
    let (name, package, key) = (hex::REPOSITORY, hex::PACKAGE, hex::PUBLIC_KEY);
    let settings = format!(
        "{{deps, [{package}]}}.\n{{hex, [{{repos, [#{{name => <<\"{name}\">>, repo_url => <<\"{repository}\">>, \
         repo_public_key => <<\"{key}\">>}}]}}]}}.\n"
    );
    let application = "{application, app, [{description, \"\"}, {vsn, \"1\"}, {applications, [kernel, stdlib]}]}.\n";
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    std::fs::write(folder.join("rebar.config"), settings).expect("a file");
    std::fs::write(folder.join("src/app.app.src"), application).expect("a file");
    let mut rebar3 = client("rebar3", folder);
    // The repository that rebar3 adds by itself is ours as well, lest it ask elsewhere.
    run(rebar3.arg("compile").env("HEX_CDN", repository)).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn rebar3_downloads_a_package_that_works() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    rebar3(&folder, &world.url("localhost", "")).await;
    let north = "io:format(\"~s~n\", [demo_compass:north()]), halt().";
    let mut erl = client("erl", &folder);
    erl.args(["-noshell", "-eval", north, "-pa"]);
    erl.args(
        ["demo_compass", "tideline_demo"].map(|name| format!("_build/default/lib/{name}/ebin")),
    );
    assert_eq!(run(&mut erl).await, "north is that way\n");
    let downloads = world
        .counts(&installed().await, "`compile`", &[COMPASS])
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo_compass | hex | 2.1.0 | demo_compass-2.1.0.tar | rebar3 | people | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_repository_below_a_path_keeps_every_request_there() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    rebar3(&folder, &world.url("localhost", "/below")).await;
    let downloads = world
        .counts(
            &installed().await,
            "`compile`, a repository below a path",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo_compass | hex | 2.1.0 | demo_compass-2.1.0.tar | rebar3 | people | redirect");
}

#[tokio::test]
async fn only_a_tarball_is_a_download() {
    let world = World::start(CONFIG).await;
    for (method, path, status) in [
        ("GET", "/packages/demo_compass", 302),
        ("GET", "/names", 302),
        ("GET", "/tarballs/tideline_demo-0.3.0.tar", 302),
        ("HEAD", "/below/tarballs/demo_compass-2.1.0.tar", 200),
        ("GET", "/below/tarballs/demo_compass-2.1.0.tar", 302),
    ] {
        let answer = world.request(method, "localhost", path).send().await;
        assert_eq!(
            answer.expect("an answer").status(),
            status,
            "{method} {path}"
        );
    }
    insta::assert_snapshot!(lines(&world.downloads(1).await), @"demo_compass | hex | 2.1.0 | demo_compass-2.1.0.tar |  | unknown | redirect");
    let events = world.events().await;
    assert_eq!(of_kind(&events, "metadata").len(), 1);
    assert_eq!(of_kind(&events, "check").len(), 1);
}

//! gem and bundler install gems through the gateway, and none of them slips past it.

mod world;

use std::path::Path;

use tokio::process::Command;
use weir::demo::rubygems;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "rubygems"
domains = ["localhost"]
upstream = "REGISTRY/rubygems/"
packages = ["demo-*"]

[[index]]
kind = "rubygems"
domains = ["localhost"]
path = "/below/"
upstream = "REGISTRY/rubygems/"
packages = ["demo-*"]
"#;

const WHAT: [&str; 9] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "os",
    "arch",
    "client",
    "audience",
    "answer",
];

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

/// The sample gem's newest version, as counted.
const COMPASS: &str = "demo-compass 2.1.0";

async fn installed(program: &str) -> Installed {
    let mut version = client(program, Path::new("/"));
    Installed::asked("RubyGems", program, version.arg("--version")).await
}

/// `gem install` from `source` alone, into the folder `there`.
fn gem(folder: &Path, source: &str, arguments: &[&str]) -> Command {
    let mut gem = client("gem", folder);
    gem.args(["install", "--no-document", "--install-dir", "there"])
        .args(["--clear-sources", "--source", source, rubygems::GEM])
        .args(arguments);
    gem
}

/// A bundler whose application needs the sample gem from `source`.
fn bundle(folder: &Path, source: &str) -> Command {
    std::fs::create_dir_all(folder).expect("a folder");
    let gemfile = format!("source \"{source}\"\n\ngem \"{}\"\n", rubygems::GEM);
    std::fs::write(folder.join("Gemfile"), gemfile).expect("a file");
    let mut bundle = client("bundle", folder);
    bundle.env("BUNDLE_PATH", folder.join("vendor"));
    bundle
}

/// Gems that the upstream was asked for, whether we were or not.
fn fetched(world: &World) -> usize {
    let gem = |path: &str| path.contains("/gems/demo-");
    let seen = world.registry.seen();
    seen.iter()
        .filter(|seen| seen.method == "GET" && gem(&seen.path))
        .count()
}

#[tokio::test]
async fn gem_installs_a_gem_and_does_not_go_past_us() {
    let world = World::start(CONFIG).await;
    let source = world.url("localhost", "/");
    run(&mut gem(world.folder.path(), &source, &[])).await;
    let downloads = world
        .counts(&installed("gem").await, "`install`", &[COMPASS])
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | rubygems | 2.1.0 | demo-compass-2.1.0-x86_64-linux.gem | linux | amd64 | gem | people | redirect");
    assert_eq!(fetched(&world), downloads.len());
}

#[tokio::test]
async fn a_gem_without_compiled_parts_has_no_platform_but_the_clients() {
    let world = World::start(CONFIG).await;
    let source = world.url("localhost", "/");
    let older = ["--version", rubygems::VERSIONS[0]];
    run(&mut gem(world.folder.path(), &source, &older)).await;
    let downloads = world
        .counts(
            &installed("gem").await,
            "`install` of a version",
            &["demo-compass 2.0.0"],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | rubygems | 2.0.0 | demo-compass-2.0.0.gem | linux | amd64 | gem | people | redirect");
}

#[tokio::test]
async fn bundler_installs_once_and_a_second_time_from_its_own_folder() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    let source = world.url("localhost", "/");
    let bundler = installed("bundle").await;
    run(bundle(&folder, &source).arg("install")).await;
    let downloads = world.counts(&bundler, "`install`", &[COMPASS]).await;
    run(bundle(&folder, &source).arg("install")).await;
    world.counts(&bundler, "`install` once more", &[]).await;
    let said = run(bundle(&folder, &source).args([
        "exec",
        "ruby",
        "-e",
        "require 'demo_compass'; puts DemoCompass::NORTH",
    ]))
    .await;
    assert_eq!(said, "north is that way\n");
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | rubygems | 2.1.0 | demo-compass-2.1.0-x86_64-linux.gem | linux | amd64 | gem | people | redirect");
    assert_eq!(fetched(&world), downloads.len());
    let lock = std::fs::read_to_string(folder.join("Gemfile.lock")).expect("a lock file");
    assert!(lock.contains(&format!("remote: {source}")), "{lock}");
}

#[tokio::test]
async fn a_gemfile_that_names_another_server_stays_as_it_is() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    let other = "http://gems.example/";
    let mirror = ["config", "set", "--global", &format!("mirror.{other}")];
    let source = world.url("localhost", "/");
    run(bundle(&folder, other).args(mirror).arg(source)).await;
    run(bundle(&folder, other).arg("install")).await;
    let lock = std::fs::read_to_string(folder.join("Gemfile.lock")).expect("a lock file");
    assert!(lock.contains(&format!("remote: {other}")), "{lock}");
    world
        .counts(
            &installed("bundle").await,
            "`install`, the gateway as a mirror",
            &[COMPASS],
        )
        .await;
}

#[tokio::test]
async fn a_server_below_a_path_keeps_both_clients_there() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    let source = world.url("localhost", "/below/");
    run(bundle(&folder, &source).arg("install")).await;
    world
        .counts(
            &installed("bundle").await,
            "`install`, a server below a path",
            &[COMPASS],
        )
        .await;
    run(&mut gem(world.folder.path(), &source, &[])).await;
    // Bundler fetches gems under gem's name, so the second time is a repeat.
    world
        .counts(
            &installed("gem").await,
            "`install` of what `bundle install` has just fetched",
            &[],
        )
        .await;
    assert_eq!(of_kind(&world.events().await, "repeat").len(), 1);
    assert_eq!(fetched(&world), 2);
}

#[tokio::test]
async fn where_clients_begin_is_answered_and_never_left() {
    let world = World::start(CONFIG).await;
    for path in ["/", "/versions", "/names", "/below/versions"] {
        for method in ["GET", "HEAD"] {
            let answer = world.request(method, "localhost", path).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), 200, "{method} {path}");
        }
    }
    let tail = world
        .request("GET", "localhost", "/versions")
        .header("range", "bytes=10-");
    let tail = tail.send().await.expect("an answer");
    assert_eq!(tail.status(), 206);
    let etag = tail.headers()["etag"].clone();
    let again = world
        .request("GET", "localhost", "/versions")
        .header("if-none-match", etag);
    assert_eq!(again.send().await.expect("an answer").status(), 304);
}

#[tokio::test]
async fn no_redirect_is_one_that_gem_cannot_follow() {
    let world = World::start(CONFIG).await;
    for path in [
        "/info/demo-compass",
        "/gems/demo-compass-2.1.0.gem",
        "/gems/tideline-demo-0.3.0.gem",
        "/specs.4.8.gz",
    ] {
        assert_eq!(world.get("localhost", path).await.status(), 302, "{path}");
    }
}

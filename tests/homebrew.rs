//! brew fetches bottles through the gateway, and counts what it really downloads.
//!
//! brew itself needs a newer Ruby than Debian has; what it sends is known (`curl_download_strategy.rb`),
//! so curl sends it here: a HEAD, a GET whose body is not read unless an answer named the file, and
//! the download from wherever those ended.

mod world;

use std::path::Path;

use weir::demo::homebrew::{TAGS, VERSIONS, file_name};
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[index]]
kind = "homebrew"
domains = ["brew.test.localhost"]
upstream = "REGISTRY/homebrew/"
packages = ["demo-*"]

[[index]]
kind = "homebrew"
domains = ["get.test.localhost"]
path = "/bottles/"
upstream = "REGISTRY/homebrew"
packages = ["demo-*"]

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"
"#;

const AGENT: &str = "Homebrew/4.4.2 (Macintosh; arm64 Mac OS X 14.5) curl/8.7.1";
const WHAT: [&str; 11] = [
    "kind",
    "package",
    "ecosystem",
    "version",
    "artifact",
    "client",
    "os",
    "arch",
    "method",
    "status",
    "answer",
];

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

/// What stands in for brew.
async fn installed() -> Installed {
    let mut version = client("curl", Path::new("/"));
    Installed::asked("Homebrew", "curl, as brew", version.arg("--version")).await
}

async fn curl(folder: &Path, arguments: &[&str]) -> String {
    let mut curl = client("curl", folder);
    curl.args([
        "--disable",
        "--fail",
        "--location",
        "--silent",
        "--user-agent",
        AGENT,
    ]);
    run(curl.args(arguments)).await
}

/// What brew learns before it downloads: where the last answer came from, and the length it told.
async fn resolve(folder: &Path, url: &str) -> (String, String) {
    let mut answers = String::new();
    for method in [&[][..], &["--request", "GET"]] {
        let last = ["--head", "--write-out", "final: %{url_effective}", url];
        answers = curl(folder, &[method, &last].concat()).await;
        if answers
            .to_ascii_lowercase()
            .contains("content-disposition:")
        {
            break;
        }
    }
    let value = |name: &str| {
        let line = answers.lines().rev().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        });
        line.unwrap_or_default().to_owned()
    };
    (value("final"), value("content-length"))
}

/// `brew fetch`: resolves the address, and downloads where the copy it has is of another length.
async fn fetch(folder: &Path, url: &str) {
    let (from, length) = resolve(folder, url).await;
    let copy = folder.join("bottle.tar.gz");
    let has = std::fs::metadata(&copy).map(|copy| copy.len().to_string());
    if has.ok().as_deref() != Some(length.as_str()) {
        curl(
            folder,
            &["--remote-time", "--output", "bottle.tar.gz", &from],
        )
        .await;
    }
    run(client("tar", folder).args(["-tzf", "bottle.tar.gz"])).await;
}

#[tokio::test]
async fn a_bottle_is_downloaded_once_and_a_cached_one_not_at_all() {
    let world = World::start(CONFIG).await;
    let url = world.url(
        "brew.test.localhost",
        &format!("/{}", file_name(VERSIONS[1], TAGS[0])),
    );
    let brew = installed().await;
    fetch(world.folder.path(), &url).await;
    world
        .counts(&brew, "a bottle, uncached", &["demo-compass 2.1.0_1"])
        .await;
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    check | demo-compass | homebrew | 2.1.0_1 | demo-compass-2.1.0_1.arm64_sequoia.bottle.1.tar.gz | homebrew | darwin | arm64 | HEAD | 200 | proxy
    download | demo-compass | homebrew | 2.1.0_1 | demo-compass-2.1.0_1.arm64_sequoia.bottle.1.tar.gz | homebrew | darwin | arm64 | GET | 302 | redirect
    ");
    fetch(world.folder.path(), &url).await;
    world.counts(&brew, "a bottle, cached", &[]).await;
    let kinds: Vec<_> = world
        .recorded()
        .await
        .iter()
        .map(|event| columns(event, &["kind"]))
        .collect();
    assert_eq!(kinds, ["check", "download", "check"]);
}

#[tokio::test]
async fn bottles_below_a_path_are_counted() {
    let world = World::start(CONFIG).await;
    let url = world.url(
        "get.test.localhost",
        &format!("/bottles/{}", file_name(VERSIONS[0], TAGS[2])),
    );
    fetch(world.folder.path(), &url).await;
    world
        .counts(
            &installed().await,
            "a bottle below a path",
            &["demo-compass 2.0.0"],
        )
        .await;
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    check | demo-compass | homebrew | 2.0.0 | demo-compass-2.0.0.x86_64_linux.bottle.tar.gz | homebrew | linux | amd64 | HEAD | 200 | proxy
    download | demo-compass | homebrew | 2.0.0 | demo-compass-2.0.0.x86_64_linux.bottle.tar.gz | homebrew | linux | amd64 | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn a_formulas_source_on_a_file_route_is_downloaded_once_and_a_cached_one_not_at_all() {
    let world = World::start(CONFIG).await;
    let url = world.url("get.test.localhost", "/rocket/1.2.3/darwin-arm64.tar.gz");
    for (cache, expected) in [("uncached", &["acme/rocket 1.2.3"][..]), ("cached", &[])] {
        fetch(world.folder.path(), &url).await;
        let scenario = format!("a formula's source on a file route, {cache}");
        world.counts(&installed().await, &scenario, expected).await;
    }
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    check | acme/rocket | file | 1.2.3 | darwin-arm64.tar.gz | homebrew | darwin | arm64 | HEAD | 200 | proxy
    download | acme/rocket | file | 1.2.3 | darwin-arm64.tar.gz | homebrew | darwin | arm64 | GET | 302 | redirect
    check | acme/rocket | file | 1.2.3 | darwin-arm64.tar.gz | homebrew | darwin | arm64 | HEAD | 200 | proxy
    ");
}

#[tokio::test]
async fn a_look_at_a_bottle_tells_length_time_and_name_and_only_brew_the_name() {
    let world = World::start(CONFIG).await;
    let file = file_name(VERSIONS[0], TAGS[1]);
    for (agent, expected) in [
        (AGENT, Some(format!("attachment; filename=\"{file}\""))),
        ("curl/8.7.1", None),
    ] {
        let look = world.request("HEAD", "brew.test.localhost", &format!("/{file}"));
        let look = look
            .header("user-agent", agent)
            .send()
            .await
            .expect("an answer");
        let value = |name| {
            look.headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        assert_eq!(look.status(), 200);
        assert_eq!(
            value("last-modified"),
            Some("Wed, 01 Jul 2026 12:00:00 GMT")
        );
        assert!(value("content-length").is_some_and(|length| length != "0"));
        assert_eq!(value("content-disposition"), expected.as_deref());
    }
}

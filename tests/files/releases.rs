//! A code host's releases by one line of configuration.

use crate::world::{World, of_kind};
use crate::{answers, lines};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
releases = "REGISTRY/acme/rocket"
path = "/rocket"
  [[package.route]]
  path = "/rocket-{version}/{os}/{arch}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"

[[package]]
name = "acme/lander"
kind = "file"
domains = ["lander.test.localhost"]
releases = "REGISTRY/gitlab/acme/rocket"
forge = "gitlab"

[[package]]
name = "acme/lost"
kind = "file"
domains = ["lost.test.localhost"]
releases = "REGISTRY/acme/none"
"#;

const FILE: &str = "rocket-linux-amd64.tar.gz";

/// Without the stand-in's address, which differs from run to run.
fn plain(world: &World, text: &str) -> String {
    text.replace(&world.registry.addresses().registry, "REGISTRY")
}

#[tokio::test]
async fn every_file_of_a_release_is_found_by_version_and_by_latest() {
    let world = World::start(CONFIG).await;
    let targets = [
        "/rocket/1.2.3/rocket-linux-amd64.tar.gz",
        "/rocket/latest/rocket-linux-amd64.tar.gz?via=docs",
        "/rocket-latest/darwin/arm64",
        "/rocket/v1.2.3/rocket-linux-amd64.tar.gz",
    ];
    let found = answers(&world, "get.test.localhost", &targets).await;
    insta::assert_snapshot!(plain(&world, &found), @"
    /rocket/1.2.3/rocket-linux-amd64.tar.gz -> 302 REGISTRY/acme/rocket/releases/download/v1.2.3/rocket-linux-amd64.tar.gz
    /rocket/latest/rocket-linux-amd64.tar.gz?via=docs -> 302 REGISTRY/acme/rocket/releases/download/v2.1.0/rocket-linux-amd64.tar.gz?via=docs
    /rocket-latest/darwin/arm64 -> 302 REGISTRY/acme/rocket/releases/download/v2.1.0/rocket-darwin-arm64.tar.gz
    /rocket/v1.2.3/rocket-linux-amd64.tar.gz -> 302 REGISTRY/acme/rocket/releases/download/v1.2.3/rocket-linux-amd64.tar.gz
    ");
    let found = answers(
        &world,
        "lander.test.localhost",
        &[&format!("/latest/{FILE}")],
    )
    .await;
    insta::assert_snapshot!(plain(&world, &found), @"/latest/rocket-linux-amd64.tar.gz -> 302 REGISTRY/gitlab/acme/rocket/-/releases/v2.1.0/downloads/rocket-linux-amd64.tar.gz");
    let downloads = world.downloads(5).await;
    insta::assert_snapshot!(lines(&downloads), @"
    download | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    download | acme/rocket | 2.1.0 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    download | acme/rocket | 2.1.0 | arm64 | GET | 302 | redirect | 0
    download | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    download | acme/lander | 2.1.0 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    ");
}

#[tokio::test]
async fn the_newest_version_is_asked_for_once_a_minute_at_most() {
    let world = World::start(CONFIG).await;
    for _ in 0..3 {
        let path = format!("/rocket/latest/{FILE}");
        assert_eq!(world.get("get.test.localhost", &path).await.status(), 302);
    }
    let asked = world.registry.seen();
    let asked = asked.iter().filter(|seen| seen.path.ends_with("/latest"));
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn a_project_without_releases_has_no_latest() {
    let world = World::start(CONFIG).await;
    let answer = world.get("lost.test.localhost", "/latest/a.zip").await;
    assert_eq!(answer.status(), 404);
    let events = world
        .wait_for(|events| !of_kind(events, "broken_link").is_empty())
        .await;
    assert!(of_kind(&events, "download").is_empty());
}

#[tokio::test]
async fn checksums_signatures_and_update_feeds_are_no_downloads() {
    let world = World::start(CONFIG).await;
    for file in [
        "rocket.tar.gz.sha256",
        "SHA256SUMS",
        "rocket_checksums.txt",
        "latest.json",
        FILE,
    ] {
        let path = format!("/rocket/1.2.3/{file}");
        assert_eq!(world.get("get.test.localhost", &path).await.status(), 302);
    }
    let events = world.wait_for(|events| events.len() == 5).await;
    assert_eq!(of_kind(&events, "download").len(), 1);
    assert_eq!(of_kind(&events, "metadata").len(), 3);
    assert_eq!(of_kind(&events, "check").len(), 1);
}

//! rattler solves and installs from channels behind the gateway, however they list their packages.

mod world;

use std::path::Path;

use weir::demo::conda;
use world::client::{client, from_setup, run};
use world::row::Installed;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[index]]
kind = "conda"
domains = ["conda.test.localhost"]
upstream = "REGISTRY/conda/"
packages = ["demo-*"]

[[index]]
kind = "conda"
domains = ["get.test.localhost"]
path = "/conda/"
upstream = "REGISTRY/conda-apart"
packages = ["demo-*"]

[[index]]
kind = "conda"
domains = ["through.test.localhost"]
upstream = "REGISTRY/conda/"
packages = ["demo-*"]
proxy = true
"#;

const WHAT: [&str; 10] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "client",
    "audience",
    "os",
    "arch",
    "status",
    "answer",
];

/// Solves for a specification and installs what came out, in a prefix of its own.
const INSTALL: &str = r#"
import asyncio, pathlib, sys
from rattler import Channel, Gateway, SourceConfig, install, solve

async def main(channel, wanted, sharded):
    lists = Gateway(cache_dir="lists", default_config=SourceConfig(sharded_enabled=sharded == "shards"))
    records = await solve([Channel(channel)], [wanted], gateway=lists, platforms=["linux-64", "noarch"])
    await install(records, target_prefix="prefix", cache_dir="packages", show_progress=False)
    print("\n".join(sorted(record.url for record in records)))

asyncio.run(main(*sys.argv[1:]))
"#;

async fn installed() -> Installed {
    let mut python = client(&from_setup("clients/rattler/bin/python"), Path::new("/"));
    let version = python.args(["-c", "import rattler; print(rattler.__version__)"]);
    Installed::asked("conda", "py-rattler", version).await
}

async fn install(folder: &Path, channel: &str, wanted: &str, lists: &str) -> String {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("install.py"), INSTALL).expect("a file");
    let mut rattler = client(&from_setup("clients/rattler/bin/python"), folder);
    let urls = run(rattler.args(["install.py", channel, wanted, lists])).await;
    let program = folder.join("prefix/bin").join(conda::PACKAGE);
    run(&mut client(program.to_str().expect("text"), folder)).await;
    urls
}

/// How a list is told in the table.
fn listed(lists: &str) -> &str {
    if lists == "shards" {
        "in shards"
    } else {
        "whole"
    }
}

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_package_is_downloaded_once_however_it_is_listed_and_none_from_a_warm_cache() {
    for lists in ["whole", "shards"] {
        // Of one world, the second would be a repeat.
        let world = World::start(CONFIG).await;
        let channel = world.url("conda.test.localhost", "/");
        let mut downloads = Vec::new();
        for (cache, expected) in [("cold", &["demo-compass 2.1.0"][..]), ("warm", &[])] {
            install(world.folder.path(), &channel, conda::PACKAGE, lists).await;
            let scenario = format!("install, {cache} cache, list {}", listed(lists));
            downloads.extend(world.counts(&installed().await, &scenario, expected).await);
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines(&downloads), @"demo-compass | conda | 2.1.0 | demo-compass-2.1.0-h1a2b3c_0.conda |  | unknown | linux | amd64 | 302 | redirect");
        }
    }
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn packages_that_a_list_has_elsewhere_are_asked_for_here() {
    let world = World::start(CONFIG).await;
    let client_here = installed().await;
    let channel = world.url("get.test.localhost", "/conda/");
    let mut urls = Vec::new();
    for lists in ["whole", "shards"] {
        let folder = world.folder.path().join(lists);
        let wanted = format!("{}=={}", conda::PACKAGE, conda::VERSIONS[0]);
        urls.push(install(&folder, &channel, &wanted, lists).await);
        let scenario = format!("install, packages on another host, list {}", listed(lists));
        world
            .counts(&client_here, &scenario, &["demo-compass 2.0.0"])
            .await;
    }
    let urls = urls.concat().replace(&channel, "/conda/");
    insta::assert_snapshot!(urls, @r"
    /conda/files/repodata/linux-64/demo-compass-2.0.0-h1a2b3c_0.conda
    /conda/files/repodata/noarch/tideline-demo-0.3.0-h1a2b3c_0.conda
    /conda/files/shards/linux-64/demo-compass-2.0.0-h1a2b3c_0.conda
    /conda/files/shards/noarch/tideline-demo-0.3.0-h1a2b3c_0.conda
    ");
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    demo-compass | conda | 2.0.0 | demo-compass-2.0.0-h1a2b3c_0.conda |  | unknown | linux | amd64 | 302 | redirect
    demo-compass | conda | 2.0.0 | demo-compass-2.0.0-h1a2b3c_0.conda |  | unknown | linux | amd64 | 302 | redirect
    ");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_channel_that_is_passed_through_needs_no_other_host() {
    let world = World::start(CONFIG).await;
    let channel = world.url("through.test.localhost", "/");
    install(world.folder.path(), &channel, conda::PACKAGE, "shards").await;
    world
        .counts(
            &installed().await,
            "install, a channel with `proxy`",
            &["demo-compass 2.1.0"],
        )
        .await;
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | conda | 2.1.0 | demo-compass-2.1.0-h1a2b3c_0.conda |  | unknown | linux | amd64 | 200 | proxy");
}

#[tokio::test]
async fn lists_are_sent_on_where_they_lead_nowhere_else_and_served_where_they_do() {
    let world = World::start(CONFIG).await;
    let registry = world.registry.addresses().registry.clone();
    let mut found = Vec::new();
    for (host, root) in [
        ("conda.test.localhost", ""),
        ("get.test.localhost", "/conda"),
    ] {
        for list in [
            "repodata.json",
            "repodata.json.zst",
            "repodata_shards.msgpack.zst",
            "current_repodata.json",
        ] {
            let path = format!("{root}/linux-64/{list}");
            let answer = world.get(host, &path).await;
            let location = answer
                .headers()
                .get("location")
                .map_or("-", |to| to.to_str().expect("text"));
            found.push(format!(
                "{host}{path} -> {} {}",
                answer.status(),
                location.replace(&registry, "REGISTRY")
            ));
        }
    }
    insta::assert_snapshot!(found.join("\n"), @r"
    conda.test.localhost/linux-64/repodata.json -> 302 Found REGISTRY/conda/linux-64/repodata.json
    conda.test.localhost/linux-64/repodata.json.zst -> 302 Found REGISTRY/conda/linux-64/repodata.json.zst
    conda.test.localhost/linux-64/repodata_shards.msgpack.zst -> 200 OK -
    conda.test.localhost/linux-64/current_repodata.json -> 302 Found REGISTRY/conda/linux-64/current_repodata.json
    get.test.localhost/conda/linux-64/repodata.json -> 200 OK -
    get.test.localhost/conda/linux-64/repodata.json.zst -> 404 Not Found -
    get.test.localhost/conda/linux-64/repodata_shards.msgpack.zst -> 200 OK -
    get.test.localhost/conda/linux-64/current_repodata.json -> 404 Not Found -
    ");
    assert!(world.recorded().await.is_empty());
}

#[tokio::test]
async fn a_package_is_found_by_its_list_and_what_is_not_there_is_a_broken_link() {
    let world = World::start(CONFIG).await;
    let name = format!("{}-{}-h1a2b3c_0.conda", conda::PACKAGE, conda::VERSIONS[0]);
    let storage = format!("{}/conda-files", world.registry.addresses().storage);
    for listing in ["repodata", "shards"] {
        let path = format!("/conda/files/{listing}/osx-arm64/{name}");
        let answer = world.get("get.test.localhost", &path).await;
        let expected = format!("{storage}/osx-arm64/{name}");
        assert_eq!(answer.headers()["location"], *expected);
        for (path, status) in [(path.clone(), 200), (path.replace("osx", "win"), 404)] {
            let look = world.request("HEAD", "get.test.localhost", &path);
            assert_eq!(look.send().await.expect("an answer").status(), status);
        }
    }
    let what = ["kind", "os", "arch", "method", "status", "answer"];
    let events = world.recorded().await;
    let events: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    insta::assert_snapshot!(events.join("\n"), @r"
    download | darwin | arm64 | GET | 302 | redirect
    check | darwin | arm64 | HEAD | 200 | proxy
    broken_link | windows | arm64 | HEAD | 404 | none
    download | darwin | arm64 | GET | 302 | redirect
    check | darwin | arm64 | HEAD | 200 | proxy
    broken_link | windows | arm64 | HEAD | 404 | none
    ");
}

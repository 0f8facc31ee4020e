//! Helm charts through the gateway: the list leads here, and an archive is one download. The requests
//! are Helm's own (`pkg/repo`, `pkg/getter`), since no registry within reach has the client.

mod world;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "helm"
domains = ["get.test.localhost"]
path = "/helm/"
upstream = "REGISTRY/helm/"
packages = ["compass-*"]

[[index]]
kind = "helm"
domains = ["charts.test.localhost"]
upstream = "REGISTRY/helm"
packages = ["compass-*"]
"#;

const HELM: &str = "Helm/3.15.2";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind", "domain", "package", "version", "artifact", "client", "method", "status", "answer",
    ];
    let lines: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    lines.join("\n")
}

/// The list of the repository below `path` on `host`.
async fn list(world: &World, host: &str, path: &str) -> String {
    let request = world.request("GET", host, &format!("{path}/index.yaml"));
    let answer = request.header("user-agent", HELM).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.text().await.expect("text")
}

/// The values of every `key` in a list, in order; of a sequence its first entry.
fn values(list: &str, key: &str) -> Vec<String> {
    let mut lines = list.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        match line.strip_prefix(&format!("    {key}:")).map(str::trim) {
            Some("") => found.extend(lines.next().map(|line| line.trim_matches([' ', '-', '"']))),
            Some(value) => found.push(value),
            None => {}
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// Fetches a chart as Helm does, wherever it is sent.
async fn pull(world: &World, url: &str) -> reqwest::Response {
    let path = url.split_once("localhost").expect("an address of ours").1;
    let path = &path[path.find('/').expect("a path")..];
    let host = url.split('/').nth(2).expect("a host");
    let request = world.request("GET", host, path).header("user-agent", HELM);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 302, "{url}");
    let location = answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let request = world.http.get(location).header("user-agent", HELM);
    request.send().await.expect("the chart's own host")
}

#[tokio::test]
async fn a_pull_is_one_download_wherever_the_list_has_the_chart() {
    let world = World::start(CONFIG).await;
    for (host, path) in [
        ("get.test.localhost", "/helm"),
        ("charts.test.localhost", ""),
    ] {
        let list = list(&world, host, path).await;
        let (urls, digests) = (values(&list, "urls"), values(&list, "digest"));
        for (url, digest) in urls.iter().zip(&digests).take(2) {
            assert!(
                url.starts_with(&format!("http://{host}{path}/charts/compass-chart-")),
                "{url}"
            );
            let archive = pull(&world, url).await.bytes().await.expect("an archive");
            assert_eq!(&hex::encode(Sha256::digest(&archive)), digest);
        }
    }
    let downloads = world.downloads(4).await;
    insta::assert_snapshot!(lines(&downloads), @"
    download | get.test.localhost | compass-chart | 2.1.0+north.1 | compass-chart-2.1.0+north.1.tgz | helm | GET | 302 | redirect
    download | get.test.localhost | compass-chart | 2.0.0 | compass-chart-2.0.0.tgz | helm | GET | 302 | redirect
    download | charts.test.localhost | compass-chart | 2.1.0+north.1 | compass-chart-2.1.0+north.1.tgz | helm | GET | 302 | redirect
    download | charts.test.localhost | compass-chart | 2.0.0 | compass-chart-2.0.0.tgz | helm | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn of_a_list_nothing_changes_but_where_our_charts_are() {
    let world = World::start(CONFIG).await;
    let address = format!("{}/helm/index.yaml", world.registry.addresses().registry);
    let original = world.http.get(address).send().await.expect("the list");
    let original = original.text().await.expect("text");
    let ours = list(&world, "get.test.localhost", "/helm").await;
    assert_eq!(original.lines().count(), ours.lines().count());
    let changed = original.lines().zip(ours.lines());
    let changed: Vec<_> = changed
        .filter(|(theirs, ours)| theirs != ours)
        .map(|(_, ours)| ours)
        .collect();
    insta::assert_snapshot!(changed.join("\n"), @r#"
    - "http://get.test.localhost/helm/charts/compass-chart-2.1.0+north.1.tgz"
    - "http://get.test.localhost/helm/charts/compass-chart-2.0.0.tgz"
    "#);
}

#[tokio::test]
async fn signatures_sizes_and_charts_of_others_are_no_downloads() {
    let world = World::start(CONFIG).await;
    let host = "get.test.localhost";
    let prov = world
        .get(host, "/helm/charts/compass-chart-2.0.0.tgz.prov")
        .await;
    let location = prov.headers()["location"].to_str().expect("text");
    assert!(
        location.ends_with("/helm/archives/compass-chart-2.0.0.tgz.prov"),
        "{location}"
    );
    let sized = world
        .request(
            "HEAD",
            host,
            "/helm/charts/compass-chart-2.1.0%2Bnorth.1.tgz",
        )
        .send()
        .await
        .expect("an answer");
    assert_eq!(sized.status(), 200);
    let missing = world
        .get(host, "/helm/charts/compass-chart-9.9.9.tgz")
        .await;
    assert_eq!(missing.status(), 404);
    let other = world.get(host, "/helm/archives/tideline-0.3.0.tgz").await;
    assert_eq!(other.status(), 302);
    let silent = world.request("GET", host, "/helm/charts/compass-chart-2.0.0.tgz");
    assert_eq!(
        silent
            .header("sec-gpc", "1")
            .send()
            .await
            .expect("an answer")
            .status(),
        302
    );
    let old = "/helm/archives/compass-chart-2.0.0.tgz";
    assert_eq!(
        world.get(host, old).await.status(),
        302,
        "an index from before us"
    );
    let downloads = world.downloads(1).await;
    assert_eq!(downloads.len(), 1, "{downloads:#?}");
    let events: Vec<Value> = world.events().await;
    let looks = ["metadata", "check", "broken_link"].map(|kind| of_kind(&events, kind));
    let looks = looks.concat();
    let ours = looks.iter().filter(|event| event["ecosystem"] == "helm");
    insta::assert_snapshot!(lines(&ours.cloned().collect::<Vec<_>>()), @"
    metadata | get.test.localhost | compass-chart | 2.0.0 | compass-chart-2.0.0.tgz |  | GET | 302 | redirect
    check | get.test.localhost | compass-chart | 2.1.0+north.1 | compass-chart-2.1.0+north.1.tgz |  | HEAD | 200 | proxy
    broken_link | get.test.localhost | compass-chart | 9.9.9 | compass-chart-9.9.9.tgz |  | GET | 404 | none
    ");
}

//! A client that was given an uncounted address goes on with uncounted addresses.

use serde_json::json;

use crate::world::client::{client, run};
use crate::world::{World, of_kind};
use crate::{HOST, UNCOUNTED};

/// Every kind of index whose documents name files here, each at a path that no upstream has.
const INDEXES: &str = r#"
[[index]]
kind = "pypi"
domains = ["get.test.localhost"]
path = "/p/"
upstream = "REGISTRY/simple/"
packages = ["weir-demo-compass"]

[[package]]
name = "acme-listed"
kind = "python"
domains = ["get.test.localhost"]
  [[package.file]]
  url = "REGISTRY/files/acme_listed-1.0-py3-none-any.whl"

[[index]]
kind = "npm"
domains = ["get.test.localhost"]
path = "/n/"
upstream = "REGISTRY/npm/"
packages = ["@acme/*"]

[[index]]
kind = "cargo"
domains = ["get.test.localhost"]
path = "/c/"
upstream = "REGISTRY/crates-index/"
packages = ["*"]

[[index]]
kind = "composer"
domains = ["get.test.localhost"]
path = "/co/"
upstream = "REGISTRY/composer/"
packages = ["acme/*"]

[[index]]
kind = "helm"
domains = ["get.test.localhost"]
path = "/h/"
upstream = "REGISTRY/helm/"
packages = ["*"]

[[index]]
kind = "nuget"
domains = ["get.test.localhost"]
path = "/nu/"
upstream = "REGISTRY/nuget/v3/index.json"
packages = ["*"]

[[index]]
kind = "terraform"
domains = ["get.test.localhost"]
path = "/tf/"
upstream = "REGISTRY"
packages = ["acme/*"]
"#;

/// A document, and how addresses here that stand in it begin.
const DOCUMENTS: [(&str, &str); 11] = [
    ("/p/simple/", "/p/simple/"),
    ("/p/simple/weir-demo-compass/", "/p/files/"),
    ("/simple/acme-listed/", "/simple/acme-listed/"),
    ("/n/@acme/compass", "/n/@acme/compass/-/"),
    ("/c/config.json", "/c/crates/"),
    ("/co/packages.json", "/co/"),
    ("/h/index.yaml", "/h/charts/"),
    ("/nu/v3/index.json", "/nu/"),
    ("/.well-known/terraform.json", "/tf/v1/"),
    (
        "/tf/v1/providers/acme/compass/2.1.0/download/linux/arm64",
        "/tf/files/",
    ),
    ("/n/@acme%2fcompass", "/n/@acme/compass/-/"),
];

/// The words of a document that hold `needle`, as clients would cut them out.
fn addresses(document: &str, needle: &str) -> Vec<String> {
    let words = document.split(|c: char| c.is_whitespace() || "\"'<>#,".contains(c));
    let ours = words.filter(|word| word.contains(needle));
    ours.map(str::to_owned).collect()
}

#[tokio::test]
async fn documents_below_the_prefix_name_addresses_below_the_prefix() {
    let world = World::start(INDEXES).await;
    for (path, needle) in DOCUMENTS {
        let plain = world.get(HOST, path).await.text().await.expect("text");
        let plain = addresses(&plain, needle);
        assert!(!plain.is_empty(), "{path} names addresses of ours");
        let below = world.get(HOST, &format!("/-/no-track{path}")).await;
        assert_eq!(below.status(), 200, "{path}");
        let below = addresses(&below.text().await.expect("text"), needle);
        let expected: Vec<_> = plain
            .iter()
            .map(|address| address.replacen(needle, &format!("/-/no-track{needle}"), 1))
            .collect();
        assert_eq!(below, expected, "{path}");
    }
}

#[tokio::test]
async fn documents_of_the_uncounted_host_name_that_host_or_none() {
    let world = World::start(INDEXES).await;
    let port = world.weir.gateway.port();
    for (path, needle) in DOCUMENTS {
        let answer = world
            .request("GET", &format!("{UNCOUNTED}:{port}"), path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        let document = answer.text().await.expect("text");
        for address in addresses(&document, needle) {
            let is_path = address.starts_with('/');
            let is_ours = address.starts_with(&format!("http://{UNCOUNTED}:{port}/"));
            assert!(is_path || is_ours, "{path}: {address}");
        }
    }
}

#[tokio::test]
async fn npm_installs_from_the_prefix_and_from_the_host_without_being_counted() {
    let world = World::start(INDEXES).await;
    for (number, registry) in [
        world.url(HOST, "/-/no-track/n/"),
        world.url(UNCOUNTED, "/n/"),
        world.url(HOST, "/n/"),
    ]
    .iter()
    .enumerate()
    {
        let folder = world.folder.path().join(format!("app-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let manifest = json!({ "name": "app", "version": "1.0.0" });
        std::fs::write(folder.join("package.json"), manifest.to_string()).expect("a file");
        std::fs::write(folder.join(".npmrc"), format!("registry={registry}\n")).expect("a file");
        run(client("npm", &folder).args(["install", "@acme/compass"])).await;
        assert!(folder.join("node_modules/@acme/compass/index.js").exists());
        let downloads = of_kind(&world.recorded().await, "download").len();
        let counted = usize::from(!registry.contains("no"));
        assert_eq!(downloads, counted, "{registry}");
    }
}

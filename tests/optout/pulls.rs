//! Pulls that are not counted leave nothing that a counted one could be taken for.

use serde_json::Value;

use crate::world::{World, columns, of_kind};
use crate::{CONFIG, HOST, UNCOUNTED};

const ACCEPT: &str =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

/// Tag, index, leaf, config and layers of `server:1.2.3`, as one client asks for them on `host`.
async fn pull(world: &World, host: &str) {
    let index = json(world, host, "manifests/1.2.3").await;
    let leaf = index["manifests"][0]["digest"].as_str().expect("a digest");
    let leaf = json(world, host, &format!("manifests/{leaf}")).await;
    let layers = leaf["layers"].as_array().expect("layers");
    for blob in layers.iter().chain([&leaf["config"]]) {
        let digest = blob["digest"].as_str().expect("a digest");
        let answer = ask(world, host, &format!("blobs/{digest}")).await;
        assert!(matches!(answer.status().as_u16(), 200 | 307));
    }
}

async fn json(world: &World, host: &str, rest: &str) -> Value {
    let answer = ask(world, host, rest).await;
    assert_eq!(answer.status(), 200, "{rest}");
    answer.json().await.expect("a manifest")
}

async fn ask(world: &World, host: &str, rest: &str) -> reqwest::Response {
    let request = world.request("GET", host, &format!("/v2/server/{rest}"));
    request
        .header("accept", ACCEPT)
        .send()
        .await
        .expect("an answer")
}

#[tokio::test]
async fn the_same_client_is_counted_once_it_no_longer_asks_not_to_be() {
    let world = World::start(CONFIG).await;
    pull(&world, UNCOUNTED).await;
    assert!(world.recorded().await.is_empty());
    pull(&world, HOST).await;
    let downloads = of_kind(&world.recorded().await, "download");
    assert_eq!(downloads.len(), 1, "as if the first pull had never been");
    insta::assert_snapshot!(columns(&downloads[0], &["package", "version", "domain"]), @"acme/server | 1.2.3 | get.test.localhost");
    pull(&world, UNCOUNTED).await;
    assert_eq!(of_kind(&world.recorded().await, "download").len(), 1);
}

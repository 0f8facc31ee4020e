//! docker-v1 and docker-v2: pulls through the converted gateway.

use serde_json::{Value, json};

use crate::world::of_kind;
use crate::{HOST, lines, served};

const MANIFEST: &str = "application/vnd.oci.image.index.v1+json";

#[tokio::test]
async fn an_image_is_served_from_its_registry_before_every_other_rule() {
    let world = served(&[
        json!({ "type": "file-v1", "incoming-path": "/{+path}", "outgoing-url": "https://www.test/{+path}" }),
        json!({
            "type": "docker-v1", "owner": "acme", "package-name": "server", "repository-name": "acme/rocket-server",
            "registry": "registry.test", "always-proxy": true,
        }),
    ])
    .await;
    let get = async |path: &str, accept: &str| {
        let request = world.request("GET", HOST, path).header("accept", accept);
        request.send().await.expect("an answer")
    };
    assert_eq!(get("/v2/", "*/*").await.status(), 200);
    assert_eq!(get("/v2/_catalog", "*/*").await.status(), 404);
    let index = get("/v2/acme/rocket-server/manifests/2.0.0", MANIFEST).await;
    assert_eq!(index.status(), 200, "a manifest comes through us");
    let index: Value = index.json().await.expect("an index");
    let leaf = index["manifests"][0]["digest"].as_str().expect("a digest");
    let kind = index["manifests"][0]["mediaType"].as_str().expect("a type");
    let leaf: Value = get(&format!("/v2/acme/rocket-server/manifests/{leaf}"), kind)
        .await
        .json()
        .await
        .expect("a manifest");
    let layer = leaf["layers"][0]["digest"].as_str().expect("a digest");
    let blob = get(&format!("/v2/acme/rocket-server/blobs/{layer}"), "*/*").await;
    assert!(
        blob.status().is_redirection(),
        "storage sends the layer: {}",
        blob.status()
    );
    let unknown = get("/v2/acme/other/manifests/1", MANIFEST).await;
    assert_eq!(unknown.status(), 404);
    let unknown: Value = unknown.json().await.expect("JSON");
    assert_eq!(unknown["errors"][0]["code"], "NAME_UNKNOWN");
    assert_eq!(get("/elsewhere", "*/*").await.status(), 307);
    let downloads = of_kind(&world.recorded().await, "download");
    insta::assert_snapshot!(lines(&downloads, &["package", "ecosystem", "version", "answer"]), @r#"
    acme/server | oci | 2.0.0 | redirect
    9d3c | file |  | redirect
    "#);
}

#[tokio::test]
async fn a_pattern_serves_every_image_that_fits_it_under_a_name_of_its_own() {
    let world = served(&[json!({
        "type": "docker-v2", "rule-id": "1", "pattern": "acme/*", "registry": "registry.test",
    })])
    .await;
    let manifest = async |name: &str| {
        let path = format!("/v2/{name}/manifests/2.0.0");
        let request = world.request("GET", HOST, &path).header("accept", MANIFEST);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(manifest("acme/rocket-server").await, 200);
    assert_eq!(manifest("acme/none").await, 404);
    assert_eq!(manifest("other/rocket-server").await, 404);
    let events = world.wait_for(|events| events.len() == 3).await;
    let inspected = of_kind(&events, "inspect");
    assert_eq!(inspected[0]["package"], "acme/rocket-server");
}

//! What a registry client is answered, beside layers.

use serde_json::Value;

use crate::debian::skopeo;
use crate::puller::{Puller, digest_of, leaf};
use crate::world::{columns, of_kind};
use crate::{HOST, downloads, world};

#[tokio::test]
async fn tags_are_listed_page_by_page_under_the_name_that_clients_know() {
    let (world, _debian) = world().await;
    let mut next = Some("/v2/server/tags/list?n=2".to_owned());
    let mut tags = Vec::new();
    while let Some(path) = next.take() {
        let page = world.get(HOST, &path).await;
        assert_eq!(page.status(), 200, "{path}");
        let link = page
            .headers()
            .get("link")
            .map(|link| link.to_str().expect("text").to_owned());
        let page: Value = page.json().await.expect("JSON");
        assert_eq!(page["name"], "server");
        let page = page["tags"].as_array().expect("tags");
        assert!(page.len() <= 2, "the query is kept");
        tags.extend(
            page.iter()
                .map(|tag| tag.as_str().expect("text").to_owned()),
        );
        next = link.and_then(|link| Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned()));
    }
    assert_eq!(tags, ["1.2.3", "2.0.0", "2.1.0", "latest"]);
    let image = format!(
        "docker://{HOST}:{}/org/tags/tool",
        world.weir.gateway.port()
    );
    let listed: Value = serde_json::from_str(
        &skopeo(
            world.folder.path(),
            &["list-tags", "--tls-verify=false", &image],
        )
        .await,
    )
    .expect("JSON");
    let mut listed: Vec<_> = listed["Tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    listed.sort_unstable();
    assert_eq!(listed, ["1.2.3", "2.0.0"]);
}

#[tokio::test]
async fn a_manifest_is_given_to_clients_that_understand_it_however_often_it_was_given_to_others() {
    let (world, _debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let digest = puller.resolve("1.2.3").await;
    let mut answers = Vec::new();
    for (reference, named) in [("1.2.3", "1.2.3"), (digest.as_str(), "DIGEST")] {
        for accept in [
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
        ] {
            let path = format!("/v2/server/manifests/{reference}");
            let request = world.request("GET", HOST, &path).header("accept", accept);
            let answer = request.send().await.expect("an answer");
            let cached = answer.headers().get("cache-control");
            let cached = cached.map_or("-", |value| value.to_str().expect("text"));
            answers.push(format!("{named} {accept} -> {} {cached}", answer.status()));
        }
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    1.2.3 application/vnd.oci.image.index.v1+json -> 200 OK no-cache
    1.2.3 application/vnd.docker.distribution.manifest.v2+json -> 404 Not Found -
    DIGEST application/vnd.oci.image.index.v1+json -> 200 OK public, max-age=31536000, immutable
    DIGEST application/vnd.docker.distribution.manifest.v2+json -> 404 Not Found -
    ");
    let path = format!("/v2/server/manifests/{digest}");
    let known = world
        .request("GET", HOST, &path)
        .header("if-none-match", format!("\"{digest}\""));
    assert_eq!(known.send().await.expect("an answer").status(), 304);
}

#[tokio::test]
async fn the_size_of_a_layer_is_told_without_leading_to_storage() {
    let (world, _debian) = world().await;
    for image in ["server", "streamed", "org/tags/tool"] {
        let puller = Puller {
            world: &world,
            image,
            address: "198.51.100.7",
        };
        let index = puller.manifest(&puller.resolve("1.2.3").await).await;
        let amd64 = puller.manifest(&leaf(&index, "amd64")).await;
        let layer = &amd64["layers"][0];
        let digest = layer["digest"].as_str().expect("a digest");
        let head = puller.ask("HEAD", &format!("blobs/{digest}")).await;
        assert_eq!(head.status(), 200, "{image}");
        assert_eq!(head.headers()["content-length"], layer["size"].to_string());
        assert_eq!(head.headers()["docker-content-digest"], digest);
    }
    assert_eq!(downloads(&world).await.len(), 0);
}

#[tokio::test]
async fn what_refers_to_an_image_is_listed_also_where_the_upstream_keeps_it_under_a_tag() {
    let (world, debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "org/tags/tool",
        address: "198.51.100.7",
    };
    let digest = puller.resolve("1.2.3").await;
    let list = async || {
        let answer = puller.ask("GET", &format!("referrers/{digest}")).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["content-type"],
            "application/vnd.oci.image.index.v1+json"
        );
        answer.text().await.expect("text")
    };
    insta::assert_snapshot!(list().await, @r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#);
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [],
        "annotations": {"kept": "under a tag"},
    });
    let tag = digest.replace(':', "-");
    let kept = world
        .http
        .put(format!(
            "http://{}/v2/team/app/manifests/{tag}",
            debian.address
        ))
        .header("content-type", "application/vnd.oci.image.index.v1+json")
        .body(index.to_string());
    assert_eq!(kept.send().await.expect("an answer").status(), 201);
    assert_eq!(list().await, index.to_string());
    let events = world.recorded().await;
    assert_eq!(
        events.len(),
        1,
        "the tag was asked for, nothing else counts: {events:#?}"
    );
}

#[tokio::test]
async fn what_is_not_there_or_not_allowed_is_said_in_the_registrys_words() {
    let (world, _debian) = world().await;
    let mut answers = Vec::new();
    for (method, path) in [
        ("GET", "/v2/none/manifests/1.2.3"),
        ("GET", "/v2/server/manifests/9.9.9"),
        ("GET", "/v2/server/manifests/not:a-tag"),
        ("GET", "/v2/mirror/acme/unknown/manifests/1.2.3"),
        ("GET", "/v2/mirror/a%2Fb/manifests/1.2.3"),
        ("GET", "/v2/server/tags/all"),
        ("GET", "/v2/_catalog"),
        ("POST", "/v2/server/blobs/uploads/"),
        ("PUT", "/v2/server/manifests/1.2.3"),
        ("DELETE", "/v2/server/manifests/1.2.3"),
    ] {
        let answer = world
            .request(method, HOST, path)
            .send()
            .await
            .expect("an answer");
        let (status, kind) = (
            answer.status().as_u16(),
            answer.headers()["content-type"].clone(),
        );
        assert_eq!(kind, "application/json", "{method} {path}");
        answers.push(format!(
            "{method} {path} -> {status} {}",
            answer.text().await.expect("text")
        ));
    }
    insta::assert_snapshot!(answers.join("\n"), @r#"
    GET /v2/none/manifests/1.2.3 -> 404 {"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{}}]}
    GET /v2/server/manifests/9.9.9 -> 404 {"errors":[{"code":"MANIFEST_UNKNOWN","message":"not found upstream","detail":{}}]}
    GET /v2/server/manifests/not:a-tag -> 404 {"errors":[{"code":"MANIFEST_UNKNOWN","message":"not found upstream","detail":{}}]}
    GET /v2/mirror/acme/unknown/manifests/1.2.3 -> 404 {"errors":[{"code":"MANIFEST_UNKNOWN","message":"not found upstream","detail":{}}]}
    GET /v2/mirror/a%2Fb/manifests/1.2.3 -> 404 {"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{}}]}
    GET /v2/server/tags/all -> 404 {"errors":[{"code":"MANIFEST_UNKNOWN","message":"not found upstream","detail":{}}]}
    GET /v2/_catalog -> 404 {"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{}}]}
    POST /v2/server/blobs/uploads/ -> 405 {"errors":[{"code":"UNSUPPORTED","message":"this server answers GET and HEAD","detail":{}}]}
    PUT /v2/server/manifests/1.2.3 -> 405 {"errors":[{"code":"UNSUPPORTED","message":"this server answers GET and HEAD","detail":{}}]}
    DELETE /v2/server/manifests/1.2.3 -> 405 {"errors":[{"code":"UNSUPPORTED","message":"this server answers GET and HEAD","detail":{}}]}
    "#);
    let unknown = world
        .get("cr.unknown.test", "/v2/server/manifests/1.2.3")
        .await;
    assert_eq!(
        (
            unknown.status().as_u16(),
            unknown.headers()["content-type"].to_str().ok()
        ),
        (404, Some("application/json"))
    );
    let broken = of_kind(&world.recorded().await, "broken_link");
    let what: Vec<_> = broken
        .iter()
        .map(|event| columns(event, &["package", "domain", "route", "version", "status"]))
        .collect();
    insta::assert_snapshot!(what.join("\n"), @"
     | cr.test.localhost | unknown image |  | 404
    acme/server | cr.test.localhost | manifest | 9.9.9 | 404
    acme/** | cr.test.localhost | manifest | 1.2.3 | 404
     | cr.test.localhost | unknown image |  | 404
     |  | unknown host |  | 404
    ");
}

#[tokio::test]
async fn asking_for_a_manifest_tells_its_digest_and_length_and_reading_it_is_an_inspection() {
    let (world, _debian) = world().await;
    for image in ["server", "org/tags/tool"] {
        let puller = Puller {
            world: &world,
            image,
            address: "198.51.100.7",
        };
        let head = puller.ask("HEAD", "manifests/1.2.3").await;
        let length = head.headers()["content-length"].clone();
        let digest = puller.resolve("1.2.3").await;
        let bytes = puller
            .ask("GET", "manifests/1.2.3")
            .await
            .bytes()
            .await
            .expect("a manifest");
        assert_eq!(
            (length, digest),
            (bytes.len().into(), digest_of(&bytes)),
            "{image}"
        );
    }
    let events = world.recorded().await;
    let kinds: Vec<_> = events
        .iter()
        .map(|event| columns(event, &["method", "kind", "version"]))
        .collect();
    let image = [
        "HEAD | check | 1.2.3",
        "HEAD | check | 1.2.3",
        "GET | inspect | 1.2.3",
    ];
    assert_eq!(kinds, [image, image].concat());
}

//! Container images through the gateway: from Debian's registry and from one with tokens and signed
//! storage, on one domain and under other names, each pull counted once however the client asks.

#[path = "../world/mod.rs"]
mod world;

mod debian;
mod puller;

use debian::{DebianRegistry, skopeo};
use puller::{Puller, digest_of, layers, leaf};
use serde_json::Value;
use world::{Event, Weir, World, columns, of_kind};

const HOST: &str = "cr.test.localhost";
const WHAT: [&str; 8] = [
    "package",
    "ecosystem",
    "version",
    "client",
    "os",
    "arch",
    "status",
    "answer",
];

/// Two registries on one domain; `DEBIAN` stands for the address of the second.
const CONFIG: &str = r#"
[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[package]]
name = "acme/streamed"
kind = "oci"
domains = ["cr.test.localhost"]
image = "streamed"
upstream = "REGISTRY/acme/rocket-server"
proxy = true

[[package]]
name = "acme/tool"
kind = "oci"
domains = ["cr.test.localhost"]
image = "org/tags/tool"
upstream = "DEBIAN/team/app"
"#;

/// A world with Debian's registry in it, to which `skopeo` has pushed two versions.
async fn world() -> (World, DebianRegistry) {
    let debian = DebianRegistry::start();
    let world =
        World::start(&CONFIG.replace("DEBIAN", &format!("http://{}", debian.address))).await;
    let token_registry = world
        .registry
        .addresses()
        .registry
        .replace("http://", "docker://");
    for version in ["1.2.3", "2.0.0"] {
        let from = format!("{token_registry}/acme/rocket-server:{version}");
        let to = format!("docker://{}/team/app:{version}", debian.address);
        skopeo(
            world.folder.path(),
            &[
                "--insecure-policy",
                "copy",
                "--all",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                &from,
                &to,
            ],
        )
        .await;
    }
    (world, debian)
}

fn lines(events: &[Event]) -> String {
    events
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn downloads(world: &World) -> Vec<Event> {
    of_kind(&world.recorded().await, "download")
}

#[tokio::test]
async fn skopeo_pulls_from_debians_registry_what_was_pushed_there_by_tag_and_by_digest() {
    let (world, debian) = world().await;
    let folder = world.folder.path();
    let here = format!(
        "docker://{HOST}:{}/org/tags/tool",
        world.weir.gateway.port()
    );
    let there = format!("docker://{}/team/app", debian.address);
    for version in ["1.2.3", "2.0.0"] {
        let raw = async |image: &str| {
            skopeo(
                folder,
                &[
                    "inspect",
                    "--raw",
                    "--tls-verify=false",
                    &format!("{image}:{version}"),
                ],
            )
            .await
        };
        assert_eq!(raw(&here).await, raw(&there).await, "{version}");
    }
    let digest = digest_of(
        skopeo(
            folder,
            &[
                "inspect",
                "--raw",
                "--tls-verify=false",
                &format!("{there}:2.0.0"),
            ],
        )
        .await
        .as_bytes(),
    );
    for from in [format!("{here}:1.2.3"), format!("{here}@{digest}")] {
        skopeo(
            folder,
            &[
                "--insecure-policy",
                "copy",
                "--src-tls-verify=false",
                &from,
                "oci:tool:pulled",
            ],
        )
        .await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/tool | oci | 1.2.3 | skopeo | linux | amd64 | 200 | proxy
    acme/tool | oci | 2.0.0 | skopeo | linux | amd64 | 200 | proxy
    ");
}

#[tokio::test]
async fn images_of_two_registries_live_on_one_domain_under_other_names() {
    let (world, _debian) = world().await;
    for (image, address) in [
        ("server", "198.51.100.7"),
        ("org/tags/tool", "198.51.100.7"),
        ("streamed", "198.51.100.7"),
    ] {
        Puller {
            world: &world,
            image,
            address,
        }
        .pull("1.2.3", "amd64")
        .await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | amd64 | 307 | redirect
    acme/tool | oci | 1.2.3 | docker | linux | amd64 | 200 | proxy
    acme/streamed | oci | 1.2.3 | docker | linux | amd64 | 200 | proxy
    ");
    let storage: Vec<_> = world
        .registry
        .seen()
        .into_iter()
        .filter(|seen| seen.path.starts_with("/storage/"))
        .collect();
    assert!(!storage.is_empty());
    for seen in storage {
        assert_eq!(
            (seen.status, seen.authorization.as_deref()),
            (200, None),
            "{}",
            seen.path
        );
    }
}

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
async fn what_is_not_there_or_not_allowed_is_said_in_the_registrys_words() {
    let (world, _debian) = world().await;
    let mut answers = Vec::new();
    for (method, path) in [
        ("GET", "/v2/none/manifests/1.2.3"),
        ("GET", "/v2/server/manifests/9.9.9"),
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
    insta::assert_snapshot!(what.join("\n"), @r"
     | cr.test.localhost | unknown image |  | 404
    acme/server | cr.test.localhost | manifest | 9.9.9 | 404
     |  | unknown host |  | 404
    ");
}

#[tokio::test]
async fn looking_at_a_manifest_tells_its_digest_and_length_and_is_a_check() {
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
    assert_eq!(events.len(), 6);
    assert!(events.iter().all(|event| event["kind"] == "check"));
}

#[tokio::test]
async fn dockers_sequence_is_one_download_with_tag_and_platform() {
    let (world, _debian) = world().await;
    for image in ["server", "org/tags/tool"] {
        let puller = Puller {
            world: &world,
            image,
            address: "198.51.100.7",
        };
        let leaf = puller.pull("1.2.3", "arm64").await;
        let downloads = downloads(&world).await;
        assert_eq!(
            downloads.last().map(|event| &event["digest"]),
            Some(&Value::from(leaf))
        );
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect
    acme/tool | oci | 1.2.3 | docker | linux | arm64 | 200 | proxy
    ");
}

#[tokio::test]
async fn pulling_again_soon_is_the_same_download_and_another_client_another() {
    let (world, _debian) = world().await;
    for address in [
        "198.51.100.7",
        "198.51.100.7",
        "203.0.113.9",
        "198.51.100.7",
    ] {
        Puller {
            world: &world,
            image: "server",
            address,
        }
        .pull("1.2.3", "amd64")
        .await;
    }
    let downloads = downloads(&world).await;
    assert_eq!(downloads.len(), 2, "{downloads:#?}");
    assert_ne!(downloads[0]["visitor"], downloads[1]["visitor"]);
}

#[tokio::test]
async fn a_client_that_reads_every_platform_downloads_the_one_whose_layers_it_takes() {
    let (world, _debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let index = puller.manifest(&puller.resolve("2.0.0").await).await;
    let mut leaves = Vec::new();
    for entry in index["manifests"].as_array().expect("an index") {
        let leaf = puller
            .manifest(entry["digest"].as_str().expect("a digest"))
            .await;
        puller
            .blob(leaf["config"]["digest"].as_str().expect("a config"))
            .await;
        leaves.push(leaf);
    }
    for layer in layers(&leaves[0]) {
        puller.blob(&layer).await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @"acme/server | oci | 2.0.0 | docker | linux | amd64 | 307 | redirect");
}

#[tokio::test]
async fn a_client_that_kept_the_manifests_is_counted_by_its_layers_also_after_a_restart() {
    let (mut world, _debian) = world().await;
    let learner = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let index = learner.manifest(&learner.resolve("1.2.3").await).await;
    let arm64 = learner.manifest(&leaf(&index, "arm64")).await;
    let amd64 = learner.manifest(&leaf(&index, "amd64")).await;

    let kept = Puller {
        world: &world,
        image: "server",
        address: "203.0.113.9",
    };
    kept.resolve("1.2.3").await;
    kept.blobs(&arm64).await;
    insta::assert_snapshot!(lines(&downloads(&world).await), @"acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect");

    world.weir.terminate();
    world.weir = Weir::start(world.folder.path());
    let kept = Puller {
        world: &world,
        image: "server",
        address: "192.0.2.1",
    };
    kept.resolve("1.2.3").await;
    kept.blobs(&amd64).await;
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect
    acme/server | oci | 1.2.3 | docker | linux | amd64 | 307 | redirect
    ");
}

#[tokio::test]
async fn configs_attestations_and_pieces_are_no_downloads() {
    let (world, _debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let digest = puller.resolve("1.2.3").await;
    let index = puller.manifest(&digest).await;
    let attestation = puller.manifest(&leaf(&index, "unknown")).await;
    puller
        .blob(attestation["config"]["digest"].as_str().expect("a config"))
        .await;
    for statement in layers(&attestation) {
        puller.blob(&statement).await;
    }
    let amd64 = puller.manifest(&leaf(&index, "amd64")).await;
    puller
        .blob(amd64["config"]["digest"].as_str().expect("a config"))
        .await;
    for layer in layers(&amd64) {
        assert_eq!(
            puller.ask("HEAD", &format!("blobs/{layer}")).await.status(),
            200
        );
        let piece = world
            .request("GET", HOST, &format!("/v2/server/blobs/{layer}"))
            .header("range", "bytes=5-9")
            .send()
            .await;
        assert_eq!(piece.expect("an answer").status(), 307);
    }
    // Signatures are asked for at every pull and mostly are not there.
    let signature = format!("manifests/{}.sig", digest.replace(':', "-"));
    assert_eq!(puller.ask("GET", &signature).await.status(), 404);
    let events = world.recorded().await;
    assert!(
        events
            .iter()
            .all(|event| event["kind"] == "check" || event["kind"] == "metadata"),
        "{events:#?}"
    );
}
